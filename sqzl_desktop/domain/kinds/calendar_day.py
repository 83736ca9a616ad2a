"""日历调整: a day the city works or rests on, whatever the national calendar says."""

import datetime as dt

from sqzl_desktop.schema.fields import Element, date, flag, record, text
from sqzl_desktop.schema.kind import describe


@record
class CalendarDay(Element):
    """One day. Of several for a day, made on different devices, the one made last counts."""

    on: dt.date | None = date("日期", required=True, listed=True)
    is_workday: bool = flag("上班", listed=True)
    name: str = text("名称", listed=True)


CALENDAR_DAY = describe(
    CalendarDay, name="calendar_day", label="日历调整", title=("on", "name"), in_grid=False
)
