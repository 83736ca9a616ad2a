"""留守: the old, women and children who stayed while their family works elsewhere."""

from sqzl_desktop.domain.attention_fields import Attention, errors
from sqzl_desktop.schema import fields
from sqzl_desktop.schema.kind import describe


@fields.record
class LeftBehind(Attention):
    """A resident left behind (留守人员, GB/T 31000), and the family member who matters."""

    category: str = fields.code("留守类型", "left_behind_type", listed=True)
    health: str = fields.code("健康状况", "health")
    income: float | None = fields.decimal("个人年收入（元）")
    family_income: float | None = fields.decimal("家庭年收入（元）")
    relative_name: str = fields.text("家庭主要成员", search="name", group="家庭主要成员")
    relative_id_number: str = fields.text(
        "家庭主要成员身份号码",
        format="id_number",
        search="tail",
        sensitive=True,
        group="家庭主要成员",
    )
    relative_relation: str = fields.code("与留守人员关系", "family_relation", group="家庭主要成员")
    relative_health: str = fields.code("家庭主要成员健康状况", "health", group="家庭主要成员")
    relative_phone: str = fields.text(
        "家庭主要成员电话", format="phone", search="tail", sensitive=True, group="家庭主要成员"
    )
    relative_work: str = fields.text("家庭主要成员工作地址", sensitive=True, group="家庭主要成员")
    difficulty: str = fields.note("困难及诉求", search="words")
    help_given: str = fields.note("帮扶情况")


LEFT_BEHIND = describe(
    LeftBehind, name="left_behind", label="留守人员", title=("resident_id",), errors=errors
)
