"""关爱老人: aged people who live alone, are very old or cannot look after themselves."""

from sqzl_desktop.domain.attention_fields import Attention, errors
from sqzl_desktop.schema import fields
from sqzl_desktop.schema.kind import describe


@fields.record
class AgedCare(Attention):
    """An aged resident looked after (独居、空巢、高龄、失能)."""

    reasons: tuple[str, ...] = fields.many("关爱原因", "aged_reason", listed=True)
    self_care: str = fields.code("自理能力", "self_care", listed=True)
    health: str = fields.code("健康状况", "health")
    emergency_name: str = fields.text("紧急联系人", search="name", listed=True, group="联系")
    emergency_relation: str = fields.code("与老人关系", "family_relation", group="联系")
    emergency_phone: str = fields.text(
        "紧急联系电话", format="phone", search="tail", sensitive=True, group="联系"
    )
    has_alarm: bool = fields.flag("装有一键呼叫", group="服务")
    services: str = fields.note("享受服务（助餐、助浴等）", group="服务")
    allowance: float | None = fields.decimal("高龄津贴（元/月）", group="服务")
    partner_name: str = fields.text("结对帮扶人", search="name", group="服务")


AGED_CARE = describe(
    AgedCare, name="aged_care", label="关爱老人", title=("resident_id",), errors=errors
)
