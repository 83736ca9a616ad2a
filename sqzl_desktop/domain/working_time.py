"""工作时间: which days and hours count, and how limits are measured over them.

Days counted in 工作日 and 自然日 follow 民法典 201 and 203: the day on which a period begins does
not count, and the last one ends when business ends (自然日: with the last second of the day). A
limit of five working days that begins on Monday at nine therefore ends next Monday at the close of
the office, whatever the minute of its beginning. Hours run from the minute on. A limit in 自然日
that ends on a day off is not put off to the next day: it is the city's promise, not a period of
procedure, and who wants days off left out has 工作日.

Every measure is a sum over stretches of time that count, each with the amount it is worth. A pause
cuts them; so splitting a pause changes nothing, and `elapsed` takes back what `add` adds.
"""

import bisect
import dataclasses
import datetime as dt
import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from sqzl_desktop.base.clock import BEIJING
from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain.kinds.calendar_day import CalendarDay
from sqzl_desktop.domain.kinds.office_hours import OfficeHours
from sqzl_desktop.domain.limits import Phase, Unit
from sqzl_desktop.domain.office_hours import DEFAULT_HOURS, Span, read_hours

Pause = tuple[dt.datetime, dt.datetime | None]

_DAY = dt.timedelta(days=1)
_LAST = dt.time(23, 59, 59)  # midnight would be read as the next day
_NEVER = 5000  # days without a countable minute: the calendar is empty


@functools.lru_cache(maxsize=64)
def national(year: int) -> Mapping[dt.date, str]:
    """The days of a year that differ from the week, with their Chinese names.

    A holiday, or a weekend day worked instead of another (its name is then "调休上班"). Years the
    State Council has not announced yet know the statutory holidays only.
    """
    import holidays

    found = holidays.country_holidays("CN", years=year, language="zh_CN")
    days = {
        day: _MOVED if name.startswith("休息日") else name  # which day it was moved from: too long
        for day, name in found.items()
        if day.year == year
    }
    return days | {day: MADE_UP for day in found.weekend_workdays if day.year == year}


MADE_UP = "调休上班"
_MOVED = "调休放假"


def is_announced(year: int) -> bool:
    """Is the State Council's arrangement of a year's holidays known? It always moves some days."""
    return MADE_UP in national(year).values()


@dataclasses.dataclass(frozen=True)
class Calendar:
    """The working calendar of a community.

    `days` are the city's own adjustments, over the national holidays. `hours` are the office
    hours, each from its day on, in order; before the first of them the usual ones are in force.
    """

    days: Mapping[dt.date, bool] = dataclasses.field(default_factory=dict)
    hours: tuple[tuple[dt.date, tuple[Span, ...]], ...] = ()

    def is_workday(self, day: dt.date) -> bool:
        """Is this day worked on?"""
        if day in self.days:
            return self.days[day]
        known = national(day.year).get(day)
        return known == MADE_UP if known is not None else day.weekday() < 5

    def spans(self, day: dt.date) -> tuple[Span, ...]:
        """The office hours of a day, none of a day off."""
        return self.hours_on(day) if self.is_workday(day) else ()

    def hours_on(self, day: dt.date) -> tuple[Span, ...]:
        """The office hours in force on a day, were it worked on."""
        at = bisect.bisect_right(self.hours, day, key=lambda each: each[0])
        return self.hours[at - 1][1] if at else _DEFAULT


_DEFAULT = read_hours(DEFAULT_HOURS)
NATIONAL = Calendar()


def calendar_of(
    calendar_days: Iterable[CalendarDay], office_hours: Iterable[OfficeHours]
) -> Calendar:
    """The calendar that a community's records make. Of two for one day the one made later counts.

    The same records make the same calendar on the device and on the server. Hours that cannot be
    read are left out: they were refused where they were written.
    """
    days = {
        each.on: each.is_workday
        for each in sorted(calendar_days, key=lambda each: each.id)
        if each.on is not None
    }
    hours: dict[dt.date, tuple[Span, ...]] = {}
    for each in sorted(office_hours, key=lambda each: each.id):
        try:
            hours[each.from_on or dt.date.min] = read_hours(each.hours)
        except Refused:
            continue
    return Calendar(days, tuple(sorted(hours.items())))


@dataclasses.dataclass(frozen=True, slots=True)
class _Stretch:
    """Time that counts, in Beijing, and what it is worth in its unit."""

    begun: dt.datetime
    ended: dt.datetime
    worth: Fraction


