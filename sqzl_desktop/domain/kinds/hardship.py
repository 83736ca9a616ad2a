"""困难家庭: subsistence allowance, extreme hardship, risk of falling back into poverty."""

import datetime as dt

from sqzl_desktop.domain.attention_fields import Attention, errors
from sqzl_desktop.schema import fields
from sqzl_desktop.schema.kind import describe


@fields.record
class Hardship(Attention):
    """A resident in hardship (低保、特困、低保边缘、易返贫)."""

    category: str = fields.code("救助类别", "hardship_type", required=True, listed=True)
    certificate: str = fields.text("救助证号", search="tail", sensitive=True)
    amount: float | None = fields.decimal("月救助金额（元）", listed=True)
    covered_count: int | None = fields.number("保障人数")
    review_on: dt.date | None = fields.date("复核日期", listed=True)
    cause: str = fields.code("致困原因", "hardship_cause")
    difficulty: str = fields.note("困难及诉求", search="words")
    help_given: str = fields.note("帮扶情况")


HARDSHIP = describe(
    Hardship, name="hardship", label="困难家庭", title=("resident_id",), errors=errors
)
