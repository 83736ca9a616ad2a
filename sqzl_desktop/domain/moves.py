"""变动: births, deaths, moving in and out; what becomes of people, stays, households and care.

Each function works on a plan and writes nothing. A stay lasts from its first day to its last, both
included; no person has two stays on one day.
"""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Sequence

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain import relations
from sqzl_desktop.domain.attention_fields import Attention, Block
from sqzl_desktop.domain.kinds.dwelling import Dwelling
from sqzl_desktop.domain.kinds.household import Household
from sqzl_desktop.domain.kinds.migrant import Migrant
from sqzl_desktop.domain.kinds.residence import Residence
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.domain.plan import Plan

NORMAL, MOVED_OUT, DEAD = "01", "02", "04"
GONE = (MOVED_OUT, "03", DEAD)
VACANT, LET = "03", "02"
RENTS = "02"
MIGRANT = "20"
PRESENT, AWAY = "01", "02"
NEW_HOUSEHOLD = "new"
_LODGING = {"01": "07", "02": "05", "03": "02", "04": "02"}
_DAY = dt.timedelta(days=1)


@dataclasses.dataclass(frozen=True, slots=True)
class Arrival:
    """How people come to live in a dwelling.

    `household` is "" (they stay in the household they have; it moves when all of it moves), the id
    of the one they join, or NEW_HOUSEHOLD. `population_type` "" leaves what is recorded.
    """

    dwelling_id: str
    on: dt.date | None = None
    kind_of_stay: str = ""
    household: str = ""
    next_head_id: str = ""
    population_type: str = ""


def born(plan: Plan, child: Resident, *, parent_id: str, other_id: str = "") -> Resident:
    """A child is born to a resident: their household, home and people; the name may come later.

    What the draft leaves empty is taken from the parent: a child has the home of its family.
    """
    parent = here(plan.get(Resident, parent_id))
    other = plan.find(Resident, other_id)
    on = plan.happened(child.born_on, "出生")
    if any(each and each.born_on and on <= each.born_on for each in (parent, other)):
        raise Refused("出生日期早于父母的出生日期，请核对")
    suffix = {"1": "之子", "2": "之女"}.get(child.sex, "之婴")
    added = plan.add(
        dataclasses.replace(
            child,
            name=child.name or f"{parent.name}{suffix}",
            born_on=on,
            community_id=parent.community_id,
            grid_id=parent.grid_id,
            household_id=parent.household_id,
            relation=relations.child_of(parent, child.sex) if parent.household_id else "",
            ethnic=child.ethnic or parent.ethnic,
            population_type=child.population_type or parent.population_type,
            registered_region=parent.registered_region,
            registered_home=parent.registered_home,
            state=NORMAL,
            presence=parent.presence or PRESENT,
        )
    )
    for stay in stays_of(plan, parent.id):
        if stay.until_on is None:
            _live(plan, added, plan.get(Dwelling, stay.dwelling_id), on, stay.kind_of_stay)
            break
    return added


def died(plan: Plan, person_id: str, *, on: dt.date | None, next_head_id: str = "") -> Resident:
    """A resident died: stay and care end; who headed a household is followed by somebody."""
    person = _living(plan.get(Resident, person_id))
    day = plan.happened(on, "死亡")
    if person.born_on and day < person.born_on:
        raise Refused("死亡日期早于出生日期，请核对")
    _end(plan, person, day)
    leave_households(plan, [person], on=day, next_head_id=next_head_id)
    return plan.change(person, state=DEAD, died_on=day)


def moved_out(
    plan: Plan, ids: Sequence[str], *, on: dt.date | None, to: str = "", next_head_id: str = ""
) -> None:
    """One, several or all of a household leave the community's care."""
    day = plan.happened(on, "迁出")
    people = [here(plan.get(Resident, each)) for each in ids]
    if not people:
        raise Refused("请选择迁出的人员")
    for person in people:
        _end(plan, person, day)
    leave_households(plan, people, on=day, next_head_id=next_head_id)
    for person in people:
        plan.change(person, state=MOVED_OUT, moved_out_on=day, moved_to=to.strip())


def moved_in(plan: Plan, people: Sequence[Resident], arrival: Arrival) -> list[Resident]:
    """People begin to live in a dwelling; those without an id are new to the register.

    Where they lived before ends the day before.
    """
    day = plan.happened(arrival.on, "入住")
    if not people:
        raise Refused("请选择迁入的人员")
    home = plan.get(Dwelling, arrival.dwelling_id)
    known = [
        _living(plan.get(Resident, each.id)) if each.id else _newcomer(plan, each, home)
        for each in people
    ]
    for person in known:
        if person.community_id != home.community_id:
            raise Refused("房屋在另一个社区：请先在这里办理迁出，再由那个社区登记迁入")
        _live(plan, person, home, day, arrival.kind_of_stay)
        plan.change(
            person,
            state=NORMAL,
            moved_out_on=None,
            moved_to="",
            presence=PRESENT,
            population_type=arrival.population_type or person.population_type,
        )
        _note_migrant(plan, plan.get(Resident, person.id), day, arrival.kind_of_stay)
    _house(plan, known, home, day, arrival)
    return [plan.get(Resident, each.id) for each in known]


