"""画笔: an outline under the pointer: corners are set, dragged, inserted, taken away, undone."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from sqzl_desktop.geometry.drawing import Drawing, Point, Ring, Spot, snapped


class OutlinePen(QObject):
    """What is drawn, what was drawn before, and which corner the pointer holds."""

    changed = Signal()

    def __init__(self, drawing: Drawing, others: Sequence[Ring], parent: QObject) -> None:
        super().__init__(parent)
        self.drawing = drawing
        self.hovered: Spot | None = None
        self.pointer: Point | None = None
        self._others = others
        self._before: list[Drawing] = []
        self._held: Spot | None = None

    @property
    def can_undo(self) -> bool:
        """Is there a step to take back?"""
        return bool(self._before)

    def press(self, point: Point, reach: float) -> bool:
        """The pointer goes down; is it the pen's, and not the map's?"""
        spot = self.drawing.hit(point, reach)
        if spot is None:
            return False
        if self.drawing.is_open and spot == Spot(0, 0) and self.drawing.is_whole:
            self._take(self.drawing.finished())
            return True
        self._before.append(self.drawing)
        if spot.is_edge:
            self.drawing = self.drawing.inserted(spot, snapped(point, self._others, reach))
            spot = Spot(spot.ring, spot.corner + 1)
        self._held = self.hovered = spot
        self.changed.emit()
        return True

    def move(self, point: Point, reach: float) -> None:
        """The pointer moves; a corner it holds goes along and stops at a neighbour's."""
        self.pointer = snapped(point, self._others, reach)
        if self._held is None:
            self.hovered = self.drawing.hit(point, reach)
        else:
            self.drawing = self.drawing.moved(self._held, self.pointer)
        self.changed.emit()

    def release(self) -> None:
        """The pointer goes up."""
        if self._held is not None and self._before and self._before[-1] == self.drawing:
            self._before.pop()  # it was pressed and not moved
        self._held = None
        self.changed.emit()

    def click(self, point: Point, reach: float) -> None:
        """A click beside the corners adds one while the outline is open."""
        if self.drawing.is_open:
            self._take(self.drawing.added(snapped(point, self._others, reach)))

    def remove(self) -> None:
        """Take the corner under the pointer away; while drawing, the last one."""
        spot = self.hovered
        if self.drawing.is_open and self.drawing.rings[0]:
            spot = Spot(0, len(self.drawing.rings[0]) - 1)
        if spot is not None and not spot.is_edge:
            self.hovered = None
            self._take(self.drawing.removed(spot))

    def finish(self) -> None:
        """Join the last corner with the first, where there are three."""
        if self.drawing.is_open and self.drawing.is_whole:
            self._take(self.drawing.finished())

    def undo(self) -> None:
        """Take the last step back."""
        if self._before:
            self.drawing = self._before.pop()
            self._held = self.hovered = None
            self.changed.emit()

    def start_over(self) -> None:
        """Nothing is drawn."""
        self._take(Drawing())

    def _take(self, drawing: Drawing) -> None:
        if drawing != self.drawing:
            self._before.append(self.drawing)
            self.drawing = drawing
        self.changed.emit()
