"""案件: the rules of what people do with cases, and what must be true of every case afterwards."""

import collections
from typing import Any

from sqzl_desktop.domain.case_flow import CASE_FLOW, ENDED, WITH_HANDLER
from sqzl_desktop.domain.kinds.case import ANOTHER_GRID, Case
from sqzl_desktop.domain.kinds.case_party import CaseParty
from sqzl_desktop.services import attachments, cases, elements, flow_steps
from tests.places import COMMUNITY
from tests.sync.ground import Laptop
from tests.sync.truth import Key, Told, Truth
from tests.sync.world import GRIDS, VALUES, World, born, canary, seen, try_to

REFUSED = ("held", "rejected")
AT_HOME = {"handler_kind": "01", "handler": "城管中队"}
_NEEDS: dict[str, dict[str, Any]] = {
    "file": {"class_code": "06010"},
    "decline": {"decline_reason": "不属职责"},
    "handle_on_spot": {"measures": "已清运"},
    "return": {"return_reason": "不属职责"},
    "feed_back": {"measures": "已清运", "feedback": "已清"},
    "rework": {"rework_reason": "没有清干净"},
    "urge": {"urge_note": "尽快"},
    "park": {"park_reason": "等待规划"},
    "void": {"void_reason": "误报"},
    "callback": {"satisfaction": "02"},
    "call_missed": {"callback_note": "未接通"},
}
_STEPS = [each.step for each in CASE_FLOW.transitions]


def case(world: World, laptop: Laptop, which: int, value: int) -> None:
    """案件: report one, or take a step of it, an open one mostly."""
    known = seen(world, laptop, "case", which)
    if known is None:
        record_id = born(world, "case")
        if record_id:
            made = Case(id=record_id, title=canary(record_id), community_id=COMMUNITY,
                        grid_id=GRIDS[value % 2])  # fmt: skip
            try_to(cases.report, laptop.session.ws, made)
        return
    open_ = [each.step for each in flow_steps.open_steps(laptop.session.ws, known)]
    going_on = [each for each in open_ if CASE_FLOW.transition(each).target not in ENDED]
    steps = _STEPS if value % 9 == 8 else (open_ if value % 3 == 2 else going_on) or _STEPS
    step = steps[value % len(steps)]
    values = {**_NEEDS.get(step, {}), **_chosen(world, step, which, value)}
    try_to(flow_steps.take_step, laptop.session.ws, "case", known.id, step, values)


def _chosen(world: World, step: str, which: int, value: int) -> dict[str, Any]:
    if step == "dispatch":
        grid = GRIDS[value // 2 % 2]
        away = {"handler_kind": ANOTHER_GRID, "handler": "其他网格", "handler_grid_id": grid}
        return away if value % 2 else AT_HOME
    known = world.known["case"]
    if step == "merge":
        return {"merged_into": known[(which + 1) % len(known)]}
    return {"feedback": VALUES[value % 2]} if step == "feed_back" else {}


def beside(world: World, laptop: Laptop, which: int, value: int) -> None:
    """旁证: a person or a photo is added to a case."""
    known = seen(world, laptop, "case", which)
    if known is None:
        return
    ws = laptop.session.ws
    if value % 2:
        content = f"%PDF-1.7 {canary(known.id)} {value % 3}".encode()
        try_to(attachments.add, ws, "case", known.id, content)
    else:
        party = CaseParty(case_id=known.id, role="01", name=canary(known.id))
        try_to(elements.save, ws, party)


def decided(kind: str) -> set[str]:
    """The times of a report that the server decides, whatever a device's clock said."""
    return {"reported_at", "discovered_at"} if kind == "case" else set()


def check(truth: Truth) -> None:
    """Every case: its steps are one way through the table, and it lies where it should."""
    steps: dict[str, list[Any]] = collections.defaultdict(list)
    for row in truth.rows.values():
        if row.kind == "case_step":
            steps[row.fields["case_id"]].append(row)
    taken: dict[Key, list[Told]] = collections.defaultdict(list)
    for told in truth.operations.values():
        if told.key[0] == "case" and told.action == "step":
            taken[told.key].append(told)
    for key, row in truth.rows.items():
        if row.kind == "case":
            put_down = sorted(steps[row.id], key=lambda each: int(each.fields["number"]))
            _way_is_whole(row, put_down)
            _each_saw_the_one_before(truth, row, taken[key])
            _lies_where_it_should(truth, row)


def _way_is_whole(row: Any, steps: list[Any]) -> None:
    numbers = [each.fields["number"] for each in steps]
    assert numbers == list(range(1, len(steps) + 1)), "steps are missing or were put down twice"
    assert row.fields.get("step_count") == (len(steps) or None)
    state = CASE_FLOW.initial
    for each in steps:
        transition = CASE_FLOW.transition(each.fields["step"])
        assert each.fields["from_state"] == state, "a step was taken from another state"
        assert state in transition.sources, "a step the table does not know"
        state = transition.target or state
        assert each.fields["to_state"] == state
    assert row.fields["state"] == state, "the case is in a state no step has led to"


def _each_saw_the_one_before(truth: Truth, row: Any, taken: list[Told]) -> None:
    """No step was taken upon a round that its author had not seen."""
    took_effect = [each for each in taken if each.outcome not in (*REFUSED, "noop")]
    again = {each.id for each in taken if each.outcome == "noop"}
    stands = ""
    for told in sorted(took_effect, key=lambda each: each.place):
        assert stands in ("", told.saw["state"]) or told.saw["state"] in again, "a stale step"
        if CASE_FLOW.transition(told.step).target:
            stands = told.id
    beside = [each for each in truth.rows.values()
              if each.kind == "case_step" and each.fields["case_id"] == row.id]  # fmt: skip
    assert len(beside) == len(took_effect) or truth.restored, "a step without its record"


def _lies_where_it_should(truth: Truth, row: Any) -> None:
    fields = row.fields
    is_away = fields["state"] in WITH_HANDLER and fields.get("handler_kind") == ANOTHER_GRID
    if is_away:
        assert row.grid == fields["handler_grid_id"], "another grid than the one that handles it"
    else:
        assert not fields.get("home_grid_id"), "not at home, though nobody handles it"
    for each in truth.rows.values():
        of = each.fields
        is_beside = of.get("case_id") == row.id or (of.get("record_kind"), of.get("record_id")) == (
            "case", row.id,
        )  # fmt: skip
        assert not is_beside or each.grid == row.grid, f"a {each.kind} far from its case"
