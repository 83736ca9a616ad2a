"""房屋: one dwelling beside the tree: what it is, who lives in it, its photos and its history."""

import datetime as dt
import functools

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QTabWidget, QWidget

from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.domain.kinds.dwelling import Dwelling
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.schema.codec import Unreadable
from sqzl_desktop.services import elements, pending, people
from sqzl_desktop.services.pending import Standing
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.attachments import AttachmentStrip
from sqzl_desktop.ui.widgets.field_editors import editor
from sqzl_desktop.ui.widgets.history_panel import HistoryPanel
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

FACTS = ("entrance", "floor", "room", "use", "area", "owner_name", "owner_phone")


class DwellingSide(QWidget):
    """Invites to choose a dwelling until one is shown; `tools` stand beside its name."""

    shown = Signal(str)  # the id of the dwelling

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._dwelling_id = ""
        self._head = label("", "section", wrap=True)
        self._state = StateChip(desk)
        self._facts, self._people = column(gap=8), column(gap=4)
        self._on = editor(BY_NAME["residence"].column("from_on"), lambda _kind: None)
        self._on.setToolTip("看某一天谁住在这里，例如 20260301")
        self._on.changed.connect(self._ask_people)
        self._attachments = AttachmentStrip(desk)
        self.history = HistoryPanel(desk)
        self._content = self._make_content()
        self._invitation = empty_state("house", "选择左侧的楼栋和房屋，查看住在里面的人")
        self.setLayout(column(self._invitation, self._content))
        self._content.hide()

    def _make_content(self) -> QFrame:
        scroll = QScrollArea()
        scroll.setWidget(holder(column(
            self._facts, 8, row(label("哪一天住在这里", "soft"), self._on, None, gap=8),
            self._people, 8, self._attachments, None, gap=8
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
        body = column(top, tabs, gap=8)
        body.setStretch(1, 1)
        return card(body)

    def invite(self) -> None:
        """No dwelling is chosen."""
        self._dwelling_id = ""
        self._content.hide()
        self._invitation.show()

    def show_dwelling(self, dwelling: Dwelling) -> None:
        """Show a dwelling with those who live in it."""
        ws = self._desk.ws
        if self._dwelling_id != dwelling.id:
            self._on.show_value(ws.today)
        self._dwelling_id, on = dwelling.id, self._day() or ws.today

        def work() -> tuple[list[Resident], Standing]:
            return (
                people.residents_of(ws, dwelling.id, on=on),
                pending.standing(ws, "dwelling", dwelling.id),
            )

        def done(found: tuple[list[Resident], Standing]) -> None:
            if self._dwelling_id == dwelling.id:
                self._draw(dwelling, *found)

        self._desk.run(self, work, done)

    def _day(self) -> dt.date | None:
        """The day whose people are asked for, None while it cannot be read."""
        try:
            day: dt.date | None = self._on.value()
        except Unreadable:
            day = None
        self._on.mark(wrong=day is None, doubtful=False)
        return day

    def _ask_people(self) -> None:
        ws, dwelling_id, on = self._desk.ws, self._dwelling_id, self._day()

        def done(found: list[Resident]) -> None:
            if self._dwelling_id == dwelling_id and self._day() == on:
                self._fill_people(found)

        if on is not None and dwelling_id:
            self._desk.run(self, lambda: people.residents_of(ws, dwelling_id, on=on), done)

    def _draw(self, dwelling: Dwelling, living: list[Resident], standing: Standing) -> None:
        self.shown.emit(dwelling.id)
        self._head.setText(dwelling.address)
        self._state.show_standing(standing)
        self._fill_facts(dwelling)
        self._fill_people(living)
        self._attachments.show_record("dwelling", dwelling.id)
        self.history.show_record("dwelling", dwelling.id)
        self._invitation.hide()
        self._content.show()

    def _fill_facts(self, dwelling: Dwelling) -> None:
        clear(self._facts)
        for name in FACTS:
            described = BY_NAME["dwelling"].column(name)
            text = elements.masked(described, getattr(dwelling, name))
            if text:
                self._facts.addLayout(fact(described.label, text, width=140))
        edit = button("修改房屋", lambda: self._open("dwelling", dwelling.id), icon="edit")
        visit = button("登记走访", lambda: self._visit(dwelling.id), icon="visit")
        self._facts.addLayout(row(edit, visit, None))

    def _fill_people(self, living: list[Resident]) -> None:
        clear(self._people)
        on = self._day() or self._desk.ws.today
        is_now = on == self._desk.ws.today
        title = "现住人员" if is_now else f"{on:%Y-%m-%d}住在这里的人"
        self._people.addWidget(label(f"{title}　{len(living)}", "section"))
        for each in living:
            born = f"　{each.born_on:%Y}年生" if each.born_on else ""
            made = button(
                f"{each.name}{born}",
                functools.partial(self._open, "resident", each.id),
                icon="person",
                look="flat",
            )
            made.setStyleSheet("text-align: left;")
            self._people.addWidget(made)
        if not living:
            nobody = "没有登记现住人员。空置的房屋请把使用状态改为“空置”。"
            self._people.addWidget(label(nobody if is_now else "这一天没有登记的住户。", "soft",
                                         wrap=True))  # fmt: skip

    def _visit(self, dwelling_id: str) -> None:
        self._desk.bus.visit_requested.emit("dwelling", dwelling_id)

    def _open(self, kind: str, record_id: str) -> None:
        self._desk.bus.open_requested.emit(kind, record_id)
