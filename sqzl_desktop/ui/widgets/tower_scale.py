"""楼栋图比例: from cells of a layout to pixels and back, at any zoom."""

import dataclasses

from PySide6.QtCore import QPointF, QRectF, QSize

from sqzl_desktop.domain.tower import Cell, Layout

GAP = 3  # between cells
BETWEEN = 14  # between entrances, and above a band of shops
NARROWEST, WIDEST = 78, 150
LOWEST, HIGHEST = 46, 84
WITH_TAGS = 64  # a third line
ZOOMS = (0.6, 0.75, 0.9, 1.0, 1.15, 1.35, 1.6, 2.0)


@dataclasses.dataclass(frozen=True)
class Scale:
    """Where each column and row begins, in pixels, and how large a cell is."""

    lefts: tuple[float, ...]
    tops: tuple[float, ...]
    width: float
    height: float

    @property
    def size(self) -> QSize:
        """The whole picture."""
        return QSize(int(self.lefts[-1]), int(self.tops[-1]))

    def box(self, cell: Cell) -> QRectF:
        """Where a cell is drawn."""
        return self.area(cell.x, cell.y, cell.width, cell.height)

    def area(self, x: int, y: int, width: int = 1, height: int = 1) -> QRectF:
        """Where some columns and rows are drawn."""
        last_x, last_y = min(x + width, len(self.lefts) - 1), min(y + height, len(self.tops) - 1)
        right = self.lefts[last_x - 1] + self.width
        bottom = self.tops[last_y - 1] + self.height
        left, top = self.lefts[x], self.tops[y]
        return QRectF(left, top, right - left - GAP, bottom - top - GAP)

    def slot(self, at: QPointF) -> tuple[int, int]:
        """The column and row under a point; outside, the nearest."""
        return _place(self.lefts, at.x()), _place(self.tops, at.y())


def _place(begins: tuple[float, ...], value: float) -> int:
    last = len(begins) - 2
    return next((n for n in range(last, -1, -1) if begins[n] <= value), 0)


def scaled(layout: Layout, room: QSize, zoom: float, *, has_tags: bool = False) -> Scale:
    """As large as the room allows, times the zoom; never smaller than one can read."""
    entrances = max(len(layout.entrances), 1)
    bands = bool(layout.shop_rows) + bool(layout.lost_rows)
    wide = (room.width() - BETWEEN * (entrances - 1)) / max(layout.columns, 1)
    high = (room.height() - BETWEEN * bands) / max(layout.rows, 1)
    width = min(max(wide, NARROWEST), WIDEST) * zoom
    height = min(max(high, WITH_TAGS if has_tags else LOWEST), HIGHEST) * zoom
    starts = {each.x for each in layout.entrances[1:]}
    floors = len(layout.floors)
    breaks = {floors} if layout.shop_rows else set()
    if layout.lost_rows:
        breaks.add(floors + layout.shop_rows)
    return Scale(
        _begins(layout.columns, width, starts), _begins(layout.rows, height, breaks - {0}),
        width, height,
    )  # fmt: skip


def _begins(count: int, step: float, breaks: set[int]) -> tuple[float, ...]:
    found, at = [], 0.0
    for number in range(count):
        at += BETWEEN if number in breaks else 0
        found.append(at)
        at += step
    return (*found, at)
