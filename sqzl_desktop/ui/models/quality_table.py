"""质量表: the lines of the quality panel, one column a grid."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont

from sqzl_desktop.domain.quality import checks
from sqzl_desktop.services.quality import Line
from sqzl_desktop.ui import theme

FIXED = ("问题和办法", "合计", "较上月")
ADVICE = Qt.ItemDataRole.UserRole + 1
TONE = Qt.ItemDataRole.UserRole + 2
TONES = {1: "danger", 2: "warn", 3: "info"}
Index = QModelIndex | QPersistentModelIndex


class QualityTable(QAbstractTableModel):
    """Lines in the order of the checks; those that found nothing are left out unless wanted."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._found: dict[str, Line] = {}
        self._lines: list[Line] = []
        self._grids: list[str] = []
        self._names: Mapping[str, str] = {}
        self._shows_sound = False

    def begin(self, grids: Mapping[str, str]) -> None:
        """Start with nothing, a column for each grid (code to name)."""
        self.beginResetModel()
        self._found, self._lines = {}, []
        self._grids, self._names = list(grids), grids
        self.endResetModel()

    def add(self, lines: Sequence[Line]) -> None:
        """Lines that were counted."""
        self._found.update({line.check.name: line for line in lines})
        self._arrange()

    def show_sound(self, wanted: bool) -> None:
        """Show, or leave out, the lines that found nothing."""
        self._shows_sound = wanted
        self._arrange()

    def line(self, row: int) -> Line:
        """The line of a row."""
        return self._lines[row]

    def grid(self, column: int) -> str:
        """The grid of a column, "" for the columns of all grids."""
        return self._grids[column - len(FIXED)] if column >= len(FIXED) else ""

    def grid_name(self, code: str) -> str:
        """What a grid is called, "" for none."""
        return self._names.get(code, "")

    @property
    def lines(self) -> list[Line]:
        """Every line that was counted, shown or not."""
        return list(self._found.values())

    def _arrange(self) -> None:
        self.beginResetModel()
        found = (self._found.get(check.name) for check in checks())
        self._lines = [line for line in found if line and (line.total or self._shows_sound)]
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(FIXED) + len(self._grids)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line, column = self._lines[index.row()], index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return self._text(line, column)
            case Qt.ItemDataRole.ToolTipRole:
                return f"{line.check.label}：{line.check.advice}"
            case Qt.ItemDataRole.TextAlignmentRole if column:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.ForegroundRole:
                return _colour(line, column)
            case Qt.ItemDataRole.FontRole if column == 1:
                font = QFont(theme.FAMILY)
                font.setPixelSize(15)
                font.setBold(True)
                return font
            case _ if role == ADVICE:
                return line.check.advice
            case _ if role == TONE:
                return TONES[line.check.urgency] if line.total else "ok"
        return None

    def _text(self, line: Line, column: int) -> str:
        if column == 0:
            return line.check.label
        if column == 1:
            return f"{line.total:,}"
        if column == 2:
            return trend(line)
        number = line.by_grid.get(self.grid(column), 0)
        return f"{number:,}" if number else "·"

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return FIXED[section] if section < len(FIXED) else self._short(self.grid(section))
        if role == Qt.ItemDataRole.ToolTipRole and section >= len(FIXED):
            return self._names[self.grid(section)]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def _short(self, code: str) -> str:
        """A grid's number, as 第3网格, where its name has one: the columns are narrow."""
        _, sign, number = self._names[code].rpartition("第")
        return sign + number


def trend(line: Line) -> str:
    """How the count moved since last month: +3, -2, 持平; 无记录 where nothing was counted."""
    if line.before is None:
        return "无记录"
    step = line.total - line.before
    return f"{step:+,}" if step else "持平"


def _colour(line: Line, column: int) -> QColor:
    if column == 2:
        step = 0 if line.before is None else line.total - line.before
        return QColor(theme.COLOURS["danger" if step > 0 else "ok" if step < 0 else "faint"])
    return QColor(theme.COLOURS["text" if line.total else "faint"])
