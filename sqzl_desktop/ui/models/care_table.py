"""名册表: the people of one group, with when they were visited and when they are due."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.services.care import Looked
from sqzl_desktop.ui import theme

HEADINGS = ("姓名", "走访", "上次走访", "应访日期", "间隔", "关注", "住址", "列入日期", "撤出日期")
_TONES = {"danger": "danger", "warn": "warn", "ok": "ok", "plain": "soft"}
Index = QModelIndex | QPersistentModelIndex


def due_words(looked: Looked, today: dt.date) -> tuple[str, str]:
    """(what to say of the next visit, in which tone)."""
    if not looked.is_running:
        return "已撤出", "plain"
    if looked.overdue_days:
        return f"超期{looked.overdue_days}天", "danger"
    if looked.due_on is None:
        return "从未走访", "warn"
    days = (looked.due_on - today).days
    if looked.is_soon:
        return ("今天应访" if days == 0 else f"{days}天后应访"), "warn"
    return f"{days}天后应访", "ok"


class CareTable(QAbstractTableModel):
    """Rows are `Looked` values, as they came."""

    def __init__(self, today: dt.date, parent: QObject) -> None:
        super().__init__(parent)
        self._today = today
        self._lines: Sequence[Looked] = ()

    def show_lines(self, lines: Sequence[Looked]) -> None:
        """Show these."""
        self.beginResetModel()
        self._lines = lines
        self.endResetModel()

    def looked(self, place: int) -> Looked | None:
        """The person in a row, None where there is no such row."""
        return self._lines[place] if 0 <= place < len(self._lines) else None

    def place_of(self, record_id: str) -> int:
        """The row of a record, -1 where it is not shown."""
        ids = [each.id for each in self._lines]
        return ids.index(record_id) if record_id in ids else -1

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(HEADINGS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return HEADINGS[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        looked = self.looked(index.row())
        if looked is None:
            return None
        words, tone = due_words(looked, self._today)
        if role == Qt.ItemDataRole.ForegroundRole and index.column() == 1:
            return QColor(theme.COLOURS[_TONES[tone]])
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        level = code_list("attention_level").label(looked.level) if looked.level else ""
        return (
            looked.name, words, _day(looked.last_visit_on), _day(looked.due_on),
            f"{looked.interval_days}天", level, looked.home, _day(looked.since_on),
            _day(looked.until_on),
        )[index.column()]  # fmt: skip


def _day(on: dt.date | None) -> str:
    return on.isoformat() if on else ""
