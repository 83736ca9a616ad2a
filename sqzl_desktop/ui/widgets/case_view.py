"""案件: one case in full: where it stands, what may be done now, and all that happened to it."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from sqzl_desktop.base.errors import UserError
from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.flows import FLOWS
from sqzl_desktop.domain.kinds.case import Case
from sqzl_desktop.services import case_look, elements, pending
from sqzl_desktop.services.case_look import CaseLook
from sqzl_desktop.services.pending import Standing
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.alike_cases import AlikeCases
from sqzl_desktop.ui.widgets.case_buttons import CaseButtons
from sqzl_desktop.ui.widgets.case_head import CaseHead
from sqzl_desktop.ui.widgets.case_road import CaseRoad
from sqzl_desktop.ui.widgets.case_tabs import CaseTabs
from sqzl_desktop.ui.widgets.field_editors import Picker
from sqzl_desktop.ui.widgets.parts import card, column, empty_state
from sqzl_desktop.ui.widgets.step_panel import StepPanel
from sqzl_desktop.ui.widgets.supplement_notes import SupplementNotes

SHOWS = ("case", "case_step", "case_party", "supplement", "attachment", "case_class",
         "calendar_day", "office_hours")  # fmt: skip
MINUTE_MS = 60_000
CALLBACK = "callback"


class CaseView(QWidget):
    """`show_case` shows one; the page around it puts its buttons into `head.tools`.

    `shown` tells which case it is, `call_asked` that its reporter is to be called back. Without
    `pick` references are typed, not searched in a list.
    """

    shown = Signal(str)
    call_asked = Signal(str)

    def __init__(self, desk: Desk, pick: Picker = lambda _kind: None) -> None:
        super().__init__()
        self._desk = desk
        self._wanted = ""
        self._wanted_step = ""
        self._wants_keys = False
        self.look: CaseLook | None = None
        self.head, self.road, self.buttons = CaseHead(desk), CaseRoad(), CaseButtons()
        self.panel, self.alike = StepPanel(desk), AlikeCases(desk)
        self.notes = SupplementNotes(desk)
        self.tabs = CaseTabs(desk, pick, (self.panel, self.alike))
        self._lay_out()
        self._listen()

    @property
    def case(self) -> Case | None:
        """The case that is shown."""
        return self.look.case if self.look else None

    def show_case(self, case_id: str) -> None:
        """Show a case; "" shows that none is chosen. What is typed in a step stays kept."""
        if not self.may_leave():
            return
        if case_id != self._wanted:
            self.panel.close_panel()
        self._wanted = case_id
        self._body.setVisible(bool(case_id))
        self._nothing.setVisible(not case_id)
        if case_id:
            self._ask()
        else:
            self.look = None

    def begin_step(self, step: str) -> None:
        """Open the panel of a step, as soon as the case is there; say so where it is not open."""
        self._wanted_step = step
        if self.look is not None and self.look.case.id == self._wanted:
            self._begin_wanted()

    def focus_steps(self) -> None:
        """The keyboard to the next step, as soon as the case is there."""
        self._wants_keys = True
        if self.look is not None and self.look.case.id == self._wanted:
            self._begin_wanted()

    def may_leave(self) -> bool:
        """Is nothing unsaved in the form, or may it be dropped? Asks the person."""
        return self.tabs.may_leave()

    def refresh(self) -> None:
        """Read anew what is shown."""
        if self._wanted:
            self._ask()

    def _ask(self) -> None:
        ws, case_id = self._desk.ws, self._wanted

        def work() -> tuple[CaseLook, Standing]:
            return case_look.look(ws, case_id), pending.standing(ws, "case", case_id)

        def done(found: tuple[CaseLook, Standing]) -> None:
            if self._wanted == case_id:
                self._show(*found)

        def gone(error: UserError) -> None:
            if self._wanted == case_id:
                self._desk.complain(error)
                self._wanted = ""
                self.show_case("")

        self._desk.run(self, work, done, gone)

    def _show(self, look: CaseLook, standing: Standing) -> None:
        is_other = self.look is None or self.look.case.id != look.case.id
        self.look, case = look, look.case
        self.head.show_case(look, standing)
        self.road.show_state(case.state, awaits_server=look.awaits_server)
        steps = case_look.open_steps(self._desk.ws, look)
        self.buttons.show_steps(steps, _why_none(self._desk, case))
        self._keep_panel_true([each.step for each in steps])
        is_mergeable = any(each.step == "merge" for each in steps)
        self.alike.show_found((*look.alike, *look.merged), may_merge=is_mergeable)
        self.tabs.show_case(look, is_other=is_other)
        self.notes.show_record("case", case.id)
        self.shown.emit(case.id)
        self._begin_wanted()

    def _begin_wanted(self) -> None:
        step, self._wanted_step = self._wanted_step, ""
        if step and not self._begin(step):
            name = FLOWS["case"].transition(step).label
            self._desk.say(f"这件案件现在不能“{name}”")
        if self._wants_keys and not step:
            self.buttons.focus_first()
        self._wants_keys = False

    def _keep_panel_true(self, open_steps: list[str]) -> None:
        """A panel whose step somebody else made impossible says so, and loses nothing."""
        step, case = self.panel.step, self.case
        if step and case is not None and step not in open_steps:
            state = code_list("case_state").label(case.state)
            name = FLOWS["case"].transition(step).label
            self.panel.tell_late(
                f"案件已办理为“{state}”，不能再“{name}”；没有提交，您写的内容保留在这里，可以复制"
            )

    def _begin(self, step: str, **given: str) -> bool:
        look = self.look
        if look is None:
            return False
        for each in case_look.open_steps(self._desk.ws, look):
            if each.step == step == CALLBACK:
                self.call_asked.emit(look.case.id)
                return True
            if each.step == step:
                self.tabs.show_top()
                self.panel.show_step(look, each, **given)
                return True
        return False

    def _merge_into(self, case_id: str) -> None:
        look = self.look
        names = {each.id: f"{each.number} {each.title}" for each in look.alike} if look else {}
        self._begin("merge", merged_into=f"{case_id}\n{names.get(case_id, '')}")

    def _taken(self, _after: Case) -> None:
        self._desk.bus.changed.emit(("case", "attachment"))

    def _changed(self, kinds: tuple[str, ...]) -> None:
        if self._wanted and self.isVisible() and (not kinds or set(kinds) & set(SHOWS)):
            self._ask()

    def _listen(self) -> None:
        self.buttons.asked.connect(self._begin)
        self.panel.taken.connect(self._taken)
        self.alike.merge_asked.connect(self._merge_into)
        self._desk.bus.changed.connect(self._changed)
        clock = QTimer(self, interval=MINUTE_MS)  # what is left of the time grows less by itself
        clock.timeout.connect(lambda: self._changed(("case",)))
        clock.start()

    def _lay_out(self) -> None:
        inside = column(self.head, self.road, self.buttons, self.notes, self.tabs, gap=8)
        inside.setStretch(4, 1)
        self._body = card(inside)
        self._nothing = empty_state("case", "选择一件案件，这里显示办理经过和下一步。")
        self.setLayout(column(self._body, self._nothing, gap=0))
        self._body.hide()


def _why_none(desk: Desk, case: Case) -> str:
    """Why a person may do nothing now, and who may."""
    if not elements.may(desk.ws, "write", "case", case):
        return "您的岗位只能查看，办理请联系网格员或社区负责人"
    if case.state in ("declined", "void", "merged"):
        return "已经了结，没有下一步"
    return "现在没有您可以办理的步骤，请等承办人或社区负责人办理"
