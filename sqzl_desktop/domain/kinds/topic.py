"""议题: what residents, grid workers or units want to be consulted about (民事民提)."""

import datetime as dt

from sqzl_desktop.schema.fields import Element, code, date, note, number, record, ref, text
from sqzl_desktop.schema.kind import describe


@record
class Topic(Element):
    """A topic, from the slip of paper to the decision about it."""

    title: str = text("议题名称", required=True, search="words", listed=True)
    category: str = code("类别", "topic_category", listed=True)
    level: str = code("涉及范围", "topic_level", listed=True)
    background: str = note("背景和事由", search="words")
    proposer_name: str = text("提出人", search="name", listed=True)
    proposer_id: str = ref("提出居民", "resident")
    supporter_count: int | None = number("附议人数", listed=True)
    raised_on: dt.date | None = date("提出日期", listed=True)
    state: str = code("状态", "topic_state", listed=True, group="审核")
    decision: str = note("审核意见", group="审核")
    decided_on: dt.date | None = date("审核日期", group="审核")


TOPIC = describe(
    Topic, name="topic", label="议题", title=("title",), in_grid=False, guarded=("state",)
)
