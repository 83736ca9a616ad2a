"""Sync as two laptops feel it: real encrypted stores, HTTP, a server process, both databases."""

import contextlib
import dataclasses
import functools
import itertools
import statistics
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from sqzl_desktop.app import DeviceOpener, DeviceSession
from sqzl_desktop.base.clock import SystemClock
from sqzl_desktop.domain.access import COMMUNITY_LEAD
from sqzl_desktop.domain.flows import FLOWS
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.protocol.messages import Answers, Push
from sqzl_desktop.schema.fields import Json
from sqzl_desktop.server import accounts
from sqzl_desktop.server.city import read_city
from sqzl_desktop.server.database import Database
from sqzl_desktop.server.migrations import migrate
from sqzl_desktop.store import changes
from sqzl_desktop.sync.transport import HttpTransport
from tests.bench.figures import Figure, median_ms, percentile, seconds
from tests.bench.floors import Bare, Line, bare
from tests.bench.stores import raw_first_sync
from tests.city.__main__ import main as make_city
from tests.demo.told import PASSWORD
from tests.served import Served, served

RECORDS, MANY, TIMES, BATCH = 30_000, 1_000, 60, 500
Record = tuple[str, str, str, dict[str, Json]]  # community, kind, id, fields


class Watched(HttpTransport):
    """The real transport; it notes when the last push was answered."""

    answered_at = 0.0

    def push(self, community: str, push: Push) -> Answers:
        answers = super().push(community, push)
        type(self).answered_at = time.perf_counter()
        return answers


@dataclasses.dataclass
class Bench:
    """Everything that one run works with."""

    folder: Path
    server: Served
    bare: Bare
    records: Sequence[Record]

    @property
    def community(self) -> str:
        """Where all of it happens."""
        return self.records[0][0]

    @functools.cached_property
    def lines(self) -> list[Line]:
        """The records as the bare database takes them."""
        encode = msgspec.json.encode
        return [(place, kind, key, encode(it).decode()) for place, kind, key, it in self.records]

    def changed(self, count: int) -> list[Line]:
        """Some of the lines with other content than ever before."""
        other = f'{{"remark": "{time.perf_counter_ns()}"}}'
        return [(*key, other) for *key, _ in self.lines[:count]]  # type: ignore[misc]

    def laptop(self, name: str) -> DeviceSession:
        """A new, empty laptop."""
        opener = DeviceOpener(connect=Watched)
        return opener.enrol(self.folder / name, server=self.server.address, account="li",
                            password=PASSWORD, label=name)  # fmt: skip

    def memory(self, after: str) -> Figure:
        """The most the server held since the last time it was asked."""
        peak = self.server.peak_mb()
        self.server.forget_peak()
        return Figure(f"server memory, {after}", peak, 0, "MB", "", target=400)


def measure(database: str, folder: Path, records: Sequence[Record]) -> list[Figure]:
    """Every figure of sync over this database."""
    folder.mkdir()
    _account(database, records[0][0])
    with served(database, folder) as server, bare(database, folder) as floor:
        bench = Bench(folder, server, floor, records)
        author = bench.laptop("author")
        author.sync()
        found = [*offered(bench, author), bench.memory("offering")]
        reader = bench.laptop("reader")
        found += [*first_sync(bench, reader), bench.memory("first sync")]
        _settle(database)
        found += [*one_change(bench, author, reader), *many_changes(bench, author, reader)]
        found += [nothing_to_do(bench, author), bench.memory("changes")]
        author.close()
        reader.close()
    return found


def offered(bench: Bench, author: DeviceSession) -> Iterator[Figure]:
    """A whole imported community, offered by one laptop; then its own work read back."""
    _write(author, bench.records)
    began = time.perf_counter()
    done = author.sync()
    ended = time.perf_counter()
    assert done.pushed == len(bench.records)
    assert done.refused == 0, author.sync_state()
    took = Watched.answered_at - began
    lines = bench.lines
    floor = seconds(lambda: [bench.bare.write(lines[n : n + BATCH])
                             for n in range(0, len(lines), BATCH)])  # fmt: skip
    yield Figure(f"offering {len(lines):,} new records", len(lines) / took, len(lines) / floor,
                 "operations/s", f"{bench.bare.name} upsert, 500 a commit", 5_000)  # fmt: skip
    yield Figure(
        "reading them back", len(lines) / (ended - Watched.answered_at), 0, "records/s", ""
    )


