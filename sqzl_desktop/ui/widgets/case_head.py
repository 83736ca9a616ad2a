"""案件抬头: number, title, state, urgency and clock of a case."""

from PySide6.QtWidgets import QWidget

from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.services.case_look import CaseLook
from sqzl_desktop.services.pending import Standing
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.flow_layout import FlowLayout
from sqzl_desktop.ui.widgets.parts import chip, clear, column, holder, label, row
from sqzl_desktop.ui.widgets.state_chip import LOOKS, StateChip

STATES = {"closed": "ok", "declined": "plain", "void": "plain", "merged": "plain",
          "returned": "warn", "parked": "warn"}  # fmt: skip
# 已上报 is a state of the case itself: how far it is on its way to the server has other words
ON_ITS_WAY = {**LOOKS, "pending": ("待同步", "warn"), "confirmed": ("已同步", "ok")}
URGENCIES = {"02": "warn", "03": "danger"}


class CaseHead(QWidget):
    """`tools` is where the page puts its own buttons."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._title = label("", "section", wrap=True)
        self._chips = FlowLayout()
        self._state = StateChip(desk, ON_ITS_WAY)
        self._number = label("", "soft")
        self.tools = row(gap=6)
        top = row(self._title, self.tools, gap=8)
        top.setStretch(0, 1)
        below = row(self._number, holder(self._chips), self._state, gap=10)
        below.setStretch(1, 1)
        self.setLayout(column(top, below, gap=6))

    def show_case(self, look: CaseLook, standing: Standing) -> None:
        """Show a case as it stands now."""
        case = look.case
        self._title.setText(case.title)
        self._number.setText(case.number)
        clear(self._chips)
        state = code_list("case_state").label(case.state)
        self._chips.addWidget(chip(state, STATES.get(case.state, "")))
        if case.urgency in URGENCIES:
            urgency = code_list("urgency").label(case.urgency)
            self._chips.addWidget(chip(urgency, URGENCIES[case.urgency]))
        words, tone = look.clock
        if words:
            self._chips.addWidget(chip(words, tone))
        if case.extension_state == "asked":
            self._chips.addWidget(chip("申请延期，待审批", "warn"))
        if case.urge_count:
            self._chips.addWidget(chip(f"督办{case.urge_count}次", "danger"))
        self._state.show_standing(standing)
