"""导入记录: the imports of this device; a whole one can be undone."""

import threading

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QMessageBox,
    QProgressBar,
    QTableWidgetItem,
    QWidget,
)

from sqzl_desktop.base.clock import moment_text
from sqzl_desktop.base.errors import UserError
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.services import import_undo
from sqzl_desktop.services.import_undo import Run, UndoReport
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.parts import button, column, label, plain_table, row

MOST_NAMED = 12


class ImportRuns(QDialog):
    """Choose an import and undo it. What was changed since stays, and is named."""

    advanced = Signal(int, int)

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self._ids: list[str] = []
        self._undone: list[bool] = []
        self._stop = threading.Event()
        self.setWindowTitle("导入记录")
        self.resize(900, 520)
        self._table = plain_table("时间", "种类", "文件", "结果", "状态")
        self._table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        for place, width in enumerate((170, 110, 250, 220)):
            self._table.setColumnWidth(place, width)
        self._table.itemSelectionChanged.connect(self._look)
        self._told = label(
            "选中一次导入，可以整体撤销；撤销后其他人同步时也会撤销。", "soft", wrap=True
        )
        self._bar = QProgressBar()
        self._bar.hide()
        self.advanced.connect(self._show_progress)
        self._undo = button("撤销这次导入", self._ask, icon="back", look="danger")
        self._close = button("关闭", self._leave)
        body = column(self._table, self._told, self._bar,
                      row(self._undo, None, self._close), gap=12)  # fmt: skip
        body.setContentsMargins(24, 24, 24, 24)
        self.setLayout(body)
        self.refresh()

    def refresh(self) -> None:
        """Show the imports, the newest first."""
        self._desk.run(self, lambda: import_undo.latest_runs(self._desk.ws), self._fill)

    def _fill(self, found: list[Run]) -> None:
        self._ids = [each.id for each in found]
        self._undone = [bool(each.undone_at) for each in found]
        self._table.setRowCount(len(found))
        for line, each in enumerate(found):
            state = "已撤销" if each.undone_at else ""
            texts = (moment_text(each.at), BY_NAME[each.kind].label, each.file, each.outcome, state)
            for side, text in enumerate(texts):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                self._table.setItem(line, side, item)
        if found:
            self._table.selectRow(0)
        self._look()

    def _look(self) -> None:
        at = self._table.currentRow()
        self._undo.setEnabled(0 <= at < len(self._ids) and not self._undone[at])

    def _ask(self) -> None:
        question = "确定撤销这次导入吗？新登记的记录会删除，改过的恢复原样；之后有人改过的保留。"
        if QMessageBox.question(self, "撤销导入", question) == QMessageBox.StandardButton.Yes:
            self.undo(self._ids[self._table.currentRow()])

    def undo(self, run_id: str) -> None:
        """Undo an import, with progress; cancelling leaves everything as it is."""
        self._stop.clear()
        self._undo.setEnabled(False)
        self._close.setText("取消撤销")
        self._bar.setMaximum(0)
        self._bar.show()
        self._desk.run(
            self,
            lambda: import_undo.undo(
                self._desk.ws, run_id, progress=self._advance, cancelled=self._stop.is_set
            ),
            self._done,
            self._failed,
        )

    def _advance(self, done: int, total: int) -> None:
        if done % 20 == 0 or done == total:
            self.advanced.emit(done, total)

    def _show_progress(self, done: int, total: int) -> None:
        self._bar.setMaximum(total)
        self._bar.setValue(done)

    def _done(self, report: UndoReport) -> None:
        self._ended()
        words = f"已撤销：删除 {report.removed} 条，恢复 {report.restored} 条"
        if report.left:
            named = "、".join(
                f"{each.title or BY_NAME[each.kind].label}（{each.why}）"
                for each in report.left[:MOST_NAMED]
            )
            more = "等" if len(report.left) > MOST_NAMED else ""
            words += f"；保留 {len(report.left)} 条：{named}{more}"
        self._told.setText(f"{words}。")
        self._desk.bus.changed.emit(tuple(BY_NAME))
        self.refresh()

    def _failed(self, error: UserError) -> None:
        self._ended()
        self._told.setText(str(error))
        self._look()

    def _ended(self) -> None:
        self._bar.hide()
        self._close.setText("关闭")

    def reject(self) -> None:
        self._leave()  # Esc and the window's cross stop an undoing as the button does

    def _leave(self) -> None:
        if self._bar.isVisible():
            self._stop.set()
        else:
            self.accept()

    @property
    def told(self) -> str:
        """What it says."""
        return self._told.text()
