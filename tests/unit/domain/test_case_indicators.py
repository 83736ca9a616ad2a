"""Indicators of a month of cases: which day counts, what is above and below the line."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sqzl_desktop.base.clock import BEIJING
from sqzl_desktop.domain import case_month
from sqzl_desktop.domain.case_indicators import (
    INDICATORS,
    MEASURES,
    Fact,
    Span,
    Tally,
    best_first,
    by_day,
    change,
    counted,
    grouped,
    month_before,
    month_span,
    next_month,
    shown,
    tally,
    year_before,
)


def at(day: int, hour: int = 12, month: int = 6) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, tzinfo=BEIJING)


JUNE = month_span(dt.date(2026, 6, 15), at(20, month=7))


def fact(**fields: object) -> Fact:
    plain = {
        "id": "c", "grid": "g", "class_code": "06010", "category": "01", "handler": "物业",
        "close_kind": "", "satisfaction": "", "reported_at": None, "filed_at": None,
        "handled_at": None, "closed_at": None, "due_at": None, "rated_at": None,
        "paused_at": None, "paused": 0.0, "reworks": 0,
    }  # fmt: skip
    return Fact(**plain | fields)  # type: ignore[arg-type]


def closed(**fields: object) -> Fact:
    """Filed on the 2nd, handled on the 4th, closed on the 5th, due on the 6th."""
    plain = {"filed_at": at(2), "handled_at": at(4), "closed_at": at(5), "due_at": at(6),
             "close_kind": "closed"}  # fmt: skip
    return fact(**plain | fields)


def numbers(*facts: Fact, span: Span = JUNE) -> dict[str, int]:
    return dict(tally(counted(facts, span)).numbers)


def values(*facts: Fact, span: Span = JUNE) -> dict[str, float | None]:
    found = tally(counted(facts, span))
    return {each.name: each.value(found) for each in INDICATORS}


def test_a_month_begins_and_ends_at_midnight_in_beijing() -> None:
    assert at(1, 0) == JUNE.begin
    assert at(1, 0, month=7) == JUNE.end
    assert JUNE.holds(at(30, 23))
    assert not JUNE.holds(at(1, 0, month=7))
    assert month_span(dt.date(2026, 6, 1), at(10)).end == at(10)
    assert (
        month_span(dt.date(2026, 12, 1), at(10)).end
        == month_span(dt.date(2026, 12, 1), at(1)).begin
    )


def test_neighbouring_months_cross_the_year() -> None:
    assert next_month(dt.date(2026, 12, 31)) == dt.date(2027, 1, 1)
    assert month_before(dt.date(2026, 1, 31)) == dt.date(2025, 12, 1)
    assert year_before(dt.date(2028, 2, 29)) == dt.date(2027, 2, 1)


def test_a_case_in_time_counts_as_filed_handled_and_closed() -> None:
    assert numbers(closed()) == {"filed": 1, "handled": 1, "in_time": 1, "closed": 1}


@pytest.mark.parametrize(
    ("case", "counted"),
    [
        (closed(handled_at=at(7), closed_at=at(8)), {"late", "overdue", "handled"}),
        (closed(handled_at=at(6), due_at=at(6)), {"in_time"}),  # the last moment is in time
        (closed(due_at=None), {"in_time"}),
        (fact(filed_at=at(2), due_at=at(6)), {"unhandled", "unclosed", "overdue", "waiting"}),
        (fact(filed_at=at(2), due_at=at(6), paused_at=at(3)), {"parked", "waiting"}),
        (fact(filed_at=at(2), due_at=at(6, month=7)), {"waiting"}),
        (fact(filed_at=at(2), handled_at=at(5), due_at=at(6)), {"unclosed", "in_time"}),
        (fact(close_kind="declined", closed_at=at(3)), {"declined"}),
        (fact(close_kind="on_spot", handled_at=at(3), closed_at=at(3)), {"on_spot", "closed"}),
        (closed(reworks=2), {"reworked"}),
        (closed(satisfaction="03", rated_at=at(9)), {"rated", "displeased"}),
        (closed(satisfaction="02", rated_at=at(9)), {"rated"}),
    ],
)
def test_what_a_case_counts_as(case: Fact, counted: set[str]) -> None:
    assert counted <= set(numbers(case))


def test_what_came_after_the_month_does_not_count_in_it() -> None:
    later = closed(handled_at=at(3, month=7), closed_at=at(4, month=7), satisfaction="01",
                   rated_at=at(5, month=7))  # fmt: skip

    assert numbers(later) == {"filed": 1, "unhandled": 1, "unclosed": 1, "overdue": 1, "waiting": 1}
    july = month_span(dt.date(2026, 7, 1), at(31, month=7))
    assert set(numbers(later, span=july)) == {"handled", "late", "overdue", "closed", "rated"}


def test_declined_cases_are_neither_handled_nor_closed() -> None:
    assert numbers(fact(close_kind="declined", handled_at=at(3), closed_at=at(3))) == {
        "declined": 1
    }


def test_shares_of_a_month() -> None:
    found = values(
        closed(satisfaction="04", rated_at=at(9)),
        closed(satisfaction="05", rated_at=at(9), reworks=1),
        closed(handled_at=at(7), closed_at=at(8)),
        fact(filed_at=at(2), due_at=at(6)),
    )

    assert found["handled_rate"] == 75
    assert found["in_time_rate"] == 50
    assert found["closed_rate"] == 75
    assert found["overdue"] == 2
    assert found["rework_rate"] == pytest.approx(100 / 3)
    assert found["pleased_rate"] == 50


def test_time_taken_leaves_out_the_pauses() -> None:
    found = values(closed(paused=86_400.0), closed(closed_at=at(8), filed_at=at(2)))

    assert found["days"] == pytest.approx((2 + 6) / 2)


def test_nothing_to_divide_by_is_told_as_a_dash() -> None:
    found = values()

    assert found["handled_rate"] is None
    assert shown(found["days"], "天") == "—"
    assert change(None, 3.0, "件") == "—"


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [(99.97, "%", "99.9%"), (100.0, "%", "100%"), (1234.0, "件", "1,234"), (2.25, "天", "2.2")],
)
def test_values_as_people_read_them(value: float, unit: str, text: str) -> None:
    assert shown(value, unit) == text


def test_changes_as_people_read_them() -> None:
    assert change(12, 10, "件") == "+2"
    assert change(91.25, 93.0, "%") == "-1.8点"
    assert change(5, 5, "件") == "持平"


def test_each_day_up_to_the_end_of_the_span() -> None:
    facts = [closed(), closed(filed_at=at(1, 0)), closed(filed_at=at(30, 23))]

    days = by_day(counted(facts, JUNE), JUNE, "filed")

    assert len(days) == 30
    assert (days[0], days[1], days[29]) == (1, 1, 1)
    early = month_span(dt.date(2026, 6, 1), at(10))
    assert len(by_day(counted(facts, early), early, "closed")) == 10


def test_who_is_most_in_time_comes_first_and_nobody_last() -> None:
    facts = [
        closed(handler="慢", handled_at=at(7), closed_at=at(8)), closed(handler="快"),
        closed(handler="快"), closed(handler="也快"), fact(handler="新", filed_at=at(3)),
        closed(handler=""),
    ]  # fmt: skip
    groups = grouped(counted(facts, JUNE), lambda each: each.handler)

    assert best_first(groups)[0] == "快"
    rows = case_month.breakdown(case_month.HANDLER, groups, {}).rows
    assert [row.key for row in rows] == ["快", "也快", "慢", "新", ""]


_moments = st.none() | st.integers(-31 * 24, 61 * 24).map(
    lambda hours: JUNE.begin + dt.timedelta(hours=hours)
)
_facts = st.builds(
    fact,
    grid=st.sampled_from("abc"), close_kind=st.sampled_from(("", "closed", "on_spot", "declined")),
    satisfaction=st.sampled_from(("", "01", "03", "05")), filed_at=_moments, handled_at=_moments,
    closed_at=_moments, due_at=_moments, rated_at=_moments, paused_at=_moments,
    reworks=st.integers(0, 2),
)  # fmt: skip


@given(st.lists(_facts, max_size=30))
def test_groups_sum_up_and_parts_never_exceed_the_whole(facts: list[Fact]) -> None:
    some = counted(facts, JUNE)
    whole = tally(some)
    parts = grouped(some, lambda each: each.grid).values()
    for measure in MEASURES:  # none is overlooked by the quick look
        assert whole.numbers[measure.name] == sum(measure.holds(each, JUNE) for each in facts)

    for measure in MEASURES:
        assert sum(each.numbers[measure.name] for each in parts) == whole.numbers[measure.name]
    each = whole.numbers
    assert each["in_time"] + each["late"] == each["handled"]
    assert each["late"] + each["unhandled"] == each["overdue"]
    assert each["unhandled"] <= each["unclosed"] <= each["waiting"]
    assert each["displeased"] <= each["rated"]
    for indicator in INDICATORS:
        value = indicator.value(whole)
        assert value is None or value >= 0
        assert indicator.unit != "%" or value is None or value <= 100


def test_an_empty_tally_has_no_values() -> None:
    assert all(not each.value(Tally()) for each in INDICATORS)
