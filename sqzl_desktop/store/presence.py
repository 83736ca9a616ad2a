"""在册: who is a resident on a day, as a condition that every count and check shares."""

from sqzl_desktop.domain.visiting import NOBODY_THERE, NOT_MET

# the register may say that somebody left or died before it says when; a day still to come, or
# one after the day asked about, does not count yet; the plus keeps SQLite from going through the
# index of merged residents, in which nearly all are "not merged"
HERE = (
    "(state IS NULL OR state NOT IN ('02', '03', '04')"
    " OR (state = '02' AND coalesce(moved_out_on, '') > :today)"
    " OR (state <> '02' AND coalesce(died_on, '') > :today))"
    " AND +merged_into IS NULL"
    " AND (died_on IS NULL OR died_on > :today) AND (moved_out_on IS NULL OR moved_out_on > :today)"
)
MET = f"coalesce(outcome, '') != '{NOT_MET}' AND coalesce(way, '') != '{NOBODY_THERE}'"
LAST_VISIT = f"SELECT max(visited_at) FROM visit WHERE visit.resident_id = {{resident}} AND {MET}"


def due_on(kind: str, interval_days: int) -> str:
    """The day on which the person of an attention record is due a visit; '' for never visited.

    As `domain.attention.due_on`, in SQL: an interval after the last visit, or the listing.
    """
    last = LAST_VISIT.format(resident=f"{kind}.resident_id")
    return (
        f"coalesce(date(coalesce(date(({last}), '+8 hours'), since_on),"
        f" '+' || coalesce(interval_days, {interval_days}) || ' days'), '')"
    )
