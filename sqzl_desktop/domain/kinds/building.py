"""楼栋: a building with its entrances, floors and rooms."""

from sqzl_desktop.schema import fields
from sqzl_desktop.schema.kind import describe


@fields.record
class Building(fields.Element):
    """A building of an estate."""

    estate: str = fields.text("小区", required=True, search="words", listed=True)
    name: str = fields.text("楼栋号", required=True, search="words", listed=True)
    code: str = fields.text("楼栋编码", search="tail", group="建筑")
    address: str = fields.text("地址", search="words")
    category: str = fields.code("楼栋类型", "building_type", listed=True)
    entrance_count: int | None = fields.number("单元数", listed=True)
    floor_count: int | None = fields.number("层数", listed=True)
    rooms_per_floor: int | None = fields.number("每层户数")
    lift_count: int | None = fields.number("电梯数")
    dwelling_count: int | None = fields.number("房屋数", listed=True)
    floors_below: int | None = fields.number("地下层数", group="建筑")
    built_year: int | None = fields.number("建成年份", group="建筑")
    area: float | None = fields.decimal("占地面积（平方米）", group="建筑")
    has_gas: bool = fields.flag("通管道燃气", group="建筑")
    lead_name: str = fields.text("楼栋长", search="name", listed=True)
    lead_phone: str = fields.text("楼栋长电话", format="phone", search="tail", sensitive=True)
    location: fields.Location | None = fields.location("位置", group="位置")
    outline: str = fields.outline("楼栋轮廓", group="位置")
    remark: str = fields.note("备注", group="其他")


BUILDING = describe(Building, name="building", label="楼栋", title=("estate", "name"))
