"""房屋: one dwelling beside the tree: what it is, who lives in it, its photos and its history."""

import datetime as dt
import functools
from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QTabWidget, QWidget

from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.domain.kinds.dwelling import Dwelling
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.schema.codec import Unreadable, cell_text
from sqzl_desktop.services import elements
from sqzl_desktop.services.home import Home, home
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.attachments import AttachmentStrip
from sqzl_desktop.ui.widgets.field_editors import editor
from sqzl_desktop.ui.widgets.history_panel import HistoryPanel
from sqzl_desktop.ui.widgets.open_cases import OpenCases
from sqzl_desktop.ui.widgets.parts import (
    button,
    card,
    clear,
    column,
    empty_state,
    fact,
    holder,
    label,
    padded,
    row,
)
from sqzl_desktop.ui.widgets.state_chip import StateChip

FACTS = ("entrance", "floor", "room", "use", "purpose", "area", "owner_name", "owner_phone")
ACTIONS = (
    ("add", "登记人员", "plus", "Ins", "resident"),
    ("move", "迁入已登记的人", "people", "M", "residence"),
    ("visit", "登记走访", "visit", "V", "visit"),
    ("report", "上报案件", "alert", "A", "case"),
    ("edit", "修改房屋", "edit", "F2", "dwelling"),
)


