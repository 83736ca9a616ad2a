"""灾难: the rules of what is rare: restored servers, bad disks, stopped devices, USB sticks."""

import contextlib

from sqzl_desktop.base.errors import UserError
from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.server import commands, epoch, exchange
from sqzl_desktop.server.settings import Settings
from sqzl_desktop.services import attachments, elements
from sqzl_desktop.store import meta, proof
from tests.places import COMMUNITY
from tests.sync.ground import Laptop
from tests.sync.test_repair import FLIPS
from tests.sync.world import World, canary, seen, try_to

MOST_SPOILED = 2  # within a day; the third time the program stops and asks for help
_FLIPS = [each.replace("LIMIT", "AND rev > 0 AND deleted = 0 LIMIT") for each in FLIPS]


def back_up(world: World, _laptop: Laptop, _which: int, _value: int) -> None:
    """备份: a copy of the server's database."""
    world.backups.append(world.ground.server_image())


def fall_back(world: World, _laptop: Laptop, which: int, value: int) -> None:
    """恢复: the server goes back to one of its backups, by the tool or by hand."""
    world.ground.restore_server(world.backups[-1 - which % len(world.backups)])
    if value % 4:
        world.ground.database.writing(epoch.take_new)
    world.restored = True
    world.excuse_lost()


def spoil(world: World, laptop: Laptop, which: int, value: int) -> None:
    """坏盘: a row on the disk goes bad; the next pull that proves finds it, two mend it."""
    if world.spoiled == MOST_SPOILED or world.is_shut_out(laptop):
        return
    flip = _FLIPS[value % len(_FLIPS)].replace("{at}", str(which))
    with laptop.store.write() as tx:
        if not tx.exec_driver_sql(flip).rowcount:
            return
    world.spoiled += 1
    laptop.session._engine.proved.clear()  # the hour is over
    laptop.sync()
    laptop.sync()
    with laptop.store.read() as tx:
        assert proof.is_sound(tx, COMMUNITY), "not mended within two pulls"


def shut_out(world: World, laptop: Laptop, _which: int, _value: int) -> None:
    """停用: the organisation stops a device; what it had not sent goes into quarantine."""
    if laptop.account != "li":  # somebody must be left to look
        world.any_stopped = True
        with laptop.store.read() as tx:
            device = meta.get(tx, "device")
        try_to(commands.revoke_device, world.ground.database, device, world.ground.clock)


def stick(world: World, laptop: Laptop, which: int, value: int) -> None:
    """U盘: to the server and back on a stick, or a part of that way; old files come again."""
    stage = value % 4
    if stage in (0, 3):
        path = laptop.folder / "u.sqzlpack"
        with contextlib.suppress(UserError):
            laptop.session.write_pack(path)
            world.packs.append((laptop.name, path.read_bytes()))
    if stage in (1, 3) and world.packs:
        name, pack = world.packs[-1 - which % len(world.packs)]
        settings = Settings("", world.ground.folder, world.ground.clock)
        with contextlib.suppress(UserError):
            news = bool(value // 4 % 2)
            done = exchange.unpack(world.ground.database, pack, settings, with_updates=news)
            world.receipts.append((name, done.receipt))
    mine = [receipt for name, receipt in world.receipts if name == laptop.name]
    if stage in (2, 3) and mine:
        path = laptop.folder / "u.sqzlpack.receipt"
        path.write_bytes(mine[-1 - which % len(mine)])
        try_to(laptop.session.read_receipt, path)


def attach(world: World, laptop: Laptop, which: int, value: int) -> None:
    """附件: a small file, added to a resident or to the last visit there."""
    resident = seen(world, laptop, "resident", which)
    if resident is None:
        return
    kind, record_id = "resident", resident.id
    if value % 2:
        about = [Filter("resident_id", "=", resident.id)]
        visits = elements.find(laptop.session.ws, "visit", filters=about)
        kind, record_id = ("visit", visits[-1].id) if visits else (kind, record_id)
    content = f"%PDF-1.7 {canary(resident.id)} {value % 3}".encode()
    try_to(attachments.add, laptop.session.ws, kind, record_id, content)
