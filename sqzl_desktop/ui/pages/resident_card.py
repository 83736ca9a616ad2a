"""居民卡: a person with household, dwelling, visits and history on one page."""

import datetime as dt
import functools

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QScrollArea,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
)

from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.schema.codec import cell_text
from sqzl_desktop.services import elements, people
from sqzl_desktop.services.people import ResidentCard
from sqzl_desktop.ui import theme
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs.edit_record import EditRecord
from sqzl_desktop.ui.dialogs.move_in import MoveIn
from sqzl_desktop.ui.dialogs.pick_record import picker
from sqzl_desktop.ui.widgets.attachments import AttachmentStrip
from sqzl_desktop.ui.widgets.duplicate_mark import DuplicateMark
from sqzl_desktop.ui.widgets.history_panel import HistoryPanel
from sqzl_desktop.ui.widgets.page import Page, PageView
from sqzl_desktop.ui.widgets.parts import (
    button,
    card,
    chip,
    clear,
    column,
    empty_state,
    fact,
    fit_columns,
    holder,
    label,
    padded,
    plain_table,
    row,
)  # fmt: skip
from sqzl_desktop.ui.widgets.record_form import RecordForm, may_leave
from sqzl_desktop.ui.widgets.state_chip import StateChip

FACTS = ("id_number", "phone", "population_type", "ethnic", "education", "political", "employer",
         "registered_home")  # fmt: skip


