"""A laptop that listens to a real server over a real socket: woken, cut off, locked."""

import queue
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sqzl_desktop.app import DeviceOpener, DeviceSession
from sqzl_desktop.base.clock import FixedClock, SystemClock
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.services import elements
from tests.field import PASSWORD, start
from tests.places import NOW, OTHER_GRID
from tests.served import served

SOON = 25  # seconds, less than the shortest wait of a round by the clock


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    start(tmp_path, FixedClock(NOW)).app.state.database.close()
    with served(f"sqlite:///{tmp_path / 'server.db'}", tmp_path / "served") as running:
        yield running.address


@pytest.fixture
def laptops(address: str, tmp_path: Path) -> Iterator[tuple[DeviceSession, DeviceSession]]:
    opener = DeviceOpener(SystemClock())
    pair = [
        opener.enrol(tmp_path / name, server=address, account=name, password=PASSWORD, label=name)
        for name in ("wang", "ma")
    ]
    yield pair[0], pair[1]
    for session in pair:
        session.close()


def test_laptop_hears_of_another_ones_work_and_locks_at_once(
    laptops: tuple[DeviceSession, DeviceSession],
) -> None:
    wang, ma = laptops
    wang.sync()
    calls: queue.Queue[None] = queue.Queue()
    ma.watch(lambda: calls.put(None))
    calls.get(timeout=SOON)
    ma.sync()

    person = elements.save(wang.ws, Resident(name="马小明", grid_id=OTHER_GRID))
    wang.sync()

    while True:
        calls.get(timeout=SOON)  # the first may come of what the stream begins with
        ma.sync()
        if elements.titles(ma.ws, "resident", [person.id]):
            break
    ma.close()
    assert not [each for each in threading.enumerate() if each.name.startswith("sync-")]


def test_saving_on_a_laptop_that_listens_calls_for_a_round(
    laptops: tuple[DeviceSession, DeviceSession],
) -> None:
    wang, _ = laptops
    calls: queue.Queue[None] = queue.Queue()
    wang.watch(lambda: calls.put(None))
    calls.get(timeout=SOON)
    wang.sync()

    elements.save(wang.ws, Resident(name="马小明", grid_id=OTHER_GRID))

    calls.get(timeout=SOON)
    assert wang.sync().pushed == 1
