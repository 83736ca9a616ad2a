"""批量办理: one step for many cases: asked once, taken case by case, and told what came of each."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QTableWidgetItem, QWidget

from sqzl_desktop.base.errors import UserError
from sqzl_desktop.domain.case_flow import CASE_FLOW
from sqzl_desktop.domain.kinds.case import CASE
from sqzl_desktop.schema.codec import Unreadable
from sqzl_desktop.services import case_bulk
from sqzl_desktop.services.case_bulk import Outcome
from sqzl_desktop.services.case_look import CaseLook
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.parts import button, column, fit_columns, label, plain_table, row
from sqzl_desktop.ui.widgets.step_fields import StepFields

ROOM_FOR_RESULTS = QSize(820, 300)


class CaseSteps(QDialog):
    """Ctrl+Enter takes the step; afterwards the refused cases stand first, each with its reason."""

    _came = Signal(int, int)  # from the worker's thread

    def __init__(
        self, desk: Desk, step: str, ids: Sequence[str], look: CaseLook, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._desk, self._ids = desk, tuple(ids)
        self._step = CASE_FLOW.transition(step)
        self.setWindowTitle(f"批量{self._step.label}")
        self.setMinimumWidth(620)
        self.fields = StepFields(desk, look, self._step)
        self._problem = label("", "problem", wrap=True)
        self._take = button(f"{self._step.label}{len(ids)}件", self.take, look="primary",
                            tip="Ctrl+回车")  # fmt: skip
        self._take.setShortcut("Ctrl+Return")
        self._cancel = button("取消", self.reject)
        self._results = plain_table("案件", "办理结果")
        self._results.hide()
        self._head = label(f"选中的{len(ids)}件案件一并{self._step.label}", "title", wrap=True)
        self._said = label("逐件办理；办不了的会说明原因，不影响其他案件。", "soft", wrap=True)
        body = column(
            self._head, self._said, self.fields, self._results, self._problem,
            row(None, self._cancel, self._take), gap=12,
        )  # fmt: skip
        body.setContentsMargins(24, 24, 24, 24)
        self.setLayout(body)
        self._came.connect(self._show_progress)
        self.fields.focus_first()

    def take(self) -> None:
        """Take the step on all of them, in the background."""
        try:
            values = self.fields.values()
        except Unreadable as error:
            self._problem.setText(str(error))
            return
        if lacking := self.fields.lacking(values):
            self.fields.mark(lacking)
            labels = "、".join(CASE.column(name).label for name in lacking)
            self._problem.setText(f"“{self._step.label}”之前请先填写：{labels}")
            return
        ws, ids, step = self._desk.ws, self._ids, self._step.step
        given = {name: value for name, value in values.items()
                 if name in self._step.needs or value not in ("", None)}  # fmt: skip
        self._take.setEnabled(False)
        self.fields.setEnabled(False)

        def work() -> list[Outcome]:
            return case_bulk.take_steps(ws, ids, step, given, self._came.emit)

        self._desk.run(self, work, self._show_outcomes, self._refused)

    def _show_progress(self, done: int, whole: int) -> None:
        self._said.setText(f"正在办理 {done} / {whole}")

    def _show_outcomes(self, found: list[Outcome]) -> None:
        refused = [each for each in found if each.refusal]
        self._desk.bus.changed.emit(("case",))
        went = len(found) - len(refused)
        if not refused:
            self._desk.say(f"已{self._step.label}{went}件，已存本机，待服务器确认")
            self.accept()
            return
        self._head.setText(f"{went}件已{self._step.label}，{len(refused)}件没有办成")
        self._said.setText("没有办成的案件未作任何改动，可以逐件打开处理（双击）。")
        for part in (self.fields, self._take, self._problem):
            part.hide()
        self._cancel.setText("关闭")
        self._fill_results([*refused, *(each for each in found if not each.refusal)])

    def _fill_results(self, found: Sequence[Outcome]) -> None:
        self._results.setRowCount(len(found))
        for place, each in enumerate(found):
            said = each.refusal or f"已{self._step.label}，待服务器确认"
            for where, text in enumerate((each.title, said)):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                item.setData(Qt.ItemDataRole.UserRole, each.id)
                self._results.setItem(place, where, item)
        fit_columns(self._results)
        self._results.setMinimumSize(ROOM_FOR_RESULTS)
        self._results.cellActivated.connect(self._open_case)
        self._results.show()
        self.adjustSize()

    def _open_case(self, place: int, _where: int) -> None:
        item = self._results.item(place, 0)
        if item is not None:
            self._desk.bus.open_requested.emit("case", item.data(Qt.ItemDataRole.UserRole))
            self.accept()

    def _refused(self, error: UserError) -> None:
        self._problem.setText(str(error))
        self._take.setEnabled(True)
        self.fields.setEnabled(True)


def ask_steps(desk: Desk, step: str, ids: Sequence[str], parent: QWidget) -> None:
    """Open the window of a step for several cases."""

    def show(look: CaseLook) -> None:
        CaseSteps(desk, step, ids, look, parent).open()

    desk.run(parent, lambda: case_bulk.blank_look(desk.ws, ids), show)
