"""数据质量: what is wrong or due in the register, counted; each line opens its list."""

import functools
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QStackedWidget, QWidget

from sqzl_desktop.base.clock import BEIJING
from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.domain.quality import Check, check_named
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.services import elements, quality
from sqzl_desktop.services.quality import Line
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.models.quality_table import QualityTable
from sqzl_desktop.ui.widgets.page import PageView
from sqzl_desktop.ui.widgets.parts import button, card, column, holder, label, row
from sqzl_desktop.ui.widgets.quality_view import QualityView
from sqzl_desktop.ui.widgets.record_list import RecordList

AT_ONCE = 2  # parts counted beside each other: each has a connection, whose cache takes memory


class QualityPage(PageView):
    """The panel, and in its place the list of a line while one is worked through."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "数据质量")
        self._waiting = 0
        self._parts: list[list[str]] = []
        self._round = 0
        self._chosen: tuple[Check, str] | None = None  # what is worked through, in which grid
        self._lists: dict[str, RecordList] = {}
        self.table = QualityTable(self)
        self.view = QualityView(self.table)
        self.view.wanted.connect(self._wanted)
        self._state = label("", "soft")
        self._sound = QCheckBox("显示没有问题的项")
        self._sound.toggled.connect(self._show_sound)
        again = button("重新检查", self.refresh, icon="sync", tip="按现在的资料重新检查")
        for part in (self._state, self._sound, again):
            self.tools.addWidget(part)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.view)
        self._stack.addWidget(self._make_desk())
        self.body.addWidget(self._stack, 1)
        desk.bus.changed.connect(self._changed)

    def _make_desk(self) -> QWidget:
        back = button("返回", self._go_back, icon="back", tip="返回数据质量（Esc）")
        back.setShortcut("Esc")
        self._head = label("", "section")
        self._advice = label("", "soft", wrap=True)
        self._place = QStackedWidget()
        words = column(self._head, self._advice, gap=2)
        top = row(back, words, gap=12)
        top.setStretch(1, 1)
        body = column(card(top, padding=12), self._place, gap=12)
        body.setStretch(1, 1)
        return holder(body)

    def refresh(self) -> None:
        if self._chosen is not None:
            self._ask_list()
        else:
            self.count()

    def open_record(self, _kind: str, record_id: str) -> None:
        """Work through the list of a check, by its name."""
        self._work_through(check_named(record_id), "")

    def count(self) -> None:
        """Count everything anew; lines appear as they are counted."""
        ws = self.desk.ws
        self._round += 1
        of_round = self._round
        self._state.setText("正在检查…")

        def begin(grids: dict[str, str]) -> None:
            if of_round != self._round:
                return
            self.table.begin(grids)
            self.view.fit()
            self._parts = quality.parts(ws)
            self._waiting = len(self._parts)
            for _ in range(AT_ONCE):
                self._count_next()

        self.desk.run(self, lambda: quality.grids(ws), begin)

    def _count_next(self) -> None:
        if self._parts:
            work = functools.partial(quality.count_part, self.desk.ws, self._parts.pop(0))
            self.desk.run(self, work, functools.partial(self._counted, self._round))

    def _counted(self, of_round: int, lines: list[Line]) -> None:
        if of_round != self._round:
            return
        self._waiting -= 1
        self._count_next()
        self._keeping_place(functools.partial(self.table.add, lines))
        if self._waiting:
            return
        ws, found = self.desk.ws, self.table.lines
        sound = sum(not line.total for line in found)
        at = ws.clock.now().astimezone(BEIJING)
        self._state.setText(f"检查了{len(found)}项，{sound}项没有问题　{at:%H:%M}　")
        self.desk.run(self, lambda: quality.keep(ws, found), lambda _month: None)

    def _show_sound(self, wanted: bool) -> None:
        self._keeping_place(functools.partial(self.table.show_sound, wanted))

    def _keeping_place(self, change: functools.partial[None]) -> None:
        """Change what the table shows; the line that was chosen stays so."""
        row_number = self.view.currentIndex().row()
        name = self.table.line(row_number).check.name if row_number >= 0 else ""
        change()
        for place in range(self.table.rowCount()):
            if self.table.line(place).check.name == name:
                self.view.selectRow(place)

    def _wanted(self, row_number: int, column_number: int) -> None:
        check = self.table.line(row_number).check
        self._work_through(check, self.table.grid(column_number))

    def _work_through(self, check: Check, grid: str) -> None:
        self._chosen = check, grid
        if check.kind not in self._lists:
            made = RecordList(self.desk, check.kind)
            made.opened.connect(functools.partial(self._open, check.kind))
            self._lists[check.kind] = made
            self._place.addWidget(made)
        self._place.setCurrentWidget(self._lists[check.kind])
        name = self.table.grid_name(grid)
        self._head.setText(f"{check.label}　{name}" if name else check.label)
        self._advice.setText(check.advice)
        for widget in (self._state, self._sound):
            widget.hide()
        self._stack.setCurrentIndex(1)
        self._lists[check.kind].table.setFocus(Qt.FocusReason.OtherFocusReason)
        self._ask_list(quality.open_list)

    def _ask_list(self, ask: Callable[[Workspace, str], list[str]] = quality.record_ids) -> None:
        assert self._chosen is not None
        chosen = check, grid = self._chosen
        ws = self.desk.ws

        def show(ids: list[str]) -> None:
            if chosen != self._chosen:
                return
            field = "code" if check.kind == "grid" else "grid_id"
            within = [Filter(field, "=", grid)] if grid else []
            self._lists[check.kind].only(Filter("id", "in", tuple(ids)), *within)

        self.desk.run(self, lambda: ask(ws, check.name), show)

    def _open(self, kind: str, record_id: str) -> None:
        """Show the record; what is about a person is mended, or visited, from the person's card."""
        if "resident_id" not in BY_NAME[kind].known:
            self.desk.bus.open_requested.emit(kind, record_id)
            return

        def show(record: Element) -> None:
            person = getattr(record, "resident_id", "")
            self.desk.bus.open_requested.emit("resident", person)

        self.desk.run(self, lambda: elements.get(self.desk.ws, kind, record_id), show)

    def _go_back(self) -> None:
        self._chosen = None
        self._stack.setCurrentIndex(0)
        for widget in (self._state, self._sound):
            widget.show()
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        self.count()

    def _changed(self, _kinds: tuple[str, ...]) -> None:
        if self.isVisible() and self._chosen is not None:
            self._ask_list()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.view.fit()
