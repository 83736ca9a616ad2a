"""The table of a case: every step in every state by every post, legal and illegal."""

import datetime as dt
from dataclasses import replace

import pytest

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain.access import COMMUNITY_LEAD, GRID_WORKER, Actor
from sqzl_desktop.domain.case_flow import CASE_FLOW, ENDED, OPEN
from sqzl_desktop.domain.flow import Flow, Occasion, advance
from sqzl_desktop.domain.kinds.case import Case
from tests.case_table import FORBIDDEN, STATES, Situation, rules, situations

NOW = dt.datetime(2026, 7, 1, 1, tzinfo=dt.UTC)
RECORD = "01990000-0000-7000-8000-000000000001"


def test_table_is_the_one_said_by_hand() -> None:
    table = {each.step: (each.sources, each.target, each.roles) for each in CASE_FLOW.transitions}

    assert {step: (set(rule[0]), rule[1], set(rule[2])) for step, rule in table.items()} == {
        step: (set(rule[0]), rule[1], set(rule[2])) for step, rule in rules().items()
    }


def test_every_guard_has_a_case_in_which_it_refuses() -> None:
    free = Flow.transition(CASE_FLOW, "confirm").guard

    assert {each.step for each in CASE_FLOW.transitions if each.guard is not free} == set(FORBIDDEN)


def test_a_case_is_open_or_ended_and_ends_in_sight_of_somebody() -> None:
    assert {*OPEN, *ENDED} == set(STATES)
    ways_out = {state: [e.step for e in CASE_FLOW.transitions if state in e.sources and e.target]
                for state in STATES}  # fmt: skip
    assert [state for state, steps in ways_out.items() if not steps] == [
        "declined", "void", "merged",
    ]  # fmt: skip


def outcome(situation: Situation, flow: Flow = CASE_FLOW) -> str:
    """The state after the step, or the sentence of the refusal."""
    try:
        after = advance(
            flow, situation.case(RECORD), situation.step, actor=situation.actor,
            values=situation.given(RECORD), occasion=Occasion(NOW),
        )  # fmt: skip
    except Refused as refused:
        return str(refused)
    assert isinstance(after, Case)
    return after.state


def faults(flow: Flow = CASE_FLOW) -> list[str]:
    """The situations in which the table decides otherwise than is said by hand."""
    found = []
    for each in situations():
        told = outcome(each, flow)
        is_right = each.sentence in told if each.sentence else told == each.target
        if not is_right:
            found.append(f"{each.step} in {each.fields['state']} by {each.role}: {told}")
    return found


def test_every_situation_ends_as_it_should() -> None:
    assert len(list(situations())) > 1_300
    assert faults() == []


@pytest.mark.parametrize("step", [each.step for each in CASE_FLOW.transitions])
def test_table_that_is_wrong_in_one_step_is_found(step: str) -> None:
    kept = [each for each in CASE_FLOW.transitions if each.step != step]
    one = CASE_FLOW.transition(step)
    for wrong in (
        replace(one, sources=(*one.sources, "void" if "void" not in one.sources else "filed")),
        replace(one, roles=(*one.roles, "clerk")),
        replace(one, target="void" if one.target != "void" else "closed"),
    ):
        assert faults(replace(CASE_FLOW, transitions=(*kept, wrong)))


def test_open_steps_are_those_that_lack_nothing_but_words() -> None:
    for each in situations():
        case, actor = each.case(RECORD), each.actor
        is_open = each.step in [step.step for step in CASE_FLOW.open_to(case, actor)]
        lacks_words = "请先填写" in each.sentence or "并入案件自己" in each.sentence
        assert is_open == (not each.sentence or lacks_words), each


def test_each_step_writes_its_time_and_is_counted() -> None:
    lead = Actor("li", "李书记", COMMUNITY_LEAD, ("640104001001",))
    case = Case(id=RECORD, title="楼道堆物", state="reported", source="01", community_id="6401")
    way = (
        ("confirm", {}, "confirmed_at"), ("file", {"class_code": "06010"}, "filed_at"),
        ("dispatch", {"handler_kind": "01", "handler": "城管"}, "dispatched_at"),
        ("handle", {}, "handling_at"),
        ("feed_back", {"measures": "清", "feedback": "清"}, "fed_back_at"),
        ("verify", {}, "verified_at"), ("close", {}, "closed_at"),
        ("callback", {"satisfaction": "02"}, "callback_at"),
    )  # fmt: skip
    for hours, (step, values, name) in enumerate(way):
        at = NOW + dt.timedelta(hours=hours)
        case = advance(CASE_FLOW, case, step, actor=lead, values=values, occasion=Occasion(at))
        assert getattr(case, name) == at
        assert case.step_count == hours + 1


def test_rework_forgets_what_the_round_before_had_ended() -> None:
    worker = Actor("w", "王", GRID_WORKER, ("640104001001",))
    case = Case(
        id=RECORD, title="楼道堆物", state="closed", closed_at=NOW, fed_back_at=NOW,
        verified_at=NOW, close_kind="closed", satisfaction="03", feedback="清", outcome="清",
    )  # fmt: skip

    again = advance(CASE_FLOW, case, "rework", actor=worker, values={"rework_reason": "又堆上了"},
                    occasion=Occasion(NOW))  # fmt: skip

    assert (again.state, again.rework_count) == ("handling", 1)
    left = (again.closed_at, again.fed_back_at, again.verified_at, again.close_kind,
            again.satisfaction, again.feedback, again.outcome)  # fmt: skip
    assert not any(left)
