"""社区: the residents' committee's area; the unit whose changes have one order."""

from sqzl_desktop.schema.fields import Element, Location, location, outline, record, text
from sqzl_desktop.schema.kind import describe


@record
class Community(Element):
    """An urban community or a village, known by its 12-digit division code (GB/T 2260 + NBS)."""

    code: str = text("社区代码", required=True, search="tail", listed=True)
    name: str = text("社区名称", required=True, search="name", listed=True)
    category: str = text("类型", listed=True)
    subdistrict_code: str = text("街道代码")
    subdistrict: str = text("街道（镇）", listed=True)
    county: str = text("县（区）", listed=True)
    address: str = text("办公地址", search="words")
    phone: str = text("服务电话", format="phone")
    supervision_phone: str = text("监督电话", format="phone")
    location: Location | None = location("位置")
    outline: str = outline("社区范围")


COMMUNITY = describe(
    Community, name="community", label="社区", title=("name",), in_grid=False, key="code"
)
