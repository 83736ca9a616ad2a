"""候选行: a line in which one types and picks: a place, a class, a component."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from sqzl_desktop.services.finding import Hit
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.offering import Offering

Ask = Callable[[str], Sequence[Hit]]


class OfferedLine(QWidget):
    """Text, and the record that was picked for it. Enter takes the first that is offered.

    `typed` says that a person changed it, by typing or picking.
    """

    typed = Signal()

    def __init__(self, desk: Desk, name: str, hint: str, ask: Ask) -> None:
        super().__init__()
        self._desk, self._ask = desk, ask
        self.hit: Hit | None = None
        self.line = QLineEdit()
        self.line.setAccessibleName(name)
        self.line.setPlaceholderText(hint)
        self.offering = Offering(self.line)
        self.offering.asked.connect(self._asked)
        self.offering.chosen.connect(self._chosen)
        self.line.textEdited.connect(self._edited)
        self.line.returnPressed.connect(self.take_first)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.line)
        self.setFocusProxy(self.line)

    @property
    def text(self) -> str:
        """What stands in the line."""
        return self.line.text().strip()

    def show_hit(self, hit: Hit | None, text: str = "") -> None:
        """Put a record in, or a text where it is none; nobody is told."""
        self.hit = hit
        self.line.setText(hit.title if hit else text)
        self.line.setCursorPosition(0)

    def take_first(self) -> None:
        """Take the first that the text may mean, without waiting for the offers."""
        text = self.text
        if self.hit is None and text:
            ask = self._ask
            self._desk.run(self, lambda: ask(text), lambda hits: self._take_first(text, hits))

    def _take_first(self, text: str, hits: Sequence[Hit]) -> None:
        if hits and self.text == text and self.hit is None:
            self._chosen(hits[0])

    def _asked(self, text: str) -> None:
        ask, offering = self._ask, self.offering
        self._desk.run(self, lambda: ask(text), lambda hits: offering.show_hits(text, hits))

    def _edited(self, _text: str) -> None:
        self.hit = None
        self.typed.emit()

    def _chosen(self, hit: Hit) -> None:
        self.show_hit(hit)
        self.typed.emit()
        if self.line.hasFocus():
            self.focusNextPrevChild(True)


def of_line(line: OfferedLine, kind: str) -> str:
    """The id of the record that was picked, where it is one of the kind."""
    return line.hit.id if line.hit is not None and line.hit.kind == kind else ""
