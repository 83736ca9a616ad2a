"""步骤按钮: what a person may do next with the chosen case, below the board."""

import functools

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from sqzl_desktop.domain.flow import Transition
from sqzl_desktop.domain.kinds.case import Case
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.services import elements, flow_steps
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.parts import button, clear, column, label, row

FORWARD = (
    "grant",
    "confirm",
    "file",
    "dispatch",
    "handle",
    "feed_back",
    "verify",
    "close",
    "resume",
)
INVITATION = "选中一张卡片，这里列出可以办理的步骤；方向键在卡片间移动，回车打开。"


class StepButtons(QWidget):
    """The steps that the flow opens to this person, the likeliest first."""

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
        self._line.addWidget(title)
        self._line.addWidget(
            button("打开", functools.partial(self.opened.emit, case.id), tip="回车")
        )
        steps = sorted(flow_steps.open_steps(self._desk.ws, case), key=_likelihood)
        for place, each in enumerate(steps):
            look = "primary" if place == 0 and each.step in FORWARD else ""
            step = functools.partial(self.stepped.emit, each.step, case.id)
            self._line.addWidget(button(each.label, step, look=look))
        self._line.addStretch(1)

    def _changed(self, kinds: tuple[str, ...]) -> None:
        if "case" in kinds and self._case_id:
            self.show_case(self._case_id)


def _likelihood(transition: Transition) -> int:
    """Steps forward first, in the order of the way; the others as the flow lists them."""
    step = transition.step
    return FORWARD.index(step) if step in FORWARD else len(FORWARD)
