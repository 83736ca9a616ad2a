"""楼栋图画板: the picture of a building whose cells can be dragged while it is edited."""

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen

from sqzl_desktop.ui import theme
from sqzl_desktop.ui.widgets.tower_view import TowerView

_FAR = 12  # pixels before a press becomes a drag


class TowerBoard(TowerView):
    """`dropped` gives the dwelling and the column and row it was dragged to."""

    dropped = Signal(str, int, int)

    def __init__(self) -> None:
        super().__init__()
        self.is_editing = False
        self._pressed: QPointF | None = None
        self._over: tuple[int, int] | None = None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        is_on_cell = self._cell_at(event.position()) is not None
        self._pressed = event.position() if self.is_editing and is_on_cell else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed and (event.position() - self._pressed).manhattanLength() > _FAR:
            bars = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
            self._over = self.scale.slot(event.position() + QPointF(*bars))
            self.viewport().update()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        over, self._pressed, self._over = self._over, None, None
        if over:
            self.viewport().update()
            self.dropped.emit(self.current, *over)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._over:
            painter = QPainter(self.viewport())
            painter.setPen(QPen(QColor(theme.COLOURS["accent"]), 3, Qt.PenStyle.DashLine))
            painter.drawRect(self._on_screen(self.scale.area(*self._over)))
