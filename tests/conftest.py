"""Shared parts: a clock that stands still, an encrypted store with one small community in it."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from sqzl_desktop.base.clock import FixedClock
from sqzl_desktop.domain.access import COMMUNITY_LEAD, GRID_WORKER, Actor
from sqzl_desktop.protocol.messages import Row
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import confirmed, meta
from sqzl_desktop.store.engine import Store, open_store
from sqzl_desktop.store.migrations import migrate

COMMUNITY = "640104001002"
GRID = "640104001002001"
OTHER_GRID = "640104001002002"
KEY = bytes(range(32))
NOW = dt.datetime(2026, 6, 30, 2, 0, tzinfo=dt.UTC)

PLACES = (
    ("community", COMMUNITY, {
        "code": COMMUNITY, "name": "崇安社区居委会", "phone": "0951-6012345",
        "community_id": COMMUNITY,
    }),
    ("grid", GRID, {"code": GRID, "name": "崇安第1网格", "community_id": COMMUNITY}),
    ("grid", OTHER_GRID, {"code": OTHER_GRID, "name": "崇安第2网格", "community_id": COMMUNITY}),
    ("building", "b1", {
        "estate": "阳光家园", "name": "3号楼", "community_id": COMMUNITY, "grid_id": GRID,
    }),
    ("dwelling", "d1", {
        "building_id": "b1", "entrance": "2", "room": "501", "community_id": COMMUNITY,
        "grid_id": GRID, "address": "北京路12号阳光家园3号楼2单元501室",
    }),
)  # fmt: skip


def rows() -> Iterator[Row]:
    for rev, (kind, record_id, fields) in enumerate(PLACES, 1):
        grid = str(fields.get("grid_id", ""))
        yield Row(kind, record_id, grid, rev, dict(fields), {"*": "loaded"}, "loaded")


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def store(tmp_path: Path, clock: FixedClock) -> Iterator[Store]:
    opened = open_store(tmp_path, KEY)
    with opened.write() as tx:
        migrate(tx, clock)
        meta.put(tx, "incarnation", "first-life")
        confirmed.load(tx, COMMUNITY, rows())
    yield opened
    opened.close()


@pytest.fixture
def ws(store: Store, clock: FixedClock) -> Workspace:
    """A grid worker of the first grid."""
    actor = Actor("wang", "王网格", GRID_WORKER, (GRID,))
    return Workspace(actor, store, clock, (COMMUNITY,), "22")


@pytest.fixture
def lead(store: Store, clock: FixedClock) -> Workspace:
    """The community's lead, on the same machine."""
    actor = Actor("li", "李书记", COMMUNITY_LEAD, (COMMUNITY,))
    return Workspace(actor, store, clock, (COMMUNITY,), "23")
