"""案件时限: until when a case is to be done, and how it stands.

The overall limit runs from filing through all phases of the class, each beginning when the limit
of the one before it ends: who is early in one has more time for the next. Parking stops it; a
granted extension puts it off. Each stage has a limit of its own from the moment it was entered.
"""

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

from sqzl_desktop.base.clock import BEIJING
from sqzl_desktop.domain.case_classes import ClassBook
from sqzl_desktop.domain.case_flow import ENDED, pauses
from sqzl_desktop.domain.kinds.case import Case
from sqzl_desktop.domain.limits import Phase, Unit
from sqzl_desktop.domain.working_time import NATIONAL, Calendar, Pause, add, elapsed

Standing = Literal["ok", "at_risk", "overdue", "paused", "done"]

WORDS: Mapping[Standing, str] = {
    "ok": "时限内",
    "at_risk": "即将超期",
    "overdue": "已超期",
    "paused": "暂停计时",
    "done": "已办结",
}
# one working day of eight hours: what falls due so soon must be taken in hand today
NOTICE = Phase("", Decimal(8), Unit.WORK_HOURS)
_PARKED = "parked"
_FAR = dt.timedelta(days=45)
_EXTENDED = ("dispatched", "handling", "fed_back", "verified")


@dataclasses.dataclass(frozen=True, slots=True)
class Dues:
    """Until when a case as a whole, and the stage it is in, are to be done. None: no limit."""

    due_at: dt.datetime | None = None
    stage_due_at: dt.datetime | None = None


def timetable(
    calendar: Calendar,
    start: dt.datetime,
    phases: Sequence[Phase],
    stops: Sequence[Pause] = (),
) -> list[tuple[Phase, dt.datetime]]:
    """When each phase of work that begins at `start` is over, one after the other."""
    found = []
    for phase in phases:
        start = add(calendar, start, phase, stops)
        found.append((phase, start))
    return found


def due(case: Case, book: ClassBook, calendar: Calendar) -> Dues:
    """The limits of a case as it stands. None while it is parked; an ended one keeps its own."""
    if case.state == _PARKED:
        return Dues()
    if case.state in ENDED:
        return Dues(case.due_at)
    stops = pauses(case)
    plan: list[tuple[Phase, dt.datetime]] = []
    if case.filed_at is not None:
        phases = book.phases(case.class_code, case.urgency, case.class_version)
        plan = timetable(calendar, case.filed_at, phases, stops)
    overall = plan[-1][1] if plan else None
    stage = _stage_due(case, book, calendar, plan)
    if case.granted_until is not None:
        overall = overall and max(overall, case.granted_until)
        if case.state in _EXTENDED:
            stage = stage and max(stage, case.granted_until)
    return Dues(overall, stage)


def _stage_due(
    case: Case, book: ClassBook, calendar: Calendar, plan: Sequence[tuple[Phase, dt.datetime]]
) -> dt.datetime | None:
    limit = book.stage_limit(case.class_code, case.state, case.class_version)
    since = case.state_at or case.reported_at
    if limit is not None and since is not None:
        return add(calendar, since, limit)
    if case.state == "handling" and plan:
        return plan[min(max(case.phase or 1, 1), len(plan)) - 1][1]
    return None


def clocks(book: ClassBook, calendar: Calendar) -> Callable[[Any], Mapping[str, Any]]:
    """What a step writes of limits into the case after it, by the classes and calendar in force.

    A case keeps the version of its class that was in force when it was filed. Once a step moves
    the limit, what it was before the calendar changed says nothing any more.
    """

    def of(case: Case) -> Mapping[str, Any]:
        changes: dict[str, Any] = {}
        if case.filed_at is not None and case.class_version is None:
            changes["class_version"] = book.version(case.class_code)
            case = dataclasses.replace(case, **changes)
        found = due(case, book, calendar)
        changes |= {"due_at": found.due_at, "stage_due_at": found.stage_due_at}
        if found.due_at != case.due_at:
            changes["due_before"] = None
        return changes

    return of


def risk_until(now: dt.datetime, calendar: Calendar = NATIONAL) -> dt.datetime:
    """What is due before this is at risk: within the next working day's worth of office hours."""
    return add(calendar, now, NOTICE)


def standing(case: Case, now: dt.datetime, until: dt.datetime | None = None) -> Standing:
    """How a case stands. `until` is `risk_until` of the community; the national one without it.

    At risk is also what is late in its stage while the whole is still in time.
    """
    if case.state in ENDED:
        return "done"
    if case.state == _PARKED:
        return "paused"
    if case.due_at is not None and case.due_at < now:
        return "overdue"
    if case.stage_due_at is not None and case.stage_due_at < now:
        return "at_risk"
    if case.due_at is not None and case.due_at < (until or risk_until(now)):
        return "at_risk"
    return "ok"


def in_time(case: Case) -> bool | None:
    """Was an ended case ended in time? None where it has no limit or is not ended."""
    if case.state not in ENDED or case.closed_at is None or case.due_at is None:
        return None
    return case.closed_at <= case.due_at


def left(case: Case, now: dt.datetime, calendar: Calendar = NATIONAL) -> str:
    """How much time a case has left, in the words of the desk: 剩3个工作日, 超2小时10分.

    Less than a day is counted in office hours, since only they can be used; what is farther off
    than a month and a half is told in days of the calendar, wherever it is told.
    """
    if case.state == _PARKED:
        return "挂账，暂停计时"
    if case.state in ENDED:
        found = in_time(case)
        return "" if found is None else "按期办结" if found else "超期办结"
    if case.due_at is None:
        return ""
    if now <= case.due_at:
        return f"剩{_span(calendar, now, case.due_at)}"
    return f"超{_span(calendar, case.due_at, now)}"


def _span(calendar: Calendar, begun: dt.datetime, ended: dt.datetime) -> str:
    if ended - begun > _FAR:
        return f"{(ended - begun).days}天"
    same_day = begun.astimezone(BEIJING).date() == ended.astimezone(BEIJING).date()
    days = 0 if same_day else elapsed(calendar, begun, ended, Unit.WORK_DAYS)
    if days >= 2:
        return f"{int(days)}个工作日"
    minutes = int(elapsed(calendar, begun, ended, Unit.WORK_HOURS) * 60)
    whole = int((ended - begun).total_seconds()) // 60
    if whole and not minutes:  # a limit that runs round the clock, at night
        return f"{_clock_words(whole)}（非办公时间）"
    return _clock_words(minutes)


def _clock_words(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}分钟"
    return f"{hours}小时{rest}分" if rest else f"{hours}小时"
