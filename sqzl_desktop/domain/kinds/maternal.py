"""孕产妇: pregnancy and the weeks after birth."""

import datetime as dt

from sqzl_desktop.domain.attention_fields import Attention, errors
from sqzl_desktop.schema import fields
from sqzl_desktop.schema.kind import describe


@fields.record
class Maternal(Attention):
    """A resident who is pregnant or has just given birth."""

    due_on: dt.date | None = fields.date("预产期", listed=True)
    born_on: dt.date | None = fields.date("分娩日期", listed=True)
    child_order: int | None = fields.number("孩次")
    is_high_risk: bool = fields.flag("高危", listed=True)
    hospital: str = fields.text("产检（分娩）医院")
    husband_name: str = fields.text("配偶", search="name")
    husband_phone: str = fields.text("配偶电话", format="phone", search="tail", sensitive=True)
    needs: str = fields.note("需求")


MATERNAL = describe(
    Maternal, name="maternal", label="孕产妇", title=("resident_id",), errors=errors
)
