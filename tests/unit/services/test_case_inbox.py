"""The boxes of cases: what lies in them, in which order, page by page."""

import dataclasses
import datetime as dt
import itertools
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from sqzl_desktop.domain import case_boxes, case_clock
from sqzl_desktop.domain.access import CLERK, COMMUNITY_LEAD, GRID_WORKER, Actor, allows
from sqzl_desktop.domain.case_boxes import BOXES, STAGES, Limits
from sqzl_desktop.domain.case_flow import CASE_FLOW, ENDED, OPEN
from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.domain.kinds.case import CASE, Case
from sqzl_desktop.protocol.messages import Row
from sqzl_desktop.schema.codec import to_fields
from sqzl_desktop.services import case_bulk, case_inbox, cases, elements, flow_steps
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import confirmed
from tests.places import COMMUNITY, GRID, NOW, OTHER_GRID

WANG = Actor("wang", "王网格", GRID_WORKER, (GRID,))
WHOLE = Actor("zhao", "赵网格", GRID_WORKER, (COMMUNITY,))
LI = Actor("li", "李书记", COMMUNITY_LEAD, (COMMUNITY,))
WINDOW = Actor("sun", "孙窗口", CLERK, (COMMUNITY,))
PEOPLE = (WANG, WHOLE, LI, WINDOW)
LIMITS = (None, *(NOW + dt.timedelta(hours=hours) for hours in (-50, 0, 1, 24, 25, 90)))
DAYS = (None, *(dt.date(2026, 6, day) for day in (29, 30)), dt.date(2026, 7, 1))
NUMBERS = itertools.count()
AT = Limits(NOW, case_clock.risk_until(NOW))

invented = st.builds(
    Case,
    state=st.sampled_from((*OPEN, *ENDED)),
    collector=st.sampled_from(("", "wang", "li", "else")),
    handler_grid_id=st.sampled_from(("", GRID, OTHER_GRID)),
    extension_state=st.sampled_from(("", "asked", "granted")),
    parked_until=st.sampled_from(DAYS),
    due_at=st.sampled_from(LIMITS),
    stage_due_at=st.sampled_from(LIMITS),
    source=st.sampled_from(("01", "02")),
    confirmed_at=st.just(NOW),
    grid_id=st.sampled_from(("", GRID, OTHER_GRID)),
    community_id=st.just(COMMUNITY),
    title=st.just("楼道堆物"),
)


def load(ws: Workspace, some: list[Case]) -> list[Case]:
    """The cases as a round of sync brings them."""
    named = [dataclasses.replace(each, id=f"case-{next(NUMBERS):06}", community_id=COMMUNITY)
             for each in some]  # fmt: skip
    rows = [Row("case", each.id, each.grid_id, 9, to_fields(CASE, each), {"*": "x"}, "x")
            for each in named]  # fmt: skip
    with ws.store.write() as tx:
        confirmed.load(tx, COMMUNITY, rows)
    return named


def ids(ws: Workspace, box: str, *filters: Filter) -> list[str]:
    return [each.id for each in case_inbox.inbox(ws, box, filters).lines]


def of(ws: Workspace, actor: Actor) -> Workspace:
    return dataclasses.replace(ws, actor=actor)


@pytest.fixture(scope="module")
def crowd() -> list[Case]:
    """Every state with every collector, handler's grid, request and some limits."""
    found = []
    limits = itertools.cycle(itertools.product(LIMITS, LIMITS))
    days = itertools.cycle(DAYS)
    own = itertools.cycle((GRID, GRID, "", OTHER_GRID, GRID))
    for state, collector, grid, asked in itertools.product(
        (*OPEN, *ENDED), ("", "wang", "li"), ("", GRID, OTHER_GRID), ("", "asked")
    ):
        due, stage = next(limits)
        found.append(Case(
            state=state, collector=collector, handler_grid_id=grid, extension_state=asked,
            due_at=due, stage_due_at=stage, grid_id=next(own), parked_until=next(days),
            community_id=COMMUNITY, title="堆物",
        ))  # fmt: skip
    return found


@pytest.mark.parametrize("actor", PEOPLE, ids=lambda each: each.account)
def test_store_and_the_function_of_one_case_agree_what_lies_in_a_box(
    ws: Workspace, crowd: list[Case], actor: Actor
) -> None:
    named = load(ws, crowd)
    mine = of(ws, actor)

    for box in BOXES:
        wanted = {each.id for each in named if case_boxes.belongs(each, actor, box.name, AT)}
        page = case_inbox.inbox(mine, box.name, limit=1000)
        assert {each.id for each in page.lines} == wanted, box.name
        assert case_inbox.total(mine, box.name) == len(wanted)
        if box.ordering == "due" and box in case_boxes.boxes_for(actor):
            assert case_inbox.counts(mine)[box.name] == len(wanted)


