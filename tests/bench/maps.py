"""The map: read and checked, painted, a redrawing counted."""

import time
from collections.abc import Callable

from PySide6.QtGui import QImage, QPainter

from sqzl_desktop.app import DeviceSession
from sqzl_desktop.services import maps, redrawing
from sqzl_desktop.services.redrawing import Draft
from sqzl_desktop.store import records
from sqzl_desktop.ui.app import start_application
from sqzl_desktop.ui.models.map_scene import scene
from sqzl_desktop.ui.widgets import map_paint
from sqzl_desktop.ui.widgets.map_canvas import MapCanvas
from tests.bench.figures import Figure, median_ms

FRAME = 16.0  # milliseconds: what the window's thread may take


def measure(session: DeviceSession) -> list[Figure]:
    """Of a community as the demo has it, on the screen of a small laptop."""
    ws = session.ws
    community = ws.communities[0]
    shown = maps.read_map(ws, community)
    moves = dict.fromkeys([each.id for each in shown.buildings][:3], shown.grids[-1].id)

    def rows() -> None:
        with ws.store.read() as tx:
            for kind in ("grid", "building"):
                records.find(tx, kind, limit=5000)

    def read() -> None:
        maps.problems(ws, maps.read_map(ws, community))

    read()
    floor = median_ms(rows, 5)
    planned = Draft(name="bench", moves=moves)
    preview = median_ms(lambda: redrawing.preview(ws, community, planned), 5)
    return [
        Figure("map read and checked", median_ms(read, 5), floor, "ms", "its rows"),
        _painted(shown),
        Figure("redrawing of three buildings, counted", preview, floor, "ms", "rows of the map"),
    ]


def _painted(shown: maps.AreaMap) -> Figure:
    start_application()
    canvas = MapCanvas()
    canvas.resize(762, 576)
    canvas.show_scene(scene(shown), map_paint.hues([each.id for each in shown.grids]))
    picture = QImage(762, 576, QImage.Format.Format_ARGB32_Premultiplied)

    def blank() -> None:
        painter = QPainter(picture)
        painter.fillRect(picture.rect(), "#ffffff")
        painter.end()

    ours = _processor_ms(lambda: canvas.render(picture))
    floor = _processor_ms(blank)
    return Figure("map painted, processor", ours, floor, "ms", "the blank picture", FRAME)


def _processor_ms(work: Callable[[], object]) -> float:
    """The least processor time of several calls, in milliseconds."""

    def once() -> float:
        began = time.process_time()
        work()
        return time.process_time() - began

    return min(once() for _ in range(20)) * 1000
