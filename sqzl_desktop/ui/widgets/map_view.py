"""图窗: a plane in metres that is moved and zoomed with mouse and keys."""

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent, QTransform, QWheelEvent
from PySide6.QtWidgets import QWidget

from sqzl_desktop.geometry.drawing import Point

Bounds = tuple[float, float, float, float]  # west, south, east, north in metres
NEAREST, FARTHEST = 20.0, 0.002  # pixels a metre
_STEP = 1.25
_KEYS = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1),
}  # fmt: skip


class MapView(QWidget):
    """Keeps where the window looks: the middle in metres, and pixels a metre."""

    view_moved = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.middle: Point = (0.0, 0.0)
        self.scale = 1.0
        self._home = (-500.0, -500.0, 500.0, 500.0)
        self._framed: Bounds | None = self._home
        self._pressed: QPointF | None = None
        self._dragged = False

    def transform(self) -> QTransform:
        """From metres to pixels; north is up."""
        shift = QTransform.fromTranslate(self.width() / 2, self.height() / 2)
        turn = QTransform.fromScale(self.scale, -self.scale)
        return QTransform.fromTranslate(-self.middle[0], -self.middle[1]) * turn * shift

    def pixels(self, point: Point) -> QPointF:
        """Where a place is in the window."""
        return self.transform().map(QPointF(*point))

    def metres(self, at: QPointF) -> Point:
        """Which place is there."""
        back, _ = self.transform().inverted()
        found = back.map(at)
        return found.x(), found.y()

    def set_home(self, bounds: Bounds) -> None:
        """What 全图 shows; it is shown while the person has not looked elsewhere."""
        is_home = self._framed == self._home
        self._home = bounds
        if is_home:
            self.fit()

    def fit(self) -> None:
        """Show everything."""
        self.show_bounds(self._home)

    def show_bounds(self, bounds: Bounds, margin: int = 40) -> None:
        """Show a rectangle given in metres, also when the window becomes another."""
        west, south, east, north = bounds
        self.middle = (west + east) / 2, (south + north) / 2
        wide = max(80, self.width() - 2 * margin) / max(east - west, 20.0)
        high = max(80, self.height() - 2 * margin) / max(north - south, 20.0)
        self._framed = bounds
        self._set_scale(min(wide, high))

    def go_to(self, point: Point, *, scale: float = 1.2) -> None:
        """Show a place, near enough to see what is there."""
        self.middle = point
        self._framed = None
        self._set_scale(max(self.scale, scale))

    def zoom(self, factor: float, around: QPointF | None = None) -> None:
        """Come nearer or go away; what is under the pointer stays there."""
        at = around or QPointF(self.width() / 2, self.height() / 2)
        before = self.metres(at)
        self._framed = None
        self._set_scale(self.scale * factor)
        after = self.metres(at)
        self.middle = (
            self.middle[0] + before[0] - after[0],
            self.middle[1] + before[1] - after[1],
        )
        self._moved()

    def nearer(self) -> None:
        """One step nearer."""
        self.zoom(_STEP)

    def farther(self) -> None:
        """One step away."""
        self.zoom(1 / _STEP)

    def _set_scale(self, scale: float) -> None:
        self.scale = min(NEAREST, max(FARTHEST, scale))
        self._moved()

    def _moved(self) -> None:
        self.update()
        self.view_moved.emit()

    def _pan(self, by: QPointF) -> None:
        self.middle = self.middle[0] - by.x() / self.scale, self.middle[1] + by.y() / self.scale
        self._framed = None
        self._moved()

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y()
        if turned:
            self.zoom(_STEP if turned > 0 else 1 / _STEP, event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus()
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._pressed, self._dragged = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        by = event.position() - self._pressed
        if self._dragged or by.manhattanLength() > 5:
            self._dragged = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self._pan(by)
            self._pressed = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        was_click = self._pressed is not None and not self._dragged
        self._pressed, self._dragged = None, False
        self.unsetCursor()
        if was_click and event.button() == Qt.MouseButton.LeftButton:
            self.clicked_at(event.position(), event.modifiers())

    def clicked_at(self, at: QPointF, held: Qt.KeyboardModifier) -> None:
        """A click that was no drag."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _KEYS:
            across, up = _KEYS[key]
            step = min(self.width(), self.height()) / 6
            self._pan(QPointF(-across * step, up * step))
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.nearer()
        elif key == Qt.Key.Key_Minus:
            self.farther()
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_0):
            self.fit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._framed is not None:
            self.show_bounds(self._framed)

    def seen(self) -> QRectF:
        """The part of the plane that is in the window, in metres (its top is the south)."""
        west, north = self.metres(QPointF(0, 0))
        east, south = self.metres(QPointF(self.width(), self.height()))
        return QRectF(QPointF(west, south), QPointF(east, north))