@given(invented)
def test_what_waits_for_a_person_is_what_the_flow_lets_them_do(case: Case) -> None:
    for actor in (WANG, WHOLE, LI):
        steps = {each.step for each in CASE_FLOW.open_to(case, actor)}
        waits = any(case_boxes.belongs(case, actor, box, AT)
                    for box in ("mine_to_do", "mine_to_check", "unconfirmed"))  # fmt: skip
        assert allows(actor, "write", CASE, case) or not waits
        if case_boxes.belongs(case, actor, "mine_to_check", AT):
            assert "verify" in steps
        if case_boxes.belongs(case, actor, "unconfirmed", AT):
            assert steps & {"confirm", "file"}
        if case_boxes.belongs(case, actor, "mine_to_do", AT):
            assert steps & {
                "confirm", "file", "decline", "dispatch", "handle", "feed_back", "close", "grant",
                "resume",
            }  # fmt: skip


def test_who_may_take_no_steps_begins_with_what_they_reported() -> None:
    assert [box.name for box in case_boxes.boxes_for(WINDOW)] == [
        "mine_reported", "all", "at_risk", "overdue", "closed",
    ]  # fmt: skip
    assert not case_boxes.belongs(Case(state="fed_back"), WINDOW, "mine_to_check", AT)


def test_what_another_grid_handles_waits_for_that_grid(ws: Workspace) -> None:
    ours, theirs = load(ws, [
        Case(title="一", state="handling", grid_id=GRID, handler_grid_id=GRID),
        Case(title="二", state="handling", grid_id=GRID, handler_grid_id=OTHER_GRID),
    ])  # fmt: skip

    assert ids(ws, "mine_to_do") == [ours.id]
    assert set(ids(of(ws, WHOLE), "mine_to_do")) == {ours.id, theirs.id}


def test_overdue_stands_first_and_pages_follow_each_other(ws: Workspace) -> None:
    hours = [30, -5, 2, None, 90, -40, 2, 31, None, 12]
    named = load(ws, [
        Case(title="堆物", state=state, grid_id=GRID,
             due_at=None if hour is None else NOW + dt.timedelta(hours=hour))
        for hour, state in zip(hours, itertools.cycle(("filed", "handling", "parked")))
    ])  # fmt: skip

    seen: list[str] = []
    after = None
    while True:
        page = case_inbox.inbox(ws, "all", (), 3, after)
        seen += [each.id for each in page.lines]
        after = page.after
        if after is None:
            break

    never = dt.datetime.max.replace(tzinfo=dt.UTC)
    expected = sorted(named, key=lambda each: (
        never if each.state == "parked" else each.due_at or never, each.id
    ))  # fmt: skip
    assert seen == [each.id for each in expected]
    assert case_inbox.inbox(ws, "all").lines[0].standing == "overdue"


def test_late_in_its_step_is_at_risk_while_the_whole_is_in_time(ws: Workspace) -> None:
    load(ws, [Case(title="堆物", state="filed", grid_id=GRID, due_at=NOW + dt.timedelta(days=9),
                   stage_due_at=NOW - dt.timedelta(hours=1))])  # fmt: skip

    (line,) = case_inbox.inbox(ws, "at_risk").lines
    assert (line.due, line.standing) == (NOW - dt.timedelta(hours=1), "at_risk")


def test_clock_of_a_parked_case_stands(ws: Workspace) -> None:
    load(ws, [Case(title="堆物", state="parked", grid_id=GRID, due_at=NOW - dt.timedelta(days=9))])

    assert ids(ws, "overdue") == []
    assert case_inbox.inbox(ws, "all").lines[0].standing == "paused"


def test_parked_case_comes_back_when_its_day_has_come(ws: Workspace) -> None:
    over, later = load(ws, [
        Case(title="堆物", state="parked", grid_id=GRID, parked_until=NOW.date()),
        Case(title="堆物", state="parked", grid_id=GRID,
             parked_until=NOW.date() + dt.timedelta(days=1)),
    ])  # fmt: skip

    assert ids(ws, "mine_to_do") == [over.id]
    assert ids(ws, "all") == [over.id, later.id]
    assert case_inbox.inbox(ws, "mine_to_do").lines[0].is_park_over


@pytest.mark.parametrize("box", ["mine_to_do", "all", "overdue"])
def test_page_is_read_from_the_index_alone(ws: Workspace, box: str) -> None:
    asked: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, sql: str, given: Any, _context: Any, _many: Any) -> None:
        asked.append((sql, given))

    sa.event.listen(ws.store.engine, "before_cursor_execute", note)
    case_inbox.inbox(ws, box)
    sa.event.remove(ws.store.engine, "before_cursor_execute", note)

    (of_keys,) = (each for each in asked if "UNION" in each[0])
    with ws.store.read() as tx:
        plan = tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {of_keys[0]}", of_keys[1]).all()
    parts = {row[0] for row in plan if row[3].startswith("CO-ROUTINE")}
    inside = [row[3] for row in plan if row[1] in parts]
    assert inside
    for each in inside:
        assert "COVERING INDEX case_inbox (state=?" in each, "no scan, no sort of all of a state"


