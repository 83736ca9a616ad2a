"""案件表: the cases of a box, a page at a time as somebody goes down."""

from collections.abc import Collection, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from sqzl_desktop.base.clock import BEIJING
from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.services import case_inbox
from sqzl_desktop.services.case_inbox import PAGE, Line, Page
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.models import case_words

HEADINGS = ("时限", "案件", "状态", "承办", "网格", "上报时间")
CLOCK, TITLE, STATE = 0, 1, 2
LINE = Qt.ItemDataRole.UserRole
MOST_KEPT = 1000  # rows that are read again at once when something changed
Index = QModelIndex | QPersistentModelIndex


class CaseTable(QAbstractTableModel):
    """Rows are `Line` values in the order of their box; newest question wins."""

    shown = Signal()

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._box, self._filters = "", tuple[Filter, ...]()
        self._page = Page((), None)
        self._question = 0
        self._is_asking = False

    def ask(
        self, box: str, filters: Sequence[Filter], *, keep: bool = False, least: int = PAGE
    ) -> None:
        """The beginning of a box; `keep`: as many rows as are there now."""
        self._box, self._filters = box, tuple(filters)
        self._question += 1
        question, ws, wanted = self._question, self._desk.ws, self._filters
        most = min(max(least, len(self._page.lines)), MOST_KEPT) if keep else least

        def done(page: Page) -> None:
            if question == self._question:
                self._is_asking = False
                self.beginResetModel()
                self._page = page
                self.endResetModel()
                self.shown.emit()

        self._is_asking = True
        self._desk.run(self, lambda: case_inbox.inbox(ws, box, wanted, most), done)

    def line(self, row: int) -> Line | None:
        """The case of a row, None where there is no such row."""
        return self._page.lines[row] if 0 <= row < len(self._page.lines) else None

    def rows_of(self, ids: Collection[str]) -> list[int]:
        """The rows of some cases, of those that were read."""
        return [row for row, each in enumerate(self._page.lines) if each.id in ids]

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and self._page.after is not None and not self._is_asking

    def fetchMore(self, parent: Index) -> None:  # noqa: ARG002 - Qt's signature
        question, ws, box, filters = self._question, self._desk.ws, self._box, self._filters
        after = self._page.after

        def done(page: Page) -> None:
            if question != self._question:
                return
            self._is_asking = False
            first = len(self._page.lines)
            if page.lines:
                self.beginInsertRows(QModelIndex(), first, first + len(page.lines) - 1)
            self._page = Page((*self._page.lines, *page.lines), page.after)
            if page.lines:
                self.endInsertRows()

        self._is_asking = True
        self._desk.run(self, lambda: case_inbox.inbox(ws, box, filters, PAGE, after), done)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._page.lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(HEADINGS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return HEADINGS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self.line(index.row())
        if line is None:
            return None
        if role == LINE:
            return line
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == CLOCK:
            return case_words.due_words(line)
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == TITLE:
            return f"{line.title}\n{case_words.detail_words(line)}"
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._text(line, index.column())
        return None

    def _text(self, line: Line, column: int) -> str:
        at = line.reported_at.astimezone(BEIJING) if line.reported_at else None
        return (
            case_words.clock_words(line)[0], line.title, case_words.state_words(line),
            line.handler, line.grid, f"{at:%m-%d %H:%M}" if at else "",
        )[column]  # fmt: skip
