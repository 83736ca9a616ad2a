"""记录台: the list of a kind and, beside it, the form of the chosen record."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QMessageBox, QSplitter, QTabWidget, QWidget

from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.services import elements, pending, visits
from sqzl_desktop.services.pending import Standing
from sqzl_desktop.services.visits import PATROLLED
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.attachments import WITHOUT_ATTACHMENTS, AttachmentStrip
from sqzl_desktop.ui.widgets.field_editors import Picker
from sqzl_desktop.ui.widgets.history_panel import HistoryPanel
from sqzl_desktop.ui.widgets.parts import button, card, column, label, padded, row
from sqzl_desktop.ui.widgets.record_form import RecordForm, may_leave
from sqzl_desktop.ui.widgets.record_list import RecordList
from sqzl_desktop.ui.widgets.state_chip import StateChip
from sqzl_desktop.ui.widgets.supplement_notes import SupplementNotes


class RecordDesk(QWidget):
    """Choose on the left, read and change on the right."""

    card_requested = Signal(str)

    def __init__(self, desk: Desk, kind: str, pick: Picker) -> None:
        super().__init__()
        self._desk = desk
        self.kind = kind
        self._record: Element | None = None
        self._wanted = ""
        self.list = RecordList(desk, kind)
        self.list.opened.connect(self.open)
        self.list.selected.connect(self._selected)
        self._pick = pick
        self._form: RecordForm | None = None
        self._split = _split(self.list)
        self.setLayout(column(self._split))
        desk.bus.changed.connect(self._changed)

    @property
    def form(self) -> RecordForm:
        """The form, made with all that is beside it when it is first needed."""
        if self._form is None:
            self._form = RecordForm(self._desk, self.kind, self._pick)
            self._form.saved.connect(self._saved)
            self._add_side(self._form)
        return self._form

    def _add_side(self, form: RecordForm) -> None:
        desk = self._desk
        self._head = label("", "section", wrap=True)
        self._state = StateChip(desk)
        self.history = HistoryPanel(desk)
        self._delete = button("删除", self._ask_delete, icon="trash", look="danger")
        self._card = button("打开居民卡", self._ask_card, icon="person")
        word = "登记巡查" if self.kind in PATROLLED else "登记走访"
        self._visit = button(word, self._ask_visit, icon="visit")
        form.foot.addWidget(self._visit)
        form.foot.addWidget(self._delete)
        self._notes = SupplementNotes(desk)
        self._attachments = AttachmentStrip(desk, wraps=True)
        self._attachments.counted.connect(self._say_attachments)
        self._side = self._make_side(form)
        self._side.hide()
        self._split.addWidget(self._side)
        self._split.setSizes([520, 580])  # the form has two columns on a small screen, too
        self._split.setStretchFactor(0, 3)
        self._split.setStretchFactor(1, 2)

    def _make_side(self, form: RecordForm) -> QFrame:
        close = button("", self.close_side, icon="close", look="flat", tip="关闭（Esc）")
        close.setShortcut("Esc")
        top = row(self._head, self._state, close)
        top.setStretch(0, 1)
        top.insertWidget(2, self._card)
        self._tabs = QTabWidget()
        self._tabs.setDocumentMode(True)
        self._tabs.tabBar().setDrawBase(False)
        self._tabs.addTab(padded(form), "信息")
        if self.kind not in WITHOUT_ATTACHMENTS:
            self._tabs.addTab(padded(self._attachments), "附件")
        self._tabs.addTab(padded(self.history), "变更历史")
        body = column(top, self._notes, self._tabs, gap=8)
        body.setStretch(2, 1)
        side = card(body)
        side.setMinimumWidth(400)
        # not before it has a place: alone it would be a window
        self._card.setVisible(self.kind == "resident")
        return side

    def refresh(self) -> None:
        """Ask for the list anew."""
        self.list.refresh()

    def blank(self) -> None:
        """An empty form for a new record."""
        self._wanted = ""
        self._show(elements.blank(self._desk.ws, self.kind))
        self.form.fields.focus_first()

    def open(self, record_id: str) -> None:
        """Show a record in the form."""
        self._wanted = record_id  # arrow keys ask faster than answers come: the last one counts

        def done(record: Element) -> None:
            if self._wanted == record_id:
                self._show(record)

        self._desk.run(self, lambda: elements.get(self._desk.ws, self.kind, record_id), done)

    def _selected(self, record_id: str) -> None:
        if record_id:
            self.open(record_id)

    def close_side(self) -> None:
        """Close the form, unless something is unsaved and is to stay."""
        if self._form is not None and may_leave(self._form):
            self._wanted = ""
            self._side.hide()

    def _changed(self, kinds: tuple[str, ...]) -> None:
        """Others' changes come into an untouched form; one that was deleted closes."""
        record = self._record
        if self.kind not in kinds or record is None or not record.id:
            return
        if not self._side.isVisible() or self.form.is_dirty:
            return

        def done(newest: Element) -> None:
            is_same = self._record is record and not self.form.is_dirty
            if is_same and newest != self.form.shown:
                self._show(newest)

        self._desk.run(
            self,
            lambda: elements.get(self._desk.ws, self.kind, record.id),
            done,
            lambda _gone: self.close_side(),
        )

    def _show(self, record: Element) -> None:
        if not may_leave(self.form):
            return
        is_other = self._record is None or self._record.id != record.id
        self._record = record
        self.form.show_record(record)
        if is_other:
            self._tabs.setCurrentIndex(0)
        self._enable_tabs(bool(record.id))
        self._side.show()
        name = BY_NAME[self.kind].label
        self._head.setText(name if record.id else f"新建{name}")
        may = elements.may(self._desk.ws, "write", self.kind, record if record.id else None)
        keeps = BY_NAME[self.kind].append_only
        self._delete.setVisible(bool(record.id) and may and not keeps)
        self._card.setEnabled(bool(record.id))
        self._visit.setVisible(bool(record.id) and visits.may_visit(self._desk.ws, self.kind))
        self._show_state(record)
        self._notes.show_record(self.kind, record.id)
        self._attachments.show_record(self.kind, record.id)

    def _enable_tabs(self, is_saved: bool) -> None:
        for place in range(1, self._tabs.count()):
            self._tabs.setTabEnabled(place, is_saved)

    def _say_attachments(self, count: int) -> None:
        if self.kind not in WITHOUT_ATTACHMENTS:
            self._tabs.setTabText(1, f"附件　{count}" if count else "附件")

    def _show_state(self, record: Element) -> None:
        self._state.setVisible(bool(record.id))
        self.history.show_record(self.kind, record.id)
        ws = self._desk.ws

        def work() -> tuple[str, Standing]:
            title = elements.titles(ws, self.kind, [record.id]).get(record.id, "")
            return title, pending.standing(ws, self.kind, record.id)

        def done(found: tuple[str, Standing]) -> None:
            if self._record is record:
                self._head.setText(found[0])
                self._state.show_standing(found[1])

        if record.id:
            self._desk.run(self, work, done)

    def _saved(self, record: Element) -> None:
        self._record = record
        self._card.setEnabled(True)
        self._enable_tabs(True)
        self._attachments.show_record(self.kind, record.id)
        self._show_state(record)

    def _ask_delete(self) -> None:
        record = self._record
        if record is None:
            return
        answer = QMessageBox.question(
            self, "删除记录", f"确定删除“{self._head.text()}”吗？删除会上报给其他人员。"
        )
        if answer == QMessageBox.StandardButton.Yes:
            self._desk.run(
                self,
                lambda: elements.delete(self._desk.ws, self.kind, record.id),
                lambda _none: self._deleted(),
            )

    def _deleted(self) -> None:
        self._side.hide()
        self._desk.say("已删除")
        self._desk.bus.changed.emit((self.kind,))

    def _ask_visit(self) -> None:
        if self._record is not None:
            self._desk.bus.visit_requested.emit(self.kind, self._record.id)

    def _ask_card(self) -> None:
        if self._record is not None:
            self.card_requested.emit(self._record.id)


def _split(left: QWidget) -> QSplitter:
    made = QSplitter(Qt.Orientation.Horizontal)
    made.setHandleWidth(12)
    made.setChildrenCollapsible(False)
    made.addWidget(left)
    return made
