"""计生特殊家庭: parents who lost their only child, or whose only child is disabled."""

import datetime as dt

from sqzl_desktop.domain.attention_fields import Attention, errors
from sqzl_desktop.schema import fields
from sqzl_desktop.schema.kind import describe


@fields.record
class SpecialFamily(Attention):
    """A member of a family that lost, or whose disabled child is, the only one."""

    category: str = fields.code("类别", "special_family_type", required=True, listed=True)
    child_born_on: dt.date | None = fields.date("子女出生日期")
    since_event_on: dt.date | None = fields.date("伤残（死亡）日期")
    allowance: float | None = fields.decimal("扶助金（元/月）")
    contact_name: str = fields.text("联系人", search="name", group="服务")
    needs: str = fields.note("需求", group="服务")
    help_given: str = fields.note("帮扶情况", group="服务")


SPECIAL_FAMILY = describe(
    SpecialFamily,
    name="special_family",
    label="计生特殊家庭",
    title=("resident_id",),
    errors=errors,
)
