"""Until when a case is to be done: phases, stages, urgency, parking, extension, rework."""

import dataclasses
import datetime as dt

import pytest

from sqzl_desktop.base.clock import BEIJING
from sqzl_desktop.domain.access import COMMUNITY_LEAD, Actor
from sqzl_desktop.domain.case_classes import ClassBook
from sqzl_desktop.domain.case_clock import Dues, clocks, due, in_time, left, risk_until, standing
from sqzl_desktop.domain.case_flow import CASE_FLOW
from sqzl_desktop.domain.flow import Occasion, advance
from sqzl_desktop.domain.kinds.case import Case
from sqzl_desktop.domain.kinds.case_class import CaseClass
from sqzl_desktop.domain.working_time import NATIONAL

BOOK = ClassBook()
LEAD = Actor("li", "李书记", COMMUNITY_LEAD, ("640104001002",))


def at(text: str) -> dt.datetime:
    found = dt.datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=BEIJING)
    return found.astimezone(dt.UTC)


def told(dues: Dues) -> tuple[str, str]:
    parts = (dues.due_at, dues.stage_due_at)
    first, second = (f"{e.astimezone(BEIJING):%m-%d %H:%M}" if e else "" for e in parts)
    return first, second


def take(case: Case, step: str, when: str, **values: object) -> Case:
    occasion = Occasion(at(when), clocks(BOOK, NATIONAL))
    return advance(CASE_FLOW, case, step, actor=LEAD, values=values, occasion=occasion)


def dues(case: Case) -> tuple[str, str]:
    return told(Dues(case.due_at, case.stage_due_at))


REPORTED = Case(
    id="1", title="违建", state="reported", collector="li", reported_at=at("07-01 09:00")
)


def filed(code: str = "06001", when: str = "07-01 15:00") -> Case:
    return take(REPORTED, "file", when, class_code=code)


def handling(code: str = "06001") -> Case:
    sent = take(filed(code), "dispatch", "07-01 16:00", handler_kind="01", handler="综合执法队")
    return take(sent, "handle", "07-01 17:00")


def test_filing_sets_the_whole_the_stage_and_the_version() -> None:
    case = filed()

    # 停工 until 07-02 09:30, then 7 and 20 working days
    assert dues(case) == ("08-10 18:00", "07-02 09:30")
    assert (case.phase, case.class_version) == (1, 1)


def test_phases_follow_each_other_and_each_has_its_own_end() -> None:
    case = handling()
    assert dues(case) == ("08-10 18:00", "07-02 09:30")

    second = take(case, "next_phase", "07-01 17:30")
    third = take(second, "next_phase", "07-03 10:00")

    assert dues(second) == ("08-10 18:00", "07-13 18:00")
    assert dues(third) == ("08-10 18:00", "08-10 18:00")


def test_urgency_shortens_and_its_hours_run_through_the_night() -> None:
    urgent = dataclasses.replace(REPORTED, urgency="02")
    case = take(urgent, "file", "07-03 20:00", class_code="Q01")

    assert dues(case)[0] == "07-03 21:00"


def test_parking_stops_the_clock_and_resuming_gives_the_time_back() -> None:
    case = handling("06017")  # 5 working days: until 07-08
    assert dues(case)[0] == "07-08 18:00"

    parked = take(case, "park", "07-03 08:30", park_reason="等待气象条件")
    assert dues(parked) == ("", "")
    assert standing(parked, at("09-01 09:00")) == "paused"

    resumed = take(parked, "resume", "07-10 08:30")
    assert dues(resumed)[0] == "07-15 18:00"


def test_extension_counts_when_granted_not_when_asked() -> None:
    case = handling("06017")
    asked = take(case, "extend", "07-07 09:00", extension_until=at("07-20 18:00"),
                 extension_reason="苗木未到")  # fmt: skip
    assert dues(asked)[0] == "07-08 18:00"

    granted = take(asked, "grant", "07-07 10:00")
    assert dues(granted)[0] == "07-20 18:00"

    # asking again, and being denied, takes nothing away
    again = take(granted, "extend", "07-17 09:00", extension_until=at("08-20 18:00"),
                 extension_reason="仍未到")  # fmt: skip
    denied = take(again, "deny", "07-17 10:00")
    assert dues(again)[0] == dues(denied)[0] == "07-20 18:00"


def test_time_a_case_was_closed_is_not_counted_when_it_is_reworked() -> None:
    case = handling("06017")
    fed_back = take(case, "feed_back", "07-02 15:00", measures="补植", feedback="已完成")
    closed = take(take(fed_back, "verify", "07-02 16:00"), "close", "07-03 08:30", outcome="办结")
    assert (dues(closed)[0], in_time(closed)) == ("07-08 18:00", True)
    assert left(closed, at("09-01 09:00")) == "按期办结"

    reworked = take(closed, "rework", "07-20 08:30", rework_reason="居民反映枯死")

    assert dues(reworked)[0] == "07-23 18:00"


def test_stage_that_is_late_is_at_risk_though_the_whole_is_not() -> None:
    case = filed("06017")  # to be dispatched within four hours

    assert standing(case, at("07-01 17:00")) == "ok"
    assert standing(case, at("07-02 12:30")) == "at_risk"


@pytest.mark.parametrize(
    ("now", "how", "words"),
    [
        ("07-03 09:00", "ok", "剩3个工作日"),
        ("07-07 17:30", "at_risk", "剩7小时30分"),
        ("07-08 18:00", "at_risk", "剩0分钟"),
        ("07-09 09:30", "overdue", "超1小时"),
        ("07-15 09:30", "overdue", "超4个工作日"),
        ("09-15 09:30", "overdue", "超68天"),
    ],
)
def test_how_a_case_stands_and_what_is_left(now: str, how: str, words: str) -> None:
    case = handling("06017")
    case = dataclasses.replace(case, stage_due_at=None)

    assert (standing(case, at(now)), left(case, at(now))) == (how, words)


def test_risk_reaches_over_the_weekend() -> None:
    friday = at("07-03 16:00")

    assert risk_until(friday) == at("07-06 17:00")


def test_without_a_class_there_is_no_limit() -> None:
    assert due(REPORTED, BOOK, NATIONAL) == Dues()
    assert left(REPORTED, at("07-02 09:00")) == ""


def test_case_filed_before_a_class_changed_keeps_its_limit() -> None:
    case = filed("06017")
    newer = CaseClass(id="1", code="06017", version=2, name="绿地脏乱", phases="1工作日")
    book = ClassBook([newer])

    assert due(case, book, NATIONAL).due_at == case.due_at
    unfiled = dataclasses.replace(case, class_version=None)
    assert told(due(unfiled, book, NATIONAL))[0] == "07-02 18:00"


@pytest.mark.parametrize("line", ["不是时间", "2026-07-01/2026-07-02", "/", "2026-07-01T00:00:00Z"])
def test_pause_nobody_can_read_stops_no_clock(line: str) -> None:
    filed = take(REPORTED, "file", "07-01 15:00", class_code="06001")

    assert due(dataclasses.replace(filed, pauses=line), BOOK, NATIONAL) == due(
        filed, BOOK, NATIONAL
    )
