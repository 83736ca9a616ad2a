"""流动人口: where a resident without local registration comes from, and the permit."""

import datetime as dt
from collections.abc import Mapping

from sqzl_desktop.domain.attention_fields import Block
from sqzl_desktop.domain.past import in_order, not_after_today
from sqzl_desktop.schema import fields
from sqzl_desktop.schema.kind import describe


@fields.record
class Migrant(Block):
    """The floating block of a resident (流动人口, GB/T 31000)."""

    reason: str = fields.code("流入原因", "inflow_reason", listed=True)
    from_region: str = fields.text("流出地")
    arrived_on: dt.date | None = fields.date("流入日期", listed=True)
    permit_kind: str = fields.code("办证类型", "permit_kind", listed=True)
    permit_number: str = fields.text("居住证号", search="tail", sensitive=True)
    permit_issued_on: dt.date | None = fields.date("登记日期")
    permit_until: dt.date | None = fields.date("证件到期日期", listed=True)
    lodging: str = fields.code("住所类型", "lodging", listed=True)
    is_key: bool = fields.flag("重点关注")
    remark: str = fields.note("备注", group="其他")


def _errors(migrant: Migrant, today: dt.date) -> Mapping[str, str]:
    return not_after_today(
        migrant, today, {"arrived_on": "流入日期", "permit_issued_on": "登记日期"}
    ) | in_order(migrant, ("permit_issued_on", "permit_until"), "证件到期日期早于登记日期")


MIGRANT = describe(
    Migrant, name="migrant", label="流动人口", title=("resident_id",), errors=_errors
)
