"""I7: readers beside many writers on PostgreSQL; none may learn later of something earlier.

Writers go through the real push, readers through the real pull; every operation makes a record, so
that a reader must have seen every number of the community exactly once and in order. The control
takes its numbers in a transaction of their own, as a sequence does; the same readers then miss.
"""

import concurrent.futures
import contextlib
import dataclasses
import itertools
import multiprocessing
import random
import time
from collections.abc import Iterator
from unittest import mock

import sqlalchemy as sa

from sqzl_desktop.base.clock import SystemClock
from sqzl_desktop.base.ids import new_id
from sqzl_desktop.domain.access import COMMUNITY_LEAD
from sqzl_desktop.protocol.messages import Operation, Push
from sqzl_desktop.server import apply, ledger, pull, scope
from sqzl_desktop.server.accounts import Account
from sqzl_desktop.server.database import Database
from sqzl_desktop.server.migrations import migrate
from sqzl_desktop.server.pull import Wanted
from sqzl_desktop.server.sign_in import Caller
from sqzl_desktop.server.tables import COUNTER, DEVICE, META
from tests import postgres
from tests.torture.figures import Figures

NAME = "readers"
COMMUNITIES = ("640104001001", "640104001002")
WRITERS, READERS = 4, 5  # the readers of each community
ENTRIES = 1_000_000


@dataclasses.dataclass(frozen=True)
class Plan:
    """How much is written to every community, in pushes of which size."""

    url: str
    entries: int
    batch: int
    seed: int
    broken: bool = False


@dataclasses.dataclass(frozen=True)
class Seen:
    """What the readers saw together."""

    entries: int
    missed: int
    out_of_order: int


def run(count: int | None, seed: int) -> list[Figures]:
    """A million entries read, then the control."""
    entries = (count or ENTRIES) // (len(COMMUNITIES) * READERS)
    with postgres.cluster() as cluster:
        began = time.monotonic()
        seen = follow(Plan(cluster.new_database(), entries, 500, seed))
        failures = (str(seen),) if seen.missed or seen.out_of_order else ()
        found = Figures(NAME, seen.entries, "log entries read beside writers", seed,
                        time.monotonic() - began, failures)  # fmt: skip
        began = time.monotonic()
        seen = follow(control(cluster.new_database(), seed))
    failures = () if is_caught(seen) else (f"the control was not caught: {seen}",)
    unit = f"entries missed of {seen.missed + seen.entries:,} numbered before the commit (control)"
    return [found, Figures(NAME, seen.missed, unit, seed, time.monotonic() - began, failures)]


def control(url: str, seed: int) -> Plan:
    """The same with numbers that are taken too early."""
    return Plan(url, 2_000, 20, seed, broken=True)


def is_caught(seen: Seen) -> bool:
    """Did the readers notice: more than one entry in a hundred missed?"""
    return seen.missed * 100 > seen.missed + seen.entries


def follow(plan: Plan) -> Seen:
    """Let processes write and others read at the same time; what all readers saw."""
    database = Database(plan.url)
    migrate(database)
    counters = [{"community": each, "seq": 0} for each in COMMUNITIES]
    database.writing(lambda connection: connection.execute(sa.insert(COUNTER), counters))
    blank = {each.name: 0 if isinstance(each.type, sa.BigInteger) else "" for each in DEVICE.c}
    devices = [{**blank, "id": f"writer{n}", "serial": n} for n in range(WRITERS)]
    database.writing(lambda connection: connection.execute(sa.insert(DEVICE), devices))
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    processes = WRITERS + len(COMMUNITIES)
    with concurrent.futures.ProcessPoolExecutor(processes, context) as pool:
        reading = [pool.submit(read_beside, plan, each) for each in COMMUNITIES]
        writing = [pool.submit(write, plan, n) for n in range(WRITERS)]
        concurrent.futures.wait(writing)
        done = sa.insert(META).values(name="done", value="1")  # also where a writer failed
        database.writing(lambda connection: connection.execute(done))
        database.close()
        for each in writing:
            each.result()
        found = [seen for each in reading for seen in each.result()]
    return Seen(*(sum(numbers) for numbers in zip(*map(dataclasses.astuple, found), strict=True)))


def write(plan: Plan, number: int) -> None:
    """One writer: its share of every community, into a grid of its own."""
    database = Database(plan.url)
    chance = random.Random(plan.seed * 1000 + number)
    caller = _caller(f"writer{number}")
    share = plan.entries // WRITERS
    numbers = {community: itertools.count(1) for community in COMMUNITIES}
    left = dict.fromkeys(COMMUNITIES, share)
    with _too_early(database) if plan.broken else contextlib.nullcontext():
        while any(left.values()):
            community = chance.choice([each for each, rest in left.items() if rest])
            size = min(left[community], 1 if chance.random() < 0.1 else plan.batch)
            left[community] -= size
            made = [_new(next(numbers[community]), community, number) for _ in range(size)]
            _push(database, caller, community, made)
    database.close()


def _push(database: Database, caller: Caller, community: str, made: list[Operation]) -> None:
    def work(connection: sa.Connection) -> None:
        push = Push(scope.epoch(connection), "first", made)
        told = apply.push(connection, caller, community, push, SystemClock(), grace_hours=24)
        answers = told.answers
        assert [each.outcome for each in answers] == ["applied"] * len(made)

    database.writing(work)


def read_beside(plan: Plan, community: str) -> list[Seen]:
    """The readers of one community, until the writers are done and everything was pulled."""
    database = Database(plan.url)
    with concurrent.futures.ThreadPoolExecutor(READERS) as pool:
        seen = [pool.submit(_read, database, plan, community) for _ in range(READERS)]
        found = [each.result() for each in seen]
    database.close()
    return found


def _read(database: Database, plan: Plan, community: str) -> Seen:
    caller, cursor, numbers, wrong = _caller("reader"), 0, set[int](), 0
    while True:
        with database.reading() as connection:
            is_last = connection.scalar(sa.select(META.c.value).where(META.c.name == "done"))
            epoch = scope.epoch(connection)
            page = pull.page(connection, caller, community, Wanted(cursor, pull.MOST, 1, epoch))
        for entry in page.entries:
            assert entry.row is not None
            wrong += not cursor < entry.row.rev <= page.cursor or entry.row.rev in numbers
            numbers.add(entry.row.rev)
        cursor = page.cursor
        if is_last and not page.more:
            total = plan.entries // WRITERS * WRITERS
            return Seen(len(numbers), len(set(range(1, total + 1)) - numbers), wrong)


def _new(n: int, community: str, writer: int) -> Operation:
    fields = {
        "community_id": community,
        "grid_id": f"{community}{writer:03}",
        "name": "马小明",
        "remark": f"第{n}人",
    }
    return Operation(n, new_id(), "resident", new_id(), "put", "2026-07-01T00:00:00Z", fields)


def _caller(device: str) -> Caller:
    account = Account(device, device, COMMUNITY_LEAD, COMMUNITIES, 1, disabled=False)
    return Caller(device, device, account, device)


@contextlib.contextmanager
def _too_early(database: Database) -> Iterator[None]:
    """Numbers given in a transaction of their own, long before the writing one commits."""

    def advance(_connection: sa.Connection, community: str, by: int) -> int:
        of = COUNTER.c
        take = sa.update(COUNTER).where(of.community == community).values(seq=of.seq + by)
        return int(database.writing(lambda other: other.scalar(take.returning(of.seq)) or 0))

    with mock.patch.object(ledger, "_advance", advance):
        yield
