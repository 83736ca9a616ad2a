"""房屋: a flat, house or shop that has a door of its own."""

from sqzl_desktop.schema.fields import (
    Element,
    code,
    decimal,
    flag,
    note,
    number,
    record,
    ref,
    text,
)  # fmt: skip
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
    purpose: str = code("房屋用途", "house_purpose")
    position: int | None = number("同层位次", group="楼栋图位置")
    span: int | None = number("占几格宽", group="楼栋图位置")
    storeys: int | None = number("占几层高", group="楼栋图位置")
    area: float | None = decimal("建筑面积（平方米）")
    owner_name: str = text("产权人", search="name", group="产权")
    owner_phone: str = text(
        "产权人电话", format="phone", search="tail", sensitive=True, group="产权"
    )
    property_right: str = code("产权性质", "property_right", group="产权")
    owner_id_type: str = code("产权人证件类型", "document_type", group="产权")
    owner_id_number: str = text(
        "产权人证件号码", format="id_number", search="tail", sensitive=True, group="产权"
    )
    owner_address: str = text("产权人现住址", format="address", sensitive=True, group="产权")
    layout: str = text("户型", group="房屋情况")
    inner_area: float | None = decimal("套内面积（平方米）", group="房屋情况")
    built_year: int | None = number("建成年份", group="房屋情况")
    is_converted: bool = flag("改变用途（住改商、商改住）", group="房屋情况")
    business: str = text("经营业态", search="words", group="房屋情况")
    rental_use: str = code("出租用途", "rental_use", group="出租")
    is_shared: bool = flag("群租", group="出租")
    tenant_name: str = text("承租人", search="name", group="出租")
    tenant_id_number: str = text(
        "承租人证件号码", format="id_number", search="tail", sensitive=True, group="出租"
    )
    tenant_phone: str = text(
        "承租人电话", format="phone", search="tail", sensitive=True, group="出租"
    )
    hazard: str = code("安全隐患", "hazard", group="安全")
    hazard_note: str = note("隐患说明", group="安全")
    remark: str = note("备注", group="其他")


DWELLING = describe(Dwelling, name="dwelling", label="房屋", title=("address",))
