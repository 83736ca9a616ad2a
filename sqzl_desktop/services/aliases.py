"""并入: from the record of a resident that was merged to the one that was kept, and back."""

from collections.abc import Iterable

import sqlalchemy as sa

from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.store import records

_LONGEST = 20  # merges upon merges; what is longer is no way to anybody


def kept_ids(tx: sa.Connection, ids: Iterable[str]) -> dict[str, str]:
    """Per id of a resident, the id of the record that is kept: itself where it was not merged."""
    found = {each: each for each in ids}
    for _ in range(_LONGEST):
        at = records.values_of(tx, "resident", ("merged_into",), found.values())
        onward = {key: str(each["merged_into"]) for key, each in at.items() if each["merged_into"]}
        if not onward:
            break
        found = {each: onward.get(now, now) for each, now in found.items()}
    return found


def kept_id(tx: sa.Connection, resident_id: str) -> str:
    """The same for one."""
    return kept_ids(tx, [resident_id])[resident_id]


def with_aliases(tx: sa.Connection, resident_id: str) -> list[str]:
    """The id of a resident and of every record that was merged into it."""
    found, new = [resident_id], [resident_id]
    while new:
        into = [Filter("merged_into", "in", tuple(new))]
        aliases = [each.id for each in records.find(tx, "resident", filters=into, limit=-1)]
        new = [each for each in aliases if each not in found]
        found += new
    return found
