"""户: the people who keep house together in a dwelling."""

import datetime as dt

from sqzl_desktop.schema.fields import Element, code, date, note, record, ref, text
from sqzl_desktop.schema.kind import describe


@record
class Household(Element):
    """A household; its members name it in their own record. An ended one keeps its last members."""

    number: str = text("户号", search="tail", listed=True)
    head_name: str = text("户主姓名", search="name", listed=True)
    head_id: str = ref("户主", "resident", listed=True)
    dwelling_id: str = ref("住房", "dwelling", listed=True)
    category: str = code("户类型", "household_type", listed=True)
    phone: str = text("户主电话", format="phone", search="tail", sensitive=True, group="户情")
    star_rating: str = code("星级文明户", "star_rating", group="户情")
    income: str = code("家庭经济状况", "family_economy", group="户情")
    ended_on: dt.date | None = date("销户日期", group="其他")
    remark: str = note("备注", group="其他")


HOUSEHOLD = describe(Household, name="household", label="家庭户", title=("head_name", "number"))
