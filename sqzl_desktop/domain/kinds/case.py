"""案件: what was noticed, on its way from the report to a closed matter (发现、立案、派遣、结案).

Fields after GB/T 47678.5 (事项) and the case forms of city management; what a step writes of
itself (times, counts, limits) is guarded: see `domain.case_flow`.
"""

import datetime as dt
from collections.abc import Mapping

from sqzl_desktop.domain.past import in_order, not_after_today
from sqzl_desktop.schema import fields
from sqzl_desktop.schema.kind import describe

_FROM, _WHERE, _STEPS, _CLOCK, _RESULT = "来源", "位置", "办理", "时限", "结果和回访"

ANOTHER_GRID = "04"  # of the list handler_kind


@fields.record
class Case(fields.Element):
    """A case from the report to closing.

    `class_code` names a class of `domain.case_classes`, `class_version` which version was in
    force when it was filed. `collector` is the account that reported it and checks it on site;
    `home_grid_id` is the grid it goes back to while another grid handles it;
    `pauses` holds one ISO 8601 interval a line, `paused_at` the beginning of one that goes on.
    `satisfaction_before` is what the reporter had said of the round that ended in a rework.
    """

    number: str = fields.text("案件编号", search="tail", listed=True)
    title: str = fields.text("标题", required=True, search="words", listed=True)
    class_code: str = fields.text("案件类别", listed=True)
    category: str = fields.code("大类", "case_category")
    description: str = fields.note("情况描述", search="words")
    place: str = fields.text("发生地点", search="words", format="address", listed=True)
    urgency: str = fields.code("紧急程度", "urgency", listed=True)
    state: str = fields.code("状态", "case_state", listed=True)
    handler: str = fields.text("承办单位或人员", search="words", listed=True)
    due_at: dt.datetime | None = fields.moment("办理时限", listed=True)

    building_id: str = fields.ref("楼栋", "building", group=_WHERE)
    dwelling_id: str = fields.ref("房屋", "dwelling", group=_WHERE)
    facility_id: str = fields.ref("相关部件", "facility", group=_WHERE)
    location: fields.Location | None = fields.location("坐标", group=_WHERE)

    source: str = fields.code("来源渠道", "case_source", listed=True, group=_FROM)
    discovered_at: dt.datetime | None = fields.moment("发现时间", group=_FROM)
    reported_at: dt.datetime | None = fields.moment("上报时间", listed=True, group=_FROM)
    reporter_name: str = fields.text("反映人", search="name", group=_FROM)
    reporter_phone: str = fields.text(
        "反映人电话", format="phone", search="tail", sensitive=True, group=_FROM
    )
    is_anonymous: bool = fields.flag("匿名反映", group=_FROM)
    scale: str = fields.code("事件规模", "event_scale", group=_FROM)
    event_id: str = fields.ref("来源事件", "event", group=_FROM)
    collector: str = fields.text("采集人账号", group=_FROM)
    collector_name: str = fields.text("采集人", group=_FROM)

    confirm_note: str = fields.note("核实情况", group=_STEPS)
    filing_note: str = fields.note("立案意见", group=_STEPS)
    decline_reason: str = fields.note("不予立案理由", group=_STEPS)
    handler_kind: str = fields.code("承办类型", "handler_kind", group=_STEPS)
    handler_grid_id: str = fields.ref("承办网格", "grid", group=_STEPS)
    home_grid_id: str = fields.ref("采集网格", "grid", group=_STEPS)
    co_handlers: str = fields.note("协办单位（每行一个）", group=_STEPS)
    dispatch_note: str = fields.note("派遣要求", group=_STEPS)
    return_reason: str = fields.note("退单理由", group=_STEPS)
    return_count: int | None = fields.number("退单次数", group=_STEPS)
    measures: str = fields.note("处置措施", group=_STEPS)
    handled_by: str = fields.text("处置人", group=_STEPS)
    feedback: str = fields.note("反馈情况", group=_STEPS)
    check_note: str = fields.note("核查情况", group=_STEPS)
    rework_reason: str = fields.note("返工理由", group=_STEPS)
    rework_count: int | None = fields.number("返工次数", group=_STEPS)
    urge_note: str = fields.note("督办意见", group=_STEPS)
    urge_count: int | None = fields.number("督办次数", group=_STEPS)
    park_reason: str = fields.note("挂账理由", group=_STEPS)
    parked_until: dt.date | None = fields.date("挂账至", group=_STEPS)
    void_reason: str = fields.note("作废理由", group=_STEPS)
    merged_into: str = fields.ref("并入案件", "case", group=_STEPS)

    step_count: int | None = fields.number("办理步数", group=_CLOCK)
    class_version: int | None = fields.number("类别版本", group=_CLOCK)
    phase: int | None = fields.number("办理阶段", group=_CLOCK)
    stage_due_at: dt.datetime | None = fields.moment("本环节时限", group=_CLOCK)
    due_before: dt.datetime | None = fields.moment("调整前时限", group=_CLOCK)
    state_at: dt.datetime | None = fields.moment("进入本环节时间", group=_CLOCK)
    confirmed_at: dt.datetime | None = fields.moment("核实时间", group=_CLOCK)
    filed_at: dt.datetime | None = fields.moment("立案时间", group=_CLOCK)
    dispatched_at: dt.datetime | None = fields.moment("派遣时间", group=_CLOCK)
    handling_at: dt.datetime | None = fields.moment("接办时间", group=_CLOCK)
    fed_back_at: dt.datetime | None = fields.moment("反馈时间", group=_CLOCK)
    verified_at: dt.datetime | None = fields.moment("核查时间", group=_CLOCK)
    paused_at: dt.datetime | None = fields.moment("暂停时间", group=_CLOCK)
    pauses: str = fields.note("暂停时段", group=_CLOCK)
    extension_until: dt.datetime | None = fields.moment("延期至", group=_CLOCK)
    extension_reason: str = fields.note("延期理由", group=_CLOCK)
    extension_state: str = fields.code("延期申请", "extension_state", group=_CLOCK)
    granted_until: dt.datetime | None = fields.moment("准予延期至", group=_CLOCK)
    extension_note: str = fields.note("延期审批意见", group=_CLOCK)

    closed_at: dt.datetime | None = fields.moment("结案时间", group=_RESULT)
    close_kind: str = fields.code("结案方式", "close_kind", group=_RESULT)
    outcome: str = fields.note("处置结果", group=_RESULT)
    satisfaction: str = fields.code("满意度", "satisfaction", group=_RESULT)
    dissatisfaction_reason: str = fields.note("不满意原因", group=_RESULT)
    callback_note: str = fields.note("回访情况", group=_RESULT)
    callback_at: dt.datetime | None = fields.moment("回访时间", group=_RESULT)
    callback_missed: int | None = fields.number("回访未果次数", group=_RESULT)
    satisfaction_before: str = fields.code("返工前满意度", "satisfaction", group=_RESULT)
    callback_before: dt.datetime | None = fields.moment("返工前回访时间", group=_RESULT)


