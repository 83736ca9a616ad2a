"""退役军人与优抚: veterans, families of martyrs and of those in service."""

import datetime as dt

from sqzl_desktop.domain.attention_fields import Attention, errors
from sqzl_desktop.schema import fields
from sqzl_desktop.schema.kind import describe


@fields.record
class Veteran(Attention):
    """A veteran or person entitled to preferential treatment (退役军人、烈属、优抚、军属)."""

    category: str = fields.code("对象类别", "veteran_type", required=True, listed=True)
    enlisted_on: dt.date | None = fields.date("入伍日期")
    retired_on: dt.date | None = fields.date("退役日期")
    rank: str = fields.text("军衔（职级）")
    honours: str = fields.note("立功受奖")
    card_number: str = fields.text("优待证号", search="tail", sensitive=True)
    settlement: str = fields.text("安置情况")
    allowance: float | None = fields.decimal("优抚金（元/月）")
    needs: str = fields.note("需求")


VETERAN = describe(
    Veteran, name="veteran", label="退役军人与优抚对象", title=("resident_id",), errors=errors
)
