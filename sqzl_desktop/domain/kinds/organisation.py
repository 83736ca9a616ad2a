"""组织: companies, shops, schools, owners' committees, social organisations."""

from sqzl_desktop.schema.fields import Element, code, flag, note, number, record, text
from sqzl_desktop.schema.kind import describe


@record
class Organisation(Element):
    """An organisation (实有单位), known by its unified social credit code (GB 32100)."""

    name: str = text("单位名称", required=True, search="name", listed=True)
    category: str = code("单位类型", "organisation_type", listed=True)
    uscc: str = text(
        "统一社会信用代码", format="uscc", search="tail", listed=True, more=("信用代码",)
    )
    address: str = text("地址", search="words", listed=True)
    contact_name: str = text("联系人", search="name", listed=True)
    phone: str = text("联系电话", format="phone", search="tail", sensitive=True, listed=True)
    employee_count: int | None = number("从业人数")
    is_dangerous: bool = flag("存有危险品", listed=True)
    remark: str = note("备注", group="其他")


ORGANISATION = describe(
    Organisation, name="organisation", label="单位组织", title=("name",), in_grid=False
)
