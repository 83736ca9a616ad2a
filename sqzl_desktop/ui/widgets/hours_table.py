"""办公时间: which office hours are in force from which day on."""

import datetime as dt

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.domain.kinds.office_hours import OfficeHours
from sqzl_desktop.domain.office_hours import DEFAULT_HOURS
from sqzl_desktop.schema.codec import Unreadable
from sqzl_desktop.services import elements, work_calendar
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.field_editors import editor
from sqzl_desktop.ui.widgets.parts import button, clear, column, label, row


class HoursTable(QWidget):
    """The lines, and one to add another."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._may = elements.may(desk.ws, "write", "office_hours")
        self._lines = column(gap=4)
        self.from_on = editor(BY_NAME["office_hours"].column("from_on"), lambda _kind: None)
        self.from_on.setFixedWidth(128)
        self.hours = QLineEdit()
        self.hours.setAccessibleName("办公时间")
        self.hours.setPlaceholderText(DEFAULT_HOURS)
        self.hours.returnPressed.connect(self.add_now)
        self._add = button("增加", self.add_now, icon="plus", tip="从这一天起执行新的办公时间")
        body = column(label("办公时间", "section"), self._lines, gap=8)
        if self._may:
            body.addLayout(row(label("自", "soft"), self.from_on, self.hours, self._add, gap=6))
        self.setLayout(body)

    def show_hours(self, found: list[OfficeHours], today: dt.date) -> None:
        """Show the office hours, the latest first; those before the first are the usual ones."""
        clear(self._lines)
        in_force = next((each.id for each in found if (each.from_on or today) <= today), "")
        for each in found:
            self._lines.addLayout(self._line(each, is_now=each.id == in_force))
        usual = f"此前　{DEFAULT_HOURS}（默认）" if found else f"{DEFAULT_HOURS}（默认）"
        self._lines.addWidget(label(usual, "" if not in_force else "soft"))

    def _line(self, each: OfficeHours, *, is_now: bool) -> QHBoxLayout:
        words = f"{each.from_on} 起　{each.hours}{'　现行' if is_now else ''}"
        line = row(label(words, "" if is_now else "soft"), None, gap=6)
        if self._may:
            line.addWidget(button("删除", lambda: self._drop(each), look="flat"))
        return line

    def add_now(self) -> None:
        """Set what stands in the line."""
        ws = self._desk.ws
        try:
            on = self.from_on.value()
        except Unreadable as error:
            self._desk.bus.said.emit(str(error), True)
            return
        text = self.hours.text().strip() or DEFAULT_HOURS

        def done(_nothing: object) -> None:
            self.from_on.show_value(None)
            self.hours.clear()
            self._desk.say(f"已存本机：{on}起办公时间为{text}；同步后重新计算在办案件的时限")
            self._desk.bus.changed.emit(("office_hours",))

        self._desk.run(self, lambda: work_calendar.set_hours(ws, on, text), done)

    def _drop(self, each: OfficeHours) -> None:
        ws = self._desk.ws

        def done(_nothing: object) -> None:
            self._desk.say("已删除，恢复为此前的办公时间；同步后重新计算在办案件的时限")
            self._desk.bus.changed.emit(("office_hours",))

        self._desk.run(self, lambda: work_calendar.drop_hours(ws, each.id), done)
