"""Sync by USB stick: the same answers as over the network, exactly once, and no other file."""

import base64
import dataclasses

import hypothesis
import msgspec
import pytest
import sqlalchemy as sa
from hypothesis import strategies as st

from sqzl_desktop.base.errors import KnownError, Offline, UserError
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.protocol import packet
from sqzl_desktop.server import accounts, exchange
from sqzl_desktop.server.settings import Settings
from sqzl_desktop.server.tables import META, OPERATION
from sqzl_desktop.services import elements
from sqzl_desktop.store import changes, meta
from sqzl_desktop.sync import packets
from tests.field import start
from tests.places import COMMUNITY, GRID
from tests.sync.restoring import back_up, restore


class Stick:
    """A USB stick that goes to the server and back."""

    def __init__(self, field, folder):
        self.field, self.folder = field, folder
        self.pack, self.receipt = folder / "a.sqzlpack", folder / "a.sqzlpack.receipt"

    def carry(self, *, with_updates=True):
        settings = Settings("", self.folder, self.field.clock)
        database = self.field.app.state.database
        return exchange.unpack_file(database, self.pack, settings, with_updates=with_updates)


@pytest.fixture
def stick(field, tmp_path):
    return Stick(field, tmp_path)


def save(laptop, name="马小明", **values):
    return elements.save(
        laptop.ws, Resident(community_id=COMMUNITY, grid_id=GRID, name=name, **values)
    )


def operations(field):
    with field.app.state.database.reading() as connection:
        return list(connection.scalars(sa.select(OPERATION.c.id)))


def test_work_reaches_the_server_and_the_answers_the_device_without_a_network(
    field, laptops, stick
):
    laptop, other = laptops("wang"), laptops("ma")
    made = save(laptop)
    theirs = save(other, "哈大伟")
    other.sync()
    field.network.is_up = False

    assert laptop.write_pack(stick.pack) == 1
    assert (
        stick.carry()
        == "a.sqzlpack：王网格（wang）上报1项，其中0项未被接受，回执已写到 a.sqzlpack.receipt"
    )
    done = laptop.read_receipt(stick.receipt)

    assert (done.answered, done.notes) == (1, ())
    assert laptop.sync_state().pending == 0
    assert elements.sync_state(laptop.ws, "resident", made.id) == "confirmed"
    assert elements.get(laptop.ws, "resident", theirs.id) == theirs
    field.network.is_up = True
    other.sync()
    assert elements.get(other.ws, "resident", made.id) == made
    assert laptop.sync().pulled == 0


def test_pack_and_receipt_may_come_twice_and_beside_the_network(field, laptops, stick):
    laptop = laptops("wang")
    save(laptop)
    laptop.write_pack(stick.pack)
    stick.carry()
    old = stick.receipt.read_bytes()
    laptop.sync()
    made = save(laptop, "哈大伟", phone="13895001111")
    stick.carry()
    once = operations(field)
    stick.carry()

    assert operations(field) == once
    laptop.sync()
    for receipt in (stick.receipt.read_bytes(), old, old):
        stick.receipt.write_bytes(receipt)
        assert laptop.read_receipt(stick.receipt).answered == 0
        assert elements.get(laptop.ws, "resident", made.id) == made
    assert laptop.sync().differs == ()


def test_answers_come_without_news_where_none_were_asked_for(laptops, stick):
    laptop, other = laptops("wang"), laptops("ma")
    theirs = save(other)
    other.sync()
    save(laptop, "哈大伟")
    laptop.write_pack(stick.pack)
    stick.carry(with_updates=False)

    assert laptop.read_receipt(stick.receipt).answered == 1
    assert laptop.sync_state().pending == 0
    with pytest.raises(UserError):
        elements.get(laptop.ws, "resident", theirs.id)
    laptop.sync()
    assert elements.get(laptop.ws, "resident", theirs.id) == theirs


def test_many_operations_go_in_the_portions_of_a_push(field, laptops, stick):
    laptop = laptops("wang")
    elements.save_all(
        laptop.ws,
        [Resident(community_id=COMMUNITY, grid_id=GRID, name="马小明") for _ in range(700)],
    )
    save(laptop, "哈大伟")

    assert laptop.write_pack(stick.pack) == 701
    stick.carry()

    assert laptop.read_receipt(stick.receipt).answered == 701
    assert len(operations(field)) == 701