def first_sync(bench: Bench, reader: DeviceSession) -> Iterator[Figure]:
    """The community on a new laptop: the first of all, and the next one."""
    early = bench.laptop("early")
    unprepared = seconds(early.sync)
    early.close()
    done = []
    took = seconds(lambda: done.append(reader.sync()))
    raw, floor = raw_first_sync(bench.server.address, "li", bench.folder)
    pulled = done[0].pulled
    assert raw <= pulled
    floor_name = "raw encrypted insert, same rows"
    yield Figure("first sync, files made for it", pulled / unprepared, raw / floor, "records/s",
                 floor_name)  # fmt: skip
    yield Figure("first sync", pulled / took, raw / floor, "records/s", floor_name,
                 target=raw / floor / 1.5)  # fmt: skip


def one_change(bench: Bench, author: DeviceSession, reader: DeviceSession) -> Iterator[Figure]:
    """One changed record, pushed by one laptop and fetched by another."""
    pushes, pulls = [], []
    for n in range(TIMES):
        _write(author, _remarked(bench, 1, f"第{n}次"))
        pushes.append(seconds(author.sync))
        pulls.append(seconds(reader.sync))
    floor = median_ms(lambda: bench.bare.write(bench.changed(1)), TIMES)
    both = [push + pull for push, pull in zip(pushes, pulls, strict=True)]
    name = f"{bench.bare.name} upsert of one row"
    for label, took, target in (
        ("one change, author's round", pushes, None),
        ("one change, reader's round", pulls, None),
        ("one change, both sides", both, 10),
    ):
        yield Figure(label, statistics.median(took) * 1000, floor, "ms", name, target)
    yield Figure("one change, both sides, p95", percentile(both, 0.95) * 1000, 0, "ms", "", 25)


def many_changes(bench: Bench, author: DeviceSession, reader: DeviceSession) -> Iterator[Figure]:
    """A thousand changed records."""
    rounds, pushes, pulls = [], [], []
    for n in range(5):
        _write(author, _remarked(bench, MANY, f"又第{n}次"))
        began = time.perf_counter()
        author.sync()
        rounds.append(time.perf_counter() - began)
        pushes.append(Watched.answered_at - began)
        pulls.append(seconds(reader.sync))
    write = median_ms(lambda: bench.bare.write(bench.changed(MANY)), 5)
    read = median_ms(lambda: bench.bare.read(MANY), 5)
    name = f"{bench.bare.name} upsert of the same rows"
    yield Figure("1,000 changes, push", statistics.median(pushes) * 1000, write, "ms", name, 150)
    yield Figure("1,000 changes, pull", statistics.median(pulls) * 1000, read, "ms",
                 f"{bench.bare.name} select of as many", 80)  # fmt: skip
    yield Figure(
        "1,000 changes, author's whole round", statistics.median(rounds) * 1000, 0, "ms", ""
    )


def nothing_to_do(bench: Bench, author: DeviceSession) -> Figure:
    """A round that finds nothing."""
    import httpx

    with httpx.Client(base_url=bench.server.address) as client:
        floor = median_ms(lambda: client.get("/health"), TIMES)
    return Figure("a round with nothing to do", median_ms(author.sync, TIMES), floor, "ms",
                  "one GET of /health", 8)  # fmt: skip


def city_records(folder: Path, size: int) -> list[Record]:
    """A generated community as new records that a laptop may write."""
    with contextlib.redirect_stdout(None):
        make_city([str(folder), "--size", str(size)])
    found = (each for each in read_city(folder) if each[1] in BY_NAME and each[1] not in FLOWS)
    return list(itertools.islice(found, RECORDS))


def _account(database: str, community: str) -> None:
    opened = Database(database)
    migrate(opened)
    account = accounts.Account("li", "李书记", COMMUNITY_LEAD, (community,), 1, disabled=False)
    opened.writing(lambda connection: accounts.add(connection, account, PASSWORD))
    opened.close()


def _settle(database: str) -> None:
    """What autovacuum does within a minute of so many new rows: statistics for the planner."""
    opened = Database(database)
    opened.writing(lambda connection: connection.exec_driver_sql("ANALYZE"))
    opened.close()


def _write(session: DeviceSession, records: Sequence[Record]) -> None:
    """Into the store and the outbox, as an import does, without its checks."""
    with session.ws.store.write() as tx:
        action = changes.Action(tx, SystemClock().now())
        for community, kind, record, fields in records:
            action.put(kind, record, community, fields)


def _remarked(bench: Bench, count: int, remark: str) -> list[Record]:
    people = (each for each in bench.records if each[1] == "resident")
    return [
        (community, kind, record, {"remark": remark})
        for _, (community, kind, record, _) in zip(range(count), people, strict=False)
    ]
