"""人: the card of a resident, who lives with whom, moving in."""

import dataclasses
import datetime as dt
from collections.abc import Iterable
from typing import TypeVar

import sqlalchemy as sa

from sqzl_desktop.domain import moves
from sqzl_desktop.domain.filters import Filter, Order
from sqzl_desktop.domain.kinds.dwelling import Dwelling
from sqzl_desktop.domain.kinds.household import Household
from sqzl_desktop.domain.kinds.residence import Residence
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.domain.kinds.visit import Visit
from sqzl_desktop.domain.living import lives_on
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.services import aliases, elements, pending
from sqzl_desktop.services import moves as moving
from sqzl_desktop.services.pending import Standing
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import records


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
    """The card: person, household, dwellings lived in, visits. An alias leads to the kept one."""
    with ws.store.read() as tx:
        resident_id = aliases.kept_id(tx, resident_id)
        resident = elements.wanted(tx, "resident", resident_id)
        assert isinstance(resident, Resident)
        household = records.get(tx, "household", resident.household_id)
        residences = _linked(tx, Residence, "resident_id", resident_id, Order("from_on", True))
        homes = _some(tx, Dwelling, (each.dwelling_id for each in residences))
        visits = _visits(tx, aliases.with_aliases(tx, resident_id))
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
    """The people who live in a dwelling now; not those who left or died today."""
    found = residents_of(ws, dwelling_id, on=ws.today)
    return [each for each in found if each.state not in moves.GONE]


def residents_of(ws: Workspace, dwelling_id: str, *, on: dt.date) -> list[Resident]:
    """The people who lived in a dwelling on a day; the first and the last day of a stay count."""
    with ws.store.read() as tx:
        stays = _linked(tx, Residence, "dwelling_id", dwelling_id, Order("from_on"))
        named = [each.resident_id for each in stays if lives_on(each, on)]
        kept = aliases.kept_ids(tx, named)
        then = [kept[each] for each in named]
        found = _some(tx, Resident, then)
    return [found[each] for each in dict.fromkeys(then) if each in found]


def move_in(
    ws: Workspace,
    resident: Resident,
    *,
    dwelling_id: str,
    kind_of_stay: str,
    from_on: dt.date | None,
) -> tuple[Resident, Residence]:
    """A new or known resident begins to live in a dwelling: person and residence in one action."""
    arrival = moves.Arrival(dwelling_id, from_on, kind_of_stay)
    done = moving.moved_in(ws, [resident], arrival)
    with ws.store.read() as tx:
        saved = elements.wanted(tx, "resident", done.resident_id)
        stays = _linked(tx, Residence, "resident_id", saved.id, Order("from_on"))
    assert isinstance(saved, Resident)
    return saved, next(each for each in stays if each.until_on is None)


def _visits(tx: sa.Connection, ids: list[str]) -> list[Visit]:
    found = records.find(
        tx, "visit", filters=[Filter("resident_id", "in", tuple(ids))],
        order=[Order("visited_at", True)], limit=1000,
    )  # fmt: skip
    return [each for each in found if isinstance(each, Visit)]


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
