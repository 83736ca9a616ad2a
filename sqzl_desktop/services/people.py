"""人: the card of a resident, who lives with whom, moving in."""

import dataclasses
import datetime as dt
from collections.abc import Iterable
from typing import TypeVar

import sqlalchemy as sa

from sqzl_desktop.domain.filters import Filter, Order
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.domain.kinds.dwelling import Dwelling
from sqzl_desktop.domain.kinds.household import Household
from sqzl_desktop.domain.kinds.residence import Residence
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.domain.kinds.visit import Visit
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.services import elements, pending
from sqzl_desktop.services.pending import Standing
from sqzl_desktop.services.saving import put
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import changes, records


@dataclasses.dataclass(frozen=True, slots=True)
class ResidentCard:
    """Everything that is shown of one resident."""

    resident: Resident
    household: Household | None
    members: tuple[Resident, ...]
    residences: tuple[tuple[Residence, Dwelling | None], ...]
    visits: tuple[Visit, ...]
    standing: Standing


def resident_card(ws: Workspace, resident_id: str) -> ResidentCard:
    """The card: person, household, dwellings lived in, visits."""
    with ws.store.read() as tx:
        resident = elements.wanted(tx, "resident", resident_id)
        assert isinstance(resident, Resident)
        household = records.get(tx, "household", resident.household_id)
        residences = _linked(tx, Residence, "resident_id", resident_id, Order("from_on", True))
        homes = _some(tx, Dwelling, (each.dwelling_id for each in residences))
        visits = _linked(tx, Visit, "resident_id", resident_id, Order("visited_at", True))
        members = _members(tx, resident.household_id)
    return ResidentCard(
        resident=resident,
        household=household if isinstance(household, Household) else None,
        members=tuple(members),
        residences=tuple((each, homes.get(each.dwelling_id)) for each in residences),
        visits=tuple(visits),
        standing=pending.standing(ws, "resident", resident_id),
    )


def members(ws: Workspace, household_id: str) -> list[Resident]:
    """The people of a household, head first."""
    with ws.store.read() as tx:
        return _members(tx, household_id)


def living_in(ws: Workspace, dwelling_id: str) -> list[Resident]:
    """The people who live in a dwelling now."""
    with ws.store.read() as tx:
        stays = _linked(tx, Residence, "dwelling_id", dwelling_id, Order("from_on"))
        now = [each.resident_id for each in stays if not _is_over(each, ws.today)]
        found = _some(tx, Resident, now)
    return [found[each] for each in dict.fromkeys(now) if each in found]


def move_in(
    ws: Workspace,
    resident: Resident,
    *,
    dwelling_id: str,
    kind_of_stay: str,
    from_on: dt.date | None,
) -> tuple[Resident, Residence]:
    """A new or known resident begins to live in a dwelling: person and residence in one action."""
    with ws.store.write() as tx:
        dwelling = elements.wanted(tx, "dwelling", dwelling_id)
        action = changes.Action(tx, ws.clock.now(), grouped=True)
        resident = dataclasses.replace(
            resident, community_id=dwelling.community_id, grid_id=dwelling.grid_id
        )
        saved = put(ws, action, resident, BY_NAME["resident"])
        residence = Residence(
            community_id=dwelling.community_id,
            grid_id=dwelling.grid_id,
            resident_id=saved.id,
            dwelling_id=dwelling_id,
            kind_of_stay=kind_of_stay,
            from_on=from_on or ws.today,
        )
        stay = put(ws, action, residence, BY_NAME["residence"])
    assert isinstance(saved, Resident)
    assert isinstance(stay, Residence)
    return saved, stay


def _members(tx: sa.Connection, household_id: str) -> list[Resident]:
    if not household_id:
        return []
    found = _linked(tx, Resident, "household_id", household_id, Order("relation"))
    return sorted(found, key=lambda each: (each.relation not in ("02", "01"), each.relation))


E = TypeVar("E", bound=Element)


def _linked(tx: sa.Connection, record: type[E], field: str, value: str, order: Order) -> list[E]:
    kind = record.__name__.lower()
    found = records.find(tx, kind, filters=[Filter(field, "=", value)], order=[order], limit=1000)
    return [each for each in found if isinstance(each, record)]


def _some(tx: sa.Connection, record: type[E], ids: Iterable[str]) -> dict[str, E]:
    found = records.get_many(tx, record.__name__.lower(), ids)
    return {key: each for key, each in found.items() if isinstance(each, record)}


def _is_over(stay: Residence, day: dt.date) -> bool:
    return stay.until_on is not None and stay.until_on < day
