"""办公时间: the hours of a working day by which 工作时 are counted."""

import datetime as dt

from sqzl_desktop.schema.fields import Element, date, record, text
from sqzl_desktop.schema.kind import describe


@record
class OfficeHours(Element):
    """Office hours from a day on, as "08:30-12:00,14:30-18:00" in Beijing time."""

    from_on: dt.date | None = date("自", required=True, listed=True)
    hours: str = text("办公时间", required=True, listed=True)
    name: str = text("名称", listed=True)


OFFICE_HOURS = describe(
    OfficeHours, name="office_hours", label="办公时间", title=("name", "hours"), in_grid=False
)
