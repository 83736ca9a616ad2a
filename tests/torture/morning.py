"""The morning: 2,277 workers within half an hour, one server process and PostgreSQL, fsync on.

Each makes forty operations, half of them new records, in four pushes, and pulls two hundred rows.

A steady slice is offered at the real rate; then the rate is raised until 95 of 100 pushes are no
longer answered within two seconds. Arrivals are random and do not wait for the server. At the end
the operations in the database are counted against those that were acknowledged.
"""

import asyncio
import dataclasses
import itertools
import os
import random
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import sqlalchemy as sa

from sqzl_desktop.base.clock import SystemClock
from sqzl_desktop.domain.access import GRID_WORKER
from sqzl_desktop.server import load, scope
from sqzl_desktop.server.database import Database
from sqzl_desktop.server.migrations import migrate
from sqzl_desktop.server.tables import OPERATION, RECORD
from tests import postgres
from tests.admitted import admit
from tests.bench.figures import percentile
from tests.served import Served, served
from tests.torture.figures import Figures
from tests.torture.worker import ROWS, Morning, Worker

NAME = "morning"
WORKERS, SECONDS = 2_277, 1_800
IN_GRID, GRIDS = 3, 3  # workers of a grid, grids of a community
SLOWEST = 2.0
MOST_MEMORY = 400.0
STEADY, STEP = 60.0, 15.0


def run(count: int | None, seed: int) -> list[Figures]:
    """The slice at the real rate, then the climb. `count`: the workers of the city."""
    count = count or WORKERS
    with postgres.cluster(durable=True) as cluster, tempfile.TemporaryDirectory() as place:
        url = cluster.new_database()
        workers = people(url, count)
        with served(url, Path(place)) as server:
            city = City(server, url, workers, count / SECONDS, random.Random(seed))
            found = [steady(city, seed), *climb(city, seed)]
    return found


@dataclasses.dataclass
class City:
    """The server and everybody who may come. `rate`: mornings begun in a second."""

    server: Served
    url: str
    workers: Sequence[Worker]
    rate: float
    chance: random.Random
    acknowledged: list[str] = dataclasses.field(default_factory=list)
    _next: Iterator[Worker] = dataclasses.field(init=False)

    def __post_init__(self) -> None:
        self._next = itertools.cycle(self.workers)

    def slice(self, times: float, seconds: float) -> "Slice":
        """So many seconds of mornings at so many times the real rate."""
        used, server = resource.getrusage(resource.RUSAGE_SELF), self.server.cpu_seconds()
        began = time.monotonic()
        seen = asyncio.run(self._arrive(times, seconds))
        took = time.monotonic() - began
        after = resource.getrusage(resource.RUSAGE_SELF)
        own = after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime
        self.acknowledged += seen.acknowledged
        return Slice(seen, took, own / took, (self.server.cpu_seconds() - server) / took)

    async def _arrive(self, times: float, seconds: float) -> Morning:
        seen, now, coming = Morning(), 0.0, []
        while (now := now + self.chance.expovariate(self.rate * times)) < seconds:
            coming.append(
                asyncio.create_task(_later(now, next(self._next), self.server.port, seen))
            )
        await asyncio.gather(*coming)
        return seen


async def _later(at: float, worker: Worker, port: int, seen: Morning) -> None:
    await asyncio.sleep(at)
    await worker.morning(port, seen)


@dataclasses.dataclass(frozen=True)
class Slice:
    """What a slice showed; the shares are in cores."""

    seen: Morning
    seconds: float
    own_share: float
    server_share: float

    def told(self, memory: float) -> str:
        """In words."""
        p50, p95, p99 = (percentile(self.seen.pushes, share) for share in (0.5, 0.95, 0.99))
        return (
            f"push p50 {p50 * 1000:.0f} p95 {p95 * 1000:.0f} p99 {p99 * 1000:.0f} ms, "
            f"{len(self.seen.acknowledged) / self.seconds:.0f} operations/s, "
            f"{self.seen.rows / self.seconds:.0f} rows/s, refused {self.seen.refused}, "
            f"{dict(self.seen.outcomes)}, server {memory:.0f} MB, cores: server "
            f"{self.server_share:.2f}, load {self.own_share:.2f} of {os.cpu_count()}"
        )


