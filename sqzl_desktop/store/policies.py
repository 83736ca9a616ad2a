"""告知对象: whom a policy concerns, and who of them has been told."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

_TOLD = "(SELECT {field} FROM policy_told WHERE policy_id = :policy AND {field} IS NOT NULL)"
_RESIDENTS = _TOLD.format(field="resident_id")
_HOUSEHOLDS = _TOLD.format(field="household_id")
_BUILDINGS = _TOLD.format(field="building_id")
_HAS_TAG = "EXISTS (SELECT 1 FROM json_each({person}.tags) tag WHERE tag.value IN :tags)"

_BY_PERSON = (
    "SELECT person.id AS id, '' AS household, person.name AS name, person.grid_id AS grid,"
    " coalesce(dwelling.address, '') AS address,"
    f" person.id IN {_RESIDENTS} OR person.household_id IN {_HOUSEHOLDS}"
    f" OR dwelling.building_id IN {_BUILDINGS} AS is_told"
    " FROM resident person LEFT JOIN household ON household.id = person.household_id"
    " LEFT JOIN dwelling ON dwelling.id = household.dwelling_id"
    " WHERE coalesce(person.merged_into, '') = '' AND person.died_on IS NULL"
    " AND person.moved_out_on IS NULL"
)
_BY_HOUSEHOLD = (
    "SELECT '' AS id, household.id AS household, coalesce(household.head_name, '') AS name,"
    " household.grid_id AS grid, coalesce(dwelling.address, '') AS address,"
    f" household.id IN {_HOUSEHOLDS} OR dwelling.building_id IN {_BUILDINGS}"
    " OR EXISTS (SELECT 1 FROM resident member WHERE member.household_id = household.id"
    f" AND member.id IN {_RESIDENTS}) AS is_told"
    " FROM household LEFT JOIN dwelling ON dwelling.id = household.dwelling_id WHERE true"
)
_MEMBER_HAS_TAG = (
    " AND EXISTS (SELECT 1 FROM resident member WHERE member.household_id = household.id AND "
    + _HAS_TAG.format(person="member")
    + ")"
)

_REACHED = (
    "SELECT told.id FROM resident person LEFT JOIN household ON household.id = person.household_id"
    " LEFT JOIN dwelling ON dwelling.id = household.dwelling_id"
    " JOIN policy_told told ON told.resident_id = person.id OR told.household_id ="
    " person.household_id OR told.building_id = dwelling.building_id"
    " WHERE person.id = :resident ORDER BY told.told_at DESC, told.id"
)


@dataclasses.dataclass(frozen=True, slots=True)
class Concerned:
    """Whom a policy concerns: persons, or households; of these grids (none is all), with one of
    these marks (none is everybody); or of these only one resident or one household."""

    policy: str
    per_household: bool
    grids: Sequence[str] = ()
    tags: Sequence[str] = ()
    resident: str = ""
    household: str = ""


def targets(
    tx: sa.Connection, whom: Concerned, *, is_told: bool | None, limit: int, start: int = 0
) -> Sequence[Any]:
    """(id, household, name, grid, address, is_told) by address; `is_told` None is all."""
    only = "" if is_told is None else " WHERE is_told" if is_told else " WHERE NOT is_told"
    query = f"SELECT * FROM ({_concerned(whom)}){only} ORDER BY address, name, id, household"
    return _run(tx, f"{query} LIMIT :limit OFFSET :start", whom, limit=limit, start=start)


def has_untold(tx: sa.Connection, whom: Concerned) -> bool:
    """Is anybody still to be told?"""
    query = f"SELECT EXISTS (SELECT 1 FROM ({_concerned(whom)}) WHERE NOT is_told)"
    return bool(_run(tx, query, whom)[0][0])


def told_about(tx: sa.Connection, resident: str) -> list[str]:
    """The ids of the tellings that reached a resident, newest first: their own, those of their
    household, those posted where they live."""
    found = tx.execute(sa.text(_REACHED), {"resident": resident})
    return [row[0] for row in found]


def progress(tx: sa.Connection, whom: Concerned) -> Sequence[Any]:
    """(grid, how many, how many of them told), by grid."""
    query = f"SELECT grid, count(*), coalesce(sum(is_told), 0) FROM ({_concerned(whom)})"
    return _run(tx, f"{query} GROUP BY grid ORDER BY grid", whom)


def _concerned(whom: Concerned) -> str:
    query = _BY_HOUSEHOLD if whom.per_household else _BY_PERSON
    if whom.tags:
        by_person = " AND " + _HAS_TAG.format(person="person")
        query += _MEMBER_HAS_TAG if whom.per_household else by_person
    for name, column in (("resident", "person.id"), ("household", _household(whom))):
        if getattr(whom, name):
            query += f" AND {column} = :{name}"
    if whom.grids:
        query += f" AND {'household' if whom.per_household else 'person'}.grid_id IN :grids"
    return query


def _household(whom: Concerned) -> str:
    return "household.id" if whom.per_household else "person.household_id"


def _run(tx: sa.Connection, query: str, whom: Concerned, **given: Any) -> Sequence[Any]:
    lists = {"tags": whom.tags, "grids": whom.grids}
    named = {name: list(values) for name, values in lists.items() if values}
    narrowed = {name: getattr(whom, name) for name in ("resident", "household")
                if getattr(whom, name)}  # fmt: skip
    bound: list[Any] = [sa.bindparam(name, expanding=True) for name in named]
    return tx.execute(
        sa.text(query).bindparams(*bound), {"policy": whom.policy, **named, **narrowed, **given}
    ).all()
