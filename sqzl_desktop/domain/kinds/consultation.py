"""协商: one consultation of residents on one topic, in one of five forms."""

import datetime as dt
from collections.abc import Mapping

from sqzl_desktop.schema import fields
from sqzl_desktop.schema.kind import describe


@fields.record
class Consultation(fields.Element):
    """A consultation, from the chosen topic to the published result."""

    title: str = fields.text("协商事项", required=True, search="words", listed=True)
    number: str = fields.text("编号", search="tail", listed=True)
    topic_id: str = fields.ref("议题", "topic", required=True)
    form: str = fields.code("协商形式", "consultation_form", required=True, listed=True)
    state: str = fields.code("进度", "consultation_state", listed=True)
    held_at: dt.datetime | None = fields.moment("协商时间", listed=True)
    place: str = fields.text("协商地点", listed=True)
    host: str = fields.text("主持人", listed=True)
    convenor: str = fields.text("召集人")
    scope: str = fields.text("涉及范围", group="通知内容")
    main_points: str = fields.note("协商要点（每行一项）", group="通知内容")
    participants: str = fields.note("参会方（每行：名称 人数）", group="通知内容")
    observer_seats: int | None = fields.number("旁听席位", group="通知内容")
    quorum: str = fields.text("到会要求", group="通知内容")
    materials: str = fields.note("会前材料（每行一项）", group="通知内容")
    opinions_until: dt.datetime | None = fields.moment("意见截止时间", group="通知内容")
    contact_name: str = fields.text("联系人", group="通知内容")
    posted_from: dt.date | None = fields.date("公示开始", group="公示")
    posted_until: dt.date | None = fields.date("公示结束", group="公示")
    invited_count: int | None = fields.number("应到人数", group="协商结果")
    attended_count: int | None = fields.number("实到人数", group="协商结果")
    agree_count: int | None = fields.number("同意票", group="协商结果")
    against_count: int | None = fields.number("反对票", group="协商结果")
    abstain_count: int | None = fields.number("弃权票", group="协商结果")
    outcome: str = fields.note("协商结论", group="协商结果")
    dissent: str = fields.note("保留意见", group="协商结果")


def _errors(consultation: Consultation, _today: dt.date) -> Mapping[str, str]:
    found: dict[str, str] = {}
    begun, ended = consultation.posted_from, consultation.posted_until
    if begun and ended and ended < begun:
        found["posted_until"] = "公示结束早于开始"
    invited, attended = consultation.invited_count, consultation.attended_count
    if invited is not None and attended is not None and attended > invited:
        found["attended_count"] = "实到人数多于应到人数"
    return found


CONSULTATION = describe(
    Consultation,
    name="consultation",
    label="民主协商",
    title=("title",),
    in_grid=False,
    guarded=("state", "number"),
    errors=_errors,
)
