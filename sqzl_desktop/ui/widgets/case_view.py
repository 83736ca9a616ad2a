"""案件: one case in full: where it stands, what may be done now, and all that happened to it."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QScrollArea, QTabWidget, QWidget

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
from sqzl_desktop.ui.widgets.case_facts import CaseFacts
from sqzl_desktop.ui.widgets.case_head import CaseHead
from sqzl_desktop.ui.widgets.case_people import CasePeople
from sqzl_desktop.ui.widgets.case_photos import CasePhotos
from sqzl_desktop.ui.widgets.case_road import CaseRoad
from sqzl_desktop.ui.widgets.case_timeline import CaseTimeline
from sqzl_desktop.ui.widgets.field_editors import Picker
from sqzl_desktop.ui.widgets.history_panel import HistoryPanel
from sqzl_desktop.ui.widgets.parts import card, column, empty_state, holder, label, padded
from sqzl_desktop.ui.widgets.record_form import RecordForm, may_leave
from sqzl_desktop.ui.widgets.step_panel import StepPanel
from sqzl_desktop.ui.widgets.supplement_notes import SupplementNotes

SHOWS = ("case", "case_step", "case_party", "supplement", "attachment", "case_class",
         "calendar_day", "office_hours")  # fmt: skip
MINUTE_MS = 60_000
TWO_COLUMNS_FROM = 900


class CaseView(QWidget):
    """`show_case` shows one; the page around it puts its buttons into `head.tools`.

    `shown` tells which case it is. Without `pick` references are typed, not searched in a list.
    """

    shown = Signal(str)

    def __init__(self, desk: Desk, pick: Picker = lambda _kind: None) -> None:
        super().__init__()
        self._desk, self._pick = desk, pick
        self._wanted = ""
        self.look: CaseLook | None = None
        self.form: RecordForm | None = None
        self.head, self.road, self.buttons = CaseHead(desk), CaseRoad(), CaseButtons()
        self.panel, self.timeline = StepPanel(desk), CaseTimeline()
        self.facts, self.people, self.photos = CaseFacts(desk), CasePeople(desk), CasePhotos(desk)
        self.notes, self.history = SupplementNotes(desk), HistoryPanel(desk)
        self.alike = AlikeCases(desk)
        self.tabs = self._make_tabs()
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
        """Open the panel of a step, where it is open to this person now."""
        self._begin(step)

    def may_leave(self) -> bool:
        """Is nothing unsaved in the form, or may it be dropped? Asks the person."""
        return self.form is None or may_leave(self.form)

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
        self.facts.show_case(look)
        self.timeline.show_moments(look.moments)
        self.people.show_case(look)
        self.photos.show_case(case)
        self.notes.show_record("case", case.id)
        self.history.show_record("case", case.id)
        if self.form is not None and not self.form.is_dirty:
            self.form.show_record(case)
        if is_other:
            self.tabs.setCurrentIndex(0)
        self.shown.emit(case.id)

    def _keep_panel_true(self, open_steps: list[str]) -> None:
        """A panel whose step somebody else made impossible says so, and loses nothing."""
        step, case = self.panel.step, self.case
        if step and case is not None and step not in open_steps:
            state = code_list("case_state").label(case.state)
            name = FLOWS["case"].transition(step).label
            self.panel.tell_late(
                f"案件已办理为“{state}”，不能再“{name}”；没有提交，您写的内容保留在这里，可以复制"
            )

    def _begin(self, step: str, **given: str) -> None:
        look = self.look
        if look is None:
            return
        for each in case_look.open_steps(self._desk.ws, look):
            if each.step == step:
                self.tabs.setCurrentIndex(0)
                self._scroll.verticalScrollBar().setValue(0)
                self.panel.show_step(look, each, **given)

    def _merge_into(self, case_id: str) -> None:
        look = self.look
        names = {each.id: f"{each.number} {each.title}" for each in look.alike} if look else {}
        self._begin("merge", merged_into=f"{case_id}\n{names.get(case_id, '')}")

    def _taken(self, _after: Case) -> None:
        self._ask()
        self._desk.bus.changed.emit(("case", "attachment"))

    def _changed(self, kinds: tuple[str, ...]) -> None:
        if self._wanted and self.isVisible() and (not kinds or set(kinds) & set(SHOWS)):
            self._ask()

    def _listen(self) -> None:
        self.buttons.asked.connect(self._begin)
        self.panel.taken.connect(self._taken)
        self.alike.merge_asked.connect(self._merge_into)
        self.people.counted.connect(lambda count: self._count(1, "人员", count))
        self.photos.counted.connect(lambda count: self._count(2, "照片", count))
        self.tabs.currentChanged.connect(self._turn_to)
        self._desk.bus.changed.connect(self._changed)
        clock = QTimer(self, interval=MINUTE_MS)  # what is left of the time grows less by itself
        clock.timeout.connect(lambda: self._changed(("case",)))
        clock.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What happened stands beside the facts where there is room."""
        super().resizeEvent(event)
        ways = QBoxLayout.Direction
        self._halves.setDirection(
            ways.LeftToRight if self.width() >= TWO_COLUMNS_FROM else ways.TopToBottom
        )

    def _count(self, place: int, name: str, count: int) -> None:
        self.tabs.setTabText(place, f"{name}　{count}" if count else name)

    def _turn_to(self, place: int) -> None:
        """The form is made when it is first wanted."""
        if self.tabs.widget(place) is not self._of_form or self.form is not None:
            return
        self.form = RecordForm(self._desk, "case", self._pick)
        self._form_box.addWidget(self.form)
        if self.case is not None:
            self.form.show_record(self.case)

    def _make_tabs(self) -> QTabWidget:
        tabs = QTabWidget()
        tabs.setDocumentMode(True)
        tabs.tabBar().setDrawBase(False)
        told = column(label("办理经过", "section"), self.timeline, None, gap=10)
        told.setContentsMargins(0, 0, 0, 0)
        self._halves = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._halves.setSpacing(16)
        self._halves.addLayout(column(self.facts, None), 1)
        self._halves.addLayout(told, 1)
        read = column(self.panel, self.alike, self._halves, None, gap=10)
        read.setContentsMargins(0, 0, 8, 0)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidget(holder(read))
        self._form_box = column()
        self._of_form = padded(holder(self._form_box))
        for part, name in ((padded(self._scroll), "概况和经过"), (padded(self.people), "人员"),
                           (padded(self.photos), "照片"), (self._of_form, "修改信息"),
                           (padded(self.history), "变更历史")):  # fmt: skip
            tabs.addTab(part, name)
        return tabs

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
