"""在册: who is a resident on a day, as a condition that every count and check shares."""

# the register may say that somebody left or died before it says when; a day still to come, or
# one after the day asked about, does not count yet
HERE = (
    "(state IS NULL OR state NOT IN ('02', '03', '04')"
    " OR (state = '02' AND coalesce(moved_out_on, '') > :today)"
    " OR (state <> '02' AND coalesce(died_on, '') > :today))"
    " AND (died_on IS NULL OR died_on > :today) AND (moved_out_on IS NULL OR moved_out_on > :today)"
)
MET = "(outcome IS NULL OR outcome <> '03') AND (way IS NULL OR way <> '04')"


def last_met(kind: str) -> str:
    """The day, in Beijing, of the last visit at which the person of an attention record was met."""
    return (
        "(SELECT date(max(visited_at), '+8 hours') FROM visit"
        f" WHERE visit.resident_id = {kind}.resident_id AND {MET})"
    )


def due_on(kind: str, interval_days: int) -> str:
    """The day on which the person of an attention record is due a visit; '' for never visited.

    As `domain.attention.due_on`, in SQL: an interval after the last visit, or the listing.
    """
    return (
        f"coalesce(date(coalesce({last_met(kind)}, since_on),"
        f" '+' || coalesce(interval_days, {interval_days}) || ' days'), '')"
    )