class ResidentCardPage(PageView):
    """Everything about one person."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "居民卡")
        self._record_id = ""
        self._state = StateChip(desk)
        self._of_person = (
            button("登记走访", self._visit, icon="visit"),
            button("迁入登记", self._move_in, icon="house"),
        )
        for part in (self._state, *self._of_person):
            self.tools.addWidget(part)
        self._enable(False)
        self._left = column(gap=12)
        self._attachments = AttachmentStrip(desk, framed=True)
        self._tabs = QTabWidget()
        self._tabs.setDocumentMode(True)
        self._tabs.tabBar().setDrawBase(False)
        self.form = RecordForm(desk, "resident", picker(desk, self))
        self._visits, self._history = plain_table(), HistoryPanel(desk)
        self._tabs.addTab(padded(self.form), "基本信息")
        self._tabs.addTab(padded(self._visits), "走访记录")
        self._tabs.addTab(padded(self._history), "变更历史")
        scroll = QScrollArea()
        scroll.setWidget(holder(column(self._left, self._attachments, None, gap=12)))
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

    def refresh(self) -> None:
        if self._record_id:
            record_id = self._record_id

            def done(found: ResidentCard) -> None:
                if self._record_id == record_id:
                    self._show(found)

            self.desk.run(self, lambda: people.resident_card(self.desk.ws, record_id), done)

    def open_record(self, kind: str, record_id: str) -> None:  # noqa: ARG002 - residents only
        if not may_leave(self.form):
            return
        if not record_id:
            self._show_new()
            return
        self._record_id = record_id
        self.refresh()

    def _show_new(self) -> None:
        self._record_id = ""
        clear(self._left)
        self._left.addWidget(
            card(
                column(
                    label("新居民", "section"),
                    label(
                        "填写右侧的基本信息并保存；保存后可以办理迁入登记，选择住房。",
                        "soft",
                        wrap=True,
                    ),
                )
            )
        )
        self._attachments.show_record("resident", self._record_id)
        self.heading.setText("登记居民")
        self._state.hide()
        self._enable(False)
        self._history.show_record("resident", "")
        self.form.show_record(elements.blank(self.desk.ws, "resident"))
        self.form.saved.connect(self._saved, Qt.ConnectionType.UniqueConnection)
        self._content.show()
        self._nobody.hide()
        self._tabs.setCurrentIndex(0)

    def _saved(self, record: Resident) -> None:
        self._record_id = record.id
        self.refresh()

    def _show(self, found: ResidentCard) -> None:
        if found.resident.id != self._record_id:
            return
        self._content.show()
        self._nobody.hide()
        self.heading.setText(f"居民卡　{found.resident.name}")
        self._state.show_standing(found.standing)
        self._enable(True)
        clear(self._left)
        for part in (self._person(found), _homes(found), self._household(found)):
            self._left.addWidget(part)
        self._attachments.show_record("resident", self._record_id)
        if not self.form.is_dirty:
            self.form.show_record(found.resident)
        self._fill_visits(found)
        self._history.show_record("resident", found.resident.id)

    def _person(self, found: ResidentCard) -> QFrame:
        person = found.resident
        picture = label("")
        picture.setPixmap(theme.pixmap("person", "accent", 48))
        born = f"{person.born_on:%Y-%m-%d}" if person.born_on else ""
        sex = code_list("sex").label(person.sex) if person.sex else ""
        age = f"{_age(person, self.desk.ws.today)}岁" if person.born_on else ""
        head = column(label(person.name, "title"),
                      label("　".join(filter(None, (sex, born, age))), "soft"), gap=2)  # fmt: skip
        body = column(row(picture, head, None, gap=12), gap=10)
        body.addWidget(DuplicateMark(self.desk, person.id))
        if person.tags:
            tags = row(gap=6)
            for tag in person.tags[:4]:
                tags.addWidget(chip(code_list("key_population").label(tag)))
            tags.addStretch(1)
            body.addLayout(tags)
        for name in FACTS:
            described = BY_NAME["resident"].column(name)
            text = elements.masked(described, getattr(person, name))
            if text:
                body.addLayout(fact(described.label, text, width=84))
        return card(body)

    def _household(self, found: ResidentCard) -> QFrame:
        body = column(label(f"同户人员　{len(found.members)}", "section"), gap=4)
        for each in found.members:
            relation = code_list("family_relation").label(each.relation) if each.relation else ""
            made = button(
                f"{each.name}　{relation}",
                functools.partial(self.desk.bus.open_requested.emit, "resident", each.id),
                icon="person",
                look="flat",
            )
            made.setEnabled(each.id != found.resident.id)
            made.setStyleSheet("text-align: left;")
            body.addWidget(made)
        if not found.members:
            body.addWidget(label("还没有归入家庭户。", "soft"))
        return card(body)

    def _fill_visits(self, found: ResidentCard) -> None:
        kind = BY_NAME["visit"]
        names = ("visited_at", "category", "way", "content", "next_on")
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

    def _visit(self) -> None:
        person = self.form.shown
        now = self.desk.ws.clock.now().replace(microsecond=0)
        visit = elements.blank(
            self.desk.ws, "visit", resident_id=person.id, grid_id=person.grid_id, visited_at=now,
            household_id=getattr(person, "household_id", ""),
        )  # fmt: skip
        EditRecord(self.desk, visit, f"登记走访　{getattr(person, 'name', '')}", self).exec()

    def _move_in(self) -> None:
        record_id = self._record_id

        def ask(resident: object) -> None:
            if isinstance(resident, Resident):
                MoveIn(self.desk, resident, self).exec()

        self.desk.run(self, lambda: elements.get(self.desk.ws, "resident", record_id), ask)


def _age(person: Resident, now: dt.date) -> int:
    assert person.born_on is not None
    had = (now.month, now.day) >= (person.born_on.month, person.born_on.day)
    return now.year - person.born_on.year - (not had)


def _homes(found: ResidentCard) -> QFrame:
    body = column(label("住房", "section"), gap=8)
    for stay, home in found.residences:
        how = code_list("stay").label(stay.kind_of_stay) if stay.kind_of_stay else "居住"
        since = f"{stay.from_on:%Y-%m-%d} 起" if stay.from_on else ""
        body.addWidget(label(home.address if home else "（房屋不在本机）", wrap=True))
        body.addWidget(label("　".join(filter(None, (how, since))), "small"))
    if not found.residences:
        body.addWidget(label("还没有登记住房，请办理迁入登记。", "soft", wrap=True))
    return card(body)


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


PAGE = Page("resident_card", "居民卡", "person", ResidentCardPage, opens=("resident",))
