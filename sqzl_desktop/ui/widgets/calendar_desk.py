"""日历维护: a month with its workdays and holidays, to be changed day by day; office hours."""

import dataclasses
import datetime as dt

from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QScrollArea, QWidget

from sqzl_desktop.base.clock import moment_text
from sqzl_desktop.domain.case_clock import timetable
from sqzl_desktop.domain.kinds.calendar_day import CalendarDay
from sqzl_desktop.domain.kinds.office_hours import OfficeHours
from sqzl_desktop.domain.limits import read
from sqzl_desktop.domain.working_time import is_announced
from sqzl_desktop.services import case_rules, elements, work_calendar
from sqzl_desktop.services.work_calendar import Day
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.hours_table import HoursTable
from sqzl_desktop.ui.widgets.month_grid import MonthGrid, spoken
from sqzl_desktop.ui.widgets.parts import button, card, clear, column, fact, holder, label, row

_SIDE = 420
_EXAMPLES = ("4工作时", "5工作日", "15工作日")
_RECENT = 3
_UNKNOWN = (
    "程序里还没有{}年国务院公布的放假调休安排，只有法定节日；公布后请更新程序，或在这里逐日调整。"
)
_LEGEND = "红色休息；绿色、黄色是本社区调整过的日子。方向键移动，空格键或双击改变。"


@dataclasses.dataclass(frozen=True)
class _Shown:
    """All that is read for one look."""

    weeks: list[list[Day]]
    hours: list[OfficeHours]
    adjusted: list[CalendarDay]
    examples: list[tuple[str, str]]
    cases: int


