"""关爱与重点人群: the groups a community looks after, and when their people are due a visit."""

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any


@dataclasses.dataclass(frozen=True, slots=True)
class Group:
    """A group of residents looked after.

    `kind` is the kind of its records, `tags` the codes of `key_population` that mark its people at
    the door, `interval_days` how often each is visited where the record says nothing else,
    `is_sensitive` that only those whose duty it is may know who is in it.
    """

    kind: str
    interval_days: int
    tags: tuple[str, ...] = ()
    is_sensitive: bool = False


GROUPS = (
    Group("aged_care", 30, ("K04", "K05", "K06", "K07")),
    Group("hardship", 90, ("K01", "K02", "K20")),
    Group("disability", 90, ("K03",)),
    Group("left_behind", 60, ("K08",)),
    Group("child_care", 30, ("K09",)),
    Group("special_family", 90, ("K10",)),
    Group("veteran", 180, ("K11", "K12")),
    Group("job_seeker", 90, ("K13", "K14")),
    Group("maternal", 60, ("K15",)),
    Group("chronic_illness", 180, ("K16",)),
    Group("dangerous_work", 180, ("K19",)),
    Group("petition", 30, ("K17",), is_sensitive=True),
    Group("key_youth", 30, ("K18",), is_sensitive=True),
    Group("released", 30, is_sensitive=True),
    Group("correction", 30, is_sensitive=True),
    Group("mental_illness", 30, is_sensitive=True),
    Group("drug_use", 30, is_sensitive=True),
    Group("hiv_risk", 90, is_sensitive=True),
)

GROUP_OF = {group.kind: group for group in GROUPS}
SENSITIVE = frozenset(group.kind for group in GROUPS if group.is_sensitive)
BLOCKS = ("migrant", "foreigner", "unsettled")
BLOCK_OF_POPULATION = {"20": "migrant", "30": "foreigner", "40": "unsettled"}


def due_on(
    interval_days: int, *, since_on: dt.date | None, last_visit_on: dt.date | None
) -> dt.date | None:
    """The day the next visit is due: an interval after the last visit.

    Before any visit it is an interval after the person was listed; None where nothing is known.
    """
    start = last_visit_on or since_on
    return start + dt.timedelta(days=interval_days) if start else None


DUE_SOON_DAYS = 7

# by which field of its record, and which of its codes, a group's tags are told apart; the tag of
# a group that has only one is always set
_TAG_OF: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "aged_care": ("reasons", {"01": "K04", "02": "K06", "03": "K05", "04": "K07", "05": "K07"}),
    "hardship": ("category", {"01": "K01", "02": "K02", "04": "K20"}),
    "left_behind": ("category", {"01": "K08"}),
    "veteran": ("category", {
        "01": "K11", "02": "K12", "03": "K12", "04": "K12", "05": "K12", "06": "K12", "07": "K12",
    }),
    "job_seeker": ("category", {"01": "K13", "02": "K13", "03": "K14", "04": "K13"}),
}  # fmt: skip


def interval_of(kind: str, own_days: int | None) -> int:
    """Days between two visits: the person's own interval, or else the group's."""
    return own_days or GROUP_OF[kind].interval_days


def is_running(until_on: dt.date | None, today: dt.date) -> bool:
    """Is the person looked after on the day? From the day of leaving on no longer."""
    return until_on is None or until_on > today


def overdue_days(due: dt.date | None, today: dt.date) -> int:
    """By how many days a visit is late; 0 where it is not, or where nothing is known."""
    return max((today - due).days, 0) if due else 0


def is_due_soon(due: dt.date | None, today: dt.date) -> bool:
    """Is the visit due within a week from today, and not late yet?"""
    return due is not None and today <= due <= today + dt.timedelta(days=DUE_SOON_DAYS)


def tags_of(kind: str, record: Any, today: dt.date) -> tuple[str, ...]:
    """The codes of `key_population` that a record of a group puts on its resident.

    A sensitive group sets none: everybody who sees the resident sees the tags.
    """
    group = GROUP_OF[kind]
    if group.is_sensitive or not is_running(record.until_on, today):
        return ()
    if kind not in _TAG_OF:
        return group.tags
    field, tags = _TAG_OF[kind]
    value = getattr(record, field)
    codes = value if isinstance(value, tuple) else (value,)
    return tuple(sorted({tags[code] for code in codes if code in tags}))
