"""一张表预览: the rows that an outside form would have, with what changed since the last time."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from sqzl_desktop.services.one_table import STATES, Form, Line
from sqzl_desktop.ui import theme

TONES = {"new": "ok", "changed": "warn", "same": "soft", "gone": "danger"}
Index = QModelIndex | QPersistentModelIndex


class FormLines(QAbstractTableModel):
    """What became of each row, and its cells (masked)."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._headings: list[str] = []
        self._all: Sequence[Line] = ()
        self._lines: Sequence[Line] = ()
        self._state = ""

    def show_lines(self, form: Form, lines: Sequence[Line]) -> None:
        """Show the rows of a form."""
        self.beginResetModel()
        self._headings = ["变化", *(form.labels[at] for at in form.columns)]
        self._all = lines
        self._narrow()
        self.endResetModel()

    def narrow(self, state: str) -> None:
        """Show rows of one state only, all where it is ""."""
        self.beginResetModel()
        self._state = state
        self._narrow()
        self.endResetModel()

    def line(self, row: int) -> Line:
        """The line of a row."""
        return self._lines[row]

    def _narrow(self) -> None:
        self._lines = [each for each in self._all if self._state in ("", each.state)]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._headings)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._headings[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self._lines[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            if index.column() == 0:
                return STATES[line.state]
            if line.state == "gone":
                return line.title if index.column() == 1 else ""
            return str(line.cells[index.column() - 1])
        if role == Qt.ItemDataRole.ForegroundRole and index.column() == 0:
            return QColor(theme.COLOURS[TONES[line.state]])
        return None
