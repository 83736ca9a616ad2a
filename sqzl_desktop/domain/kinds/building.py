"""楼栋: a building with its entrances, floors and rooms."""

from sqzl_desktop.schema.fields import Element, Location, code, location, number, record, text
from sqzl_desktop.schema.kind import describe


@record
class Building(Element):
    """A building of an estate."""

    estate: str = text("小区", required=True, search="words", listed=True)
    name: str = text("楼栋号", required=True, search="words", listed=True)
    category: str = code("楼栋类型", "building_type", listed=True)
    entrance_count: int | None = number("单元数", listed=True)
    floor_count: int | None = number("层数", listed=True)
    rooms_per_floor: int | None = number("每层户数")
    lift_count: int | None = number("电梯数")
    dwelling_count: int | None = number("房屋数", listed=True)
    lead_name: str = text("楼栋长", search="name", listed=True)
    lead_phone: str = text("楼栋长电话", format="phone", search="tail", sensitive=True)
    location: Location | None = location("位置", group="位置")


BUILDING = describe(Building, name="building", label="楼栋", title=("estate", "name"))
