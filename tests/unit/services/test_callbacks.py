"""Calling back: what is asked, what is kept, what counts in the figures."""

import dataclasses
import datetime as dt

import pytest

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain.case_indicators import counted, month_span, tally
from sqzl_desktop.domain.kinds.case import CASE, Case
from sqzl_desktop.protocol.messages import Row
from sqzl_desktop.schema.codec import to_fields
from sqzl_desktop.services import callbacks, case_inbox, case_work, elements
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import case_facts, confirmed
from tests.places import COMMUNITY, GRID, NOW, OTHER_GRID

DAY = dt.timedelta(days=1)


def closed(ws: Workspace, *some: Case) -> list[Case]:
    """Closed cases as a round of sync brings them: c0, c1, …"""
    found = [
        dataclasses.replace(
            each, id=each.id or f"c{n}", title="路灯不亮", community_id=COMMUNITY,
            grid_id=each.grid_id or GRID, state=each.state or "closed",
            closed_at=each.closed_at or NOW - DAY, close_kind="closed", filed_at=NOW - 3 * DAY,
        )
        for n, each in enumerate(some)
    ]  # fmt: skip
    with ws.store.write() as tx:
        confirmed.load(tx, COMMUNITY, [
            Row("case", each.id, each.grid_id, 9, to_fields(CASE, each), {"*": "x"}, "x")
            for each in found
        ])  # fmt: skip
    return found


def waiting(ws: Workspace) -> set[str]:
    return {each.id for each in case_inbox.inbox(ws, case_inbox.TO_CALL).lines}


def test_who_can_be_asked_and_was_not_lies_in_the_box_for_sixty_days(ws: Workspace) -> None:
    closed(
        ws, Case(reporter_name="马女士"), Case(reporter_phone="13900000000"),
        Case(), Case(reporter_name="匿名", is_anonymous=True),
        Case(reporter_name="丁", satisfaction="01"),
        Case(reporter_name="沙", closed_at=NOW - 59 * DAY),
        Case(reporter_name="沙", closed_at=NOW - 61 * DAY),
        Case(reporter_name="白", callback_missed=2), Case(reporter_name="白", callback_missed=3),
        Case(reporter_name="撒", state="declined"), Case(reporter_name="撒", state="merged"),
    )  # fmt: skip

    assert waiting(ws) == {"c0", "c1", "c5", "c7", "c10"}
    assert case_inbox.counts(ws)[case_inbox.TO_CALL] == 5


def test_a_bad_mark_needs_its_reason_and_a_good_one_none(ws: Workspace) -> None:
    closed(ws, Case(reporter_name="马"), Case(reporter_name="丁"))

    with pytest.raises(Refused, match="不满意原因"):
        callbacks.save(ws, "c0", grade="03", reason="  ", note="")
    done = callbacks.save(ws, "c0", grade="01", reason="按错了", note="很及时")
    bad = callbacks.save(ws, "c1", grade="05", reason="又不亮了", note="")

    assert (done.satisfaction, done.dissatisfaction_reason, done.callback_at) == ("01", "", NOW)
    assert not callbacks.may_rework(ws, done)
    assert callbacks.may_rework(ws, bad)
    assert waiting(ws) == set()


def test_three_attempts_in_vain_are_kept_and_end_it(ws: Workspace) -> None:
    closed(ws, Case(reporter_name="马"))

    for how in (callbacks.NOT_REACHED, callbacks.NOT_REACHED, callbacks.DECLINED):
        assert waiting(ws) == {"c0"}
        callbacks.missed(ws, "c0", how=how, note="")

    call = callbacks.begin(ws, "c0")
    assert [each.label for each in call.missed] == ["回访未果"] * 3
    assert (call.left, waiting(ws)) == (0, set())
    with pytest.raises(Refused, match="3次回访未果"):
        callbacks.missed(ws, "c0", how=callbacks.NOT_REACHED, note="")
    assert callbacks.save(ws, "c0", grade="04", reason="", note="").satisfaction == "04"


def test_a_rework_does_not_undo_what_was_said_before_it(ws: Workspace) -> None:
    closed(ws, Case(reporter_name="马"))
    bad = callbacks.save(ws, "c0", grade="03", reason="又不亮了", note="")

    again = callbacks.rework(ws, "c0", callbacks.rework_reason(bad))

    assert (again.state, again.rework_reason) == ("handling", "回访不满意：又不亮了")
    assert (again.satisfaction, again.callback_missed) == ("", None)
    assert (again.satisfaction_before, again.callback_before) == ("03", NOW)
    assert numbers(ws) == (1, 1)

    for step, values in (
        ("feed_back", {"measures": "换灯", "feedback": "亮了"}), ("verify", {}), ("close", {}),
    ):  # fmt: skip
        case_work.step(ws, "c0", step, values)
    assert waiting(ws) == {"c0"}
    callbacks.save(ws, "c0", grade="04", reason="", note="")
    assert numbers(ws) == (1, 1), "one case, that was not content in this month"


def numbers(ws: Workspace) -> tuple[int, int]:
    """How many were asked in the month, and how many of them were not content."""
    span = month_span(NOW.date(), NOW + DAY)
    with ws.store.read() as tx:
        found = tally(counted(case_facts.facts(tx, COMMUNITY, None), span)).numbers
    return found["rated"], found["displeased"]


def test_lots_are_the_same_for_all_who_see_a_grid(ws: Workspace) -> None:
    month = (NOW - DAY).date()
    some = [Case(id=f"s{n:02}", reporter_name="马", grid_id=GRID if n % 2 else OTHER_GRID)
            for n in range(30)]  # fmt: skip
    closed(ws, *some, Case(id="nobody"))

    drawn = callbacks.sample(ws, month, 3)

    assert len(drawn) == 6
    assert drawn == callbacks.sample(ws, month, 3)
    assert set(drawn) < set(callbacks.sample(ws, month, 5))
    assert "nobody" not in callbacks.sample(ws, month, 99)
    assert callbacks.sample(ws, month.replace(year=month.year - 1), 3) == []
    grids = [getattr(elements.get(ws, "case", each), "grid_id", "") for each in drawn]
    assert sorted(grids) == [GRID] * 3 + [OTHER_GRID] * 3
