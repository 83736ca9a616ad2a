"""境外人员: documents and stay of a resident from abroad, Hong Kong, Macao or Taiwan."""

import datetime as dt
from collections.abc import Mapping

from sqzl_desktop.domain.attention_fields import Block
from sqzl_desktop.domain.past import in_order, not_after_today
from sqzl_desktop.schema import fields
from sqzl_desktop.schema.kind import describe


@fields.record
class Foreigner(Block):
    """The overseas block of a resident (境外人员, GB/T 31000)."""

    surname: str = fields.text("外文姓", search="words", listed=True)
    given_name: str = fields.text("外文名", search="words", listed=True)
    chinese_name: str = fields.text("中文姓名", search="name")
    nationality: str = fields.text("国籍（地区）", listed=True)
    document_type: str = fields.code("证件类型", "document_type")
    document_number: str = fields.text("证件号码", search="tail", sensitive=True)
    document_until: dt.date | None = fields.date("证件有效期至", listed=True)
    purpose: str = fields.code("来华目的", "visit_purpose", listed=True)
    arrived_on: dt.date | None = fields.date("抵达日期", listed=True)
    leaves_on: dt.date | None = fields.date("预计离开日期", listed=True)
    receiving_unit: str = fields.text("接待（工作）单位", search="words")
    receiving_phone: str = fields.text("接待单位电话", format="phone", sensitive=True)
    is_key: bool = fields.flag("重点关注")
    remark: str = fields.note("备注", group="其他")


def _errors(foreigner: Foreigner, today: dt.date) -> Mapping[str, str]:
    return not_after_today(foreigner, today, {"arrived_on": "抵达日期"}) | in_order(
        foreigner, ("arrived_on", "leaves_on"), "预计离开日期早于抵达日期"
    )


FOREIGNER = describe(
    Foreigner, name="foreigner", label="境外人员", title=("resident_id",), errors=_errors
)
