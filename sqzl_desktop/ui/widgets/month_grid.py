"""月历: the days of a month, worked on and off; arrows move, Space changes."""

import datetime as dt
from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
)

from sqzl_desktop.services.work_calendar import Day
from sqzl_desktop.ui import theme

ROLE = Qt.ItemDataRole.UserRole
WEEKDAYS = ("一", "二", "三", "四", "五", "六", "日")
_ROW_HEIGHT = 54


class MonthGrid(QTableWidget):
    """`picked` gives the day that is current, `toggled` the one to be changed."""

    picked = Signal(object)
    toggled = Signal(object)

    def __init__(self) -> None:
        super().__init__(0, 7)
        self.setHorizontalHeaderLabels([f"周{each}" for each in WEEKDAYS])
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setSectionsClickable(False)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(_ROW_HEIGHT)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setAccessibleName("月历")
        self._cells = _Cells(self)
        self.setItemDelegate(self._cells)
        self.currentItemChanged.connect(lambda now, _before: self._picked(now))
        self.itemDoubleClicked.connect(lambda item: self.toggled.emit(item.data(ROLE)))

    def show_month(self, weeks: Sequence[Sequence[Day]], number: int, on: dt.date) -> None:
        """Show the weeks of a month, that day current."""
        self.blockSignals(True)
        self.setRowCount(len(weeks))
        for at, week in enumerate(weeks):
            for weekday, day in enumerate(week):
                item = QTableWidgetItem()
                item.setData(ROLE, day)
                item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken(day))
                item.setToolTip(spoken(day))
                self.setItem(at, weekday, item)
                if day.on == on:
                    self.setCurrentItem(item)
        self._cells.month = number
        self.blockSignals(False)
        self._picked(self.currentItem())

    def _picked(self, item: QTableWidgetItem | None) -> None:
        if item is not None:
            self.picked.emit(item.data(ROLE))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if event.key() == Qt.Key.Key_Space and item is not None:
            self.toggled.emit(item.data(ROLE))
            return
        super().keyPressEvent(event)


def spoken(day: Day) -> str:
    """A day in words: 10月1日 星期四 休息 国庆节."""
    work = "上班" if day.is_workday else "休息"
    own = "，本社区调整" if day.is_adjusted else ""
    name = f" {day.name}" if day.name else ""
    return f"{day.on.month}月{day.on.day}日 星期{WEEKDAYS[day.on.weekday()]} {work}{name}{own}"


class _Cells(QStyledItemDelegate):
    month = 0

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        day = index.data(ROLE)
        if not isinstance(day, Day):
            return
        painter.save()
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        rect: QRect = option.rect.adjusted(2, 2, -2, -2)  # type: ignore[attr-defined]
        self._ground(painter, rect, day, is_current=bool(state & QStyle.StateFlag.State_Selected))
        inside = rect.adjusted(8, 4, -6, -4)
        outside = day.on.month != self.month
        tone = "faint" if outside else "text" if day.is_workday else "danger"
        painter.setPen(QColor(theme.COLOURS[tone]))
        font = painter.font()
        font.setPixelSize(17)
        painter.setFont(font)
        painter.drawText(inside, Qt.AlignmentFlag.AlignTop, str(day.on.day))
        font.setPixelSize(12)
        painter.setFont(font)
        work = "班" if day.is_workday else "休"
        if day.is_adjusted or (day.name and not outside):
            painter.drawText(inside, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight, work)
        painter.setPen(QColor(theme.COLOURS["faint" if outside else "soft"]))
        name = painter.fontMetrics().elidedText(
            day.name, Qt.TextElideMode.ElideRight, inside.width()
        )
        painter.drawText(inside, Qt.AlignmentFlag.AlignBottom, name)
        painter.restore()

    def _ground(self, painter: QPainter, rect: QRect, day: Day, *, is_current: bool) -> None:
        tone = "surface" if day.is_workday else "danger_soft"
        if day.is_adjusted:
            tone = "accent_soft" if day.is_workday else "warn_soft"
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(theme.COLOURS[tone]))
        edge = QPen(
            QColor(theme.COLOURS["accent" if is_current else "line"]), 2 if is_current else 1
        )
        painter.setPen(edge)
        painter.drawRoundedRect(rect, 6, 6)
