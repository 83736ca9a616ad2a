"""设施: the things of public space (部件, GB/T 47678.5)."""

import datetime as dt

from sqzl_desktop.schema.fields import Element, Location, code, date, location, note, record, text
from sqzl_desktop.schema.kind import describe


@record
class Facility(Element):
    """A component: manhole cover, lamp, lift, fitness device."""

    name: str = text("名称", required=True, search="words", listed=True)
    category: str = code("部件类别", "component", listed=True)
    old_category: str = text("原系统类别")
    place: str = text("位置描述", search="words", listed=True)
    department: str = text("主管部门", listed=True)
    state: str = code("状态", "facility_state", listed=True)
    installed_on: dt.date | None = date("初始日期")
    checked_on: dt.date | None = date("最近检查", listed=True)
    location: Location | None = location("坐标", group="位置")
    remark: str = note("备注", group="其他")


FACILITY = describe(Facility, name="facility", label="设施部件", title=("name",))
