"""The working calendar: what counts, and that measuring takes back what adding adds."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sqzl_desktop.base.clock import BEIJING
from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain.kinds.calendar_day import CalendarDay
from sqzl_desktop.domain.kinds.office_hours import OfficeHours
from sqzl_desktop.domain.limits import Phase, Unit, read
from sqzl_desktop.domain.office_hours import read_hours
from sqzl_desktop.domain.working_time import (
    NATIONAL,
    Calendar,
    add,
    calendar_of,
    elapsed,
    is_announced,
)


def at(text: str) -> dt.datetime:
    return dt.datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=BEIJING)


def due(start: str, limit: str, *pauses: tuple[str, str], calendar: Calendar = NATIONAL) -> str:
    stops = [(at(begun), at(ended)) for begun, ended in pauses]
    (phase,) = read(limit)
    found = add(calendar, at(start), phase, stops)
    return f"{found.astimezone(BEIJING):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("start", "limit", "ends"),
    [
        ("2026-07-01 09:00", "4工作时", "2026-07-01 15:30"),  # over the midday break
        ("2026-07-01 15:00", "4工作时", "2026-07-02 09:30"),
        ("2026-07-01 08:30", "3.5工作时", "2026-07-01 12:00"),  # ends with the morning
        ("2026-07-03 20:00", "2工作时", "2026-07-06 10:30"),  # Friday night to Monday
        ("2026-07-01 09:00", "5工作日", "2026-07-08 18:00"),
        ("2026-07-01 23:00", "1工作日", "2026-07-02 18:00"),
        ("2026-07-01 09:00", "2自然日", "2026-07-03 23:59"),
        ("2026-07-03 20:00", "24小时", "2026-07-04 20:00"),
        # over the turn of the year: 1 and 2 January are off, Sunday 4 January is worked
        ("2025-12-31 16:00", "4工作时", "2026-01-04 10:30"),
        ("2025-12-30 16:00", "3工作日", "2026-01-05 18:00"),
        # Saturday 14 February is worked for the Spring Festival, which lasts until 23
        ("2026-02-13 15:00", "1工作日", "2026-02-14 18:00"),
        ("2026-02-13 17:00", "4工作时", "2026-02-14 11:30"),
        ("2026-02-14 15:00", "2工作日", "2026-02-25 18:00"),
    ],
)
def test_limits_end_when_the_office_would_say(start: str, limit: str, ends: str) -> None:
    assert due(start, limit) == ends


def test_pause_across_a_holiday_costs_its_working_time_only() -> None:
    # parked from Wednesday noon to the first morning after the National Day
    pause = ("2026-09-30 14:30", "2026-10-08 08:30")

    assert due("2026-09-29 09:00", "2工作日") == "2026-10-08 18:00"
    # half of 30 September (3.5 of 7 hours) was lost: half of the 9th makes it up
    assert due("2026-09-29 09:00", "2工作日", pause) == "2026-10-09 12:00"
    assert due("2026-09-30 10:00", "4工作时", pause) == "2026-10-08 10:30"
    assert due("2026-09-29 09:00", "2工作日", ("2026-10-01 08:00", "2026-10-08 08:00")) == (
        "2026-10-08 18:00"
    )


def test_city_s_days_stand_over_the_national_ones() -> None:
    calendar = calendar_of(
        [
            CalendarDay(id="1", on=dt.date(2026, 7, 2), is_workday=False, name="停电"),
            CalendarDay(id="2", on=dt.date(2026, 7, 4), is_workday=True, name="补班"),
        ],
        [],
    )

    assert due("2026-07-01 09:00", "2工作日", calendar=calendar) == "2026-07-04 18:00"
    assert due("2026-07-01 09:00", "2工作日") == "2026-07-03 18:00"


def test_of_two_records_for_a_day_the_later_made_counts_in_any_order() -> None:
    two = [
        CalendarDay(id="b", on=dt.date(2026, 7, 2), is_workday=True),
        CalendarDay(id="a", on=dt.date(2026, 7, 2), is_workday=False),
    ]

    assert calendar_of(two, []) == calendar_of(reversed(two), [])
    assert calendar_of(two, []).is_workday(dt.date(2026, 7, 2))


def test_new_office_hours_count_from_their_day_on() -> None:
    summer = OfficeHours(id="1", from_on=dt.date(2026, 7, 2), hours="08:00-12:00,15:00-18:30")
    calendar = calendar_of([], [summer])

    # one hour of the first, then from eight o'clock
    assert due("2026-07-01 17:00", "2工作时", calendar=calendar) == "2026-07-02 09:00"
    assert due("2026-07-01 17:00", "1工作日", calendar=calendar) == "2026-07-02 18:30"


def test_year_not_announced_yet_is_known_as_such() -> None:
    assert is_announced(2026)
    assert not is_announced(2060)
    assert not NATIONAL.is_workday(dt.date(2060, 10, 1))


def test_calendar_without_a_workday_is_refused() -> None:
    first = dt.date(2026, 1, 1)
    never = Calendar({first + dt.timedelta(days=each): False for each in range(9000)})

    with pytest.raises(Refused, match="没有工作日"):
        due("2026-07-01 09:00", "1工作日", calendar=never)


@pytest.mark.parametrize(
    "words", ["", "8-12", "12:00-08:00", "08:30-12:00,11:00-18:00", "25:00-26:00"]
)
def test_hours_that_are_none_are_refused(words: str) -> None:
    with pytest.raises(Refused, match="办公时间"):
        read_hours(words)


FIRST = dt.datetime(2024, 12, 1, tzinfo=BEIJING)
moments = st.integers(0, 730 * 86_400).map(lambda each: FIRST + dt.timedelta(seconds=each))
hours = st.builds(Phase, st.just(""), st.integers(1, 200).map(Decimal),
                  st.sampled_from([Unit.WORK_HOURS, Unit.HOURS]))  # fmt: skip
days = st.builds(Phase, st.just(""), st.integers(1, 30).map(Decimal),
                 st.sampled_from([Unit.WORK_DAYS, Unit.DAYS]))  # fmt: skip
limits = hours | days
calendars = st.builds(
    Calendar,
    st.dictionaries(
        st.dates(dt.date(2025, 1, 1), dt.date(2026, 12, 31)), st.booleans(), max_size=8
    ),
)
spans = st.tuples(moments, st.timedeltas(dt.timedelta(minutes=1), dt.timedelta(days=20))).map(
    lambda each: (each[0], each[0] + dt.timedelta(seconds=int(each[1].total_seconds())))
)


@settings(max_examples=150, deadline=None)
@given(calendars, moments, limits)
def test_measuring_takes_back_what_adding_adds(
    calendar: Calendar, start: dt.datetime, limit: Phase
) -> None:
    end = add(calendar, start, limit)

    assert elapsed(calendar, start, end, limit.unit) == Fraction(limit.amount)
    assert elapsed(calendar, start, end - dt.timedelta(seconds=1), limit.unit) < limit.amount


@settings(max_examples=100, deadline=None)
@given(calendars, moments, st.timedeltas(dt.timedelta(0), dt.timedelta(days=9)), limits)
def test_who_begins_later_is_due_no_earlier(
    calendar: Calendar, start: dt.datetime, later: dt.timedelta, limit: Phase
) -> None:
    assert add(calendar, start, limit) <= add(calendar, start + later, limit)


@settings(max_examples=100, deadline=None)
@given(moments, limits, spans, st.fractions(0, 1))
def test_splitting_a_pause_changes_nothing(
    start: dt.datetime, limit: Phase, pause: tuple[dt.datetime, dt.datetime], share: Fraction
) -> None:
    begun, ended = pause
    seconds = int((ended - begun).total_seconds() * share)
    middle = begun + dt.timedelta(seconds=seconds)

    whole = add(NATIONAL, start, limit, [pause])

    assert add(NATIONAL, start, limit, [(begun, middle), (middle, ended)]) == whole
    assert add(NATIONAL, start, limit, [(middle, ended), (begun, ended)]) == whole
    assert whole >= add(NATIONAL, start, limit)


@settings(max_examples=60, deadline=None)
@given(moments, limits, st.lists(spans, max_size=3))
def test_time_that_ran_and_time_that_stood_make_the_whole(
    start: dt.datetime, limit: Phase, pauses: list[tuple[dt.datetime, dt.datetime]]
) -> None:
    end = add(NATIONAL, start, limit, pauses)
    ran = elapsed(NATIONAL, start, end, limit.unit, pauses)

    # a part of a day, in whole seconds, is rounded up to the next
    assert 0 <= ran - Fraction(limit.amount) < Fraction(1, 3600)
    assume(pauses)
    assert ran <= elapsed(NATIONAL, start, end, limit.unit)
