"""步骤条: what a person may do next with the chosen case, below the board."""

import functools

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from sqzl_desktop.domain.kinds.case import Case
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.services import elements, flow_steps
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.case_buttons import CaseButtons
from sqzl_desktop.ui.widgets.parts import button, clear, column, label, row

INVITATION = "选中一张卡片，这里列出可以办理的步骤；方向键在卡片间移动，回车打开。"
NONE_OPEN = "现在没有您可以办理的步骤"


class StepButtons(QWidget):
    """The title of the case, the way to it, and the steps that the flow opens to this person."""

    stepped = Signal(str, str)  # step, case
    opened = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._case_id = ""
        self._line = row(gap=8)
        self.setLayout(column(self._line))
        self._line.addWidget(label(INVITATION, "soft"))
        desk.bus.changed.connect(self._changed)

    def show_case(self, case_id: str) -> None:
        """Show the steps of a case."""
        self._case_id = case_id

        def done(case: Element) -> None:
            if self._case_id == case_id and isinstance(case, Case):
                self._show(case)

        self._desk.run(self, lambda: elements.get(self._desk.ws, "case", case_id), done)

    def _show(self, case: Case) -> None:
        clear(self._line)
        title = label(case.title, "section")
        title.setMaximumWidth(260)
        steps = CaseButtons()
        steps.show_steps(flow_steps.open_steps(self._desk.ws, case), NONE_OPEN)
        steps.asked.connect(lambda step: self.stepped.emit(step, case.id))
        go = functools.partial(self.opened.emit, case.id)
        for part in (title, button("打开", go, tip="回车"), steps):
            self._line.addWidget(part)
        self._line.addStretch(1)

    def _changed(self, kinds: tuple[str, ...]) -> None:
        if "case" in kinds and self._case_id:
            self.show_case(self._case_id)
