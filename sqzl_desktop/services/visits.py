"""走访: begin one with what is known, save it, and report what was found in the same action."""

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from sqzl_desktop.domain import access, visiting
from sqzl_desktop.domain.attention import SENSITIVE
from sqzl_desktop.domain.filters import Filter, Order
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.domain.kinds.event import Event
from sqzl_desktop.domain.kinds.household import Household
from sqzl_desktop.domain.kinds.opinion import Opinion
from sqzl_desktop.domain.kinds.residence import Residence
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.domain.kinds.visit import Visit
from sqzl_desktop.domain.living import lives_on
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.services import care, elements, policies
from sqzl_desktop.services.policies import ToHear
from sqzl_desktop.services.saving import put
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import changes, records

SUBJECTS = {
    "resident": "resident_id",
    "household": "household_id",
    "dwelling": "dwelling_id",
    "building": "building_id",
    "organisation": "organisation_id",
    "facility": "facility_id",
}
PATROLLED = ("building", "organisation", "facility")


@dataclasses.dataclass(frozen=True, slots=True)
class Begun:
    """A visit as it begins: whom it is paid, what was found last, how often to come, and the
    policies that are still to be told there."""

    visit: Visit
    title: str
    place: str
    last: Visit | None
    intervals: tuple[int, ...]
    to_hear: tuple[ToHear, ...] = ()


def begin(ws: Workspace, kind: str, record_id: str) -> Begun:
    """A visit to a resident, household or dwelling, or a patrol of one of the others."""
    with ws.store.read() as tx:
        subject = elements.wanted(tx, kind, record_id)
        looked = care.of_resident(ws, tx, record_id) if kind == "resident" else []
        running = [each for each in looked if each.is_running]
        category = visiting.PATROL if kind in PATROLLED else visiting.category_for(
            is_cared=any(each.kind not in SENSITIVE for each in running),
            is_special=any(each.kind in SENSITIVE for each in running),
        )  # fmt: skip
        intervals = tuple(each.interval_days for each in running)
        visit = Visit(
            community_id=subject.community_id,
            grid_id=subject.grid_id,
            visited_at=ws.clock.now().replace(microsecond=0),
            category=category,
            way=visiting.AT_HOME,
            outcome=visiting.NORMAL,
            visitor_id=_own_staff_id(ws, tx),
            next_on=visiting.propose_next(ws.today, intervals),
            **{SUBJECTS[kind]: record_id, **_beside(ws, tx, subject)},
        )
        title = elements.titles_in(tx, kind, [record_id]).get(record_id, "")
        return Begun(visit, title, _place(tx, visit, subject), _last(tx, kind, record_id),
                     intervals, tuple(_to_hear(ws, tx, visit)))  # fmt: skip


def may_visit(ws: Workspace, kind: str) -> bool:
    """May the actor write down a visit to a record of this kind?"""
    return kind in SUBJECTS and access.allows(ws.actor, "write", BY_NAME["visit"])


def record(
    ws: Workspace,
    visit: Visit,
    event: Event | None = None,
    *,
    opinion: str = "",
    told: Sequence[ToHear] = (),
) -> Visit:
    """Save a visit; what was found is reported with it, as an event that the visit names, what
    was said is kept as an opinion, and what was `told` as told in the way of the visit."""
    with ws.store.write() as tx:
        action = changes.Action(tx, ws.clock.now(), grouped=bool(event or opinion or told))
        if event is not None:
            reported = put(ws, action, event, BY_NAME["event"])
            visit = dataclasses.replace(visit, event_id=reported.id)
        saved = put(ws, action, visit, BY_NAME["visit"])
        assert isinstance(saved, Visit)
        if opinion:
            put(ws, action, _said(ws, saved, opinion), BY_NAME["opinion"])
        way = visiting.TOLD_WAYS.get(saved.way, visiting.TOLD_OTHERWISE)
        for each in told:
            policies.tell_in(
                ws, action, each.policy_id, each.target, way=way, told_at=saved.visited_at
            )
    return saved


def _to_hear(ws: Workspace, tx: sa.Connection, visit: Visit) -> list[ToHear]:
    about = {"resident_id": visit.resident_id, "household_id": visit.household_id}
    if not any(about.values()) or not elements.may(ws, "create", "policy_told"):
        return []
    return policies.to_hear(ws, tx, **about)


def _said(ws: Workspace, visit: Visit, content: str) -> Opinion:
    return Opinion(
        community_id=visit.community_id,
        grid_id=visit.grid_id,
        content=content,
        way=visiting.OPINION_WAYS.get(visit.way, ""),
        collected_on=ws.today,
        collector_name=ws.actor.name,
        resident_id=visit.resident_id,
        building_id=visit.building_id,
        visit_id=visit.id,
    )


def event_of(ws: Workspace, begun: Begun, visit: Visit, title: str) -> Event:
    """The event to report for a visit that found something: where, when, by whom, what."""
    return Event(
        community_id=visit.community_id,
        grid_id=visit.grid_id,
        title=title.strip() or f"{begun.title}走访发现异常",
        category="03" if visit.category == visiting.PATROL else "99",
        description=visit.problem or visit.content,
        place=begun.place,
        building_id=visit.building_id,
        source="01",
        discovered_at=visit.visited_at or ws.clock.now(),
    )


def _own_staff_id(ws: Workspace, tx: sa.Connection) -> str:
    own = [Filter("account", "=", ws.actor.account)]
    found = records.find(tx, "staff", filters=own, limit=1)
    return found[0].id if found else ""


def _beside(ws: Workspace, tx: sa.Connection, subject: Element) -> Mapping[str, Any]:
    """The household and dwelling that go with a resident or household."""
    if isinstance(subject, Household):
        return {"dwelling_id": subject.dwelling_id}
    if not isinstance(subject, Resident):
        return {}
    stays = records.find(tx, "residence", filters=[Filter("resident_id", "=", subject.id)])
    homes = [each.dwelling_id for each in stays if isinstance(each, Residence)
             and lives_on(each, ws.today)]  # fmt: skip
    return {"household_id": subject.household_id, "dwelling_id": homes[0] if homes else ""}


def _place(tx: sa.Connection, visit: Visit, subject: Element) -> str:
    for name in ("address", "place"):
        said = getattr(subject, name, "")
        if said:
            return str(said)
    home = elements.titles_in(tx, "dwelling", [visit.dwelling_id]).get(visit.dwelling_id, "")
    return home or elements.titles_in(tx, "building", [visit.building_id]).get(
        visit.building_id, ""
    )


def _last(tx: sa.Connection, kind: str, record_id: str) -> Visit | None:
    about = [Filter(SUBJECTS[kind], "=", record_id)]
    found = records.find(tx, "visit", filters=about, order=[Order("visited_at", True)], limit=1)
    return found[0] if found and isinstance(found[0], Visit) else None


def next_on(ws: Workspace, begun: Begun, *, way: str, outcome: str) -> dt.date | None:
    """The day to come again, as it follows from how the visit went."""
    is_met = visiting.counts(way, outcome)
    return visiting.propose_next(ws.today, begun.intervals, is_met=is_met)