def leave_households(
    plan: Plan, leaving: Sequence[Resident], *, on: dt.date, next_head_id: str = ""
) -> None:
    """People leave the households they are in. One that nobody stays in ends, its last members
    still named; where the head leaves, another member is the head."""
    ids = {each.id for each in leaving}
    for household_id in dict.fromkeys(each.household_id for each in leaving):
        household = plan.find(Household, household_id)
        if household is None:
            continue
        staying = [each for each in members(plan, household_id) if each.id not in ids]
        if not staying:
            plan.change(household, ended_on=on)
            continue
        old_head = head_of(plan, household)
        if old_head is not None and old_head.id in ids:
            follow(plan, household, staying, next_head_id)
        for person in leaving:
            if person.household_id == household_id:
                plan.change(person, household_id="", relation="")


def follow(
    plan: Plan, household: Household, candidates: Sequence[Resident], next_head_id: str
) -> None:
    """Another member becomes the head: the one named, or the only one there is."""
    named = [each for each in candidates if each.id == next_head_id]
    found = named or (candidates if len(candidates) == 1 else ())
    if not found:
        raise Refused("离开的人是户主，请在留下的人中选择新的户主")
    head = plan.get(Resident, found[0].id)
    for person in members(plan, household.id):
        plan.change(person, relation=relations.seen_from(head, person))
    plan.change(household, head_id=head.id, head_name=head.name, phone=head.phone)


def members(plan: Plan, household_id: str) -> list[Resident]:
    """The living members of a household who are not gone."""
    return [
        each
        for each in plan.all(Resident)
        if each.household_id == household_id and household_id and each.state not in GONE
    ]


def head_of(plan: Plan, household: Household) -> Resident | None:
    """The head of a household: the one it names, or whose relation says so."""
    named = plan.find(Resident, household.head_id)
    if named is not None and named.household_id == household.id:
        return named
    found = [each for each in members(plan, household.id) if relations.is_head(each)]
    return found[0] if found else None


def stays_of(plan: Plan, person_id: str) -> list[Residence]:
    """The stays of a person, open and over."""
    return [each for each in plan.all(Residence) if each.resident_id == person_id]


def mark_vacant(plan: Plan) -> list[Dwelling]:
    """Dwellings that the plan leaves without anybody are recorded as vacant."""
    lived_in = {each.dwelling_id for each in plan.all(Residence) if each.until_on is None}
    left = {each.dwelling_id for each in plan.ended_stays()} - lived_in
    homes = (plan.find(Dwelling, each) for each in sorted(left))
    return [plan.change(each, use=VACANT) for each in homes if each is not None]


def end_stays(plan: Plan, person: Resident, on: dt.date) -> None:
    """The person's open stays end, that day the last."""
    for stay in stays_of(plan, person.id):
        if stay.until_on is None:
            if stay.from_on and on < stay.from_on:
                raise Refused(
                    f"所选人员于{stay.from_on:%Y-%m-%d}才入住，日期不能早于这一天，请核对"
                )
            plan.change(stay, until_on=on)


def _end(plan: Plan, person: Resident, on: dt.date) -> None:
    end_stays(plan, person, on)
    for care in plan.all(Attention):
        if care.resident_id == person.id and care.until_on is None:
            plan.change(care, until_on=max(on, care.since_on or on))


def _live(plan: Plan, person: Resident, home: Dwelling, on: dt.date, how: str) -> None:
    """The person lives here from that day; what was their home until now was so until the day
    before."""
    for stay in stays_of(plan, person.id):
        if stay.until_on is not None and stay.until_on < on:
            continue
        if (stay.from_on and stay.from_on >= on) or (stay.until_on and stay.until_on > on):
            raise Refused(f"所选人员在{on:%Y-%m-%d}已登记住在别处（{_span(stay)}），请核对日期")
        if stay.dwelling_id == home.id and stay.until_on is None:
            raise Refused("所选人员已经登记住在这里，请重新选择房屋")
        plan.change(stay, until_on=on - _DAY)
    plan.add(
        Residence(
            community_id=home.community_id,
            grid_id=home.grid_id,
            resident_id=person.id,
            dwelling_id=home.id,
            kind_of_stay=how,
            from_on=on,
        )
    )
    go_to_grid(plan, person, home.grid_id)


