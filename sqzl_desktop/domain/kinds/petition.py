"""信访重点人员: people with a petition or dispute that goes on."""

import datetime as dt

from sqzl_desktop.domain.attention_fields import Attention, errors
from sqzl_desktop.schema import fields
from sqzl_desktop.schema.kind import describe


@fields.record
class Petition(Attention):
    """A person with an unsettled petition (信访重点人员)."""

    nature: str = fields.code("信访性质", "petition_nature", listed=True)
    subject: str = fields.note("信访事由", required=True, search="words")
    first_on: dt.date | None = fields.date("首次信访日期")
    count: int | None = fields.number("信访次数", listed=True)
    places: str = fields.text("信访去向", group="处理")
    duty_unit: str = fields.text("责任单位", search="words", group="处理")
    duty_name: str = fields.text("包案领导", search="name", group="处理")
    result: str = fields.note("处理结果", group="处理")


PETITION = describe(
    Petition, name="petition", label="信访重点人员", title=("resident_id",), errors=errors
)
