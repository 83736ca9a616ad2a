"""网格图: the painted map; a click picks, a pen draws, several buildings are chosen."""

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)

from sqzl_desktop.geometry.drawing import Drawing, Point
from sqzl_desktop.ui import theme
from sqzl_desktop.ui.models.map_scene import Scene, pick
from sqzl_desktop.ui.widgets import map_paint
from sqzl_desktop.ui.widgets.map_view import MapView
from sqzl_desktop.ui.widgets.outline_pen import OutlinePen

REACH = 9.0  # pixels
Backdrop = Mapping[tuple[int, int, int], tuple[QRectF, QImage]]


class MapCanvas(MapView):
    """Figures, what is chosen among them, and the pen while something is drawn.

    `moved` leads from building to the grid it is to go to: it is painted in that grid's colour.
    `planned` are the outlines that grids are to have.
    """

    picked = Signal(str, str)  # kind, id; "" and "" for nothing
    chosen_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumSize(360, 300)
        self.setAccessibleName("网格地图")
        self.drawn: Scene | None = None
        self.selected = ("", "")
        self.chosen: set[str] = set()
        self.is_choosing = False
        self.moved: Mapping[str, str] = {}
        self.planned: Mapping[str, QPainterPath] = {}
        self.marked: Point | None = None
        self.pen: OutlinePen | None = None
        self.backdrop: Backdrop = {}
        self.colours: dict[str, QColor] = {}
        self._paths: dict[tuple[str, str], QPainterPath] = {}
        self._band: tuple[QPointF, QPointF] | None = None

    def show_scene(self, drawn: Scene, colours: dict[str, QColor]) -> None:
        """Paint another state of the map."""
        self.drawn, self.colours = drawn, colours
        self._paths = {
            (each.kind, each.id): map_paint.path_of(each.rings)
            for each in drawn.figures
            if each.rings
        }
        known = {each.id for each in drawn.of("building")}
        self.chosen &= known
        self.set_home(drawn.bounds)
        self.update()

    def select(self, kind: str, record_id: str, *, go: bool = False) -> None:
        """Mark a figure; with `go`, look there."""
        self.selected = kind, record_id
        found = self.drawn.find(kind, record_id) if self.drawn else None
        if go and found is not None:
            if found.rings and kind == "grid":
                bounds = self._paths[kind, record_id].boundingRect()
                self.show_bounds((bounds.left(), bounds.top(), bounds.right(), bounds.bottom()))
            else:
                self.go_to(found.middle)
        self.update()

    def mark(self, at: Point | None) -> None:
        """Ring a place, and look there."""
        self.marked = at
        if at is not None:
            self.go_to(at)
        self.update()

    def begin_drawing(self, drawing: Drawing, *, leave: tuple[str, str]) -> OutlinePen:
        """Hand out the pen. Corners of all figures but the one to `leave` attract it."""
        figures = self.drawn.figures if self.drawn else ()
        others = [r for each in figures if (each.kind, each.id) != leave for r in each.rings]
        self.pen = OutlinePen(drawing, others, self)
        self.pen.changed.connect(self.update)
        self.setFocus()
        self.update()
        return self.pen

    def end_drawing(self) -> None:
        """Take the pen back."""
        if self.pen is not None:
            self.pen.deleteLater()
        self.pen = None
        self.unsetCursor()
        self.update()

    def choose(self, buildings: set[str]) -> None:
        """These buildings are chosen, no others."""
        self.chosen = buildings
        self.chosen_changed.emit()
        self.update()

    def clicked_at(self, at: QPointF, held: Qt.KeyboardModifier) -> None:
        point, reach = self.metres(at), REACH / self.scale
        if self.pen is not None:
            self.pen.click(point, reach)
            return
        found = pick(self.drawn, point, reach) if self.drawn else None
        if self.is_choosing and found is not None and found.kind == "building":
            more = bool(held & (Qt.KeyboardModifier.ControlModifier
                                | Qt.KeyboardModifier.ShiftModifier))  # fmt: skip
            self.choose(self.chosen ^ {found.id} if more or found.id in self.chosen
                        else self.chosen | {found.id})  # fmt: skip
        self.marked = None
        self.selected = (found.kind, found.id) if found else ("", "")
        self.picked.emit(*self.selected)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        point = self.metres(event.position())
        if self.pen is not None:
            if event.button() == Qt.MouseButton.RightButton:
                self.pen.remove()
                return
            left = event.button() == Qt.MouseButton.LeftButton
            if left and self.pen.press(point, REACH / self.scale):
                self.setFocus()
                return
        shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if self.is_choosing and shift and event.button() == Qt.MouseButton.LeftButton:
            self._band = event.position(), event.position()
            return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._band is not None:
            self._band = self._band[0], event.position()
            self.update()
            return
        if self.pen is not None and self._pressed is None:
            self.pen.move(self.metres(event.position()), REACH / self.scale)
            over = self.pen.hovered is not None
            shape = Qt.CursorShape.SizeAllCursor if over else Qt.CursorShape.CrossCursor
            self.setCursor(shape)
            return
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._band is not None:
            self._choose_in_band()
            return
        if self.pen is not None and self._pressed is None:
            self.pen.release()
            return
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.pen is not None and self.pen.drawing.is_open:
            self.pen.finish()
            return
        if self.pen is None:
            self.zoom(2.0, event.position())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if self.pen is not None and key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.pen.remove()
        elif self.pen is not None and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.pen.finish()
        else:
            super().keyPressEvent(event)

    def _choose_in_band(self) -> None:
        assert self._band is not None
        box = QRectF(*self._band).normalized()
        self._band = None
        figures = self.drawn.of("building") if self.drawn else iter(())
        inside = {each.id for each in figures if box.contains(self.pixels(each.middle))}
        self.choose(self.chosen | inside)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor("#eef2f5"))
        for place, picture in self.backdrop.values():
            box = QRectF(self.pixels((place.left(), place.bottom())),
                         self.pixels((place.right(), place.top())))  # fmt: skip
            painter.drawImage(box, picture)
        if self.drawn is not None:
            self._paint_figures(painter, self.drawn)
        if self.pen is not None:
            pen = self.pen
            map_paint.drawing(painter, pen.drawing, self.transform(), pen.hovered, pen.pointer)
        if self.marked is not None:
            map_paint.mark(painter, self.pixels(self.marked))
        if self._band is not None:
            painter.setPen(QPen(QColor(theme.COLOURS["accent"]), 1.5, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(*self._band).normalized())
        map_paint.scale_bar(painter, self.height(), self.scale)
        painter.end()

    def _paint_figures(self, painter: QPainter, drawn: Scene) -> None:
        transform, seen = self.transform(), self.seen()
        for figure in drawn.figures:
            path = self._paths.get((figure.kind, figure.id))
            if path is not None and not path.boundingRect().intersects(seen):
                continue
            colour = map_paint.colour_of(figure, self.colours, self.moved)
            is_selected = self.selected == (figure.kind, figure.id) or figure.id in self.chosen
            map_paint.figure(painter, figure, path, transform, (colour, is_selected))
        for grid, path in self.planned.items():
            edge = QPen(self.colours.get(grid, QColor("black")).darker(160), 3)
            edge.setStyle(Qt.PenStyle.DashLine)
            map_paint.area(painter, path, transform, None, edge)
        order = map_paint.by_size(drawn.figures, self.chosen | {self.selected[1]})
        map_paint.labels(painter, order, transform, self.scale)
