"""楼栋透视图: every door of a building; arrows walk, Enter opens, Ctrl and the wheel zoom.

Only what is in sight is painted. Captions of entrances and floors stay while the rest scrolls.
"""

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip

from sqzl_desktop.domain.tower import Cell, Layout, lay_out, neighbour
from sqzl_desktop.domain.tower_rooms import Room
from sqzl_desktop.ui.widgets import tower_captions, tower_cells
from sqzl_desktop.ui.widgets.tower_captions import HEAD, SIDE, Captions
from sqzl_desktop.ui.widgets.tower_cells import Look
from sqzl_desktop.ui.widgets.tower_scale import ZOOMS, Scale, scaled
from sqzl_desktop.ui.widgets.tower_words import tip, worded

_WAYS = {
    Qt.Key.Key_Left: "left", Qt.Key.Key_Right: "right",
    Qt.Key.Key_Up: "up", Qt.Key.Key_Down: "down",
}  # fmt: skip
_OPEN = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_ZOOM = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1, Qt.Key.Key_0: 0}
_FIT = ZOOMS.index(1.0)


class TowerView(QAbstractScrollArea):
    """`current_changed` says which dwelling is chosen, `opened` that Enter or a double click asks
    for it."""

    current_changed = Signal(str)
    opened = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("楼栋透视图")
        self.setViewportMargins(SIDE, HEAD, 0, 0)
        bars = self.horizontalScrollBar(), self.verticalScrollBar()
        self.head = Captions(self, lambda: tower_captions.entrances(
            self.picture, self.scale, bars[0].value(), float(self.width())
        ))  # fmt: skip
        self.side = Captions(self, lambda: tower_captions.floors(
            self.picture, self.scale, bars[1].value()
        ))  # fmt: skip
        self.picture: Layout = lay_out(())
        self._rooms: Mapping[str, Room] = {}
        self._cells: dict[str, Cell] = {}
        self._hits: frozenset[str] | None = None
        self._zoom = _FIT
        self.current = ""
        self.scale = self._scaled()

    def show_rooms(self, layout: Layout, rooms: Mapping[str, Room]) -> None:
        """Show a building; the dwelling that was chosen stays so where it is still there."""
        self.picture, self._rooms = layout, rooms
        self._cells = {cell.id: cell for cell in layout.cells}
        if self.current not in self._cells:
            self.current = ""
        self._arrange()

    def show_hits(self, hits: frozenset[str] | None) -> None:
        """Dim every dwelling but these; None dims nothing."""
        self._hits = hits
        self.viewport().update()

    def choose(self, dwelling: str) -> None:
        """Make a dwelling the chosen one and bring it into sight."""
        if dwelling not in self._cells:
            return
        is_other = dwelling != self.current
        self.current = dwelling
        self.setAccessibleDescription(worded(self._rooms[dwelling]))
        self._bring(self.scale.box(self._cells[dwelling]))
        self.viewport().update()
        if is_other:
            self.current_changed.emit(dwelling)

    def in_order(self) -> list[str]:
        """The dwellings as one reads them: floor by floor, from the left."""
        return [each.id for each in sorted(self.picture.cells, key=lambda c: (c.y, c.x))]

    def box_of(self, dwelling: str) -> QRect:
        """Where a dwelling is on the viewport."""
        return self._on_screen(self.scale.box(self._cells[dwelling])).toRect()

    def zoom(self, steps: int) -> None:
        """Larger or smaller; 0 fits the width again."""
        self._zoom = _FIT if not steps else min(max(self._zoom + steps, 0), len(ZOOMS) - 1)
        self._arrange()
        if self.current:
            self._bring(self.scale.box(self._cells[self.current]))

    def _scaled(self) -> Scale:
        bar = self.verticalScrollBar().sizeHint().width()
        room = QSize(self.width() - SIDE - bar, self.height() - HEAD)
        has_tags = any(each.tags for each in self._rooms.values())
        return scaled(self.picture, room, ZOOMS[self._zoom], has_tags=has_tags)

    def _arrange(self) -> None:
        self.scale = self._scaled()
        seen, whole = self.viewport().size(), self.scale.size
        for bar, long, short in (
            (self.horizontalScrollBar(), whole.width(), seen.width()),
            (self.verticalScrollBar(), whole.height(), seen.height()),
        ):
            bar.setRange(0, max(long - short, 0))
            bar.setPageStep(short)
            bar.setSingleStep(24)
        self._redraw()

    def _redraw(self) -> None:
        for each in (self.viewport(), self.head, self.side):
            each.update()

    def _on_screen(self, box: QRectF) -> QRectF:
        return box.translated(
            -self.horizontalScrollBar().value(), -self.verticalScrollBar().value()
        )

    def _bring(self, box: QRectF) -> None:
        for bar, first, last, seen in (
            (self.horizontalScrollBar(), box.left(), box.right(), self.viewport().width()),
            (self.verticalScrollBar(), box.top(), box.bottom(), self.viewport().height()),
        ):
            if first < bar.value():
                bar.setValue(int(first))
            elif last > bar.value() + seen:
                bar.setValue(int(last - seen) + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        seen = QRectF(event.rect())
        for cell in self.picture.cells:
            box = self._on_screen(self.scale.box(cell))
            if not box.intersects(seen):
                continue
            is_current = cell.id == self.current
            tower_cells.paint(painter, box, self._rooms[cell.id], Look(
                is_current, is_current and self.hasFocus(),
                self._hits is not None and cell.id not in self._hits, cell.is_guessed,
            ))  # fmt: skip

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().scroll(dx, dy)
        if dx:
            self.head.update()
        if dy:
            self.side.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.head.setGeometry(0, 0, self.width(), HEAD)
        self.side.setGeometry(0, HEAD, SIDE, self.height() - HEAD)
        self._arrange()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(1 if event.angleDelta().y() > 0 else -1)
        else:
            super().wheelEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.current and self.picture.cells:
            self.choose(self.in_order()[0])
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, order = Qt.Key(event.key()), self.in_order()
        cell = self._cells.get(self.current)
        if key in _WAYS and cell and not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            found = neighbour(self.picture, cell, _WAYS[key])
            self.choose(found.id if found else cell.id)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End) and order:
            self.choose(order[0 if key == Qt.Key.Key_Home else -1])
        elif key in _ZOOM and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(_ZOOM[key])
        elif key in _OPEN and self.current:
            self.opened.emit(self.current)
        else:
            super().keyPressEvent(event)

    def _cell_at(self, at: QPointF) -> Cell | None:
        moved = at + QPointF(self.horizontalScrollBar().value(), self.verticalScrollBar().value())
        cell = self.picture.at(*self.scale.slot(moved)) if self.picture.cells else None
        return cell if cell and self.scale.box(cell).contains(moved) else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self._cell_at(event.position())
        if cell and event.button() == Qt.MouseButton.LeftButton:
            self.choose(cell.id)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        cell = self._cell_at(event.position())
        if cell:
            self.opened.emit(cell.id)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            cell = self._cell_at(QPointF(event.pos()))
            if cell:
                QToolTip.showText(event.globalPos(), tip(self._rooms[cell.id], cell), self)
            else:
                QToolTip.hideText()
            return True
        return super().viewportEvent(event)