class CalendarDesk(QWidget):
    """The month on the left, the day, the office hours and what follows on the right."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._may = elements.may(desk.ws, "write", "calendar_day")
        self.on = desk.ws.today
        self._day: Day | None = None
        self._month = label("", "section")
        self.grid = MonthGrid()
        self._said = label("", "section", wrap=True)
        self.name = QLineEdit()
        self.name.setAccessibleName("名称")
        self.name.setPlaceholderText("原因，例如：防汛值守、停电检修")
        self.name.returnPressed.connect(self._keep_name)
        self.change = button("", self._change, icon="edit", look="primary", tip="空格键")
        self.reset = button("恢复国家日历", self._reset, icon="back")
        self.hours = HoursTable(desk)
        self._adjusted, self._examples = column(gap=4), column(gap=4)
        self._cases = label("", "soft", wrap=True)
        self._legend = label(_LEGEND, "small", wrap=True)
        self._unknown = label("", "doubt", wrap=True)
        self._lay_out()
        self.grid.picked.connect(self._picked)
        self.grid.toggled.connect(self._toggled)
        desk.bus.changed.connect(self._heard)
        for keys, months in (("PgUp", -1), ("PgDown", 1)):
            shortcut = QShortcut(keys, self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda months=months: self.turn(months))

    def _lay_out(self) -> None:
        bar = row(
            button("上个月", lambda: self.turn(-1), icon="back", tip="PgUp"), self._month,
            button("下个月", lambda: self.turn(1), tip="PgDown"), None,
            button("回到今天", lambda: self.show_month(self._desk.ws.today)), gap=12,
        )  # fmt: skip
        left = column(bar, self.grid, self._legend, self._unknown, gap=8)
        left.setStretch(1, 1)
        day = column(self._said, gap=8)
        if self._may:
            day.addWidget(self.name)
            day.addLayout(row(self.change, self.reset, None))
        right = QScrollArea()
        right.setWidget(holder(column(
            card(day, padding=12), card(column(self.hours), padding=12),
            card(column(label("本社区调整过的日子", "section"), self._adjusted, gap=6), padding=12),
            card(column(self._examples, self._cases, gap=6), padding=12), None, gap=10,
        )))  # fmt: skip
        right.setWidgetResizable(True)
        right.setFrameShape(QFrame.Shape.NoFrame)
        right.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        right.setFixedWidth(_SIDE)
        both = row(holder(left), right, gap=16)
        both.setStretch(0, 1)
        self.setLayout(both)

    def turn(self, months: int) -> None:
        """Show another month, so many from the one in sight."""
        number = self.on.year * 12 + self.on.month - 1 + months
        self.show_month(dt.date(number // 12, number % 12 + 1, 1))

    def show_month(self, on: dt.date) -> None:
        """Show the month of a day, and that day."""
        self.on = on
        self.refresh()

    def refresh(self) -> None:
        """Show what is in the store now."""
        ws, on = self._desk.ws, self.on

        def work() -> _Shown:
            start = ws.clock.now()
            calendar = case_rules.rules(ws).calendar
            plans = ((text, timetable(calendar, start, read(text))) for text in _EXAMPLES)
            return _Shown(
                work_calendar.month(ws, on.year, on.month),
                work_calendar.hours(ws),
                work_calendar.adjusted(ws),
                [(text, moment_text(plan[-1][1])) for text, plan in plans],
                work_calendar.open_cases(ws),
            )

        self._desk.run(self, work, self._show)

    def _show(self, found: _Shown) -> None:
        self._month.setText(f"{self.on.year}年{self.on.month}月")
        is_known = is_announced(self.on.year)
        self._unknown.setText("" if is_known else _UNKNOWN.format(self.on.year))
        self._unknown.setVisible(not is_known)
        self.grid.show_month(found.weeks, self.on.month, self.on)
        self.hours.show_hours(found.hours, self._desk.ws.today)
        clear(self._adjusted)
        for each in found.adjusted[:_RECENT]:
            self._adjusted.addLayout(self._adjusted_line(each))
        if not found.adjusted:
            self._adjusted.addWidget(label("没有，全部按国家公布的节假日和调休", "soft", wrap=True))
        elif len(found.adjusted) > _RECENT:
            self._adjusted.addWidget(
                label(f"还有更早的 {len(found.adjusted) - _RECENT} 天", "soft")
            )
        clear(self._examples)
        self._examples.addWidget(label("如果现在开始计时，到期时间", "section"))
        for text, ends in found.examples:
            self._examples.addLayout(fact(text, ends, width=84))
        self._cases.setText(f"在办案件 {found.cases} 件。修改日历并同步后，服务器统一重新计算它们的"
                            "时限，案件上写明“因日历调整由…改为…”。")  # fmt: skip

    def _adjusted_line(self, each: CalendarDay) -> QHBoxLayout:
        work = "上班" if each.is_workday else "休息"
        on = each.on or self.on
        words = f"{on}　{work}　{each.name}".strip()
        return row(button(words, lambda: self.show_month(on), look="flat"), None)

    def _picked(self, day: Day) -> None:
        self._day = day
        self.on = day.on
        self._said.setText(spoken(day))
        self.name.setText(day.name if day.is_adjusted else "")
        self.change.setText("改为休息" if day.is_workday else "改为上班")
        self.reset.setEnabled(day.is_adjusted)

    def _toggled(self, day: Day) -> None:
        if self._may:
            name = self.name.text().strip() if day == self._day else ""
            self._set(day.on, is_workday=not day.is_workday, name=name)

    def _change(self) -> None:
        if self._day is not None:
            self._toggled(self._day)

    def _keep_name(self) -> None:
        """A word for the day, which stays as it is."""
        if self._day is not None and self._may:
            self._set(self._day.on, is_workday=self._day.is_workday, name=self.name.text().strip())

    def _set(self, on: dt.date, *, is_workday: bool, name: str) -> None:
        ws = self._desk.ws
        said = "上班" if is_workday else "休息"

        def done(_nothing: object) -> None:
            self._desk.say(f"已存本机：{on.month}月{on.day}日{said}；同步后重新计算在办案件的时限")
            self._desk.bus.changed.emit(("calendar_day",))

        self._desk.run(
            self, lambda: work_calendar.set_day(ws, on, is_workday=is_workday, name=name), done
        )

    def _reset(self) -> None:
        ws, on = self._desk.ws, self.on

        def done(_nothing: object) -> None:
            self._desk.say(f"已存本机：{on.month}月{on.day}日恢复为国家日历")
            self._desk.bus.changed.emit(("calendar_day",))

        self._desk.run(self, lambda: work_calendar.reset_day(ws, on), done)

    def _heard(self, kinds: tuple[str, ...]) -> None:
        if self.isVisible() and {"calendar_day", "office_hours"} & set(kinds):
            self.refresh()
