"""关爱与重点人群: what every attention record says, and what every block of a resident has.

Not kinds themselves: the kinds of the groups and blocks are built on them.
"""

import dataclasses
import datetime as dt
from collections.abc import Mapping

from sqzl_desktop.domain.past import in_order, not_after_today
from sqzl_desktop.schema import fields


@fields.record
class Block(fields.Element):
    """Facts about a resident that only some have; one row a resident, in the resident's grid."""

    resident_id: str = fields.ref("居民", "resident", required=True, listed=True)


@fields.record
class Attention(fields.Element):
    """A resident looked after for one reason (关爱对象、重点人群): a fact about a person.

    It runs from `since_on` until `until_on`; `interval_days` is this person's own visit interval,
    None where the group's holds.
    """

    resident_id: str = fields.ref("居民", "resident", required=True, listed=True)
    level: str = fields.code("关注程度", "attention_level", listed=True)
    since_on: dt.date | None = fields.date("列入日期", listed=True)
    until_on: dt.date | None = fields.date("撤出日期", listed=True, group="走访与责任")
    interval_days: int | None = fields.number("走访间隔（天）", group="走访与责任")
    staff_id: str = fields.ref("责任人", "staff", listed=True, group="走访与责任")
    source: str = fields.code("信息来源", "attention_source", group="走访与责任")
    remark: str = fields.note("备注", group="其他")


# days of events of which the register is told afterwards
_HAPPENED = frozenset((
    "since_on", "released_on", "handed_over_on", "settled_on", "first_on", "last_incident_on",
    "first_found_on", "born_on", "diagnosed_on", "enlisted_on", "child_born_on", "since_event_on",
    "unemployed_on",
))  # fmt: skip


def errors(attention: Attention, today: dt.date) -> Mapping[str, str]:
    """What cannot be in any attention record: field to sentence."""
    labels = {
        each.name: each.metadata["facts"].label
        for each in dataclasses.fields(attention)
        if each.name in _HAPPENED
    }
    found = not_after_today(attention, today, labels)
    found |= in_order(attention, ("since_on", "until_on"), "撤出日期早于列入日期")
    if attention.interval_days is not None and not 1 <= attention.interval_days <= 365:
        found["interval_days"] = "走访间隔应在1至365天之间"
    return found
