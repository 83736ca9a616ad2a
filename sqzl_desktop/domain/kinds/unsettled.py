"""未落户: a resident who is registered nowhere."""

import datetime as dt
from collections.abc import Mapping

from sqzl_desktop.domain.attention_fields import Block
from sqzl_desktop.domain.past import not_after_today
from sqzl_desktop.schema import fields
from sqzl_desktop.schema.kind import describe


@fields.record
class Unsettled(Block):
    """The unsettled block of a resident (未落户人口)."""

    reason: str = fields.code("未落户原因", "unsettled_reason", listed=True)
    since_on: dt.date | None = fields.date("未落户起始日期", listed=True)
    document: str = fields.text("持有证件", listed=True)
    document_number: str = fields.text("证件编号", search="tail", sensitive=True)
    progress: str = fields.note("办理情况", search="words")
    remark: str = fields.note("备注", group="其他")


def _errors(unsettled: Unsettled, today: dt.date) -> Mapping[str, str]:
    return not_after_today(unsettled, today, {"since_on": "未落户起始日期"})


UNSETTLED = describe(
    Unsettled, name="unsettled", label="未落户人员", title=("resident_id",), errors=_errors
)
