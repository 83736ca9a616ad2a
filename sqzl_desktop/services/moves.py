"""变动登记: each move of life is one action: planned, checked and written as a whole."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import sqlalchemy as sa

from sqzl_desktop.base.ids import new_id
from sqzl_desktop.domain import households, moves
from sqzl_desktop.domain.attention import BLOCKS, GROUPS
from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.domain.households import Owner
from sqzl_desktop.domain.kinds.dwelling import Dwelling
from sqzl_desktop.domain.kinds.household import Household
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.domain.moves import Arrival
from sqzl_desktop.domain.plan import Plan
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.services import elements
from sqzl_desktop.services.saving import put
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import changes, records

CARE = (*BLOCKS, *(group.kind for group in GROUPS))
T = TypeVar("T")


@dataclasses.dataclass(frozen=True, slots=True)
class Done:
    """What a move wrote: its group (for undoing it), a sentence, the kinds, whom it concerns."""

    group: str
    sentence: str
    kinds: tuple[str, ...]
    resident_id: str = ""


def born(ws: Workspace, child: Resident, *, parent_id: str, other_id: str = "") -> Done:
    """出生登记: a child in the household and home of a parent."""

    def plan(known: Plan) -> tuple[str, str]:
        added = moves.born(known, child, parent_id=parent_id, other_id=other_id)
        return f"已登记{added.name}出生", added.id

    return _carry_out(ws, plan, people=(parent_id, other_id))


def died(
    ws: Workspace,
    person_id: str,
    *,
    on: dt.date | None,
    next_head_id: str = "",
    mark_vacant: bool = False,
) -> Done:
    """死亡登记: stay and care end, the household gets another head."""

    def plan(known: Plan) -> tuple[str, str]:
        person = moves.died(known, person_id, on=on, next_head_id=next_head_id)
        vacant = moves.mark_vacant(known) if mark_vacant else []
        return f"已登记{person.name}死亡{_vacant(len(vacant))}", person_id

    return _carry_out(ws, plan, people=(person_id,))


def moved_out(
    ws: Workspace,
    ids: Sequence[str],
    *,
    on: dt.date | None,
    to: str = "",
    next_head_id: str = "",
    mark_vacant: bool = False,
) -> Done:
    """迁出登记: one person, several, or all of a household."""

    def plan(known: Plan) -> tuple[str, str]:
        moves.moved_out(known, ids, on=on, to=to, next_head_id=next_head_id)
        vacant = moves.mark_vacant(known) if mark_vacant else []
        return f"已登记{len(ids)}人迁出{_vacant(len(vacant))}", ids[0]

    return _carry_out(ws, plan, people=ids)


def moved_in(
    ws: Workspace, people: Sequence[Resident], arrival: Arrival, *, mark_vacant: bool = False
) -> Done:
    """迁入登记: people known or new begin to live in a dwelling."""

    def plan(known: Plan) -> tuple[str, str]:
        arrived = moves.moved_in(known, people, arrival)
        vacant = moves.mark_vacant(known) if mark_vacant else []
        return f"已登记{len(arrived)}人迁入{_vacant(len(vacant))}", arrived[0].id

    return _carry_out(
        ws,
        plan,
        people=[each.id for each in people],
        dwellings=(arrival.dwelling_id,),
        some_households=(arrival.household,),
    )


def split(
    ws: Workspace,
    ids: Sequence[str],
    *,
    on: dt.date | None,
    dwelling_id: str = "",
    next_head_id: str = "",
) -> Done:
    """分户: some members keep house by themselves, the first of them the head."""

    def plan(known: Plan) -> tuple[str, str]:
        household = households.split(
            known, ids, on=on, dwelling_id=dwelling_id, next_head_id=next_head_id
        )
        return f"已分户，新户户主：{household.head_name}", ids[0]

    return _carry_out(ws, plan, people=ids, dwellings=(dwelling_id,))


def merged(ws: Workspace, household_id: str, *, into_id: str, on: dt.date | None) -> Done:
    """并户: a household becomes part of another."""

    def plan(known: Plan) -> tuple[str, str]:
        households.merged(known, household_id, into_id=into_id, on=on)
        return "已并户，请核对各人与户主的关系", ""

    return _carry_out(ws, plan, some_households=(household_id, into_id))


def head_changed(ws: Workspace, household_id: str, *, head_id: str) -> Done:
    """户主变更: another member heads the household."""

    def plan(known: Plan) -> tuple[str, str]:
        households.head_changed(known, household_id, head_id=head_id)
        return "已变更户主，请核对各人与户主的关系", head_id

    return _carry_out(ws, plan, some_households=(household_id,))


def let_out(
    ws: Workspace, tenants: Sequence[Resident], arrival: Arrival, *, owner: Owner, use: str
) -> Done:
    """出租登记: landlord, purpose, and the tenants move in."""

    def plan(known: Plan) -> tuple[str, str]:
        people = households.let_out(known, tenants, arrival=arrival, owner=owner, use=use)
        return f"已登记出租，{len(people)}人入住", people[0].id if people else ""

    return _carry_out(
        ws,
        plan,
        people=[each.id for each in tenants],
        dwellings=(arrival.dwelling_id,),
        some_households=(arrival.household,),
    )


def let_ended(
    ws: Workspace, dwelling_id: str, *, on: dt.date | None, to: str = "", mark_vacant: bool = False
) -> Done:
    """退租登记: the tenants move out."""

    def plan(known: Plan) -> tuple[str, str]:
        people = households.let_ended(known, dwelling_id, on=on, to=to)
        vacant = moves.mark_vacant(known) if mark_vacant else []
        return f"已登记退租，{len(people)}人搬离{_vacant(len(vacant))}", ""

    return _carry_out(ws, plan, dwellings=(dwelling_id,))


def sold(
    ws: Workspace,
    dwelling_id: str,
    *,
    owner: Owner,
    on: dt.date | None,
    leave_to: str | None = None,
    mark_vacant: bool = False,
) -> Done:
    """出售登记: another owner; with `leave_to` those who live there move out."""

    def plan(known: Plan) -> tuple[str, str]:
        people = households.sold(known, dwelling_id, owner=owner, on=on, leave_to=leave_to)
        vacant = moves.mark_vacant(known) if mark_vacant else []
        gone = f"，{len(people)}人迁出" if people else ""
        return f"已登记出售{gone}{_vacant(len(vacant))}", ""

    return _carry_out(ws, plan, dwellings=(dwelling_id,))


def _vacant(count: int) -> str:
    return "，房屋已标为空置" if count else ""


def _carry_out(
    ws: Workspace,
    plan: Callable[[Plan], tuple[str, str]],
    *,
    people: Iterable[str] = (),
    dwellings: Iterable[str] = (),
    some_households: Iterable[str] = (),
) -> Done:
    """Read what the move must know, let it plan, and write the plan in the same transaction."""
    with ws.store.write() as tx:
        known = _known(tx, set(people), set(dwellings), set(some_households))
        planned = Plan(known, today=ws.today, new_id=new_id)
        sentence, resident_id = plan(planned)
        return _write(ws, tx, planned, (sentence, resident_id))


def _write(ws: Workspace, tx: sa.Connection, plan: Plan, said: tuple[str, str]) -> Done:
    action = changes.Action(tx, ws.clock.now(), grouped=True)
    writes = plan.writes()
    coming = frozenset(each.id for each in writes)
    kinds = []
    for record in writes:
        kind = elements.kind_of(record)
        put(ws, action, record, kind, only_changed=True, coming=coming)
        kinds.append(kind.name)
    return Done(action.group, said[0], tuple(dict.fromkeys(kinds)), said[1])


def _known(
    tx: sa.Connection, people: set[str], dwellings: set[str], some_households: set[str]
) -> list[Element]:
    """The people with their households, stays, homes and care, and who else lives there."""
    stays: dict[str, Element] = {}
    for each in _linked(tx, "residence", "dwelling_id", dwellings):
        stays[each.id] = each
    people = people | {_of(each, "resident_id") for each in stays.values()}
    residents = records.get_many(tx, "resident", people - {""})
    some_households |= {_of(each, "household_id") for each in residents.values()}
    residents |= {
        each.id: each for each in _linked(tx, "resident", "household_id", some_households)
    }
    homes = records.get_many(tx, "household", some_households - {""})
    own = _linked(tx, "residence", "resident_id", set(residents))
    beside = {_of(each, "dwelling_id") for each in own if _of(each, "until_on") in (None, "")}
    for each in (*own, *_linked(tx, "residence", "dwelling_id", beside)):
        stays[each.id] = each
    places = dwellings | beside | {_of(each, "dwelling_id") for each in homes.values()}
    care = [each for kind in CARE for each in _linked(tx, kind, "resident_id", set(residents))]
    found = records.get_many(tx, "dwelling", places - {""})
    return [*residents.values(), *homes.values(), *stays.values(), *found.values(), *care]


def _of(record: Element, field: str) -> str:
    return getattr(record, field) or ""


def _linked(tx: sa.Connection, kind: str, field: str, ids: set[str]) -> list[Element]:
    wanted = tuple(sorted(ids - {""}))
    if not wanted:
        return []
    return records.find(tx, kind, filters=[Filter(field, "in", wanted)], limit=-1)


@dataclasses.dataclass(frozen=True, slots=True)
class Around:
    """What is asked about a person before a move: their household and who else is in it."""

    person: Resident
    household: Household | None
    members: tuple[Resident, ...]
    home: Dwelling | None

    def others(self) -> tuple[Resident, ...]:
        """The members beside the person."""
        return tuple(each for each in self.members if each.id != self.person.id)

    def head_among(self, ids: Iterable[str]) -> bool:
        """Is the head one of these?"""
        return self.household is not None and self.household.head_id in set(ids)


@dataclasses.dataclass(frozen=True, slots=True)
class Behind:
    """What is behind a door: the dwelling, its households and the people who live there."""

    dwelling: Dwelling
    households: tuple[tuple[str, str], ...]  # id, what it is called
    people: tuple[Resident, ...]


def around(ws: Workspace, person_id: str) -> Around:
    """What a dialog about a person's move shows."""
    with ws.store.read() as tx:
        person = elements.wanted(tx, "resident", person_id)
        assert isinstance(person, Resident)
        household = records.get(tx, "household", person.household_id)
        stays = _linked(tx, "residence", "resident_id", {person_id})
        open_at = [_of(each, "dwelling_id") for each in stays if not _of(each, "until_on")]
        home = records.get(tx, "dwelling", open_at[0]) if open_at else None
        of_one = _linked(tx, "resident", "household_id", {person.household_id})
    members = [each for each in of_one if isinstance(each, Resident)]
    members = [each for each in members if each.state not in moves.GONE]
    return Around(
        person,
        household if isinstance(household, Household) else None,
        tuple(sorted(members, key=lambda each: each.relation not in ("01", "02"))),
        home if isinstance(home, Dwelling) else None,
    )


def behind(ws: Workspace, dwelling_id: str) -> Behind:
    """What a dialog about a dwelling shows."""
    with ws.store.read() as tx:
        dwelling = elements.wanted(tx, "dwelling", dwelling_id)
        assert isinstance(dwelling, Dwelling)
        stays = _linked(tx, "residence", "dwelling_id", {dwelling_id})
        living = {_of(each, "resident_id") for each in stays if not _of(each, "until_on")}
        people = records.get_many(tx, "resident", living)
        at_home = [each for each in _linked(tx, "household", "dwelling_id", {dwelling_id})
                   if not _of(each, "ended_on")]  # fmt: skip
    named = tuple((each.id, f"{_of(each, 'head_name') or '未填户主'}的户") for each in at_home)
    return Behind(dwelling, named, tuple(p for p in people.values() if isinstance(p, Resident)))
