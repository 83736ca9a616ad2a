"""导入向导: choose a sheet, see what would become of every row, then import."""

import threading
from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QFileDialog,
    QProgressBar,
    QTableView,
    QWidget,
)

from sqzl_desktop.base.errors import UserError
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.services import imports
from sqzl_desktop.services.imports import ImportPlan, ImportReport
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs.column_matching import ColumnMatching
from sqzl_desktop.ui.dialogs.import_decisions import ImportDecisions
from sqzl_desktop.ui.dialogs.import_runs import ImportRuns
from sqzl_desktop.ui.models.plan_table import ACTIONS, PROBLEMS, PlanTable
from sqzl_desktop.ui.widgets.colouring import Colouring
from sqzl_desktop.ui.widgets.parts import button, column, label, row

SHEETS = "表格 (*.xlsx *.xls *.csv *.txt)"
WIDTHS = (52, 56, 84, 300)
USUAL_WIDTH, NUMBER_WIDTH, SHORT_WIDTH = 104, 180, 76


class ImportWizard(QDialog):
    """Import of one kind. Nothing is written before 导入 is pressed."""

    advanced = Signal(int, int)

    def __init__(self, desk: Desk, kind: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.desk = desk
        self._kind = BY_NAME[kind]
        self._path = Path()
        self.plan: ImportPlan | None = None
        self._done: ImportReport | None = None
        self._stop = threading.Event()
        self.setWindowTitle(f"导入{self._kind.label}")
        self.resize(1240, 690)
        self._make_parts()
        self._lay_out()

    def _make_parts(self) -> None:
        self._summary = label(
            "选择一个表格文件：xlsx、xls 或 csv。先检查，确认后才写入。", "soft", wrap=True
        )
        self._filter = _make_filter()
        self.model = PlanTable(self)
        self._filter.currentIndexChanged.connect(
            lambda _index: self.model.narrow(self._filter.currentData())
        )
        self.table = _make_table(self.model)
        self._bar = QProgressBar()
        self._bar.hide()
        self.advanced.connect(self._show_progress)
        self._choose = button("选择文件…", self._ask_file, icon="upload")
        self._match = button("列名对应…", self._ask_columns, icon="edit")
        self._report = button("保存检查报告…", self._ask_report, icon="file")
        self._runs = button("导入记录…", self._show_runs, icon="clock")
        self._next = button("下一个问题", self.go_to_problem, icon="alert", tip="F8")
        self._next.setShortcut("F8")
        self.decisions = ImportDecisions(self.desk, self.model)
        self.decisions.changed.connect(self._count_chosen)
        self._apply = button("导入", self.apply, look="primary")
        self._close = button("关闭", self._leave)
        for each in (self._match, self._report, self._next, self._apply):
            each.setEnabled(False)

    def _lay_out(self) -> None:
        body = column(
            label(f"导入{self._kind.label}", "title"),
            row(self._choose, self._match, self._report, self._runs, None, self._next,
                self._filter),
            self._summary,
            self.table,
            self._bar,
            row(self.decisions, None, self._close, self._apply),
            gap=12,
        )  # fmt: skip
        body.setStretch(3, 1)
        body.setContentsMargins(24, 20, 24, 20)
        self.setLayout(body)

    def load(self, path: Path, mapping: Mapping[int, str] | None = None) -> None:
        """Read and plan a file in the background; with a mapping, by corrected columns."""
        self._path = path
        self._done = None
        self._summary.setText(f"正在检查 {path.name} …")
        self.desk.run(
            self,
            lambda: imports.preview_import(self.desk.ws, self._kind.name, path, mapping=mapping),
            self._planned,
            self._refused,
        )

    def apply(self) -> None:
        """Import the chosen rows, with progress; cancelling writes nothing."""
        plan = self.plan
        if plan is None:
            return
        choices = self.decisions.choices
        self._apply.setEnabled(False)
        self._choose.setEnabled(False)
        self._close.setText("取消导入")
        self._stop.clear()
        self._bar.setMaximum(0)
        self._bar.show()
        self.desk.run(
            self,
            lambda: imports.apply_import(
                self.desk.ws,
                plan,
                choices=choices,
                progress=self._advance,
                cancelled=self._stop.is_set,
            ),
            self._applied,
            self._refused,
        )

    def go_to_problem(self) -> None:
        """Go to the next row with a problem."""
        at = self.model.next_problem(self.table.currentIndex().row())
        if at >= 0:
            self.table.setCurrentIndex(self.model.index(at, self.model.problem_column(at)))
            self.table.setFocus()

    def _advance(self, done: int, total: int) -> None:
        if done % 50 == 0 or done == total:
            self.advanced.emit(done, total)

    def _show_progress(self, done: int, total: int) -> None:
        self._bar.setMaximum(total)
        self._bar.setValue(done)

    def _planned(self, plan: ImportPlan) -> None:
        self.plan = plan
        counts = "，".join(
            f"{word} {plan.counts[action]} 行"
            for action, word in ACTIONS.items()
            if plan.counts.get(action)
        )
        self._summary.setText(
            f"{plan.file} 检查完成：{counts}。退回、待核对和待选住址的行不会写入，"
            "可保存报告交回填表人。" + "".join(f"{each}。" for each in plan.sheet.notes)
        )
        for each in (self._match, self._report, self._next):
            each.setEnabled(True)
        self.model.show_plan(plan)
        self._filter.setCurrentIndex(0)
        _set_widths(self.table, plan)
        self.decisions.show_plan(plan)

    def _count_chosen(self) -> None:
        if self.plan is not None and self._done is None:
            count = len(imports.chosen_rows(self.plan, self.decisions.choices))
            self._apply.setText(f"导入 {count} 行")
            self._apply.setEnabled(bool(count) and self.decisions.is_complete)

    def _applied(self, done: ImportReport) -> None:
        self._done = done
        self._bar.hide()
        self._choose.setEnabled(True)
        self._close.setText("关闭")
        words = (
            f"导入完成：新登记 {done.created} 条，更新 {done.changed} 条，相同 {done.same} 条，"
            f"未写入 {done.failed} 条。已存本机，下次同步时上报。"
        )
        if done.failures:
            number, sentence = done.failures[0]
            words += f"第{number}行：{sentence}" + ("……" if done.failed > 1 else "。")
        self._summary.setText(words + "导错了可在“导入记录”里整体撤销。")
        kinds = ("resident", "household", "residence", "dwelling")
        self.desk.bus.changed.emit(kinds if self._kind.name in kinds else (*kinds, self._kind.name))

    def _refused(self, error: UserError) -> None:
        self._bar.hide()
        self._choose.setEnabled(True)
        self._close.setText("关闭")
        self._count_chosen()
        self._summary.setText(str(error))

    def _ask_file(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "选择表格", "", SHEETS)
        if name:
            self.load(Path(name))

    def _ask_columns(self) -> None:
        if self.plan is not None:
            dialog = ColumnMatching(self.plan, self)
            dialog.accepted.connect(lambda: self.load(self._path, dialog.mapping))
            dialog.open()

    def _show_runs(self) -> None:
        ImportRuns(self.desk, self).open()

    def _ask_report(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "保存检查报告", "检查报告.xlsx", SHEETS)
        plan = self.plan
        failures = self._done.failures if self._done else ()
        if name and plan:
            self.desk.run(
                self,
                lambda: imports.write_report(plan, Path(name), failures),
                lambda _none: self.desk.say(f"已保存到 {name}"),
            )

    def reject(self) -> None:
        self._leave()  # Esc and the window's cross stop an import as the button does

    def _leave(self) -> None:
        if self._bar.isVisible():
            self._stop.set()
        else:
            self.accept()

    @property
    def summary(self) -> str:
        """What it says."""
        return self._summary.text()


def _make_filter() -> QComboBox:
    chooser = QComboBox()
    chooser.addItem("全部行", "")
    chooser.addItem("只看有问题的行", PROBLEMS)
    for action, word in ACTIONS.items():
        chooser.addItem(word, action)
    return chooser


def _make_table(model: PlanTable) -> QTableView:
    table = QTableView()
    table.setModel(model)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(34)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setWordWrap(False)
    table.setItemDelegate(Colouring(table))
    table.setShowGrid(True)
    table.setTabKeyNavigation(False)
    head = table.horizontalHeader()
    head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    head.setFont(QFont(table.font()))
    return table


def _set_widths(table: QTableView, plan: ImportPlan) -> None:
    numbers = {"id_number", "who_number", "registered_home", "address", "uscc", "place"}
    long = {plan.headings.labels[at] for at, field in plan.headings.mapping.items()
            if field in numbers and at < len(plan.headings.labels)}  # fmt: skip
    for place in range(table.model().columnCount()):
        words = str(table.model().headerData(place, Qt.Orientation.Horizontal))
        usual = NUMBER_WIDTH if words in long else SHORT_WIDTH if len(words) < 3 else USUAL_WIDTH
        table.setColumnWidth(place, WIDTHS[place] if place < len(WIDTHS) else usual)
