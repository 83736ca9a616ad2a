"""走访: a visit to a resident, household or dwelling, or a patrol."""

import datetime as dt
from collections.abc import Mapping

from sqzl_desktop.domain.past import in_order, not_after_today
from sqzl_desktop.schema.fields import Element, code, date, moment, note, record, ref
from sqzl_desktop.schema.kind import describe


@record
class Visit(Element):
    """One visit; never edited afterwards."""

    resident_id: str = ref("走访对象", "resident", listed=True)
    household_id: str = ref("走访户", "household", listed=True)
    dwelling_id: str = ref("走访房屋", "dwelling")
    building_id: str = ref("巡查楼栋", "building")
    organisation_id: str = ref("巡查单位", "organisation")
    facility_id: str = ref("巡查设施", "facility")
    visited_at: dt.datetime | None = moment("走访时间", required=True, listed=True)
    category: str = code("走访类型", "visit_kind", required=True, listed=True)
    way: str = code("走访方式", "visit_way", listed=True)
    content: str = note("走访情况", required=True, search="words", listed=True)
    outcome: str = code("结果", "visit_outcome", listed=True)
    problem: str = note("发现的问题", search="words")
    event_id: str = ref("转报事件", "event")
    visitor_id: str = ref("走访人", "staff", listed=True)
    next_on: dt.date | None = date("下次走访", listed=True)


def _errors(visit: Visit, today: dt.date) -> Mapping[str, str]:
    return not_after_today(visit, today, {"visited_at": "走访时间"}) | in_order(
        visit, ("visited_at", "next_on"), "下次走访早于这次走访"
    )


VISIT = describe(
    Visit,
    name="visit",
    label="走访记录",
    title=("resident_id", "visited_at"),
    append_only=True,
    errors=_errors,
)
