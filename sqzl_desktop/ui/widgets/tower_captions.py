"""楼栋图标题: entrances above and floors beside the picture, which stay while it scrolls."""

import itertools
from collections.abc import Callable, Iterable, Iterator

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from sqzl_desktop.domain.room_numbers import entrance_label
from sqzl_desktop.domain.tower import Layout
from sqzl_desktop.ui.widgets import tower_cells
from sqzl_desktop.ui.widgets.tower_scale import Scale

HEAD, SIDE = 30, 48
Caption = tuple[QRectF, str]


class Captions(QWidget):
    """A strip of captions; `said` gives each with its place in the strip as it is now."""

    def __init__(self, over: QWidget, said: Callable[[], Iterable[Caption]]) -> None:
        super().__init__(over)
        self.said = said

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        for box, text in self.said():
            if box.intersects(QRectF(self.rect())):
                tower_cells.centred(painter, box, text, size=13)


def entrances(layout: Layout, scale: Scale, scrolled: int, right: float) -> Iterator[Caption]:
    """The entrances, each in the middle of what is in sight of it."""
    for each in layout.entrances:
        area = scale.area(each.x, 0, each.width).translated(SIDE - scrolled, 0)
        left, end = max(area.left(), float(SIDE)), min(area.right(), right)
        if end - left > 12:
            yield QRectF(left, 0, end - left, HEAD), entrance_label(each.name)


def floors(layout: Layout, scale: Scale, scrolled: int) -> Iterator[Caption]:
    """The floors, the shops and the lost."""
    names = itertools.chain(
        (f"{floor}层" if floor > 0 else f"B{-floor}层" for floor in layout.floors),
        itertools.repeat("底商", layout.shop_rows),
        itertools.repeat("未定位", layout.lost_rows),
    )
    for row, text in enumerate(names):
        area = scale.area(0, row)
        yield QRectF(0, area.top() - scrolled, SIDE - 6, area.height()), text