class DwellingSide(QWidget):
    """Invites to choose a dwelling until one is shown; `tools` stand beside its name.

    `asked` says what is to be done there.
    """

    shown = Signal(str)  # the id of the dwelling
    asked = Signal(str, object)  # one of ACTIONS, the dwelling

    def __init__(
        self, desk: Desk, invitation: str = "选择左侧的楼栋和房屋，查看住在里面的人"
    ) -> None:
        super().__init__()
        self._desk = desk
        self._dwelling_id = ""
        self._shown: Dwelling | None = None
        self._head = label("", "section", wrap=True)
        self._state = StateChip(desk)
        self._facts, self._people = column(gap=6), column(gap=4)
        self._actions = QGridLayout()
        self._on = editor(BY_NAME["residence"].column("from_on"), lambda _kind: None)
        self._on.setToolTip("看某一天谁住在这里，例如 20260301")
        self._on.changed.connect(self._ask_people)
        self._cases = OpenCases(desk)
        self._attachments = AttachmentStrip(desk)
        self.history = HistoryPanel(desk)
        self._content = self._make_content()
        self._invitation = empty_state("house", invitation)
        self.setLayout(column(self._invitation, self._content))
        self._content.hide()

    def _make_content(self) -> QFrame:
        scroll = QScrollArea()
        scroll.setWidget(holder(column(
            self._cases, self._people,
            row(label("哪一天住在这里", "soft"), self._on, None, gap=8), 8, self._facts, 8,
            self._attachments, None, gap=8,
        )))  # fmt: skip
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        tabs = QTabWidget()
        tabs.setDocumentMode(True)
        tabs.tabBar().setDrawBase(False)
        tabs.addTab(padded(scroll), "房屋和人")
        tabs.addTab(padded(self.history), "变更历史")
        self.tools = row(gap=8)
        top = row(self._head, self._state, self.tools)
        top.setStretch(0, 1)
        self._fill_actions()
        body = column(top, self._actions, tabs, gap=8)
        body.setStretch(2, 1)
        return card(body)

    def _fill_actions(self) -> None:
        self._actions.setSpacing(6)
        may = [each for each in ACTIONS if elements.may(self._desk.ws, "write", each[4])]
        for place, (action, text, icon, key, _kind) in enumerate(may):
            made = button(text, functools.partial(self.ask, action), icon=icon,
                          tip=f"{text}（{key}）")  # fmt: skip
            self._actions.addWidget(made, place // 2, place % 2)

    def ask(self, action: str) -> None:
        """Ask for something to be done at the dwelling that is shown."""
        allowed = {each[0]: each[4] for each in ACTIONS}
        if self._shown and elements.may(self._desk.ws, "write", allowed[action]):
            self.asked.emit(action, self._shown)

    def invite(self) -> None:
        """No dwelling is chosen."""
        self._dwelling_id, self._shown = "", None
        self._content.hide()
        self._invitation.show()

    def show_dwelling(self, dwelling_id: str) -> None:
        """Show a dwelling with those who live in it."""
        if dwelling_id != self._dwelling_id:
            self._shown = None
            self._on.show_value(self._desk.ws.today)
        self._dwelling_id = dwelling_id
        self._read(self._draw)

    def _read(self, show: Callable[[Home], None]) -> None:
        ws, dwelling_id, on = self._desk.ws, self._dwelling_id, self._day() or self._desk.ws.today

        def done(found: Home) -> None:
            if self._dwelling_id == dwelling_id and (self._day() or ws.today) == on:
                show(found)

        self._desk.run(self, lambda: home(ws, dwelling_id, on=on), done)

    def _day(self) -> dt.date | None:
        """The day whose people are asked for, None while it cannot be read."""
        try:
            day: dt.date | None = self._on.value()
        except Unreadable:
            day = None
        self._on.mark(wrong=day is None, doubtful=False)
        return day

    def _ask_people(self) -> None:
        if self._day() is not None and self._dwelling_id:
            self._read(self._fill_people)

    def _draw(self, found: Home) -> None:
        self._shown = dwelling = found.dwelling
        self.shown.emit(dwelling.id)
        self._head.setText(dwelling.address)
        self._state.show_standing(found.standing)
        self._fill_facts(dwelling)
        self._fill_people(found)
        self._cases.show_about(dwellings=(dwelling.id,))
        self._attachments.show_record("dwelling", dwelling.id)
        self.history.show_record("dwelling", dwelling.id)
        self._invitation.hide()
        self._content.show()

    def _fill_facts(self, dwelling: Dwelling) -> None:
        clear(self._facts)
        self._facts.addWidget(label("房屋", "section"))
        for name in FACTS:
            described = BY_NAME["dwelling"].column(name)
            text = elements.masked(described, getattr(dwelling, name))
            if text:
                self._facts.addLayout(fact(described.label, text, width=112))

    def _fill_people(self, found: Home) -> None:
        clear(self._people)
        is_now = found.on == self._desk.ws.today
        title = "现住人员" if is_now else f"{found.on:%Y-%m-%d}住在这里的人"
        self._people.addWidget(label(f"{title}　{len(found.living)}", "section"))
        grouped = {each.id for each in found.households}
        for household in found.households:
            of_it = [each for each in found.living if each.household_id == household.id]
            if of_it and len(found.households) > 1:
                self._people.addWidget(label(f"{household.head_name}户", "soft"))
            for each in of_it:
                self._add_person(each)
        for each in found.living:
            if each.household_id not in grouped:
                self._add_person(each)
        if not found.living:
            nobody = "没有登记现住人员。空置的房屋请把使用状态改为“空置”。"
            said = nobody if is_now else "这一天没有登记的住户。"
            self._people.addWidget(label(said, "soft", wrap=True))
        self._people.addWidget(label(_last_visit(found), "small", wrap=True))

    def _add_person(self, each: Resident) -> None:
        born = f"　{each.born_on:%Y}年生" if each.born_on else ""
        relation = f"　{code_list('family_relation').label(each.relation)}" if each.relation else ""
        made = button(
            f"{each.name}{born}{relation}",
            functools.partial(self._desk.bus.open_requested.emit, "resident", each.id),
            icon="person",
            look="flat",
        )
        made.setStyleSheet("text-align: left;")
        self._people.addWidget(made)
        phone = elements.masked(BY_NAME["resident"].column("phone"), each.phone)
        if phone:
            self._people.addWidget(label(f"　　 {phone}", "small"))


def _last_visit(found: Home) -> str:
    visit = found.last_visit
    if visit is None:
        return "没有走访记录"
    kind = BY_NAME["visit"]
    words = [
        cell_text(kind.column(name), getattr(visit, name), code_list)
        for name in ("visited_at", "way", "content")
    ]
    return f"最近走访　{'　'.join(filter(None, words))}"
