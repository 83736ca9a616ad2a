"""组织: companies, shops, schools, owners' committees, social organisations."""

import datetime as dt

from sqzl_desktop.schema.fields import (
    Element,
    Location,
    code,
    date,
    decimal,
    flag,
    location,
    note,
    number,
    record,
    ref,
    text,
)  # fmt: skip
from sqzl_desktop.schema.kind import describe


@record
class Organisation(Element):
    """An organisation (实有单位), known by its unified social credit code (GB 32100)."""

    name: str = text(
        "单位名称", required=True, search="name", listed=True,
        more=("名称", "店名", "企业名称", "商户名称", "场所名称", "商铺名称"),
    )  # fmt: skip
    category: str = code(
        "单位类型", "organisation_type", listed=True, more=("类别", "单位类别", "类型")
    )
    uscc: str = text(
        "统一社会信用代码", format="uscc", search="tail", listed=True, more=("信用代码",)
    )
    address: str = text(
        "地址", search="words", format="address", listed=True,
        more=("经营地址", "注册地址", "单位地址", "详细地址"),
    )  # fmt: skip
    contact_name: str = text(
        "联系人", search="name", listed=True, more=("负责人", "经营者", "业主")
    )
    phone: str = text(
        "联系电话", format="phone", search="tail", sensitive=True, listed=True,
        more=("电话", "手机", "联系方式"),
    )  # fmt: skip
    employee_count: int | None = number("从业人数", more=("员工人数", "从业人员数", "人数"))
    state: str = code("经营状态", "organisation_state", listed=True)
    is_dangerous: bool = flag("存有危险品", listed=True)
    is_small_place: bool = flag("九小场所", group="安全")
    hazard: str = code("安全隐患", "hazard", group="安全")
    hazard_note: str = note("隐患说明", group="安全")
    rectify_until: dt.date | None = date("整改期限", group="安全")
    attention_level: str = code("关注程度", "attention_level", group="安全")
    security_name: str = text("治保负责人", search="name", group="安全")
    security_phone: str = text(
        "治保负责人电话", format="phone", search="tail", sensitive=True, group="安全"
    )
    building_id: str = ref("所在楼栋", "building", group="登记")
    dwelling_id: str = ref("所在房屋", "dwelling", group="登记")
    licence: str = text("登记证号", search="tail", group="登记")
    registered_type: str = code("登记注册类型", "economy_type", group="登记")
    industry: str = text("行业", group="登记")
    scope: str = note("经营（业务）范围", group="登记")
    capital: float | None = decimal("注册资本（万元）", group="登记")
    area: float | None = decimal("占地面积（平方米）", group="登记")
    approved_on: dt.date | None = date(
        "成立（批准）日期", group="登记", more=("成立日期", "批准日期", "开业日期")
    )
    funding: str = text("资金来源", group="登记")
    has_overseas_background: bool = flag("有境外背景", group="登记")
    legal_name: str = text("法定代表人", search="name", group="负责人")
    legal_id_type: str = code("法定代表人证件类型", "document_type", group="负责人")
    legal_id_number: str = text(
        "法定代表人证件号码", format="id_number", search="tail", sensitive=True, group="负责人"
    )
    legal_phone: str = text(
        "法定代表人电话", format="phone", search="tail", sensitive=True, group="负责人"
    )
    can_have_party: bool = flag("具备建立党组织条件", group="党群")
    has_party: bool = flag("有党组织", group="党群")
    party_count: int | None = number("党员数", group="党群")
    has_youth_league: bool = flag("有团组织", group="党群")
    youth_count: int | None = number("团员数", group="党群")
    has_union: bool = flag("有工会", group="党群")
    union_count: int | None = number("工会会员数", group="党群")
    has_women_federation: bool = flag("有妇联组织", group="党群")
    women_count: int | None = number("妇女数", group="党群")
    location: Location | None = location("位置", group="位置")
    remark: str = note("备注", group="其他")


ORGANISATION = describe(
    Organisation, name="organisation", label="单位组织", title=("name",), in_grid=False
)
