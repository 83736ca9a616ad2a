"""统计: charts and tables of a community or grid: its register on a day, its cases of a month."""

import functools
from pathlib import Path

from PySide6.QtCore import QDate, Qt, QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QDateEdit,
    QFileDialog,
    QFrame,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from sqzl_desktop.domain.statistics import Figure, Report
from sqzl_desktop.services import case_report, elements, statistics
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs.cases_behind import CasesBehind
from sqzl_desktop.ui.dialogs.print_preview import PrintPreview
from sqzl_desktop.ui.dialogs.print_report import PrintReport
from sqzl_desktop.ui.widgets.case_month_view import CaseMonthView
from sqzl_desktop.ui.widgets.chart_view import ChartView
from sqzl_desktop.ui.widgets.figure_table import figure_table
from sqzl_desktop.ui.widgets.page import PageView
from sqzl_desktop.ui.widgets.parts import button, card, clear, column, holder, label, row


class StatisticsPage(PageView):
    """Choose the place and the day or month; a card for each figure."""

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
        self._may_print = elements.may(desk.ws, "print", "resident")
        self._may_export = elements.may(desk.ws, "export", "resident")
        self._facts = row(gap=12)
        self._cards = column(gap=12)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(holder(self._cards))
        register = column(self._facts, scroll, gap=12)
        register.setStretch(1, 1)
        self.months = CaseMonthView(desk)
        self._fill_tabs(register)
        desk.bus.changed.connect(self.refresh_if_seen)

    def _fill_tabs(self, register: QVBoxLayout) -> None:
        """Each tab with the choices of its own in the head of the page."""
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self._heads: list[QWidget] = []
        for view, text, tools in (
            (holder(register), "基本情况", row(self._place, label("截至"), self._day)),
            (self.months, "案件月报", self.months.tools),
        ):
            box = view.layout()
            if box is not None:
                box.setContentsMargins(0, 12, 0, 0)
            self.tabs.addTab(view, text)
            self._heads.append(holder(tools))
            self.tools.addWidget(self._heads[-1])
        self.tools.addWidget(self._export)
        self.tools.addWidget(self._print)
        self._print.setVisible(self._may_print)
        self._export.setVisible(self._may_export)
        self.body.addWidget(self.tabs, 1)
        self.tabs.currentChanged.connect(self._show_tab)
        self.months.behind.connect(self._list_cases)
        self.months.opened.connect(functools.partial(self.desk.bus.open_requested.emit, "case"))
        self._show_head()

    @property
    def _is_about_cases(self) -> bool:
        return self.tabs.currentWidget() is self.months

    def _show_tab(self, _place: int) -> None:
        self._show_head()
        self.refresh()

    def _show_head(self) -> None:
        for place, head in enumerate(self._heads):
            head.setVisible(place == self.tabs.currentIndex())

    def _list_cases(self, title: str, ids: list[str]) -> None:
        CasesBehind(self.desk, title, ids, self).open()

    def refresh(self) -> None:
        if self._is_about_cases:
            self.months.refresh()
            return
        ws = self.desk.ws

        def show(found: dict[str, str]) -> None:
            chosen = self._place.currentData()
            self._place.clear()
            for code, name in found.items():
                self._place.addItem(name, code)
            self._place.setCurrentIndex(max(self._place.findData(chosen), 0))
            self._ask()

        self.desk.run(self, lambda: statistics.places(ws), show)

    def open_record(self, _kind: str, _record_id: str) -> None:
        """Show the month of cases; another page asks for it by `case_month`."""
        self.tabs.setCurrentWidget(self.months)

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
        if self._is_about_cases:
            if self.months.report is not None:
                subject = case_report.subject(self.months.report)
                PrintPreview(self.desk, case_report.FORM, subject, self).exec()
            return
        if self._report is not None:
            PrintReport(self.desk, self._report, self).exec()

    def _ask_file(self) -> None:
        if not (title := self._title()):
            return
        name, _ = QFileDialog.getSaveFileName(
            self, "导出统计", f"{title}.xlsx",
            "表格 (*.xlsx);;CSV (*.csv)",
        )  # fmt: skip
        if name:
            self.save_to(Path(name))

    def _title(self) -> str:
        """What is shown is called; "" while nothing is."""
        if self._is_about_cases:
            return case_report.heading(self.months.report) if self.months.report else ""
        return statistics.heading(self._report) if self._report else ""

    def save_to(self, path: Path) -> None:
        """Write the tables that are shown to a file."""
        if self._is_about_cases and self.months.report is not None:
            work = functools.partial(case_report.write_file, self.desk.ws, self.months.report, path)
            self.desk.run(self, work, lambda _none: self.desk.say(f"已导出到 {path}"))
        elif self._report is not None:
            work = functools.partial(statistics.write_file, self.desk.ws, self._report, path)
            self.desk.run(self, work, lambda _none: self.desk.say(f"已导出到 {path}"))


def _figure_card(figure: Figure) -> QFrame:
    head = row(label(figure.title, "section"), label(figure.note, "small"), None, gap=12)
    chart = ChartView(figure)
    headings = (f"单位：{figure.unit}", *figure.headings[1:])
    name = f"{figure.title}数据"
    table = figure_table(headings, figure.rows(), name=name, has_sum=figure.has_sum)
    both = row(chart, table, gap=24)
    both.setStretch(0, 1)
    for widget in (chart, table):
        both.setAlignment(widget, Qt.AlignmentFlag.AlignTop)
    return card(column(head, both, gap=12))
