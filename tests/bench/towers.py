"""The picture of a building of 1,056 dwellings: gathered, painted, scrolled."""

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from sqzl_desktop.base.clock import FixedClock
from sqzl_desktop.domain.access import GRID_WORKER, Actor
from sqzl_desktop.services.tower import tower
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import confirmed, doors, meta
from sqzl_desktop.store.engine import open_store
from sqzl_desktop.store.migrations import migrate
from sqzl_desktop.ui.app import start_application
from sqzl_desktop.ui.widgets.tower_view import TowerView
from tests import places, towers
from tests.bench.figures import Figure

SEEN = (1130, 760)  # what is left of 1920x1080 beside menu and panel
TIMES = 15


def measure(folder: Path) -> list[Figure]:
    """Processor time, the best of several."""
    ws = _workspace(folder / "tower")
    found = tower(ws, towers.HIGH)
    start_application()
    view = TowerView()
    view.resize(*SEEN)
    view.show_rooms(found.layout, found.rooms)
    view.show()
    QApplication.processEvents()
    bar = view.verticalScrollBar()

    def scroll() -> None:
        bar.setValue(bar.value() + 24)
        QApplication.processEvents()

    figures = [
        Figure("building of 1,056 dwellings, gathered", _best(lambda: tower(ws, towers.HIGH)),
               _best(lambda: _bare(ws)), "ms", "its rows alone", target=50),
        Figure("the same, painted whole", _best(view.viewport().repaint), _best(_boxes), "ms",
               "as many bare boxes", target=16),
        Figure("the same, a step of scrolling", _best(scroll), _best(_boxes), "ms",
               "as many bare boxes", target=16),
    ]  # fmt: skip
    view.close()
    ws.store.close()
    return figures


def _workspace(folder: Path) -> Workspace:
    folder.mkdir()
    clock = FixedClock(places.NOW)
    store = open_store(folder, places.KEY)
    with store.write() as tx:
        migrate(tx, clock)
        meta.put(tx, "incarnation", "bench")
        confirmed.load(tx, places.COMMUNITY, [*places.rows(), *towers.high()])
    actor = Actor("wang", "王网格", GRID_WORKER, (places.GRID,))
    return Workspace(actor, store, clock, (places.COMMUNITY,), "22")


def _best(work: Callable[[], object]) -> float:
    def once() -> float:
        began = time.process_time()
        work()
        return (time.process_time() - began) * 1000

    return min(once() for _ in range(TIMES))


def _bare(ws: Workspace) -> None:
    day = ws.today.isoformat()
    with ws.store.read() as tx:
        doors.dwellings(tx, towers.HIGH)
        doors.people(tx, towers.HIGH, day)
        doors.visits(tx, towers.HIGH, day)


def _boxes() -> None:
    picture = QPixmap(*SEEN)
    picture.fill(QColor("#ffffff"))
    painter = QPainter(picture)
    for place in range(170):
        painter.drawRoundedRect(place % 14 * 80, place // 14 * 62, 77, 59, 4, 4)
    painter.end()
