"""办公时间: the hours of a working day by which 工作时 are counted."""

import datetime as dt
from collections.abc import Mapping

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain.office_hours import read_hours
from sqzl_desktop.schema.fields import Element, date, record, text
from sqzl_desktop.schema.kind import describe


@record
class OfficeHours(Element):
    """Office hours from a day on, as "08:30-12:00,14:30-18:00" in Beijing time."""

    from_on: dt.date | None = date("自", required=True, listed=True)
    hours: str = text("办公时间", required=True, listed=True)
    name: str = text("名称", listed=True)


def _errors(each: OfficeHours, _today: dt.date) -> Mapping[str, str]:
    if not each.hours:
        return {}
    try:
        read_hours(each.hours)
    except Refused as refused:
        return {"hours": str(refused)}
    return {}


OFFICE_HOURS = describe(
    OfficeHours, name="office_hours", label="办公时间", title=("name", "hours"), in_grid=False,
    errors=_errors,
)  # fmt: skip
