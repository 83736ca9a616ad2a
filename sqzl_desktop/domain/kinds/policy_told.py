"""告知记录: who was told of a policy, when, how and by whom."""

import datetime as dt
from collections.abc import Mapping

from sqzl_desktop.domain.past import not_after_today
from sqzl_desktop.schema.fields import Element, code, moment, note, record, ref, text
from sqzl_desktop.schema.kind import describe


@record
class PolicyTold(Element):
    """One telling, to a resident, a household or a whole building (a posted notice)."""

    policy_id: str = ref("政策通知", "policy", required=True, listed=True)
    resident_id: str = ref("居民", "resident", listed=True)
    household_id: str = ref("户", "household", listed=True)
    building_id: str = ref("楼栋", "building", listed=True)
    told_at: dt.datetime | None = moment("告知时间", required=True, listed=True)
    way: str = code("告知方式", "told_way", required=True, listed=True)
    told_by: str = text("告知人", listed=True)
    remark: str = note("备注")


def _errors(told: PolicyTold, today: dt.date) -> Mapping[str, str]:
    return not_after_today(told, today, {"told_at": "告知时间"})


POLICY_TOLD = describe(
    PolicyTold, name="policy_told", label="告知记录", title=("policy_id", "told_at"),
    append_only=True, errors=_errors,
)  # fmt: skip
