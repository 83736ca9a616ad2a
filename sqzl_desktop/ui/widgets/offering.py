"""候选框: while one types, what is probably meant, below the line; Enter takes it."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter, QLineEdit

from sqzl_desktop.services import offers
from sqzl_desktop.services.finding import Hit
from sqzl_desktop.ui.desk import Desk

PAUSE_MS = 120
_HIT = Qt.ItemDataRole.UserRole


class Offering(QObject):
    """What is offered for what stands in a line. `asked` says that offers are wanted."""

    asked = Signal(str)
    chosen = Signal(object)

    def __init__(self, line: QLineEdit) -> None:
        super().__init__(line)
        self._line = line
        self._model = QStandardItemModel(self)
        self._completer = QCompleter(self._model, self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setWidget(line)
        activated: Any = self._completer.activated  # overloaded, which the stubs do not know
        activated[QModelIndex].connect(self._activated)
        self._timer = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._timer.timeout.connect(self.ask_now)
        line.textEdited.connect(self._typed)

    def ask_now(self) -> None:
        """Ask for what is in the line, without waiting for a pause."""
        self._timer.stop()
        if self._line.text().strip():
            self.asked.emit(self._line.text().strip())

    def show_hits(self, text: str, hits: Sequence[Hit]) -> None:
        """Offer these for a text, unless something else stands in the line by now."""
        if text != self._line.text().strip():
            return
        self._model.clear()
        for hit in hits:
            item = QStandardItem("　".join(filter(None, (hit.title, hit.detail))))
            item.setData(hit, _HIT)
            self._model.appendRow(item)
        if hits and self._line.hasFocus():
            self._completer.complete()
            popup = self._completer.popup()
            popup.setCurrentIndex(self._completer.completionModel().index(0, 0))
        else:
            self._completer.popup().hide()

    @property
    def hits(self) -> list[Hit]:
        """What is offered now."""
        return [self._model.item(place).data(_HIT) for place in range(self._model.rowCount())]

    def take(self, place: int) -> None:
        """Choose the offer at a place."""
        self.chosen.emit(self.hits[place])

    def _typed(self, text: str) -> None:
        if text.strip():
            self._timer.start()
        else:
            self._timer.stop()
            self._completer.popup().hide()

    def _activated(self, index: QModelIndex) -> None:
        self.chosen.emit(self.hits[index.row()])


def serve(desk: Desk, offering: Offering, kind: str) -> None:
    """Answer what a line asks with records of a kind; "" is addresses of dwellings."""
    ws = desk.ws

    def asked(text: str) -> None:
        desk.run(
            offering,
            lambda: offers.of_kind(ws, kind, text) if kind else offers.addresses(ws, text),
            lambda hits: offering.show_hits(text, hits),
        )

    offering.asked.connect(asked)
