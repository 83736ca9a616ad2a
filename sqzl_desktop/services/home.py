"""一户门: what the panel beside a dwelling shows: who lives there, in which households, the last
visit."""

import dataclasses
import datetime as dt

import sqlalchemy as sa

from sqzl_desktop.domain.filters import Filter, Order
from sqzl_desktop.domain.kinds.dwelling import Dwelling
from sqzl_desktop.domain.kinds.household import Household
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.domain.kinds.visit import Visit
from sqzl_desktop.services import elements, pending, people
from sqzl_desktop.services.pending import Standing
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import records

_MOST = 200


@dataclasses.dataclass(frozen=True, slots=True)
class Home:
    """A dwelling with those who lived there on a day; `last_visit` is of it or of anybody in it."""

    dwelling: Dwelling
    living: tuple[Resident, ...]
    households: tuple[Household, ...]
    last_visit: Visit | None
    standing: Standing
    on: dt.date


def home(ws: Workspace, dwelling_id: str, *, on: dt.date) -> Home:
    """The dwelling as it is on this device, with its people of that day."""
    found = people.residents_of(ws, dwelling_id, on=on)
    living = tuple(sorted(found, key=_first_the_head))
    with ws.store.read() as tx:
        dwelling = elements.wanted(tx, "dwelling", dwelling_id)
        assert isinstance(dwelling, Dwelling)
        at_home = [Filter("dwelling_id", "=", dwelling_id)]
        kept = records.find(tx, "household", filters=at_home, limit=_MOST)
        households = tuple(each for each in kept if isinstance(each, Household))
        last = _last_visit(tx, dwelling_id, living, households)
    standing = pending.standing(ws, "dwelling", dwelling_id)
    return Home(dwelling, living, households, last, standing, on)


def _first_the_head(person: Resident) -> tuple[bool, dt.date]:
    return person.relation not in ("02", "01"), person.born_on or dt.date.max


def _last_visit(
    tx: sa.Connection,
    dwelling: str,
    living: tuple[Resident, ...],
    households: tuple[Household, ...],
) -> Visit | None:
    asked = {
        "dwelling_id": (dwelling,),
        "household_id": tuple(each.id for each in households),
        "resident_id": tuple(each.id for each in living),
    }
    found: list[Visit] = []
    for field, ids in asked.items():
        visits = records.find(
            tx, "visit", filters=[Filter(field, "in", ids)],
            order=[Order("visited_at", descending=True)], limit=1,
        ) if ids else []  # fmt: skip
        found += [each for each in visits if isinstance(each, Visit) and each.visited_at]
    return max(found, key=lambda each: each.visited_at.timestamp() if each.visited_at else 0.0,
               default=None)  # fmt: skip
