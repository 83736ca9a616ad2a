"""社情民意: what a resident said on a visit, by phone or on a slip of paper."""

import datetime as dt
from collections.abc import Mapping

from sqzl_desktop.domain.past import not_after_today
from sqzl_desktop.schema.fields import Element, code, date, flag, note, record, ref, text
from sqzl_desktop.schema.kind import describe


@record
class Opinion(Element):
    """One opinion; grouped with others to a topic or to a case, and answered."""

    content: str = note("意见内容", required=True, search="words", listed=True)
    category: str = code("类别", "opinion_category", listed=True)
    way: str = code("收集方式", "opinion_way", listed=True)
    urgency: str = code("紧急程度", "urgency")
    collected_on: dt.date | None = date("收集日期", required=True, listed=True)
    collector_name: str = text("收集人", listed=True)
    is_anonymous: bool = flag("匿名")
    resident_id: str = ref("居民", "resident", listed=True)
    speaker_name: str = text("反映人", search="name")
    speaker_phone: str = text("联系电话", format="phone", search="tail", sensitive=True)
    building_id: str = ref("楼栋", "building")
    visit_id: str = ref("来自走访", "visit", group="来源和去向")
    topic_id: str = ref("归入议题", "topic", listed=True, group="来源和去向")
    case_id: str = ref("归入案件", "case", listed=True, group="来源和去向")
    reply: str = note("答复内容", group="答复")
    replied_on: dt.date | None = date("答复日期", listed=True, group="答复")
    replied_by: str = text("答复人", group="答复")


def _errors(opinion: Opinion, today: dt.date) -> Mapping[str, str]:
    found = not_after_today(opinion, today, {"collected_on": "收集日期", "replied_on": "答复日期"})
    if opinion.topic_id and opinion.case_id:
        found["case_id"] = "一条意见只能归入一个议题或一个案件"
    return found


OPINION = describe(Opinion, name="opinion", label="社情民意", title=("content",), errors=_errors)
