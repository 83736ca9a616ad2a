"""房屋: a flat, house or shop that has a door of its own."""

from sqzl_desktop.schema.fields import Element, code, decimal, note, number, record, ref, text
from sqzl_desktop.schema.kind import describe


@record
class Dwelling(Element):
    """A dwelling (实有房屋), inside a building."""

    building_id: str = ref("楼栋", "building", listed=True)
    entrance: str = text("单元", listed=True)
    floor: int | None = number("楼层", listed=True)
    room: str = text("室号", required=True, listed=True, more=("房号", "门牌号"))
    address: str = text("详细地址", required=True, search="words", listed=True)
    use: str = code("使用状态", "house_use", listed=True)
    area: float | None = decimal("建筑面积（平方米）")
    owner_name: str = text("产权人", search="name", group="产权")
    owner_phone: str = text(
        "产权人电话", format="phone", search="tail", sensitive=True, group="产权"
    )
    remark: str = note("备注", group="其他")


DWELLING = describe(Dwelling, name="dwelling", label="房屋", title=("address",))
