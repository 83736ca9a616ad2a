"""关爱与重点人群: the groups a community looks after, and when their people are due a visit."""

import dataclasses
import datetime as dt


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


def due_on(
    interval_days: int, *, since_on: dt.date | None, last_visit_on: dt.date | None
) -> dt.date | None:
    """The day the next visit is due: an interval after the last visit.

    Before any visit it is an interval after the person was listed; None where nothing is known.
    """
    start = last_visit_on or since_on
    return start + dt.timedelta(days=interval_days) if start else None
