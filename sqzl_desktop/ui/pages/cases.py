"""事件案件: the inbox of a person, the board of all open cases, and what was noticed besides."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QStackedWidget, QTabBar

from sqzl_desktop.domain import case_boxes
from sqzl_desktop.domain.case_boxes import Stage
from sqzl_desktop.domain.case_flow import CASE_FLOW
from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.domain.kinds.case import Case
from sqzl_desktop.services import case_bulk, case_inbox, cases, elements
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs.call_back import ask_call
from sqzl_desktop.ui.dialogs.call_sample import CallSample
from sqzl_desktop.ui.dialogs.case_desk import case_view
from sqzl_desktop.ui.dialogs.case_step import ask_step
from sqzl_desktop.ui.dialogs.case_steps import ask_steps
from sqzl_desktop.ui.dialogs.pick_record import picker
from sqzl_desktop.ui.dialogs.report_case import ask_report
from sqzl_desktop.ui.widgets.case_board import CaseBoard
from sqzl_desktop.ui.widgets.case_list import CaseList
from sqzl_desktop.ui.widgets.case_view import CALLBACK
from sqzl_desktop.ui.widgets.page import PageView
from sqzl_desktop.ui.widgets.parts import button, column, holder
from sqzl_desktop.ui.widgets.record_desk import RecordDesk
from sqzl_desktop.ui.widgets.step_buttons import StepButtons

INBOX, BOARD, EVENTS = range(3)


class CasesPage(PageView):
    """Cases by whose turn they are, by what they wait for; events."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "事件案件")
        self.inbox, self.board = CaseList(desk), CaseBoard(desk)
        self.view = case_view(desk, self)
        self.events = RecordDesk(desk, "event", picker(desk, self))
        self._steps = StepButtons(desk)
        self._tabs, self._stack = QTabBar(), QStackedWidget()
        self._tabs.setDrawBase(False)
        self.head.insertWidget(1, self._tabs)
        self.head.insertSpacing(1, 12)
        board = column(self.board, self._steps, gap=8)
        board.setStretch(0, 1)
        inbox = column(self.inbox.boxes, self._split(), gap=8)
        inbox.setStretch(1, 1)
        parts = (holder(inbox), "收件箱"), (holder(board), "看板"), (self.events, "事件")
        for part, text in parts:
            self._stack.addWidget(part)
            self._tabs.addTab(text)
        self.body.addWidget(self._stack, 1)
        self._make_tools()
        self._listen()

    def _split(self) -> QSplitter:
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setHandleWidth(12)
        split.setChildrenCollapsible(False)
        split.addWidget(self.inbox)
        split.addWidget(self.view)
        split.setSizes([520, 590])
        split.setStretchFactor(0, 1)
        split.setStretchFactor(1, 1)
        return split

    def _make_tools(self) -> None:
        ws = self.desk.ws
        self._take_up = button("转为案件", self.take_up, tip="把选中的事件转为案件")
        event = button("上报事件", lambda: self.open_record("event", ""), icon="alert")
        case = button("上报案件", lambda: ask_report(self.desk, self), icon="plus", look="primary",
                      tip="上报案件（Ctrl+N）")  # fmt: skip
        case.setShortcut("Ctrl+N")
        month = button("月报", lambda: self.desk.bus.open_requested.emit("case_month", ""),
                       icon="chart", tip="一个月的案件：指标、图表、打印和导出")  # fmt: skip
        self.tools.addWidget(month)
        self.tools.addWidget(self.board.grids)
        if case_boxes.may_call(ws.actor):
            self.tools.addWidget(
                button("回访抽查", lambda: CallSample(self.desk, self).open(), icon="visit",
                       tip="从一个月的结案案件里抽签回访")
            )  # fmt: skip
        self.tools.addWidget(self._take_up)
        for part, kind in ((event, "event"), (case, "case")):
            if elements.may(ws, "create", kind):
                self.tools.addWidget(part)

    def _listen(self) -> None:
        for part in (self.inbox, self.board):
            part.step_wanted.connect(self._step_from_keys)
        self.inbox.selected.connect(self._show_case)
        self.view.call_asked.connect(self._call_back)
        self.inbox.opened.connect(self._enter)
        self.view.panel.taken.connect(lambda _case: self.inbox.table.setFocus())  # J: the next one
        self.board.selected.connect(self._steps.show_case)
        self.board.opened.connect(lambda case_id: self.open_record("case", case_id))
        self.board.more_wanted.connect(self._show_stage)
        self.board.grids_known.connect(self._show_grids)
        self._steps.opened.connect(lambda case_id: self.open_record("case", case_id))
        self._steps.stepped.connect(lambda step, case_id: self.take_step(step, [case_id]))
        self.view.panel.closed.connect(self.inbox.table.setFocus)
        self._tabs.currentChanged.connect(self._show_tools)
        self._show_tools(INBOX)

    def refresh(self) -> None:
        if self._tabs.currentIndex() == EVENTS:
            self.events.refresh()
        elif self._tabs.currentIndex() == INBOX:
            self.inbox.table.setFocus()  # J, K and the letters of the steps work at once

    def open_record(self, kind: str, record_id: str) -> None:
        """A case, an event, or under `case_box` one of the boxes; "" begins a report."""
        self._tabs.setCurrentIndex(EVENTS if kind == "event" else INBOX)
        if kind == "case_box":
            self.inbox.show_box(record_id)
        elif kind == "event":
            if record_id:
                self.events.open(record_id)
            else:
                self.events.blank()
        elif record_id:
            self.inbox.choose_case(record_id)
            self._show_case(record_id)
        else:
            ask_report(self.desk, self)

    def take_step(self, step: str, ids: Sequence[str]) -> None:
        """Ask for what a step needs, then take it: beside the list, or in a window for several."""
        if len(ids) > 1 and step not in case_bulk.BULK:
            label = CASE_FLOW.transition(step).label
            self.desk.say(f"“{label}”要逐件办理，请只选一件")
        elif len(ids) == 1 and self._tabs.currentIndex() == INBOX:
            self._show_case(ids[0])
            self.view.begin_step(step)
        elif len(ids) == 1:
            ask_step(self.desk, ids[0], step, self)
        elif ids:
            ask_steps(self.desk, step, ids, self)

    def take_up(self) -> None:
        """Make a case of the chosen event."""
        event_id, ws = self.events.list.selected_id(), self.desk.ws
        if not event_id:
            self.desk.say("请先在左侧选中一个事件")
            return

        def done(made: Case) -> None:
            self.desk.say(f"已转为案件，编号{made.number}")
            self.desk.bus.changed.emit(("case", "event"))
            self.open_record("case", made.id)

        self.desk.run(self, lambda: cases.take_up(ws, event_id), done)

    def _show_stage(self, stage: Stage) -> None:
        """All cases of a column of the board, as a list."""
        self._tabs.setCurrentIndex(INBOX)
        self.inbox.show_box("all", Filter("state", "in", stage.states), *self.board.filters())

    def _step_from_keys(self, step: str) -> None:
        is_board = self._tabs.currentIndex() == BOARD
        ids = [self.board.chosen] if is_board else self.inbox.table.selected_ids()
        self.take_step(step, [each for each in ids if each])

    def _enter(self, case_id: str) -> None:
        self._show_case(case_id)
        if self.inbox.boxes.box == case_inbox.TO_CALL:
            self.view.begin_step(CALLBACK)
        else:
            self.view.focus_steps()

    def _call_back(self, case_id: str) -> None:
        is_series = self.inbox.boxes.box == case_inbox.TO_CALL
        ask_call(self.desk, self, case_id, self.inbox.go_on if is_series else lambda: None)

    def _show_case(self, case_id: str) -> None:
        if case_id:
            self.view.show_case(case_id)

    def may_leave(self) -> bool:
        return self.view.may_leave()

    def _show_tools(self, tab: int) -> None:
        self._stack.setCurrentIndex(tab)
        self._show_grids()
        self._take_up.setVisible(tab == EVENTS and elements.may(self.desk.ws, "write", "case"))
        if tab == EVENTS:
            self.events.refresh()

    def _show_grids(self) -> None:
        """Whoever looks after several grids may look at one."""
        has_several = self.board.grids.count() > 2  # the first is all of them
        self.board.grids.setVisible(has_several and self._tabs.currentIndex() == BOARD)