GUARDED = (
    "number", "state", "collector", "collector_name", "return_count", "rework_count", "urge_count",
    "class_version", "phase", "due_at", "stage_due_at", "due_before", "state_at", "confirmed_at",
    "filed_at", "dispatched_at", "handling_at", "fed_back_at", "verified_at", "paused_at", "pauses",
    "extension_state", "granted_until", "closed_at", "close_kind", "callback_at", "home_grid_id",
    "merged_into", "step_count", "reported_at", "callback_missed", "satisfaction_before",
    "callback_before",
)  # fmt: skip


def _errors(case: Case, today: dt.date) -> Mapping[str, str]:
    in_time = not_after_today(case, today, {"discovered_at": "发现时间"}) | in_order(
        case, ("discovered_at", "reported_at"), "上报时间早于发现时间"
    )
    return {**in_time, **_wrong_grid(case)}


def _wrong_grid(case: Case) -> Mapping[str, str]:
    if case.handler_kind == ANOTHER_GRID and not case.handler_grid_id:
        return {"handler_kind": "派给其他网格时，请选择承办网格"}
    if not case.handler_grid_id.startswith(case.community_id):
        return (
            {"handler_grid_id": "承办网格不属于本社区，请重新选择"} if case.handler_grid_id else {}
        )
    return {}


CASE = describe(
    Case, name="case", label="案件", title=("title", "number"), guarded=GUARDED, errors=_errors
)
