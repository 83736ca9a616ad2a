"""政策通知: a policy or notice that residents are to be told of."""

import datetime as dt
from collections.abc import Mapping

from sqzl_desktop.domain.past import in_order
from sqzl_desktop.schema.fields import Element, code, date, flag, many, note, record, text
from sqzl_desktop.schema.kind import describe


@record
class Policy(Element):
    """One policy. `grids` names the grids it is pushed to, one code a line; "" is all of them.

    `tags` narrows whom it concerns to residents with one of these marks.
    """

    title: str = text("标题", required=True, search="words", listed=True)
    number: str = text("文号", search="tail", listed=True)
    issuer: str = text("发文单位", listed=True)
    category: str = code("类别", "policy_category", listed=True)
    content: str = note("要点（告知居民的话）", required=True, search="words")
    issued_on: dt.date | None = date("发文日期", listed=True)
    tell_from: dt.date | None = date("开始告知", listed=True)
    tell_until: dt.date | None = date("告知截止", listed=True)
    grids: str = note("推送网格（每行一个，空为全部）")
    per_household: bool = flag("按户告知")
    tags: tuple[str, ...] = many("告知对象", "key_population")
    is_withdrawn: bool = flag("已停止", listed=True)


def _errors(policy: Policy, _today: dt.date) -> Mapping[str, str]:
    return in_order(policy, ("tell_from", "tell_until"), "告知截止早于开始")


POLICY = describe(
    Policy, name="policy", label="政策通知", title=("title",), in_grid=False, errors=_errors
)