def steady(city: City, seed: int) -> Figures:
    """The real rate."""
    seen = city.slice(1, STEADY)
    failures = [*seen.seen.failures, *miscounted(city)]
    if percentile(seen.seen.pushes, 0.95) > SLOWEST:
        failures.append("p95 is over two seconds")
    memory = city.server.peak_mb()
    if memory > MOST_MEMORY:
        failures.append(f"the server took {memory:.0f} MB")
    unit = f"operations at the real rate: {seen.told(memory)}"
    acknowledged = len(seen.seen.acknowledged)
    return Figures(NAME, acknowledged, unit, seed, seen.seconds, tuple(failures))


def climb(city: City, seed: int) -> Iterator[Figures]:
    """Twice the rate until it is too much, then the middle between the last two."""
    good, tried = 1.0, 4.0
    while _holds(seen := city.slice(tried, STEP)):
        yield _step(city, seed, tried, seen)
        good, tried = tried, tried * 2
    yield _step(city, seed, tried, seen)
    middle = (good + tried) / 2
    seen = city.slice(middle, STEP)
    yield _step(city, seed, middle, seen)
    most = middle if _holds(seen) else good
    failures = tuple(miscounted(city))
    unit = f"workers in half an hour before p95 exceeds 2 s ({most:g} times the real rate)"
    yield Figures(NAME, int(city.rate * most * SECONDS), unit, seed, 0.0, failures)


def _holds(seen: Slice) -> bool:
    return percentile(seen.seen.pushes, 0.95) <= SLOWEST and not seen.seen.failures


def _step(city: City, seed: int, times: float, seen: Slice) -> Figures:
    unit = f"operations at {times:g} times the rate: {seen.told(city.server.peak_mb())}"
    return Figures(NAME, len(seen.seen.acknowledged), unit, seed, seen.seconds)


def miscounted(city: City) -> Iterator[str]:
    """Every acknowledged operation is in the database, once, and no other."""
    database = Database(city.url)
    with database.reading() as connection:
        query = sa.select(OPERATION.c.id).where(OPERATION.c.device != "")
        ids = list(connection.scalars(query))
    database.close()
    if len(ids) != len(set(ids)):
        yield f"{len(ids) - len(set(ids))} operations doubled"
    lost = set(city.acknowledged) - set(ids)
    if lost:
        yield f"{len(lost)} acknowledged operations lost"


def people(url: str, count: int) -> list[Worker]:
    """A city for so many workers, and all of them with a laptop."""
    database, clock = Database(url), SystemClock()
    migrate(database)
    communities = [f"64010400{n:04}" for n in range(1, -(-count // (IN_GRID * GRIDS)) + 1)]
    load.load(database, _records(communities), clock)
    with database.reading() as connection:
        epoch = scope.epoch(connection)
        pairs = connection.execute(sa.select(RECORD.c.community, RECORD.c.last).distinct())
        made_by: dict[str, str] = {community: last for community, last in pairs}  # noqa: C416

    def worker(connection: sa.Connection, number: int) -> Worker:
        community = communities[number // (IN_GRID * GRIDS)]
        grid = f"{community}{number // IN_GRID % GRIDS:03}"
        mine = range(number % IN_GRID, ROWS, IN_GRID)  # every worker has residents of their own
        known = [(f"{grid}-{n}", made_by[community]) for n in mine]
        admitted = admit(connection, f"w{number}", GRID_WORKER, (grid,), clock)
        return Worker(admitted, community, grid, epoch, known)

    workers = database.writing(lambda tx: [worker(tx, number) for number in range(count)])
    database.close()
    return workers


def _records(communities: Sequence[str]) -> Iterator[load.Loaded]:
    for community in communities:
        for number in range(GRIDS):
            grid = f"{community}{number:03}"
            fields = {"community_id": community, "grid_id": grid, "name": "马小明", "sex": "1",
                      "registered_home": "北京路12号阳光家园3号楼2单元501室"}  # fmt: skip
            for n in range(ROWS):
                yield community, "resident", f"{grid}-{n}", fields