def test_what_is_done_stands_latest_first_with_what_was_merged(ws: Workspace) -> None:
    named = load(ws, [
        Case(title="堆物", state=state, grid_id=GRID, merged_into=into,
             closed_at=NOW - dt.timedelta(hours=hours))
        for state, into, hours in (("closed", "", 5), ("merged", "x", 1), ("declined", "", 9))
    ])  # fmt: skip

    assert ids(ws, "closed") == [named[1].id, named[0].id, named[2].id]
    assert ids(ws, "closed", Filter("state", "=", "merged")) == [named[1].id]


def test_filters_and_text_narrow_a_box(ws: Workspace) -> None:
    heap, lamp = load(ws, [
        Case(title="楼道堆物", state="filed", grid_id=GRID, class_code="06036", handler="阳光物业",
             source="02", urgency="02", reported_at=NOW),
        Case(title="路灯不亮", state="filed", grid_id=OTHER_GRID, class_code="02017",
             reported_at=NOW - dt.timedelta(days=3)),
    ])  # fmt: skip

    for narrowing in (
        Filter("id", "matches", "堆物"), Filter("grid_id", "=", GRID),
        Filter("class_code", "=", "06036"), Filter("handler", "=", "阳光物业"),
        Filter("source", "=", "02"), Filter("urgency", "=", "02"),
        Filter("reported_at", ">=", NOW - dt.timedelta(days=1)),
    ):  # fmt: skip
        assert ids(ws, "all", narrowing) == [heap.id]
    assert case_inbox.total(ws, "all", (Filter("grid_id", "=", OTHER_GRID),)) == 1
    assert case_inbox.choices(ws)["handler"] == [("阳光物业", "阳光物业")]
    assert set(ids(ws, "all")) == {heap.id, lamp.id}


def test_board_holds_every_open_case_once(ws: Workspace) -> None:
    load(ws, [Case(title="堆物", state=state, grid_id=GRID) for state in (*OPEN, *ENDED)])

    board = case_inbox.board(ws)

    assert [each.stage for each in board] == list(STAGES)
    assert sum(each.count for each in board) == len(OPEN)
    assert sorted(line.state for each in board for line in each.lines) == sorted(OPEN)


def test_line_says_that_the_server_has_not_confirmed_a_step(ws: Workspace) -> None:
    (case,) = load(ws, [Case(title="堆物", state="dispatched", grid_id=GRID)])
    assert not case_inbox.inbox(ws, "all").lines[0].awaits_server

    flow_steps.take_step(ws, "case", case.id, "handle")

    (line,) = case_inbox.inbox(ws, "all").lines
    assert (line.state, line.awaits_server) == ("handling", True)


def test_open_cases_of_a_home_and_of_who_is_involved(ws: Workspace) -> None:
    from sqzl_desktop.domain.kinds.case_party import CaseParty
    from tests.factories import make_resident

    there, involved, _done = load(ws, [
        Case(title="漏水", state="filed", grid_id=GRID, dwelling_id="d1"),
        Case(title="纠纷", state="handling", grid_id=GRID),
        Case(title="旧事", state="closed", grid_id=GRID, dwelling_id="d1"),
    ])  # fmt: skip
    person = elements.save(ws, make_resident(id="", name="马建国"))
    elements.save(ws, CaseParty(case_id=involved.id, resident_id=person.id, role="01"))

    assert [each.id for each in case_inbox.open_about(ws, dwellings=["d1"])] == [there.id]
    about = case_inbox.open_about(ws, residents=[person.id], dwellings=["d1"])
    assert {each.id for each in about} == {there.id, involved.id}


def test_many_are_dispatched_at_once_and_what_is_refused_says_why(ws: Workspace) -> None:
    filed = [cases.report(ws, Case(title=f"堆物{n}", grid_id=GRID)) for n in range(3)]
    for each in filed[:2]:
        flow_steps.take_step(ws, "case", each.id, "file", {"class_code": "06036"})

    found = case_bulk.take_steps(
        ws, [each.id for each in filed], "dispatch", {"handler_kind": "02", "handler": "阳光物业"}
    )

    assert [bool(each.refusal) for each in found] == [False, False, True]
    assert "已上报" in found[2].refusal
    done = elements.get(ws, "case", filed[0].id)
    left = elements.get(ws, "case", filed[2].id)
    assert isinstance(done, Case)
    assert isinstance(left, Case)
    assert (done.state, done.handler) == ("dispatched", "阳光物业")
    assert (left.state, left.handler) == ("reported", ""), "nothing of a refused one is saved"
