"""A case on one laptop: reported, filed, dispatched, handled, checked, closed."""

import dataclasses
import datetime as dt

import pytest

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain.kinds.case import Case
from sqzl_desktop.domain.kinds.event import Event
from sqzl_desktop.services import case_look, cases, elements, flow_steps
from sqzl_desktop.services.workspace import Workspace
from tests.places import GRID, NOW, OTHER_GRID

HOUR = dt.timedelta(hours=1)
ROAD = (
    ("file", {"class_code": "06010"}),
    ("dispatch", {"handler_kind": "02", "handler": "阳光物业"}),
    ("handle", {}),
    ("feed_back", {"measures": "已清运", "feedback": "楼道已恢复畅通"}),
    ("verify", {"check_note": "现场干净"}),
    ("close", {"outcome": "已清理"}),
)


def reported(ws: Workspace, **values: str) -> Case:
    return cases.report(ws, Case(**{"title": "楼道堆物", "grid_id": GRID, **values}))  # type: ignore[arg-type]


def test_report_has_a_number_its_collector_and_the_time_of_now(ws: Workspace) -> None:
    case = reported(ws)

    assert case.number.startswith("案2026-")
    assert (case.state, case.collector, case.reported_at) == ("reported", ws.actor.account, NOW)


def test_case_goes_all_the_way_and_its_time_line_tells_it(ws: Workspace) -> None:
    case = reported(ws)

    for step, values in ROAD:
        flow_steps.take_step(ws, "case", case.id, step, values)

    ended = elements.get(ws, "case", case.id)
    assert isinstance(ended, Case)
    assert (ended.state, ended.close_kind, ended.closed_at) == ("closed", "closed", NOW)
    lines = cases.timeline(ws, case.id)
    assert [each.label for each in lines] == [
        "上报", "立案", "派遣", "接办处置", "反馈", "核查通过", "结案"
    ]  # fmt: skip
    assert all(each.is_pending for each in lines[1:])


def test_rework_opens_a_closed_case_again(ws: Workspace) -> None:
    case = reported(ws)
    for step, values in ROAD:
        flow_steps.take_step(ws, "case", case.id, step, values)

    again = flow_steps.take_step(ws, "case", case.id, "rework", {"rework_reason": "又堆上了"})

    assert isinstance(again, Case)
    assert (again.state, again.rework_count, again.closed_at) == ("handling", 1, None)


def test_what_the_public_reports_is_confirmed_before_it_is_filed(ws: Workspace) -> None:
    case = reported(ws, source="02")

    with pytest.raises(Refused, match="先“核实”"):
        flow_steps.take_step(ws, "case", case.id, "file", {"class_code": "06010"})

    flow_steps.take_step(ws, "case", case.id, "confirm")
    filed = flow_steps.take_step(ws, "case", case.id, "file", {"class_code": "06010"})
    assert isinstance(filed, Case)
    assert filed.state == "filed"


def test_what_was_put_right_on_the_spot_is_reported_and_closed_in_one_action(
    ws: Workspace,
) -> None:
    case = cases.report_and_handle(
        ws, Case(title="楼道堆物", grid_id=GRID), {"measures": "当场清走"}
    )

    assert (case.state, case.close_kind, case.measures) == ("closed", "on_spot", "当场清走")


def test_event_is_taken_up_as_a_case_once(ws: Workspace) -> None:
    event = cases.report_event(
        ws, Event(title="路灯不亮", category="02", description="连续三盏", grid_id=GRID)
    )

    case = cases.take_up(ws, event.id)

    assert (case.title, case.event_id) == ("路灯不亮", event.id)
    with pytest.raises(Refused, match="已转案件"):
        cases.take_up(ws, event.id)


def test_time_of_a_step_is_not_written_by_hand(ws: Workspace) -> None:
    case = reported(ws)

    with pytest.raises(Refused, match="只能通过办理步骤改变"):
        elements.save(ws, dataclasses.replace(case, closed_at=NOW))


@pytest.mark.parametrize(
    ("step", "values", "said"),
    [
        ("file", {"class_code": "99999"}, "没有代码为“99999”的案件类别"),
        ("extend", {"extension_until": NOW - HOUR, "extension_reason": "等配件"}, "应晚于现在"),
        ("extend", {"extension_until": NOW + HOUR, "extension_reason": "等配件"}, "办理时限"),
        ("park", {"park_reason": "待立项", "parked_until": NOW.date()}, "今天以后"),
        ("merge", {"merged_into": "nowhere"}, "没有找到要并入的案件"),
        ("merge", {"merged_into": "closed"}, "只能并入在办的案件"),
    ],
)
def test_step_with_what_cannot_be_meant_is_refused_and_changes_nothing(
    lead: Workspace, step: str, values: dict[str, object], said: str
) -> None:
    case, other = reported(lead), reported(lead)
    flow_steps.take_step(lead, "case", other.id, "handle_on_spot", {"measures": "已清运"})
    for name, given in ROAD[: 0 if step == "file" else 2]:
        flow_steps.take_step(lead, "case", case.id, name, given)
    before = elements.get(lead, "case", case.id)
    meant = {name: other.id if value == "closed" else value for name, value in values.items()}

    with pytest.raises(Refused, match=said):
        flow_steps.take_step(lead, "case", case.id, step, meant)

    assert elements.get(lead, "case", case.id) == before


def test_steps_that_wait_tell_names_not_codes(lead: Workspace) -> None:
    kept, case = reported(lead, title="旧杂物"), reported(lead)
    grid = {"handler_kind": "04", "handler": "第2网格", "handler_grid_id": OTHER_GRID}
    for step, values in (ROAD[0], ("dispatch", grid), ("merge", {"merged_into": kept.id})):
        flow_steps.take_step(lead, "case", case.id, step, values)

    lines = cases.timeline(lead, case.id)
    assert lines[0].is_pending
    assert "承办网格：崇安第2网格" in lines[2].content
    assert lines[3].content == f"并入案件：旧杂物 {kept.number}"


def test_kept_case_knows_all_that_was_merged_and_whom_to_call_back(lead: Workspace) -> None:
    kept, second, third = (reported(lead, reporter_name=name) for name in ("甲", "乙", "丙"))
    flow_steps.take_step(lead, "case", third.id, "merge", {"merged_into": second.id})
    flow_steps.take_step(lead, "case", second.id, "merge", {"merged_into": kept.id})

    merged = case_look.look(lead, kept.id).merged
    assert {each.id for each in merged} == {second.id, third.id}
    assert {each.reason for each in merged} == {"已并入本案"}

    flow_steps.take_step(lead, "case", kept.id, "handle_on_spot", {"measures": "已清运"})
    flow_steps.take_step(lead, "case", second.id, "callback", {"satisfaction": "01"})
    reasons = {each.id: each.reason for each in case_look.look(lead, kept.id).merged}
    assert reasons == {second.id: "已并入本案", third.id: "已并入本案，反映人待回访"}
