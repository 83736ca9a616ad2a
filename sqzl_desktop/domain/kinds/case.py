"""案件: an event taken up, with a handler and a clock (立案、派遣、结案)."""

import datetime as dt

from sqzl_desktop.schema.fields import Element, code, moment, note, record, ref, text
from sqzl_desktop.schema.kind import describe


@record
class Case(Element):
    """A case on its way from filing to closing."""

    number: str = text("案件编号", search="tail", listed=True)
    title: str = text("标题", required=True, search="words", listed=True)
    category: str = code("类别", "case_category", listed=True)
    matter: str = text("细类代码")
    description: str = note("情况描述", search="words")
    place: str = text("发生地点", search="words", listed=True)
    state: str = code("状态", "case_state", listed=True)
    handler: str = text("处置单位", search="words", listed=True)
    due_at: dt.datetime | None = moment("办理时限", listed=True)
    event_id: str = ref("来源事件", "event", group="来源")
    source: str = code("来源", "case_source", group="来源")
    reporter_name: str = text("反映人", search="name", group="来源")
    reporter_phone: str = text(
        "反映人电话", format="phone", search="tail", sensitive=True, group="来源"
    )
    reported_at: dt.datetime | None = moment("上报时间", listed=True, group="来源")
    closed_at: dt.datetime | None = moment("结案时间", group="结果")
    outcome: str = note("处置结果", group="结果")
    satisfaction: str = code("满意度", "satisfaction", group="结果")


CASE = describe(
    Case, name="case", label="案件", title=("title", "number"), guarded=("state", "closed_at")
)
