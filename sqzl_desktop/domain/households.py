"""分户、并户、房屋租售: households that split and merge, dwellings that are let and sold."""

import dataclasses
import datetime as dt
from collections.abc import Sequence

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain import moves
from sqzl_desktop.domain.kinds.dwelling import Dwelling
from sqzl_desktop.domain.kinds.household import Household
from sqzl_desktop.domain.kinds.residence import Residence
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.domain.plan import Plan

OWNS = "01"
_NO_OWNER = {"owner_id_type": "", "owner_id_number": "", "owner_address": ""}
_NO_TENANT = {"tenant_name": "", "tenant_id_number": "", "tenant_phone": "", "rental_use": "",
              "is_shared": False}  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class Owner:
    """Who owns a dwelling; what is "" stays as it is recorded."""

    name: str = ""
    phone: str = ""

    @property
    def fields(self) -> dict[str, str]:
        """The fields of the dwelling that say so."""
        said = {"owner_name": self.name.strip(), "owner_phone": self.phone.strip()}
        return {name: value for name, value in said.items() if value}


def split(
    plan: Plan,
    ids: Sequence[str],
    *,
    on: dt.date | None,
    dwelling_id: str = "",
    next_head_id: str = "",
) -> Household:
    """分户: some members keep house by themselves from now on, the first of them the head.

    They stay in the dwelling, or move into another one.
    """
    day = plan.happened(on, "分户")
    people = [moves.here(plan.get(Resident, each)) for each in ids]
    old = plan.find(Household, people[0].household_id) if people else None
    if old is None or any(each.household_id != old.id for each in people):
        raise Refused("请选择同一户的成员分户")
    if len(people) == len(moves.members(plan, old.id)):
        raise Refused("不能把全户都分出去；整户搬家请办理迁入登记")
    home_id = dwelling_id or old.dwelling_id
    if not home_id:
        raise Refused("这一户没有登记住房，请选择分户后的住房")
    home = plan.get(Dwelling, home_id)
    if dwelling_id and dwelling_id != old.dwelling_id:
        arrival = moves.Arrival(
            home_id, day, OWNS, household=moves.NEW_HOUSEHOLD, next_head_id=next_head_id
        )
        first, *_ = moves.moved_in(plan, people, arrival)
        return plan.get(Household, first.household_id)
    return moves.found_household(plan, people, home, on=day, next_head_id=next_head_id)


def merged(plan: Plan, household_id: str, *, into_id: str, on: dt.date | None) -> None:
    """并户: all members join another household and live where it lives; theirs ends."""
    day = plan.happened(on, "并户")
    household, into = plan.get(Household, household_id), plan.get(Household, into_id)
    if household.id == into.id:
        raise Refused("请选择另外一户")
    if into.ended_on or not moves.members(plan, into.id):
        raise Refused("所选的户已经没有成员，请重新选择")
    people = moves.members(plan, household.id)
    home = plan.find(Dwelling, into.dwelling_id)
    for person in people:
        if home is not None and not _lives_in(plan, person, home):
            arrival = moves.Arrival(home.id, day, OWNS)
            moves.moved_in(plan, [person], arrival)
    moves.leave_households(plan, people, on=day)
    for person in people:
        plan.change(person, household_id=into.id, relation="", presence=moves.PRESENT)
    plan.change(household, ended_on=day)


def head_changed(plan: Plan, household_id: str, *, head_id: str) -> None:
    """户主变更: another member is the head; the relations are those to the new one."""
    household = plan.get(Household, household_id)
    if head_id == household.head_id:
        raise Refused("所选的人已经是户主")
    if head_id not in {each.id for each in moves.members(plan, household_id)}:
        raise Refused("请在同户人员中选择新的户主")
    moves.follow(plan, household, moves.members(plan, household_id), head_id)


def let_out(
    plan: Plan, tenants: Sequence[Resident], *, arrival: moves.Arrival, owner: Owner, use: str
) -> list[Resident]:
    """出租: the dwelling is let, and its tenants move in; `use` is what it is let for."""
    home = plan.get(Dwelling, arrival.dwelling_id)
    arrival = dataclasses.replace(arrival, kind_of_stay=moves.RENTS)
    people = moves.moved_in(plan, tenants, arrival) if tenants else []
    first = people[0] if people else None
    told = (
        {
            "tenant_name": first.name,
            "tenant_phone": first.phone,
            "tenant_id_number": first.id_number,
        }
        if first
        else {}
    )
    plan.change(home, use=moves.LET, rental_use=use, **owner.fields, **told)
    return people


def let_ended(plan: Plan, dwelling_id: str, *, on: dt.date | None, to: str = "") -> list[Resident]:
    """退租: the tenants move out. What the dwelling is used for then is asked by whoever plans."""
    home = plan.get(Dwelling, dwelling_id)
    if home.use != moves.LET:
        raise Refused("这个房屋没有登记为出租")
    renting = [
        each.resident_id
        for each in plan.all(Residence)
        if each.dwelling_id == dwelling_id
        and each.until_on is None
        and each.kind_of_stay == moves.RENTS
    ]
    people = [plan.get(Resident, each) for each in renting]
    if people:
        moves.moved_out(plan, renting, on=on, to=to)
    plan.change(plan.get(Dwelling, home.id), use=OWNS, **_NO_TENANT)
    return people


def sold(
    plan: Plan, dwelling_id: str, *, owner: Owner, on: dt.date | None, leave_to: str | None
) -> list[Resident]:
    """出售: another owner. With `leave_to` the people who live there move out, to that place."""
    plan.happened(on, "出售")
    if not owner.name.strip():
        raise Refused("请填写新的产权人")
    home = plan.get(Dwelling, dwelling_id)
    here = [each for each in plan.all(Residence)
            if each.dwelling_id == dwelling_id and each.until_on is None]  # fmt: skip
    for stay in here:
        plan.change(stay, is_owner=False)
    people = [plan.get(Resident, each.resident_id) for each in here]
    if leave_to is not None and people:
        moves.moved_out(plan, [each.id for each in people], on=on, to=leave_to)
    gone = {"owner_phone": "", **_NO_OWNER}
    plan.change(plan.get(Dwelling, home.id), **{**gone, **owner.fields})
    return people if leave_to is not None else []


def _lives_in(plan: Plan, person: Resident, home: Dwelling) -> bool:
    return any(
        each.dwelling_id == home.id and each.until_on is None
        for each in moves.stays_of(plan, person.id)
    )
