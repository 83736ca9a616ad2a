"""一栋楼: the rows behind every door of one building, each kind in one question.

Plain values as the tables hold them; who makes sense of them is `services.tower`.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from sqzl_desktop.domain.attention import GROUPS
from sqzl_desktop.domain.visiting import PATROL
from sqzl_desktop.store.presence import MET

_DWELLINGS = (
    "SELECT id, room, entrance, floor, position, span, storeys, purpose, use, hazard"
    " FROM dwelling WHERE building_id = ?"
)
_LIVING = (
    " FROM dwelling JOIN residence ON residence.dwelling_id = dwelling.id"
    " AND (residence.until_on IS NULL OR residence.until_on >= :today)"
    " JOIN resident ON resident.id = residence.resident_id"
    " WHERE dwelling.building_id = :building"
)
_PEOPLE = (
    "SELECT DISTINCT dwelling.id, resident.id, resident.name, resident.relation,"
    f" resident.born_on, resident.tags{_LIVING}"
)
_HEADS = (
    "SELECT household.dwelling_id, household.head_name FROM dwelling"
    " JOIN household ON household.dwelling_id = dwelling.id WHERE dwelling.building_id = ?"
    " AND household.head_name IS NOT NULL ORDER BY household.id"
)
_LAST = f"MAX(CASE WHEN {MET} THEN visit.visited_at END), MAX(visit.next_on)"
_PATROL = f"visit.category IS '{PATROL}'"
_VISITS = (
    f"SELECT 'dwelling', visit.dwelling_id, {_LAST} FROM dwelling"
    f" JOIN visit ON visit.dwelling_id = dwelling.id AND NOT {_PATROL}"
    " WHERE dwelling.building_id = :building GROUP BY visit.dwelling_id"
    f" UNION ALL SELECT 'dwelling', household.dwelling_id, {_LAST} FROM dwelling"
    " JOIN household ON household.dwelling_id = dwelling.id"
    " JOIN visit ON visit.household_id = household.id"
    " WHERE dwelling.building_id = :building GROUP BY household.dwelling_id"
    f" UNION ALL SELECT 'resident', visit.resident_id, {_LAST} FROM visit"
    f" WHERE visit.resident_id IN (SELECT resident.id{_LIVING}) GROUP BY visit.resident_id"
)
_CARE = f"WITH living AS MATERIALIZED (SELECT resident.id{_LIVING}) " + " UNION ALL ".join(
    f"SELECT '{group.kind}', resident_id, since_on, until_on, interval_days FROM {group.kind}"
    " WHERE resident_id IN living"
    for group in GROUPS
    if not group.is_sensitive
)


def dwellings(tx: sa.Connection, building: str) -> Sequence[Any]:
    """(id, room, entrance, floor, position, span, storeys, purpose, use, hazard) of each."""
    return tx.exec_driver_sql(_DWELLINGS, (building,)).all()


def people(tx: sa.Connection, building: str, today: str) -> Sequence[Any]:
    """(dwelling, resident, name, relation, born_on, tags) of everybody who lives there today."""
    return tx.execute(sa.text(_PEOPLE), {"building": building, "today": today}).all()


def heads(tx: sa.Connection, building: str) -> Sequence[Any]:
    """(dwelling, name of the head) of the households there."""
    return tx.exec_driver_sql(_HEADS, (building,)).all()


def visits(tx: sa.Connection, building: str, today: str) -> Sequence[Any]:
    """("dwelling" or "resident", its id, last visit that met somebody, latest planned day)."""
    return tx.execute(sa.text(_VISITS), {"building": building, "today": today}).all()


def cares(tx: sa.Connection, building: str, today: str) -> Sequence[Any]:
    """(kind, resident, since_on, until_on, interval_days) of those looked after; no sensitive
    group is asked."""
    return tx.execute(sa.text(_CARE), {"building": building, "today": today}).all()