def add(
    calendar: Calendar, start: dt.datetime, phase: Phase, pauses: Sequence[Pause] = ()
) -> dt.datetime:
    """When a phase that begins at `start` is over, in UTC: the earliest such moment.

    While it was paused no time counted; a pause that goes on must be left out by the caller.
    """
    left = Fraction(phase.amount)
    for stretch in _running(_stretches(calendar, phase.unit, start), pauses):
        if stretch.worth >= left:
            share = left / stretch.worth
            seconds = Fraction((stretch.ended - stretch.begun) / dt.timedelta(seconds=1)) * share
            whole = -(-seconds.numerator // seconds.denominator)
            return (stretch.begun + dt.timedelta(seconds=whole)).astimezone(dt.UTC)
        left -= stretch.worth
    raise Refused("日历里没有工作日，请社区负责人检查“日历和办公时间”")


def elapsed(
    calendar: Calendar,
    start: dt.datetime,
    end: dt.datetime,
    unit: Unit,
    pauses: Sequence[Pause] = (),
) -> Fraction:
    """How much of a unit has passed from `start` to `end`, pauses left out; 0 before `start`."""
    total = Fraction(0)
    for stretch in _running(_stretches(calendar, unit, start), pauses):
        if stretch.begun >= end:
            break
        if stretch.ended <= end:
            total += stretch.worth
        else:
            total += stretch.worth * _share(stretch, end)
            break
    return total


def _share(stretch: _Stretch, until: dt.datetime) -> Fraction:
    second = dt.timedelta(microseconds=1)
    return Fraction((until - stretch.begun) // second, (stretch.ended - stretch.begun) // second)


def _stretches(calendar: Calendar, unit: Unit, start: dt.datetime) -> Iterator[_Stretch]:
    begun = start.astimezone(BEIJING)
    day = begun.date()
    for _ in range(_NEVER):
        if unit is Unit.HOURS:
            tomorrow = _at(day + _DAY, dt.time())
            yield _Stretch(begun, tomorrow, _hours(begun, tomorrow))
            begun = tomorrow
        elif unit is Unit.WORK_HOURS:
            for opens, closes in calendar.spans(day):
                opened, closed = max(_at(day, opens), begun), _at(day, closes)
                if opened < closed:
                    yield _Stretch(opened, closed, _hours(opened, closed))
        elif day > begun.date():
            yield from _of_day(calendar, unit, day)
        day += _DAY


def _of_day(calendar: Calendar, unit: Unit, day: dt.date) -> Iterator[_Stretch]:
    if unit is Unit.DAYS:
        yield _Stretch(_at(day, dt.time()), _at(day, _LAST), Fraction(1))
        return
    spans = [(_at(day, opens), _at(day, closes)) for opens, closes in calendar.spans(day)]
    whole = sum((_hours(*span) for span in spans), Fraction(0))
    for opened, closed in spans:
        yield _Stretch(opened, closed, _hours(opened, closed) / whole)


def _running(stretches: Iterator[_Stretch], pauses: Sequence[Pause]) -> Iterator[_Stretch]:
    """The stretches without what lies in a pause."""
    stops = _joined(pauses)
    if not stops:
        yield from stretches
        return
    for stretch in stretches:
        begun = stretch.begun
        for stopped, resumed in stops:
            if resumed <= begun or stopped >= stretch.ended:
                continue
            if stopped > begun:
                yield _part(stretch, begun, stopped)
            begun = min(resumed, stretch.ended)
        if begun < stretch.ended:
            yield _part(stretch, begun, stretch.ended)


def _part(stretch: _Stretch, begun: dt.datetime, ended: dt.datetime) -> _Stretch:
    share = Fraction(_hours(begun, ended), _hours(stretch.begun, stretch.ended))
    return _Stretch(begun, ended, stretch.worth * share)


def _joined(pauses: Sequence[Pause]) -> list[tuple[dt.datetime, dt.datetime]]:
    """The finished pauses in order, those that touch as one."""
    found: list[tuple[dt.datetime, dt.datetime]] = []
    ended = [(begun, over) for begun, over in pauses if over is not None and begun < over]
    for begun, over in sorted(ended):
        if found and begun <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], over)
        else:
            found.append((begun, over))
    return found


def _hours(begun: dt.datetime, ended: dt.datetime) -> Fraction:
    return Fraction((ended - begun) // dt.timedelta(microseconds=1), 3_600_000_000)


def _at(day: dt.date, time: dt.time) -> dt.datetime:
    return dt.datetime.combine(day, time, BEIJING)
