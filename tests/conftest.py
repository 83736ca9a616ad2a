"""Shared parts: a clock that stands still, an encrypted store with one small community in it."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sqzl_desktop.app import DeviceSession
from sqzl_desktop.base.clock import FixedClock
from sqzl_desktop.domain.access import COMMUNITY_LEAD, GRID_WORKER, Actor
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import confirmed, meta
from sqzl_desktop.store.engine import Store, open_store
from sqzl_desktop.store.migrations import migrate
from tests.field import Field, start
from tests.places import COMMUNITY, GRID, KEY, NOW, rows

# no window on the person's screen, nothing in the person's keyring
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["SQZL_KEYRING"] = "off"


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


@pytest.fixture
def field(tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Field]:
    """A server and a network, in this process; see `tests.field`."""
    monkeypatch.setenv("SQZL_KEYRING", "off")
    started = start(tmp_path, clock)
    yield started
    started.app.state.database.close()


@pytest.fixture
def laptops(field: Field) -> Iterator[Callable[..., DeviceSession]]:
    """Hands out enrolled and synced laptops: `laptops(account, label)`."""
    opened: list[DeviceSession] = []

    def one(account: str, name: str = "") -> DeviceSession:
        opened.append(field.laptop(account, name))
        return opened[-1]

    yield one
    for session in opened:
        session.close()
