"""艾滋病危险人员: the most closely held register (GB/T 31000)."""

from sqzl_desktop.domain.attention_fields import Attention, errors
from sqzl_desktop.schema import fields
from sqzl_desktop.schema.kind import describe


@fields.record
class HivRisk(Attention):
    """A person at risk of, or living with, HIV (艾滋病危险人员, GB/T 31000)."""

    route: str = fields.code("感染途径", "hiv_route", sensitive=True)
    category: str = fields.code("关注类型", "hiv_attention", listed=True)
    has_record: bool = fields.flag("有违法犯罪史")
    record_note: str = fields.note("违法犯罪情况", sensitive=True)
    case_kind: str = fields.text("案件类别", sensitive=True)
    helper_name: str = fields.text("帮扶人", search="name", group="帮扶")
    helper_phone: str = fields.text("帮扶人电话", format="phone", sensitive=True, group="帮扶")
    help_given: str = fields.note("帮扶情况", group="帮扶")
    treatment: str = fields.code("收治情况", "hiv_treatment", group="帮扶")
    hospital: str = fields.text("收治机构", group="帮扶")


HIV_RISK = describe(
    HivRisk, name="hiv_risk", label="艾滋病危险人员", title=("resident_id",), errors=errors
)
