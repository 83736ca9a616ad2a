"""日历维护: the days and office hours by which a community counts limits."""

import calendar as months
import dataclasses
import datetime as dt
from collections.abc import Sequence

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain.access import allows
from sqzl_desktop.domain.case_flow import UNDER_WAY
from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.domain.kinds.calendar_day import CALENDAR_DAY, CalendarDay
from sqzl_desktop.domain.kinds.office_hours import OFFICE_HOURS, OfficeHours
from sqzl_desktop.domain.office_hours import read_hours, write_hours
from sqzl_desktop.domain.working_time import NATIONAL, national
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.services import case_rules, elements
from sqzl_desktop.services.saving import put
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import changes, records

_MOST = 5000


@dataclasses.dataclass(frozen=True, slots=True)
class Day:
    """A day as the calendar shows it: `name` is the holiday's or the community's word for it."""

    on: dt.date
    is_workday: bool
    name: str
    is_adjusted: bool


def month(ws: Workspace, year: int, number: int) -> list[list[Day]]:
    """The weeks of a month, Monday first, with the days of its neighbours that fill them."""
    with ws.store.read() as tx:
        own = {each.on: each for each in _days(records.find(tx, CALENDAR_DAY.name, limit=_MOST))}
        calendar = case_rules.calendar_in(tx)
    weeks = months.Calendar().monthdatescalendar(year, number)

    def shown(on: dt.date) -> Day:
        mine = own.get(on)
        name = mine.name if mine else national(on.year).get(on, "")
        return Day(on, calendar.is_workday(on), name, mine is not None)

    return [[shown(on) for on in week] for week in weeks]


def adjusted(ws: Workspace) -> list[CalendarDay]:
    """The days the community has set otherwise, the latest first."""
    with ws.store.read() as tx:
        found = _days(records.find(tx, CALENDAR_DAY.name, limit=_MOST))
    known = {each.on: each for each in found}
    return sorted(known.values(), key=lambda each: each.on or dt.date.min, reverse=True)


def hours(ws: Workspace) -> list[OfficeHours]:
    """The office hours the community has set, the latest first."""
    with ws.store.read() as tx:
        found = records.find(tx, OFFICE_HOURS.name, limit=_MOST)
    kept = [each for each in found if isinstance(each, OfficeHours)]
    return sorted(kept, key=lambda each: each.from_on or dt.date.min, reverse=True)


def set_day(ws: Workspace, on: dt.date, *, is_workday: bool, name: str = "") -> None:
    """A day is worked on, or off. What the national calendar says anyway needs no record."""
    if NATIONAL.is_workday(on) == is_workday and not name:
        reset_day(ws, on)
        return
    with ws.store.write() as tx:
        found = _days(records.find(tx, CALENDAR_DAY.name, filters=[Filter("on", "=", on)]))
        day = found[-1] if found else CalendarDay(on=on)
        changed = dataclasses.replace(day, is_workday=is_workday, name=name)
        put(ws, changes.Action(tx, ws.clock.now()), changed, CALENDAR_DAY)


def reset_day(ws: Workspace, on: dt.date) -> None:
    """恢复: the day is again what the national calendar says."""
    _refuse_others(ws)
    with ws.store.write() as tx:
        found = _days(records.find(tx, CALENDAR_DAY.name, filters=[Filter("on", "=", on)]))
        action = changes.Action(tx, ws.clock.now(), grouped=len(found) > 1)
        for each in found:
            action.delete(CALENDAR_DAY.name, each.id, each.community_id)


def set_hours(ws: Workspace, from_on: dt.date | None, text: str) -> None:
    """Office hours from a day on, in place of what was set for that day."""
    if from_on is None:
        raise Refused("请填写从哪一天起执行")
    written = write_hours(read_hours(text))
    with ws.store.write() as tx:
        found = records.find(tx, OFFICE_HOURS.name, filters=[Filter("from_on", "=", from_on)])
        first = found[0] if found else OfficeHours(from_on=from_on)
        assert isinstance(first, OfficeHours)
        changed = dataclasses.replace(first, hours=written)
        put(ws, changes.Action(tx, ws.clock.now()), changed, OFFICE_HOURS)


def drop_hours(ws: Workspace, record_id: str) -> None:
    """Office hours set by mistake; the ones before them go on."""
    elements.delete(ws, OFFICE_HOURS.name, record_id)


def open_cases(ws: Workspace) -> int:
    """How many cases a change of the calendar may move."""
    return elements.count(ws, "case", filters=[Filter("state", "in", UNDER_WAY)])


def _days(found: Sequence[Element]) -> list[CalendarDay]:
    """The records, of two for one day the one that counts last."""
    days = [each for each in found if isinstance(each, CalendarDay)]
    return sorted(days, key=lambda each: each.id)


def _refuse_others(ws: Workspace) -> None:
    if not allows(ws.actor, "write", CALENDAR_DAY):
        raise Refused("您的岗位不能修改日历，请联系社区负责人")
