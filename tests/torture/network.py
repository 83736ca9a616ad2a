"""I4, I6, I17: two laptops work through a bad network; healed, they agree by themselves.

Every run: both work, try to sync through faults, then the network heals. The first round of each
must go well (the schedule comes to it within 45 s of any failure), and after both have synced
nothing is lost, doubled or different.
"""

import contextlib
import dataclasses
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import sqlalchemy as sa

from sqzl_desktop.app import DeviceOpener, DeviceSession
from sqzl_desktop.base.clock import SystemClock
from sqzl_desktop.base.errors import KnownError, UserError
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.protocol.messages import Answer, Answers, Push
from sqzl_desktop.server import ledger
from sqzl_desktop.server.database import Database
from sqzl_desktop.server.tables import DEVICE, OPERATION, RECORD
from sqzl_desktop.services import elements
from sqzl_desktop.store import confirmed, tables
from sqzl_desktop.sync.transport import HttpTransport
from tests import field
from tests.places import COMMUNITY, GRID, OTHER_GRID
from tests.served import served
from tests.torture.figures import Figures
from tests.torture.proxy import Proxy, bad_network

NAME = "network"
PATIENCE = httpx.Timeout(3.0)
TRIES = 3
NEW_LAPTOP_EVERY = 20

Connect = Callable[[str], HttpTransport]


class Believing(HttpTransport):
    """The control: takes any answer to a push for a yes."""

    def push(self, community: str, push: Push) -> Answers:
        try:
            return super().push(community, push)
        except KnownError:
            taken = [Answer(each.n, each.id, "applied") for each in push.operations]
            return Answers(push.epoch, taken)


def run(count: int | None, seed: int) -> list[Figures]:
    """Three hundred runs, then the control."""
    count = count or 300
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as place:
        told = endure(Path(place), count, seed)
    unit = f"runs through a bad network; faults: {dict(told.met.most_common())}"
    found = Figures(NAME, count, unit, seed, time.monotonic() - began, tuple(told.failures))
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as place:
        told = endure(Path(place), 5, seed, Believing)
    missing = () if told.failures else ("a client that believes every answer was not noticed",)
    took = time.monotonic() - began
    unit = "failures of a client that believes every answer (control)"
    return [found, Figures(NAME, len(told.failures), unit, seed, took, missing)]


@dataclasses.dataclass
class Told:
    """What went wrong, and which faults were met."""

    failures: list[str]
    met: Counter[str]


@dataclasses.dataclass
class Scene:
    """The server's database, the network and two laptops."""

    database: Database
    network: Proxy
    laptops: list[DeviceSession]
    opener: DeviceOpener
    folder: Path
    offered: set[str] = dataclasses.field(default_factory=set)  # ids of all operations ever made


def endure(
    folder: Path, count: int, seed: int, transport: type[HttpTransport] = HttpTransport
) -> Told:
    """So many runs, one after the other, on the same server."""
    app = field.start(folder, SystemClock()).app  # type: ignore[arg-type]
    app.state.database.close()
    url = f"sqlite:///{folder / 'server.db'}"
    failures: list[str] = []
    with (
        served(url, folder, "--no-limits") as server,
        bad_network(server.port, seed) as network,
        contextlib.closing(Database(url)) as database,
    ):
        opener = DeviceOpener(connect=_connecting(transport))
        scene = Scene(database, network, [], opener, folder)
        scene.laptops = [_laptop(scene, name, f"{name}-0") for name in ("wang", "ma")]
        for number in range(count):
            failures += [f"run {number}: {each}" for each in _run(scene, number, seed)]
        for each in scene.laptops:
            each.close()
        if "Traceback" in (folder / "server.log").read_text(encoding="utf-8"):
            failures.append("a traceback is in the server's log")
        return Told(failures, network.met)


def _connecting(transport: type[HttpTransport]) -> Connect:
    return lambda address: transport(address, httpx.Client(base_url=address, timeout=PATIENCE))


def _laptop(scene: Scene, account: str, name: str) -> DeviceSession:
    return scene.opener.enrol(scene.folder / name, server=scene.network.address, account=account,
                              password=field.PASSWORD, label=name)  # fmt: skip


def _run(scene: Scene, number: int, seed: int) -> Iterator[str]:
    chance = random.Random(f"{seed}/{number}")
    scene.network.is_healed = True
    if number and number % NEW_LAPTOP_EVERY == 0:
        scene.laptops.pop().close()
        scene.laptops.append(_laptop(scene, "ma", f"ma-{number}"))
    scene.network.is_healed = False
    for _ in range(TRIES):
        for laptop in scene.laptops:
            _work(laptop, chance)
            scene.offered |= _operations(laptop)
            with contextlib.suppress(UserError):
                laptop.sync()
    scene.network.is_healed = True
    for laptop in (*scene.laptops, *scene.laptops):
        try:
            laptop.sync()
        except UserError as error:
            yield f"a round after healing failed: {error}"
    yield from _differences(scene)


def _work(laptop: DeviceSession, chance: random.Random) -> None:
    if not elements.count(laptop.ws, "grid"):
        return  # its first sync has not come through yet
    grid = chance.choice((GRID, OTHER_GRID))
    people = elements.find(laptop.ws, "resident", limit=50)
    what = chance.random()
    if what < 0.5 or not people:
        elements.save(laptop.ws, Resident(name="马小明", grid_id=grid))
    elif what < 0.6:
        some = [Resident(name=name, grid_id=grid) for name in ("王秀兰", "王小红")]
        elements.save_all(laptop.ws, some)
    elif what < 0.7:
        elements.delete(laptop.ws, "resident", chance.choice(people).id)
    else:
        person = chance.choice(people)
        phone = f"154{chance.randrange(10**8):08}"
        elements.save(laptop.ws, dataclasses.replace(person, phone=phone))  # type: ignore[call-arg]


def _operations(laptop: DeviceSession) -> set[str]:
    with laptop.ws.store.read() as tx:
        return set(tx.execute(sa.select(tables.outbox.c.id)).scalars())


def _differences(scene: Scene) -> Iterator[str]:
    with scene.database.reading() as connection:
        sums = ledger.digests(connection, COMMUNITY, None)
        truth = {grid: each for grid, each in sums.items() if each[0]}
        of = OPERATION.c
        made = sa.select(of.id).join(DEVICE, DEVICE.c.id == of.device)
        ids = list(connection.scalars(made.where(of.community == COMMUNITY)))
        records = connection.scalar(sa.select(sa.func.count()).select_from(RECORD))
    if len(ids) != len(set(ids)):
        yield "an operation was applied twice"
    if set(ids) != scene.offered:
        lost, new = scene.offered - set(ids), set(ids) - scene.offered
        yield f"{len(lost)} operations lost, {len(new)} that nobody made"
    for laptop in scene.laptops:
        state = laptop.sync_state()
        if state.pending:
            yield f"{state.pending} operations were not sent"
        with laptop.ws.store.read() as tx:
            mine = confirmed.digests(confirmed.read_sums(tx, COMMUNITY))
        if mine != {grid: each for grid, each in truth.items() if each[0]}:
            yield f"digests differ among {records} records"
