"""统计: charts and tables of a community or grid as of a day; printed and exported."""

import functools
from pathlib import Path

from PySide6.QtCore import QDate, Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QComboBox,
    QDateEdit,
    QFileDialog,
    QFrame,
    QScrollArea,
    QTableWidget,
    QTableWidgetItem,
)

from sqzl_desktop.domain.statistics import Figure, Report
from sqzl_desktop.services import elements, statistics
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs.print_report import PrintReport
from sqzl_desktop.ui.widgets.chart_view import ALIGN_NUMBER, ALIGN_TEXT, ChartView
from sqzl_desktop.ui.widgets.page import PageView
from sqzl_desktop.ui.widgets.parts import button, card, clear, column, holder, label, row

ROW, LABELS, NUMBERS = 23, 176, 76  # rows as high as the chart's


class StatisticsPage(PageView):
    """Choose the place and the day; a card for each figure."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "统计")
        self._report: Report | None = None
        self._asked = 0
        self._place = QComboBox()
        self._place.setMinimumWidth(200)
        self._place.setAccessibleName("社区或网格")
        self._place.activated.connect(lambda _index: self._ask())
        self._day = QDateEdit()
        self._day.setDisplayFormat("yyyy-MM-dd")
        self._day.setCalendarPopup(True)
        self._day.setAccessibleName("截至日期")
        today = desk.ws.today
        self._day.setMaximumDate(QDate(today.year, today.month, today.day))
        self._day.setDate(self._day.maximumDate())
        self._day.dateChanged.connect(lambda _day: self._ask())
        self._print = button("打印…", self._ask_print, icon="print", tip="打印（Ctrl+P）")
        self._print.setShortcut("Ctrl+P")
        self._export = button("导出…", self._ask_file, icon="download", tip="导出为 XLSX 或 CSV")
        for part in (self._place, label("截至"), self._day, self._export, self._print):
            self.tools.addWidget(part)
        self._print.setVisible(elements.may(desk.ws, "print", "resident"))
        self._export.setVisible(elements.may(desk.ws, "export", "resident"))
        self._facts = row(gap=12)
        self._cards = column(gap=12)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(holder(self._cards))
        self.body.addLayout(self._facts)
        self.body.addWidget(scroll, 1)
        desk.bus.changed.connect(self.refresh_if_seen)

    def refresh(self) -> None:
        ws = self.desk.ws

        def show(found: dict[str, str]) -> None:
            chosen = self._place.currentData()
            self._place.clear()
            for code, name in found.items():
                self._place.addItem(name, code)
            self._place.setCurrentIndex(max(self._place.findData(chosen), 0))
            self._ask()

        self.desk.run(self, lambda: statistics.places(ws), show)

    def _ask(self) -> None:
        ws, place = self.desk.ws, str(self._place.currentData() or "")
        day = self._day.date().toPython()
        self._asked += 1
        question = self._asked

        def show(found: Report) -> None:
            if question == self._asked:
                self._show(found)

        self.desk.run(self, lambda: statistics.report(ws, place, day), show)  # type: ignore[arg-type]

    def _show(self, found: Report) -> None:
        if found == self._report:
            return
        self._report = found
        clear(self._facts)
        for name, value in found.facts:
            words = row(label(name, "soft"), label(value, "figure"), None, gap=12)
            self._facts.addWidget(card(words, "tile", padding=12), 1)
        clear(self._cards)
        self._add_card(found, 0)

    def _add_card(self, found: Report, place: int) -> None:
        """One card at a time, so that the window stays quick while they are made."""
        if found is not self._report:
            return
        if place == len(found.figures):
            self._cards.addStretch(1)
            return
        self._cards.addWidget(_figure_card(found.figures[place]))
        QTimer.singleShot(0, self, functools.partial(self._add_card, found, place + 1))

    def _ask_print(self) -> None:
        if self._report is not None:
            PrintReport(self.desk, self._report, self).exec()

    def _ask_file(self) -> None:
        if self._report is None:
            return
        name, _ = QFileDialog.getSaveFileName(
            self, "导出统计", f"{statistics.heading(self._report)}.xlsx",
            "表格 (*.xlsx);;CSV (*.csv)",
        )  # fmt: skip
        if name:
            self.save_to(Path(name))

    def save_to(self, path: Path) -> None:
        """Write the tables that are shown to a file."""
        if self._report is not None:
            work = functools.partial(statistics.write_file, self.desk.ws, self._report, path)
            self.desk.run(self, work, lambda _none: self.desk.say(f"已导出到 {path}"))


def _figure_card(figure: Figure) -> QFrame:
    head = row(label(figure.title, "section"), label(figure.note, "small"), None, gap=12)
    chart, table = ChartView(figure), _table(figure)
    both = row(chart, table, gap=24)
    both.setStretch(0, 1)
    for widget in (chart, table):
        both.setAlignment(widget, Qt.AlignmentFlag.AlignTop)
    return card(column(head, both, gap=12))


def _table(figure: Figure) -> QTableWidget:
    rows = figure.rows()
    table = QTableWidget(len(rows), len(figure.headings))
    for number, text in enumerate((f"单位：{figure.unit}", *figure.headings[1:])):
        head = QTableWidgetItem(text)
        head.setTextAlignment(ALIGN_NUMBER if number else ALIGN_TEXT)
        table.setHorizontalHeaderItem(number, head)
    table.verticalHeader().hide()
    table.verticalHeader().setMinimumSectionSize(ROW)
    table.verticalHeader().setDefaultSectionSize(ROW)
    table.horizontalHeader().setFixedHeight(ROW)
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.setAccessibleName(f"{figure.title}数据")
    table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    table.setSizeAdjustPolicy(QAbstractScrollArea.SizeAdjustPolicy.AdjustIgnored)
    for place, cells in enumerate(rows):
        is_sum = figure.has_sum and place == len(rows) - 1
        for number, text in enumerate(cells):
            item = QTableWidgetItem(text)
            if number:
                item.setTextAlignment(ALIGN_NUMBER)
            if is_sum:
                font = item.font()
                font.setBold(True)
                item.setFont(font)
            table.setItem(place, number, item)
    for number in range(1, len(figure.headings)):
        table.setColumnWidth(number, NUMBERS)
    table.setColumnWidth(0, LABELS)
    wide = LABELS + NUMBERS * (len(figure.headings) - 1)
    frame = 2 * table.frameWidth() + 4  # and the rounded corners
    table.setFixedSize(wide + frame, ROW + table.verticalHeader().length() + frame)
    return table
