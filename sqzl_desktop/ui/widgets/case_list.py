"""案件收件箱: the cases of one of a person's boxes; the boxes stand above, with their counts."""

import functools
from collections.abc import Mapping

from PySide6.QtCore import QSignalBlocker, QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QLabel,
    QStackedWidget,
    QWidget,
)

from sqzl_desktop.domain import case_boxes
from sqzl_desktop.domain.case_flow import CASE_FLOW
from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.services import case_bulk, case_inbox, views
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.models.case_table import CaseTable
from sqzl_desktop.ui.widgets.box_bar import BoxBar
from sqzl_desktop.ui.widgets.case_keys import STEP_KEYS, CaseKeys
from sqzl_desktop.ui.widgets.filter_bar import FilterBar
from sqzl_desktop.ui.widgets.parts import button, column, empty_state, holder, label, row

FIELDS = ("grid_id", "class_code", "urgency", "handler", "source")
ROOM = {2: 440, 3: 660, 4: 780, 5: 880}  # a column is shown where the table is as wide as this
MINUTE = 60_000


class CaseList(QWidget):
    """One box at a time, chosen by `boxes`; several cases may be selected."""

    selected = Signal(str)
    opened = Signal(str)
    step_wanted = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._chosen, self._is_stale = "", True
        self._counts_wanted, self._all_wanted = True, False
        self.boxes = BoxBar(case_boxes.boxes_for(desk.ws.actor))
        self.boxes.chosen.connect(lambda _box: self._begin())
        self.bar = FilterBar(desk, BY_NAME["case"], fields=FIELDS)
        self.bar.changed.connect(self._begin)
        self.bar.unfolded.connect(self._ask_choices)
        self.model = CaseTable(desk, self)
        self.model.shown.connect(self._shown)
        self.table = self._make_table()
        self._nothing = label("", "soft")
        self._stack = QStackedWidget()
        for part in (self.table, *self._empty_states()):
            self._stack.addWidget(part)
        self._hint, self._bulk = label(_hint(desk), "small", wrap=True), self._bulk_row()
        body = column(self.bar, self._stack, self._hint, self._bulk, gap=8)
        body.setStretch(1, 1)
        self.setLayout(body)
        self.setFocusProxy(self.table)
        desk.bus.changed.connect(self._changed)
        self._minute = QTimer(self, interval=MINUTE)
        self._minute.timeout.connect(self._tick)
        self._minute.start()
        kind, ws = "case", desk.ws
        desk.run(self, lambda: views.kept(ws, kind), self.bar.show_kept)

    def refresh(self) -> None:
        """Ask for everything anew; what is chosen and in sight stays so."""
        self._is_stale = False
        self._counts_wanted = True
        self._ask(keep=True)

    def show_box(self, box: str, *conditions: Filter) -> None:
        """Go to a box, narrowed by nothing but conditions."""
        self.boxes.choose(box)
        self.bar.look_for("", *conditions)

    def choose_case(self, case_id: str) -> None:
        """Select a case alone, without telling; it may lie in another box."""
        self._chosen = case_id
        with QSignalBlocker(self):
            self.table.clearSelection()
            for row in self.model.rows_of({case_id}):
                self.table.selectRow(row)

    def go_on(self) -> None:
        """To the case after the chosen one, which is done with here."""
        for place in self.model.rows_of({self._chosen}):
            if self.model.line(place + 1) is not None:
                self.table.selectRow(place + 1)

    def _make_table(self) -> CaseKeys:
        table = CaseKeys(self.model)
        table.chosen.connect(self._open)
        table.doubleClicked.connect(lambda _index: self._open())
        table.step_wanted.connect(self.step_wanted)
        table.find_wanted.connect(self.bar.text.setFocus)
        table.all_wanted.connect(self._select_all)
        chooser = table.selectionModel()
        chooser.currentRowChanged.connect(lambda now, _before: self._select(now.row()))
        chooser.selectionChanged.connect(lambda _on, _off: self._tell_selection())
        return table

    def _empty_states(self) -> tuple[QWidget, QWidget]:
        narrowed = empty_state(
            "search", "没有符合条件的案件。换个查找词，或清空筛选条件。",
            button("清空筛选", self.bar.clear),
        )  # fmt: skip
        nothing = empty_state("check", "")
        self._nothing = nothing.findChildren(QLabel)[-1]
        return narrowed, nothing

    def _begin(self) -> None:
        self._chosen = ""
        self._ask(keep=False)

    def _ask(self, *, keep: bool) -> None:
        self.model.ask(self.boxes.box, self.bar.filters(), keep=keep)

    def _select_all(self) -> None:
        """All of the box, also those that were not read yet, as far as they may go at once."""
        self._all_wanted = True
        self.model.ask(self.boxes.box, self.bar.filters(), least=case_bulk.MOST)

    def _ask_numbers(self) -> None:
        """After the rows are there: how many there are, here and in the other boxes."""
        box, filters, ws = self.boxes.box, tuple(self.bar.filters()), self._desk.ws

        def done(total: int) -> None:
            if (box, filters) == (self.boxes.box, tuple(self.bar.filters())):
                self.bar.count.setText(f"共 {total:,} 件")

        self._desk.run(self, lambda: case_inbox.total(ws, box, filters), done)
        if self._counts_wanted:
            self._counts_wanted = False
            self._desk.run(self, lambda: case_inbox.counts(ws), self.boxes.show_counts)

    def _ask_choices(self) -> None:
        """What the filters offer, when somebody looks at them."""
        self._desk.run(self, lambda: case_inbox.choices(self._desk.ws), self._offer)

    def _offer(self, choices: Mapping[str, list[tuple[str, str]]]) -> None:
        for field, some in choices.items():
            self.bar.choices.offer(field, some)

    def _shown(self) -> None:
        self._ask_numbers()
        has_rows = self.model.rowCount() > 0
        is_narrowed = bool(self.bar.filters())
        self._nothing.setText(case_boxes.box_named(self.boxes.box).nothing)
        self._stack.setCurrentIndex(0 if has_rows else 1 if is_narrowed else 2)
        if self._all_wanted:
            self._all_wanted = False
            self.table.selectAll()
        elif self._chosen:
            with QSignalBlocker(self):
                self.table.restore(self._chosen)
        elif has_rows:
            self.table.selectRow(0)  # what is to be done next is seen at once
        self._tell_selection()

    def _select(self, row: int) -> None:
        line = self.model.line(row)
        if line is not None and line.id != self._chosen:
            self._chosen = line.id
            self.selected.emit(line.id)

    def _bulk_row(self) -> QWidget:
        """What may be done with several cases at once, shown while several are selected."""
        self._many = label("", "section")
        role, parts = self._desk.ws.actor.role, row(self._many, gap=8)
        for step in case_bulk.BULK:
            if CASE_FLOW.states_for(role, (step,)):
                text = f"批量{CASE_FLOW.transition(step).label}"
                parts.addWidget(button(text, functools.partial(self.step_wanted.emit, step)))
        parts.addStretch(1)
        made = holder(parts)
        made.hide()
        return made

    def _tell_selection(self) -> None:
        count = len(self.table.selectionModel().selectedRows())
        most = f"（一次最多{case_bulk.MOST}件）" if count == case_bulk.MOST else ""
        self._many.setText(f"已选 {count} 件{most}")
        self._bulk.setVisible(count > 1)
        self._hint.setVisible(count <= 1)

    def _open(self) -> None:
        line = self.model.line(self.table.currentIndex().row())
        if line is not None:
            self.opened.emit(line.id)

    def _changed(self, kinds: tuple[str, ...]) -> None:
        if "case" in kinds:
            self._is_stale = True
            self._tick()

    def _tick(self) -> None:
        """Limits pass while nobody touches anything."""
        if self.isVisible():
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for place, room in ROOM.items():
            self.table.setColumnHidden(place, self.width() < room)


def _hint(desk: Desk) -> str:
    """The keys of the list, with the letters of the steps that this post may take."""
    role = desk.ws.actor.role
    letters = [
        f"{QKeySequence(key).toString()} {CASE_FLOW.transition(step).label}"
        for key, step in STEP_KEYS.items()
        if CASE_FLOW.states_for(role, (step,))
    ]
    return "　".join(("J K 上下", "回车 打开", "/ 查找", *letters))
