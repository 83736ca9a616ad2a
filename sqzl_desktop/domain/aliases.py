"""合并: records of one person: which value of each field is proposed for the one that is kept."""

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence

from sqzl_desktop.base import identity
from sqzl_desktop.domain.kinds.resident import CITIZEN_CARD, RESIDENT, Resident
from sqzl_desktop.schema.kind import Column

MERGE, PART = "merge", "part"
STEPS = (MERGE, PART)
PLACE = ("community_id", "grid_id", "merged_into")
FIELDS = tuple(column for column in RESIDENT.columns if column.name not in PLACE)

Moments = Mapping[str, str]  # per field, when its value was written; "" unknown


@dataclasses.dataclass(frozen=True, slots=True)
class Side:
    """One of the records: its values, and per field when each was written."""

    person: Resident
    written: Moments


def kept_first(sides: Sequence[Side], today: dt.date) -> list[Side]:
    """The record to keep first: with a number that passes, with more filled in, older."""
    return sorted(
        sides,
        key=lambda each: (
            not _is_checked(each.person, today),
            -sum(bool(getattr(each.person, column.name)) for column in FIELDS),
            each.person.id,
        ),
    )


def proposed(sides: Sequence[Side], today: dt.date) -> dict[str, int]:
    """Per field where the records differ, whose value is proposed: its place in `sides`.

    Filled beats empty; a number that passes its check beats one that does not; newer beats older;
    else the first stands.
    """
    found: dict[str, int] = {}
    for column in FIELDS:
        values = [getattr(each.person, column.name) for each in sides]
        if any(value != values[0] for value in values):
            found[column.name] = _best(column, sides, today)
    return found


def _best(column: Column, sides: Sequence[Side], today: dt.date) -> int:
    def weight(place: int) -> tuple[bool, bool, str, int]:
        side = sides[place]
        is_filled = getattr(side.person, column.name) != column.default
        is_checked = column.name != "id_number" or _is_checked(side.person, today)
        return is_filled, is_checked, side.written.get(column.name, ""), -place

    return max(range(len(sides)), key=weight)


def _is_checked(person: Resident, today: dt.date) -> bool:
    if not person.id_number:
        return False
    if person.id_type not in ("", CITIZEN_CARD):
        return not identity.document_problem(person.id_type, person.id_number)
    return not identity.id_number_problem(person.id_number, today=today)
