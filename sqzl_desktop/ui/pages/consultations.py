"""民主协商: the pool of topics, the consultations, and the steps of each."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QTabWidget

from sqzl_desktop.domain.flow import Transition
from sqzl_desktop.domain.flows import FLOWS
from sqzl_desktop.domain.kinds.consultation import Consultation
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.services import consultations, elements, flow_steps, pending
from sqzl_desktop.services.pending import Standing
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs.pick_record import picker
from sqzl_desktop.ui.dialogs.print_preview import PrintPreview
from sqzl_desktop.ui.widgets.attachments import AttachmentStrip
from sqzl_desktop.ui.widgets.flow_bar import FlowBar
from sqzl_desktop.ui.widgets.history_panel import HistoryPanel
from sqzl_desktop.ui.widgets.page import PageView
from sqzl_desktop.ui.widgets.parts import (
    button,
    card,
    column,
    empty_state,
    holder,
    label,
    padded,
    row,
)
from sqzl_desktop.ui.widgets.record_desk import RecordDesk
from sqzl_desktop.ui.widgets.record_form import RecordForm, may_leave
from sqzl_desktop.ui.widgets.record_list import RecordList
from sqzl_desktop.ui.widgets.state_chip import StateChip
from sqzl_desktop.ui.widgets.supplement_notes import SupplementNotes

NOTICE = "consultation_notice"
ROAD = ("planned", "announced", "held", "published", "closed")


class ConsultationsPage(PageView):
    """Topics on the first tab, consultations on the second."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "民主协商")
        self._tabs = QTabWidget()
        self._tabs.setDocumentMode(True)
        self._tabs.tabBar().setDrawBase(False)
        self.topics = RecordDesk(desk, "topic", picker(desk, self))
        self._list = RecordList(desk, "consultation")
        self._list.selected.connect(self._selected)
        self._list.opened.connect(self._open)
        self._flow = FlowBar(FLOWS["consultation"], ROAD)
        self._flow.stepped.connect(self._step)
        self.form = RecordForm(desk, "consultation", picker(desk, self))
        self._flow.wanted.connect(self.form.fields.go_to)
        self.form.saved.connect(self._show)
        self.form.dirty_changed.connect(lambda _dirty: self._show_steps())
        self._title = label("", "section", wrap=True)
        self._print = button("通知预览和打印", self._preview, icon="print")
        self._notes = SupplementNotes(desk)
        self._state = StateChip(desk)
        self._history = HistoryPanel(desk)
        self._attachments = AttachmentStrip(desk, wraps=True)
        self._record: Consultation | None = None
        self._awaits_server = False
        self._wanted = ""
        self._tabs.addTab(self.topics, "议题征集")
        self._tabs.addTab(self._consultation_tab(), "协商")
        self._topics_margin()
        self.body.addWidget(self._tabs, 1)
        self._consult = button("转为协商", self._from_topic, icon="chat",
                               tip="把选中的议题确定为协商事项")  # fmt: skip
        self._new = button("登记议题", self._new_topic, icon="plus", look="primary")
        for part, kind in ((self._consult, "consultation"), (self._new, "topic")):
            self.tools.addWidget(part)
            part.setVisible(elements.may(desk.ws, "write", kind))
        desk.bus.changed.connect(self._changed)

    def refresh(self) -> None:
        self.topics.refresh()
        self._list.refresh()

    def open_record(self, kind: str, record_id: str) -> None:
        self._tabs.setCurrentIndex(0 if kind == "topic" else 1)
        if kind == "topic":
            if record_id:
                self.topics.open(record_id)
            else:
                self.topics.blank()
        elif record_id:
            self._open(record_id)

    def _topics_margin(self) -> None:
        layout = self.topics.layout()
        if layout is not None:
            layout.setContentsMargins(0, 12, 0, 0)

    def _consultation_tab(self) -> QSplitter:
        head = row(self._title, self._state, self._print)
        head.setStretch(0, 1)
        tabs = QTabWidget()
        tabs.setDocumentMode(True)
        tabs.tabBar().setDrawBase(False)
        tabs.addTab(padded(self.form), "信息")
        tabs.addTab(padded(self._attachments), "附件")
        tabs.addTab(padded(self._history), "变更历史")
        body = column(head, self._flow, self._notes, tabs, gap=8)
        body.setStretch(3, 1)
        self._detail = card(body)
        self._detail.setMinimumWidth(560)
        self._nothing = empty_state(
            "chat", "选择左侧的一项协商；或在“议题征集”里选中议题，点“转为协商”。"
        )
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setHandleWidth(12)
        split.setChildrenCollapsible(False)
        split.addWidget(self._list)
        split.addWidget(holder(column(self._detail, self._nothing)))
        split.setSizes([420, 720])
        split.setContentsMargins(0, 12, 0, 0)
        self._detail.hide()
        return split

    def _selected(self, record_id: str) -> None:
        if record_id:
            self._open(record_id)

    def _open(self, record_id: str) -> None:
        self._wanted = record_id  # arrow keys ask faster than answers come: the last one counts

        def done(record: Element) -> None:
            if self._wanted == record_id:
                self._show(record)

        self.desk.run(self, lambda: elements.get(self.desk.ws, "consultation", record_id), done)

    def _show(self, record: Element) -> None:
        if not isinstance(record, Consultation) or not may_leave(self.form):
            return
        self._record = record
        self._wanted = record.id
        self._title.setText(f"{record.title}　{record.number}")
        self.form.show_record(record)
        self._awaits_server = False
        self._show_steps()
        self._ask_server_state(record)
        self._notes.show_record("consultation", record.id)
        self._detail.show()
        self._nothing.hide()

    def _ask_server_state(self, record: Consultation) -> None:
        ws = self.desk.ws

        def work() -> tuple[bool, Standing]:
            awaits = flow_steps.awaits_server(ws, "consultation", record.id)
            return awaits, pending.standing(ws, "consultation", record.id)

        def done(found: tuple[bool, Standing]) -> None:
            if self._record is record:
                self._awaits_server, standing = found
                self._state.show_standing(standing)
                self._show_steps()

        self._history.show_record("consultation", record.id)
        self._attachments.show_record("consultation", record.id)
        self.desk.run(self, work, done)

    def _show_steps(self) -> None:
        record = self._record
        if record is None:
            return

        def missing(transition: Transition) -> list[str]:
            found = flow_steps.missing(self.desk.ws, record, transition)
            return ["先保存修改"] if self.form.is_dirty else found

        steps = flow_steps.open_steps(self.desk.ws, record)
        self._flow.show_state(record.state, steps, missing, awaits_server=self._awaits_server)
        self._print.setEnabled(not self.form.is_dirty)

    def _step(self, step: str) -> None:
        record = self._record
        if record is None:
            return

        def done(after: Element) -> None:
            self.desk.say("已存本机，待服务器确认")
            self.desk.bus.changed.emit(("consultation", "topic"))
            self._show(after)

        self.desk.run(
            self,
            lambda: flow_steps.take_step(self.desk.ws, "consultation", record.id, step),
            done,
        )

    def _from_topic(self) -> None:
        topic = self.topics.list.selected_id()
        if not topic:
            self._tabs.setCurrentIndex(0)
            self.desk.say("请先在“议题征集”里选中一个议题")
            return

        def done(made: Consultation) -> None:
            self.desk.say(f"已确定议题，协商编号{made.number}")
            self._tabs.setCurrentIndex(1)
            self._show(made)  # first: those who hear of the change read again what is shown
            self.desk.bus.changed.emit(("consultation", "topic"))

        self.desk.run(self, lambda: consultations.from_topic(self.desk.ws, topic), done)

    def _new_topic(self) -> None:
        self._tabs.setCurrentIndex(0)
        self.topics.blank()

    def _preview(self) -> None:
        if self._record is not None:
            PrintPreview(self.desk, NOTICE, self._record.id, self).exec()

    def _changed(self, kinds: tuple[str, ...]) -> None:
        if "consultation" in kinds and self._record is not None and not self.form.is_dirty:
            self._open(self._record.id)
