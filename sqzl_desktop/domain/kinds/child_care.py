"""困境儿童: children without, or without able, guardians."""

from sqzl_desktop.domain.attention_fields import Attention, errors
from sqzl_desktop.schema import fields
from sqzl_desktop.schema.kind import describe


@fields.record
class ChildCare(Attention):
    """A child in difficulty (困境儿童、事实无人抚养儿童)."""

    category: str = fields.code("困境类型", "child_type", required=True, listed=True)
    guardian_name: str = fields.text("监护人", search="name", listed=True)
    guardian_relation: str = fields.code("与儿童关系", "family_relation")
    guardian_phone: str = fields.text("监护人电话", format="phone", search="tail", sensitive=True)
    school: str = fields.text("就读学校", search="words")
    health: str = fields.code("健康状况", "health")
    difficulty: str = fields.note("困难及诉求")
    help_given: str = fields.note("帮扶情况")


CHILD_CARE = describe(
    ChildCare, name="child_care", label="困境儿童", title=("resident_id",), errors=errors
)