def go_to_grid(plan: Plan, person: Resident, grid_id: str) -> None:
    """What is recorded about a person lies in the grid where the person lives."""
    plan.change(person, grid_id=grid_id)
    for each in plan.all(Block) + plan.all(Attention):
        if each.resident_id == person.id:
            plan.change(each, grid_id=grid_id)


def _newcomer(plan: Plan, person: Resident, home: Dwelling) -> Resident:
    here = dataclasses.replace(person, grid_id=home.grid_id, community_id=home.community_id)
    return plan.add(here)


def _house(
    plan: Plan, people: Sequence[Resident], home: Dwelling, on: dt.date, arrival: Arrival
) -> None:
    """The households of those who moved in, as the arrival wants it."""
    people = [plan.get(Resident, each.id) for each in people]
    if not arrival.household or all(each.household_id == arrival.household for each in people):
        _keep_house(plan, people, home, arrival.next_head_id)
        return
    if arrival.household == NEW_HOUSEHOLD:
        found_household(plan, people, home, on=on, next_head_id=arrival.next_head_id)
        return
    household = plan.get(Household, arrival.household)
    if household.dwelling_id not in ("", home.id) or household.ended_on:
        raise Refused("所选的户不住在这个房屋，或已销户，请重新选择")
    join(plan, people, household, on=on, next_head_id=arrival.next_head_id)


def found_household(
    plan: Plan, people: Sequence[Resident], home: Dwelling, *, on: dt.date, next_head_id: str = ""
) -> Household:
    """People keep house by themselves, the first of them the head."""
    head = people[0]
    before = {each.id: each for each in people}
    leave_households(plan, people, on=on, next_head_id=next_head_id)
    household = plan.add(
        Household(
            community_id=home.community_id,
            grid_id=home.grid_id,
            head_id=head.id,
            head_name=head.name,
            phone=head.phone,
            dwelling_id=home.id,
            category="01",
        )
    )
    for person in people:
        is_of_one = person.household_id == head.household_id
        relation = relations.seen_from(head, before[person.id]) if is_of_one else ""
        relation = relations.HEAD if person.id == head.id else relation
        plan.change(person, household_id=household.id, relation=relation)
    return household


def join(
    plan: Plan,
    people: Iterable[Resident],
    household: Household,
    *,
    on: dt.date,
    next_head_id: str = "",
) -> None:
    """People become members of a household; what they are to its head is filled in later."""
    coming = [each for each in people if each.household_id != household.id]
    leave_households(plan, coming, on=on, next_head_id=next_head_id)
    for person in coming:
        plan.change(person, household_id=household.id, relation="")


def _keep_house(plan: Plan, people: Sequence[Resident], home: Dwelling, next_head_id: str) -> None:
    """A household moves when all of it moves; one who moves alone is a member living elsewhere.

    One that had ended begins anew with those who come back.
    """
    ids = {each.id for each in people}
    for household_id in dict.fromkeys(each.household_id for each in people):
        household = plan.find(Household, household_id)
        if household is None:
            continue
        current = members(plan, household_id)
        if {each.id for each in current} <= ids:
            household = plan.change(
                household, dwelling_id=home.id, grid_id=home.grid_id, ended_on=None
            )
            if head_of(plan, household) not in current:
                follow(plan, household, current, next_head_id)
        elif household.dwelling_id != home.id:
            for person in people:
                if person.household_id == household_id:
                    plan.change(person, presence=AWAY)


def _note_migrant(plan: Plan, person: Resident, on: dt.date, how: str) -> None:
    has_block = any(each.resident_id == person.id for each in plan.all(Migrant))
    if person.population_type == MIGRANT and not has_block:
        plan.add(
            Migrant(
                community_id=person.community_id,
                grid_id=person.grid_id,
                resident_id=person.id,
                arrived_on=on,
                lodging=_LODGING.get(how, ""),
            )
        )


def _living(person: Resident) -> Resident:
    if person.state in ("03", DEAD):
        raise Refused("所选人员已登记死亡，请核对是否选错了人")
    return person


def here(person: Resident) -> Resident:
    """The person, who must be alive and not have moved out."""
    if _living(person).state == MOVED_OUT:
        raise Refused("所选人员已登记迁出，不需要再办理")
    return person


def _span(stay: Residence) -> str:
    since = f"{stay.from_on:%Y-%m-%d}起" if stay.from_on else ""
    return since + (f"至{stay.until_on:%Y-%m-%d}" if stay.until_on else "") or "起止日期不详"
