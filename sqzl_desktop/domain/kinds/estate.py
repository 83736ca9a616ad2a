"""小区: a housing estate or compound inside a community; buildings name theirs."""

import datetime as dt

from sqzl_desktop.schema import fields
from sqzl_desktop.schema.kind import describe


@fields.record
class Estate(fields.Element):
    """An estate. Its buildings are those whose `estate` is its name, which is unique inside
    a community."""

    name: str = fields.text(
        "小区名称", required=True, search="name", listed=True, more=("小区", "楼盘")
    )
    address: str = fields.text("地址", search="words", listed=True)
    category: str = fields.code("小区类型", "estate_type", listed=True)
    is_closed: bool = fields.flag("封闭管理", listed=True)
    property_company: str = fields.text("物业公司", search="words", listed=True, group="管理")
    property_contact: str = fields.text("物业联系人", search="name", group="管理")
    property_phone: str = fields.text(
        "物业电话", format="phone", search="tail", sensitive=True, group="管理"
    )
    has_owners_committee: bool = fields.flag("有业委会", listed=True, group="管理")
    committee_contact: str = fields.text("业委会联系人", search="name", group="管理")
    committee_phone: str = fields.text(
        "业委会电话", format="phone", search="tail", sensitive=True, group="管理"
    )
    building_count: int | None = fields.number("楼栋数", group="规模")
    dwelling_count: int | None = fields.number("房屋数", group="规模")
    shop_count: int | None = fields.number("底商数", group="规模")
    parking_inside: int | None = fields.number("区内车位", group="规模")
    parking_outside: int | None = fields.number("区外车位", group="规模")
    lift_count: int | None = fields.number("电梯数", group="规模")
    has_gas: bool = fields.flag("通管道燃气", group="规模")
    started_on: dt.date | None = fields.date("开工日期", group="建设")
    completed_on: dt.date | None = fields.date("竣工日期", group="建设")
    developer: str = fields.text("开发单位", group="建设")
    constructor: str = fields.text("施工单位", group="建设")
    location: fields.Location | None = fields.location("位置", group="位置")
    outline: str = fields.outline("小区范围", group="位置")
    remark: str = fields.note("备注", group="其他")


ESTATE = describe(Estate, name="estate", label="小区", title=("name",), in_grid=False)
