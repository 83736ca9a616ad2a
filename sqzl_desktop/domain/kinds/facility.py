"""设施: the things of public space (部件, GB/T 47678.5)."""

import datetime as dt

from sqzl_desktop.schema import fields
from sqzl_desktop.schema.kind import describe


@fields.record
class Facility(fields.Element):
    """A component: manhole cover, lamp, lift. Attributes after GB/T 47678.5-2026, table 2."""

    name: str = fields.text(
        "名称",
        required=True,
        search="words",
        listed=True,
        more=("设施名称", "部件名称", "设备名称"),
    )
    category: str = fields.code("部件类别", "component", listed=True)
    old_category: str = fields.text("原系统类别")
    place: str = fields.text(
        "位置描述", search="words", format="address", listed=True,
        more=("位置", "地点", "安装位置", "所在位置"),
    )  # fmt: skip
    code: str = fields.text("部件标识码", search="tail")
    department: str = fields.text("主管部门", listed=True)
    department_code: str = fields.text("主管部门代码", format="uscc", group="权属")
    owner: str = fields.text("权属单位", group="权属")
    owner_code: str = fields.text("权属单位代码", format="uscc", group="权属")
    maintainer: str = fields.text("养护单位", search="words", group="权属")
    maintainer_code: str = fields.text("养护单位代码", format="uscc", group="权属")
    state: str = fields.code("状态", "facility_state", listed=True)
    installed_on: dt.date | None = fields.date("初始日期")
    checked_on: dt.date | None = fields.date("最近检查", listed=True)
    check_days: int | None = fields.number("检查间隔（天）", group="检查")
    changed_on: dt.date | None = fields.date("变更日期", group="检查")
    source: str = fields.code("数据来源", "survey_source", group="检查")
    building_id: str = fields.ref("所在楼栋", "building", group="位置")
    accuracy: str = fields.code("定位精度", "accuracy", group="位置")
    location: fields.Location | None = fields.location("坐标", group="位置")
    remark: str = fields.note("备注", group="其他")


FACILITY = describe(Facility, name="facility", label="设施部件", title=("name",))
