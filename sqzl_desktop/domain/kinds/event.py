"""事件: something noticed, before anything is decided about it (发现)."""

import datetime as dt
from collections.abc import Mapping

from sqzl_desktop.domain.past import not_after_today
from sqzl_desktop.schema.fields import (
    Element,
    Location,
    code,
    location,
    moment,
    note,
    record,
    ref,
    text,
)  # fmt: skip
from sqzl_desktop.schema.kind import describe


@record
class Event(Element):
    """An event as reported from the stairwell, by phone or at the desk."""

    title: str = text("标题", required=True, search="words", listed=True)
    category: str = code("类别", "case_category", required=True, listed=True)
    matter: str = code("事项细类", "matter")
    description: str = note("情况描述", required=True, search="words")
    place: str = text("发生地点", search="words", format="address", listed=True)
    building_id: str = ref("楼栋", "building")
    urgency: str = code("紧急程度", "urgency", listed=True)
    source: str = code("来源", "case_source", listed=True)
    discovered_at: dt.datetime | None = moment("发现时间", listed=True)
    reporter_name: str = text("反映人", search="name", group="反映人")
    reporter_phone: str = text(
        "反映人电话", format="phone", search="tail", sensitive=True, group="反映人"
    )
    location: Location | None = location("坐标", group="其他")
    state: str = code("状态", "event_state", listed=True, group="其他")


def _errors(event: Event, today: dt.date) -> Mapping[str, str]:
    return not_after_today(event, today, {"discovered_at": "发现时间"})


EVENT = describe(
    Event, name="event", label="事件", title=("title",), guarded=("state",), errors=_errors
)