def test_receipt_of_another_device_is_refused(laptops, stick):
    laptop, other = laptops("wang"), laptops("ma")
    save(laptop)
    laptop.write_pack(stick.pack)
    stick.carry()

    with pytest.raises(KnownError, match="这份回执不是给本机的，或已损坏"):
        other.read_receipt(stick.receipt)


def test_every_damage_is_refused_with_a_sentence(field, laptops, stick):
    laptop = laptops("wang")
    save(laptop)
    laptop.write_pack(stick.pack)
    stick.carry()
    before = operations(field)

    for path, read in (
        (stick.pack, stick.carry),
        (stick.receipt, lambda: laptop.read_receipt(stick.receipt)),
    ):
        whole = path.read_bytes()
        for place in (0, 15, 50, 60, len(whole) // 2, len(whole) - 1):
            torn = bytearray(whole)
            torn[place] ^= 1
            for damaged in (bytes(torn), whole[:place], whole + b"\0"):
                path.write_bytes(damaged)
                with pytest.raises(KnownError, match=r"数据包|回执"):
                    read()
        path.write_bytes(whole)

    assert operations(field) == before
    assert laptop.sync_state().pending == 1


def forged(field, **changed):
    """A pack that somebody made who knows the server's key, but no device's secret."""
    with field.app.state.database.reading() as connection:
        key = connection.scalar(sa.select(META.c.value).where(META.c.name == "exchange_public"))
    known = {"device": "d", "proof": packet.proof_of("guess"), **changed}
    pack = packet.Pack(1, "i", [])
    return packet.seal_pack(pack, server_key=base64.b64decode(key), **known)


def test_pack_that_no_device_made_is_refused(field, laptops, stick):
    laptop = laptops("wang")
    with laptop.ws.store.read() as tx:
        device = meta.get(tx, "device")

    stick.pack.write_bytes(forged(field, device=device))
    with pytest.raises(KnownError, match="不是由所写的那台设备生成的"):
        stick.carry()
    for nobody in ("nobody", "", "\0", "x" * 10_000):
        stick.pack.write_bytes(forged(field, device=nobody))
        with pytest.raises(UserError, match="没有登记过"):
            stick.carry()


def test_pack_of_a_revoked_device_is_refused(field, laptops, stick):
    laptop = laptops("wang")
    save(laptop)
    laptop.write_pack(stick.pack)
    with laptop.ws.store.read() as tx:
        device = meta.get(tx, "device")
    field.app.state.database.writing(
        lambda connection: accounts.revoke(connection, device, field.clock)
    )

    with pytest.raises(KnownError, match="已停用的设备或账号"):
        stick.carry()


def test_content_that_swells_is_refused(laptops, stick, monkeypatch):
    laptop = laptops("wang")
    save(laptop, remark="长" * 5000)
    laptop.write_pack(stick.pack)
    monkeypatch.setattr(packet, "MOST_EXPANDED", 4096)

    with pytest.raises(KnownError, match="文件过大"):
        stick.carry()


def test_receipt_from_before_a_restore_is_not_believed(field, laptops, stick, monkeypatch):
    laptop = laptops("wang")
    backup = back_up(field, "backup.db")
    save(laptop)
    laptop.write_pack(stick.pack)
    stick.carry()
    restore(field, backup)
    push, pushes = laptop._transport.push, []

    def cut(*asked):
        pushes.append(asked)
        if len(pushes) == 2:
            raise Offline("网络断开")
        return push(*asked)

    monkeypatch.setattr(laptop._transport, "push", cut)
    with pytest.raises(Offline):
        laptop.sync()

    done = laptop.read_receipt(stick.receipt)

    assert done.answered == 0
    assert "恢复以前" in done.notes[0]
    laptop.sync()
    assert len(operations(field)) == 1


def test_stick_to_a_server_restored_to_another_epoch_keeps_the_work(field, laptops, stick):
    laptop = laptops("wang")
    save(laptop)
    laptop.write_pack(stick.pack)
    new_epoch = sa.update(META).where(META.c.name == "epoch").values(value="another")
    field.app.state.database.writing(lambda connection: connection.execute(new_epoch))

    assert "上报0项" in stick.carry()
    done = laptop.read_receipt(stick.receipt)

    assert done.answered == 0
    (note,) = done.notes
    assert "需要联网同步一次，本机内容不会丢失" in note
    assert laptop.sync_state().pending == 1


def test_numbers_used_for_something_else_are_given_anew(laptops, stick):
    laptop = laptops("wang")
    save(laptop)
    with laptop.ws.store.write() as tx:
        (mine,) = changes.unsent(tx, COMMUNITY, 10)
        twin = msgspec.structs.replace(mine, id="twin", record="twin")
        text = msgspec.json.encode(twin).decode()
        tx.exec_driver_sql("UPDATE outbox SET body = ?, id = 'twin'", (text,))
    laptop.write_pack(stick.pack)
    stick.carry()
    with laptop.ws.store.write() as tx:
        text = msgspec.json.encode(mine).decode()
        tx.exec_driver_sql("UPDATE outbox SET body = ?, id = ?", (text, mine.id))
    laptop.write_pack(stick.pack)
    stick.carry()

    (note,) = laptop.read_receipt(stick.receipt).notes
    assert note.endswith("请重新写入U盘")
    laptop.write_pack(stick.pack)
    stick.carry()
    assert laptop.read_receipt(stick.receipt).answered == 1


@pytest.mark.parametrize("is_broken", [False, True])
def test_older_receipt_takes_nothing_back_unless_the_device_is_broken(
    laptops, stick, monkeypatch, is_broken
):
    laptop, other = laptops("wang"), laptops("ma")
    theirs = save(other, "哈大伟")
    other.sync()
    laptop.write_pack(stick.pack)
    stick.carry()
    newer = elements.save(other.ws, dataclasses.replace(theirs, phone="13895001111"))
    other.sync()
    laptop.sync()
    if is_broken:
        monkeypatch.setattr(packets, "_goes_on", lambda *_page: True)

    laptop.read_receipt(stick.receipt)

    shown = elements.get(laptop.ws, "resident", theirs.id)
    assert shown == (theirs if is_broken else newer)


@dataclasses.dataclass
class Journey:
    """Two laptops, the network and a stick, in any order."""

    field: object
    laptops: list
    stick: Stick
    packs: list
    receipts: list
    made: list

    def take(self, step, who, which):
        laptop = self.laptops[who]
        if step == "save":
            self.made.append(save(laptop, "马小明", remark=f"第{len(self.made)}人"))
        elif step == "edit" and self.made:
            record = elements.find(laptop.ws, "resident", limit=50)
            if record:
                chosen = record[which % len(record)]
                phone = f"1389500{len(self.packs):02}{which:02}"
                elements.save(laptop.ws, dataclasses.replace(chosen, phone=phone))
        elif step == "sync":
            laptop.sync()
        elif step == "lost":
            self.field.network.answers_lost = 1
            with pytest.raises(Offline):
                laptop.sync()
        elif step == "pack":
            laptop.write_pack(self.stick.pack)
            self.packs.append((who, self.stick.pack.read_bytes()))
        elif step == "unpack" and self.packs:
            owner, raw = self.packs[which % len(self.packs)]
            self.stick.pack.write_bytes(raw)
            self.stick.carry(with_updates=which % 2 == 0)
            self.receipts.append((owner, self.stick.receipt.read_bytes()))
        elif step == "receipt" and self.receipts:
            owner, raw = self.receipts[which % len(self.receipts)]
            self.stick.receipt.write_bytes(raw)
            self.laptops[owner].read_receipt(self.stick.receipt)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    from sqzl_desktop.base.clock import FixedClock
    from tests.places import NOW

    folder = tmp_path_factory.mktemp("stick")
    field = start(folder, FixedClock(NOW))
    laptops = [field.laptop("wang"), field.laptop("ma")]
    yield field, laptops, Stick(field, folder)
    for laptop in laptops:
        laptop.close()
    field.app.state.database.close()


STEPS = ("save", "edit", "edit", "sync", "lost", "pack", "pack", "unpack", "unpack", "receipt")
WALK = st.lists(
    st.tuples(st.sampled_from(STEPS), st.integers(0, 1), st.integers(0, 99)), max_size=25
)


@hypothesis.settings(max_examples=25, deadline=None)
@hypothesis.given(walk=WALK)
def test_network_and_stick_in_any_order_come_to_the_same(world, walk):
    field, laptops, stick = world
    journey = Journey(field, laptops, stick, [], [], [])
    for step in walk:
        journey.take(*step)

    for laptop in (*laptops, *laptops):
        assert laptop.sync().differs == ()

    assert [laptop.sync_state().pending for laptop in laptops] == [0, 0]
    first, second = ({each.id: each for each in elements.find(laptop.ws, "resident", limit=10_000)}
                     for laptop in laptops)  # fmt: skip
    assert first == second
    assert {each.id for each in journey.made} <= first.keys()
    done = operations(field)
    assert len(done) == len(set(done))
