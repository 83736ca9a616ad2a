"""居民卡: a person with household, dwelling, visits and history on one page."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QScrollArea,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
)

from sqzl_desktop.domain.attention import GROUP_OF
from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.schema.codec import cell_text
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.services import care, elements, people, situation
from sqzl_desktop.services.care import Looked
from sqzl_desktop.services.people import ResidentCard
from sqzl_desktop.services.situation import Situation
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs.edit_record import EditRecord
from sqzl_desktop.ui.dialogs.end_care import EndCare
from sqzl_desktop.ui.dialogs.move_in import MoveIn
from sqzl_desktop.ui.dialogs.moves_menu import MovesButton
from sqzl_desktop.ui.dialogs.pick_record import picker
from sqzl_desktop.ui.widgets import card_parts
from sqzl_desktop.ui.widgets.attachments import AttachmentStrip
from sqzl_desktop.ui.widgets.history_panel import HistoryPanel
from sqzl_desktop.ui.widgets.new_home import NewHome
from sqzl_desktop.ui.widgets.page import PageView
from sqzl_desktop.ui.widgets.parts import (
    button,
    card,
    clear,
    column,
    empty_state,
    fit_columns,
    holder,
    padded,
    plain_table,
    row,
)  # fmt: skip
from sqzl_desktop.ui.widgets.policies_heard import PoliciesHeard
from sqzl_desktop.ui.widgets.record_form import RecordForm, may_leave
from sqzl_desktop.ui.widgets.situation_panel import SituationPanel
from sqzl_desktop.ui.widgets.state_chip import StateChip


class ResidentCardPage(PageView):
    """Everything about one person."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "居民卡")
        self._record_id = ""
        self._state = StateChip(desk)
        self._of_person = (
            button("登记走访", self._visit, icon="visit", tip="登记走访（Ctrl+G）"),
            button("迁入登记", self._move_in, icon="house"),
        )
        self._of_person[0].setShortcut("Ctrl+G")
        self._moves = MovesButton(desk, "resident", self)
        for part in (self._state, *self._of_person, self._moves):
            self.tools.addWidget(part)
        self._left = column(gap=12)
        self._attachments = AttachmentStrip(desk, framed=True)
        self._home = NewHome(desk, picker(desk, self))
        self._home.hide()
        self._tabs = QTabWidget()
        self._tabs.setDocumentMode(True)
        self._tabs.tabBar().setDrawBase(False)
        self._form: RecordForm | None = None
        self._enable(False)
        scroll = QScrollArea()
        scroll.setWidget(holder(column(self._home, self._left, self._attachments, None, gap=12)))
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setFixedWidth(380)
        content = row(scroll, card(column(self._tabs), padding=12), gap=12)
        content.setStretch(1, 1)
        self._content = holder(content)
        self._nobody = empty_state(
            "person",
            "在上方查找框输入姓名、拼音首字母或证件尾号，选中居民即可打开居民卡（Ctrl+K）",
            button("登记居民", self._show_new, icon="plus", look="primary"),
        )
        self.body.addWidget(self._content, 1)
        self.body.addWidget(self._nobody, 1)
        self._content.hide()
        desk.bus.changed.connect(self.refresh_if_seen)
        tasks.in_turn(self, self._made_bit_by_bit())

    @property
    def form(self) -> RecordForm:
        """The form of the person, made with all that is beside it when it is first needed."""
        if self._form is None:
            self._form = RecordForm(self.desk, "resident", picker(self.desk, self))
            self._form.save_with = self._home.save
            self._home.chosen.connect(self._form.aids.home_chosen)
            self._form.fields.typed.connect(self._typed)
            self._tabs.addTab(padded(self._form), "基本信息")
            self._add_tabs()
            self._enable(False)
        return self._form

    def _made_bit_by_bit(self) -> Iterator[object]:
        """The page is there first; by the time the person has been read, so are the tabs."""
        yield self.form

    def _add_tabs(self) -> None:
        desk = self.desk
        self._visits, self._history = plain_table(), HistoryPanel(desk)
        self._special = SituationPanel(desk)
        self._special.add_asked.connect(self._add)
        self._special.edit_asked.connect(self._ask_edit)
        self._special.end_asked.connect(self._end)
        self._tabs.addTab(padded(self._special), "专项与关爱")
        self._tabs.addTab(padded(self._visits), "走访记录")
        self._policies = PoliciesHeard(desk)
        self._policies.add_to(self._tabs)
        self._tabs.addTab(padded(self._history), "变更历史")

    def refresh(self) -> None:
        if self._record_id:
            record_id = self._record_id

            def work() -> tuple[ResidentCard, Situation]:
                card = people.resident_card(self.desk.ws, record_id)
                return card, situation.of(self.desk.ws, card)

            def done(found: tuple[ResidentCard, Situation]) -> None:
                if self._record_id == record_id:
                    self._record_id = found[0].resident.id  # that of an alias leads to the kept one
                    self._show(*found)

            self.desk.run(self, work, done)

    def open_record(self, kind: str, record_id: str) -> None:  # noqa: ARG002 - residents only
        if self._form is not None and not may_leave(self._form):
            return
        if not record_id:
            self._show_new()
            return
        self._record_id = record_id
        self.refresh()

    def _show_new(self) -> None:
        form = self.form
        self._record_id = ""
        clear(self._left)
        self._tabs.setTabText(1, "专项与关爱")
        self._home.begin(self.desk.ws.today)
        self._home.show()
        self._attachments.show_record("resident", self._record_id)
        self.heading.setText("登记居民")
        self._state.hide()
        self._enable(False)
        self._history.show_record("resident", "")
        form.show_record(elements.blank(self.desk.ws, "resident"))
        form.saved.connect(self._saved, Qt.ConnectionType.UniqueConnection)
        self._content.show()
        self._nobody.hide()
        self._tabs.setCurrentIndex(0)

    def _typed(self, name: str) -> None:
        if name == "population_type" and self._home.dwelling_id and not self._record_id:
            self.form.aids.home_chosen(self._home.dwelling_id)

    def _saved(self, record: Resident) -> None:
        self._record_id = record.id
        self.refresh()

    def _show(self, found: ResidentCard, special: Situation) -> None:
        if found.resident.id != self._record_id:
            return
        form = self.form
        self._content.show()
        self._nobody.hide()
        self.heading.setText(f"居民卡　{found.resident.name}")
        self._state.show_standing(found.standing)
        self._enable(True)
        self._home.hide()
        clear(self._left)
        parts = (card_parts.person(self.desk, found, special),
                 card_parts.open_cases(self.desk, found),
                 card_parts.homes(found, self.desk.ws.today),
                 card_parts.household(self.desk, found))  # fmt: skip
        for part in parts:
            self._left.addWidget(part)
        self._special.show_situation(special)
        running = sum(each.looked is None or each.looked.is_running for each in special.sections)
        self._tabs.setTabText(1, f"专项与关爱　{running}" if running else "专项与关爱")
        self._attachments.show_record("resident", self._record_id)
        if not form.is_dirty:
            form.show_record(found.resident)
        self._fill_visits(found)
        self._policies.show_resident(found.resident.id)
        self._history.show_record("resident", found.resident.id)

    def _fill_visits(self, found: ResidentCard) -> None:
        kind = BY_NAME["visit"]
        names = ("visited_at", "category", "way", "outcome", "content", "next_on")
        _fill(
            self._visits,
            [kind.column(name).label for name in names],
            [
                [cell_text(kind.column(name), getattr(each, name), code_list) for name in names]
                for each in found.visits
            ],
        )

    def _enable(self, has_person: bool) -> None:
        for each in self._of_person:
            each.setEnabled(has_person)
        for place in range(1, self._tabs.count()):
            self._tabs.setTabEnabled(place, has_person)
        self._moves.show_record(self._record_id if has_person else "")

    def _visit(self) -> None:
        self.desk.bus.visit_requested.emit("resident", self._record_id)

    def _add(self, kind: str) -> None:
        person = self.form.shown
        given = {"since_on": self.desk.ws.today} if kind in GROUP_OF else {}
        self._edit(elements.blank(
            self.desk.ws, kind, resident_id=person.id, grid_id=person.grid_id,
            community_id=person.community_id, **given,
        ))  # fmt: skip

    def _ask_edit(self, kind: str, record_id: str) -> None:
        self.desk.run(self, lambda: care.open_record(self.desk.ws, kind, record_id), self._edit)

    def _edit(self, record: Element) -> None:
        title = f"{elements.kind_of(record).label}　{getattr(self.form.shown, 'name', '')}"
        dialog = EditRecord(self.desk, record, title, self)
        dialog.finished.connect(lambda _result: self.refresh())
        dialog.open()

    def _end(self, looked: Looked) -> None:
        EndCare(self.desk, looked, self).open()

    def _move_in(self) -> None:
        record_id = self._record_id

        def ask(resident: object) -> None:
            if isinstance(resident, Resident):
                MoveIn(self.desk, resident, self).exec()

        self.desk.run(self, lambda: elements.get(self.desk.ws, "resident", record_id), ask)


def _fill(table: QTableWidget, heads: list[str], lines: list[list[str]]) -> None:
    table.setColumnCount(len(heads))
    table.setHorizontalHeaderLabels(heads)
    table.setRowCount(len(lines))
    for place, line in enumerate(lines):
        for side, text in enumerate(line):
            item = QTableWidgetItem(text)
            item.setToolTip(text)
            table.setItem(place, side, item)
    fit_columns(table)
