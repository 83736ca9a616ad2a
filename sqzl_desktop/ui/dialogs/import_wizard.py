"""导入向导: choose a sheet, see what would become of every row, then import."""

import threading
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QProgressBar,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)  # fmt: skip

from sqzl_desktop.base.errors import UserError
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.services import elements, imports
from sqzl_desktop.services.imports import ImportPlan, ImportReport
from sqzl_desktop.ui import theme
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.parts import button, column, label, plain_table, row

ACTIONS = {"accept": "可导入", "review": "待核对", "reject": "退回", "skip": "跳过"}
COLOURS = {"accept": "ok", "review": "warn", "reject": "danger", "skip": "faint"}
SHEETS = "表格 (*.xlsx *.xls *.csv)"
MOST_SHOWN = 2000


class ImportWizard(QDialog):
    """Import of one kind. Nothing is written before 导入 is pressed."""

    advanced = Signal(int, int)

    def __init__(self, desk: Desk, kind: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self._kind = BY_NAME[kind]
        self._plan: ImportPlan | None = None
        self._stop = threading.Event()
        self.setWindowTitle(f"导入{self._kind.label}")
        self.resize(1040, 640)
        self._summary = label(
            "选择一个表格文件：xlsx、xls 或 csv。先检查，确认后才写入。", "soft", wrap=True
        )
        self._filter = _make_filter()
        self._filter.currentIndexChanged.connect(lambda _index: self._fill())
        self._table = _make_table()
        self._bar = QProgressBar()
        self._bar.hide()
        self.advanced.connect(self._show_progress)
        self._choose = button("选择文件…", self._ask_file, icon="upload")
        self._report = button("保存检查报告…", self._ask_report, icon="file")
        self.reviewed = QCheckBox("待核对的行已经核对，一并导入")
        self.reviewed.setVisible(False)
        self.reviewed.toggled.connect(lambda _on: self._count_chosen())
        self._apply = button("导入", self.apply, look="primary")
        self._close = button("关闭", self._leave)
        self._report.setEnabled(False)
        self._apply.setEnabled(False)
        body = column(
            label(f"导入{self._kind.label}", "title"),
            row(self._choose, self._report, self._filter, None),
            self._summary,
            self._table,
            self._bar,
            row(self.reviewed, None, self._close, self._apply),
            gap=12,
        )
        body.setContentsMargins(24, 24, 24, 24)
        self.setLayout(body)

    def load(self, path: Path) -> None:
        """Read and plan a file in the background."""
        self._summary.setText(f"正在检查 {path.name} …")
        self._desk.run(
            self,
            lambda: imports.preview_import(self._desk.ws, self._kind.name, path),
            self._planned,
            self._refused,
        )

    def apply(self) -> None:
        """Import the accepted rows, with progress; cancelling writes nothing."""
        plan = self._plan
        if plan is None:
            return
        include = self._included(plan)
        self._apply.setEnabled(False)
        self._choose.setEnabled(False)
        self._close.setText("取消导入")
        self._stop.clear()
        self._bar.show()
        self._desk.run(
            self,
            lambda: imports.apply_import(
                self._desk.ws,
                plan,
                include=include,
                progress=self._advance,
                cancelled=self._stop.is_set,
            ),
            self._applied,
            self._refused,
        )

    def _advance(self, done: int, total: int) -> None:
        if done % 20 == 0 or done == total:
            self.advanced.emit(done, total)

    def _show_progress(self, done: int, total: int) -> None:
        self._bar.setMaximum(total)
        self._bar.setValue(done)

    def _planned(self, plan: ImportPlan) -> None:
        self._plan = plan
        counts = "，".join(
            f"{word} {plan.counts.get(action, 0)} 行" for action, word in ACTIONS.items()
        )
        self._summary.setText(
            f"检查完成：{counts}。退回和待核对的行不会写入，可保存报告交回填表人。"
        )
        self._report.setEnabled(True)
        self.reviewed.setChecked(False)
        self.reviewed.setVisible(bool(plan.counts.get("review")))
        self._count_chosen()
        self._fill()

    def _included(self, plan: ImportPlan) -> list[int]:
        """The rows to be reviewed that the person says were reviewed."""
        if not self.reviewed.isChecked():
            return []
        return [each.number for each in plan.rows if each.action == "review"]

    def _count_chosen(self) -> None:
        if self._plan is not None:
            count = self._plan.counts.get("accept", 0) + len(self._included(self._plan))
            self._apply.setText(f"导入 {count} 行")
            self._apply.setEnabled(bool(count))

    def _applied(self, done: ImportReport) -> None:
        self._bar.hide()
        self._close.setText("关闭")
        self._summary.setText(
            f"导入完成：新登记 {done.created} 条，更新 {done.changed} 条，相同 {done.same} 条，"
            f"未写入 {done.failed} 条。已存本机，下次同步时上报。"
        )
        self._desk.bus.changed.emit(("resident", "household", "residence", self._kind.name))

    def _refused(self, error: UserError) -> None:
        self._bar.hide()
        self._choose.setEnabled(True)
        self._close.setText("关闭")
        self._apply.setEnabled(self._plan is not None)
        self._summary.setText(str(error))

    def _fill(self) -> None:
        rows = [
            each
            for each in (self._plan.rows if self._plan else ())
            if self._filter.currentData() in ("", each.action)
        ][:MOST_SHOWN]
        self._table.setRowCount(len(rows))
        for line, each in enumerate(rows):
            problems = "；".join(f"{one.column}：{one.sentence}" for one in each.problems)
            name = str(each.values.get("name", each.values.get("title", "")))
            number = self._masked("id_number", each.values.get("id_number", ""))
            cells = (str(each.number), ACTIONS[each.action], name, number, problems)
            for place, text in enumerate(cells):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                if place == 1:
                    item.setForeground(QColor(theme.COLOURS[COLOURS[each.action]]))
                self._table.setItem(line, place, item)

    def _masked(self, field: str, value: object) -> str:
        known = field in self._kind.known and value
        return elements.masked(self._kind.column(field), value) if known else ""

    def _ask_file(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "选择表格", "", SHEETS)
        if name:
            self.load(Path(name))

    def _ask_report(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "保存检查报告", "检查报告.xlsx", SHEETS)
        plan = self._plan
        if name and plan:
            self._desk.run(
                self,
                lambda: imports.write_report(plan, Path(name)),
                lambda _none: self._desk.say(f"已保存到 {name}"),
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
    for action, word in ACTIONS.items():
        chooser.addItem(word, action)
    return chooser


def _make_table() -> QTableWidget:
    table = plain_table("行号", "结果", "姓名/名称", "证件号码", "问题和办法")
    for place, width in enumerate((70, 90, 140, 190)):
        table.setColumnWidth(place, width)
    return table
