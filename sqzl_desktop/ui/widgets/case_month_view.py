"""案件月报: a month of cases on the screen; every figure leads to the cases it counts."""

import datetime as dt
import functools
from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QTableWidgetItem,
    QWidget,
)

from sqzl_desktop.domain.case_indicators import BY_NAME, GROUP_COLUMNS, Indicator, month_before
from sqzl_desktop.domain.case_month import (
    LINE_HEADINGS,
    PARKED_HEADINGS,
    Breakdown,
    Line,
    MonthReport,
    parked_cells,
)
from sqzl_desktop.services import case_report, statistics
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.chart_view import ChartView
from sqzl_desktop.ui.widgets.figure_table import figure_table
from sqzl_desktop.ui.widgets.parts import (
    card,
    clear,
    column,
    empty_state,
    fit_columns,
    holder,
    label,
    plain_table,
    row,
)

_MONTHS = 37  # three years back, so that a month can be found beside its year before
_TILES = ("filed", "handled_rate", "in_time_rate", "closed_rate", "overdue", "rework_rate",
          "pleased_rate", "days")  # fmt: skip
_HINT = "点上面的数字，或选中一格按回车，列出是哪些案件；鼠标停在指标上有算法"
_TALLEST = 420


class Tile(QFrame):
    """One indicator, large; a click, Enter or Space asks for the cases behind it."""

    chosen = Signal()

    def __init__(self, line: Line) -> None:
        super().__init__()
        name, now, before, _, year_ago, _ = line.cells()
        self.setObjectName("tile")
        self.setToolTip(f"{line.indicator.meaning}\n上月 {before}，去年同月 {year_ago}")
        self.setAccessibleName(f"{name} {now}")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        box = column(
            label(name, "soft"), label(now, "figure"), label(f"上月 {before}", "small"), gap=0
        )
        box.setContentsMargins(10, 10, 10, 10)
        self.setLayout(box)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        inside = self.rect().contains(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and inside:
            self.chosen.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit()
        else:
            super().keyPressEvent(event)


class CaseMonthView(QWidget):
    """Choose the place and the month in `tools`, which the page shows in its head.

    `behind` tells that somebody wants to see the cases of a figure: what it is called, their ids.
    `opened` names a single case.
    """

    behind = Signal(str, list)
    opened = Signal(str)
    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.report: MonthReport | None = None
        self._asked = 0
        self.place = QComboBox()
        self.place.setMinimumWidth(200)
        self.place.setAccessibleName("案件的社区或网格")
        self.place.activated.connect(lambda _index: self._ask())
        self.month = QComboBox()
        self.month.setAccessibleName("月份")
        self.month.setToolTip("月份（↑↓ 换月）")
        self.month.currentIndexChanged.connect(lambda _index: self._ask())
        self._fill_months()
        self.tools: QHBoxLayout = row(self.place, self.month)
        self._body = column(gap=12)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(holder(self._body))
        self.setLayout(column(scroll))

    def refresh(self) -> None:
        """Read the places, then the report."""
        ws = self._desk.ws

        def show(found: dict[str, str]) -> None:
            chosen = self.place.currentData()
            self.place.clear()
            for code, name in found.items():
                self.place.addItem(name, code)
            self.place.setCurrentIndex(max(self.place.findData(chosen), 0))
            self._ask()

        self._desk.run(self, lambda: statistics.places(ws), show)

    def _fill_months(self) -> None:
        month = self._desk.ws.today.replace(day=1)
        self.month.blockSignals(True)
        for _ in range(_MONTHS):
            self.month.addItem(f"{month.year}年{month.month}月", month)
            month = month_before(month)
        self.month.blockSignals(False)

    def _ask(self) -> None:
        if self.place.currentIndex() < 0:
            return
        ws, place = self._desk.ws, str(self.place.currentData())
        month: dt.date = self.month.currentData()
        self._asked += 1
        question = self._asked

        def show(found: MonthReport) -> None:
            if question == self._asked:
                self._show(found)

        self._desk.run(self, lambda: case_report.report(ws, place, month), show)

    def _show(self, found: MonthReport) -> None:
        if found == self.report:
            return
        self.report = found
        clear(self._body)
        self.changed.emit()
        if not found.has_cases:
            month = f"{found.month.year}年{found.month.month}月"
            said = f"{found.place}{month}没有案件。换一个月份，或到“事件案件”上报"
            self._body.addWidget(empty_state("case", said), 1)
            return
        parts: list[Callable[[], QWidget]] = [
            functools.partial(self._tiles, found),
            functools.partial(self._indicators, found),
            functools.partial(_chart_card, found),
            *(functools.partial(self._breakdown, each) for each in found.breakdowns),
        ]
        if found.parked:
            parts.append(functools.partial(self._parked, found))
        self._add(found, parts)

    def _add(self, found: MonthReport, parts: Sequence[Callable[[], QWidget]]) -> None:
        """One card at a time, so that the window stays quick while they are made."""
        if found is not self.report:
            return
        if not parts:
            self._body.addStretch(1)
            return
        self._body.addWidget(parts[0]())
        QTimer.singleShot(0, self, functools.partial(self._add, found, parts[1:]))

    def _tiles(self, found: MonthReport) -> QWidget:
        lines = {line.indicator.name: line for line in found.lines}
        tiles = row(gap=8)
        for name in _TILES:
            tile = Tile(lines[name])
            tile.chosen.connect(
                functools.partial(self._ask_behind, lines[name].indicator, "", "", "")
            )
            tiles.addWidget(tile, 1)
        return holder(tiles)

    def _indicators(self, found: MonthReport) -> QWidget:
        rows = [line.cells() for line in found.lines]
        table = figure_table(LINE_HEADINGS, rows, name="主要指标数据", labels=150, numbers=84)
        for place, line in enumerate(found.lines):
            _explain(table.item(place, 0), line.indicator)
        table.itemActivated.connect(
            lambda item: self._ask_behind(found.lines[item.row()].indicator, "", "", "")
        )
        grades = column(label(found.grades.title, "section"), ChartView(found.grades), None, gap=12)
        both = row(table, grades, gap=24)
        both.setAlignment(table, Qt.AlignmentFlag.AlignTop)
        both.setStretch(1, 1)
        head = row(label("主要指标", "section"), label(_HINT, "small"), None, gap=12)
        return card(column(head, both, gap=12))

    def _breakdown(self, found: Breakdown) -> QWidget:
        rows = [each.cells() for each in found.rows]
        table = figure_table(
            found.headings, rows, name=f"{found.title}数据", labels=230, numbers=74
        )
        for number, indicator in enumerate(GROUP_COLUMNS, start=1):
            _explain(table.horizontalHeaderItem(number), indicator)
        if table.height() > _TALLEST:
            table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
            table.setFixedSize(table.width() + 16, _TALLEST)

        def chosen(item: QTableWidgetItem) -> None:
            line = found.rows[item.row()]
            indicator = GROUP_COLUMNS[max(item.column() - 1, 0)]
            self._ask_behind(indicator, found.name, line.key, line.label)

        table.itemActivated.connect(chosen)
        head = row(label(found.title, "section"), label(found.chart.note, "small"), None, gap=12)
        return card(column(head, ChartView(found.chart), row(table, None), gap=12))

    def _parked(self, found: MonthReport) -> QWidget:
        table = plain_table(*PARKED_HEADINGS)
        table.setAccessibleName("挂账案件")
        table.setRowCount(len(found.parked))
        for place, each in enumerate(found.parked):
            for number, text in enumerate(parked_cells(each)):
                table.setItem(place, number, QTableWidgetItem(text))
        fit_columns(table)
        rows = min(len(found.parked), 8)
        table.setFixedHeight(table.horizontalHeader().sizeHint().height() + 36 * rows + 6)
        table.itemActivated.connect(lambda item: self.opened.emit(found.parked[item.row()].id))
        head = label(f"挂账案件库　{len(found.parked)}", "section")
        return card(column(head, table, gap=12))

    def _ask_behind(self, indicator: Indicator, by: str, key: str, name: str) -> None:
        if (found := self.report) is None:
            return
        ws = self._desk.ws
        title = "　".join(filter(None, (name, _behind_title(indicator))))

        def tell(ids: list[str]) -> None:
            if ids:
                self.behind.emit(title, ids)
            else:
                self._desk.say(f"{title}：没有案件")

        work = functools.partial(case_report.ids_behind, ws, found, indicator.behind, by, key)
        self._desk.run(self, work, tell)


def _behind_title(indicator: Indicator) -> str:
    """What the cases are that stand behind an indicator: those that count, or fall short."""
    return BY_NAME[indicator.behind].label.removesuffix("数") + "的案件"


def _explain(item: QTableWidgetItem | None, indicator: Indicator) -> None:
    if item is not None:
        item.setToolTip(f"{indicator.label}：{indicator.meaning}")


def _chart_card(found: MonthReport) -> QFrame:
    return card(column(label(found.days.title, "section"), ChartView(found.days), gap=12))
