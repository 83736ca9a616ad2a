"""重点青少年: young people at risk, with guardian and helper (GB/T 31000)."""

from sqzl_desktop.domain.attention_fields import Attention, errors
from sqzl_desktop.schema import fields
from sqzl_desktop.schema.kind import describe


@fields.record
class KeyYouth(Attention):
    """A young person at risk (重点青少年, GB/T 31000)."""

    category: str = fields.code("人员类型", "key_youth_type", required=True, listed=True)
    family: str = fields.code("家庭情况", "youth_family", listed=True)
    guardian_name: str = fields.text("监护人", search="name", group="监护")
    guardian_id_number: str = fields.text(
        "监护人身份号码", format="id_number", search="tail", sensitive=True, group="监护"
    )
    guardian_relation: str = fields.code("与监护人关系", "family_relation", group="监护")
    guardian_phone: str = fields.text(
        "监护人电话", format="phone", search="tail", sensitive=True, group="监护"
    )
    guardian_address: str = fields.text(
        "监护人居住详址", format="address", sensitive=True, group="监护"
    )
    has_offended: bool = fields.flag("违法犯罪", group="帮扶")
    offence_note: str = fields.note("违法犯罪情况", sensitive=True, group="帮扶")
    helper_name: str = fields.text("帮扶人", search="name", group="帮扶")
    helper_phone: str = fields.text("帮扶人电话", format="phone", sensitive=True, group="帮扶")
    method: str = fields.code("帮扶手段", "youth_help", group="帮扶")
    help_given: str = fields.note("帮扶情况", group="帮扶")


KEY_YOUTH = describe(
    KeyYouth, name="key_youth", label="重点青少年", title=("resident_id",), errors=errors
)
