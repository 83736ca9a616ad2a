"""办理一步: the panel of one step in a window of its own, where the case itself is not in sight."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

from sqzl_desktop.domain.case_flow import CASE_FLOW
from sqzl_desktop.domain.flow import Transition
from sqzl_desktop.services import case_look
from sqzl_desktop.services.case_look import CaseLook
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.parts import column, label
from sqzl_desktop.ui.widgets.step_panel import StepPanel


class CaseStep(QDialog):
    """Ctrl+Enter takes the step; what was typed is kept for the next time otherwise."""

    def __init__(self, desk: Desk, look: CaseLook, transition: Transition, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"{look.case.title}　{transition.label}")
        self.setMinimumWidth(620)
        self.panel = StepPanel(desk)
        self.panel.taken.connect(lambda _case: self._taken())
        self.panel.closed.connect(self.reject)
        head = label(f"{look.case.title}　{look.case.number}", "title", wrap=True)
        place = label(look.case.place, "soft", wrap=True)
        body = column(head, place, self.panel, gap=8)
        body.setContentsMargins(24, 24, 24, 24)
        self.setLayout(body)
        self.panel.show_step(look, transition)

    def done(self, result: int) -> None:
        """However the window goes, what was typed and not taken is kept."""
        self.panel.close_panel()
        super().done(result)

    def _taken(self) -> None:
        self._desk.bus.changed.emit(("case", "attachment"))
        self.accept()


def ask_step(desk: Desk, case_id: str, step: str, parent: QWidget) -> None:
    """Open the window of a step, where it is open to this person now; say so where it is not."""

    def show(look: CaseLook) -> None:
        for each in case_look.open_steps(desk.ws, look):
            if each.step == step:
                CaseStep(desk, look, each, parent).open()
                return
        desk.say(f"这件案件现在不能“{CASE_FLOW.transition(step).label}”")

    desk.run(parent, lambda: case_look.look(desk.ws, case_id), show)
