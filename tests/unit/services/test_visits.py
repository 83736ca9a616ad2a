"""Visits and patrols: begun with what is known, saved with the event that they led to."""

import dataclasses
import datetime as dt

import pytest

from sqzl_desktop.base.errors import Invalid, Refused
from sqzl_desktop.domain.access import CLERK, Actor
from sqzl_desktop.domain.kinds.aged_care import AgedCare
from sqzl_desktop.domain.kinds.event import Event
from sqzl_desktop.domain.kinds.household import Household
from sqzl_desktop.domain.kinds.mental_illness import MentalIllness
from sqzl_desktop.domain.kinds.opinion import Opinion
from sqzl_desktop.domain.kinds.organisation import Organisation
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.domain.kinds.staff import Staff
from sqzl_desktop.services import elements, people, visits
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import changes
from tests.places import COMMUNITY, GRID, NOW

HOME = "北京路12号阳光家园3号楼2单元501室"


@pytest.fixture
def person(ws: Workspace, lead: Workspace) -> Resident:
    elements.save(lead, Staff(name="王网格", account="wang"))
    family = elements.save(ws, Household(head_name="马奶奶", grid_id=GRID))
    saved, _ = people.move_in(
        ws, Resident(name="马奶奶", household_id=family.id), dwelling_id="d1", kind_of_stay="01",
        from_on=dt.date(2020, 1, 1),
    )  # fmt: skip
    return saved


def test_visit_begins_with_what_is_known(ws: Workspace, person: Resident) -> None:
    begun = visits.begin(ws, "resident", person.id)

    visit = begun.visit
    assert (begun.title, begun.place, begun.last) == ("马奶奶", HOME, None)
    assert (visit.resident_id, visit.household_id, visit.dwelling_id) == (
        person.id, person.household_id, "d1",
    )  # fmt: skip
    assert (visit.visited_at, visit.category, visit.way, visit.next_on) == (NOW, "01", "01", None)
    assert elements.titles(ws, "staff", [visit.visitor_id]) == {visit.visitor_id: "王网格"}


def test_next_day_is_proposed_from_the_shortest_interval(ws: Workspace, person: Resident) -> None:
    elements.save(ws, MentalIllness(resident_id=person.id, risk="01"))
    assert visits.begin(ws, "resident", person.id).visit.category == "03"
    elements.save(ws, AgedCare(resident_id=person.id, interval_days=14))

    begun = visits.begin(ws, "resident", person.id)

    assert begun.visit.category == "02"
    assert begun.visit.next_on == dt.date(2026, 7, 14)
    assert visits.next_on(ws, begun, way="04", outcome="01") == dt.date(2026, 7, 3)
    assert visits.next_on(ws, begun, way="02", outcome="01") == dt.date(2026, 7, 14)


@pytest.mark.parametrize(("kind", "field"), [*visits.SUBJECTS.items()])
def test_anything_that_can_be_visited_is_named_by_its_visit(
    ws: Workspace, person: Resident, kind: str, field: str
) -> None:
    ids = {"resident": person.id, "household": person.household_id, "dwelling": "d1",
           "building": "b1"}  # fmt: skip
    if kind not in ids:
        ids[kind] = elements.save(ws, elements.blank(ws, kind, name="某处", grid_id=GRID)).id
    begun = visits.begin(ws, kind, ids[kind])

    saved = visits.record(ws, dataclasses.replace(begun.visit, content="正常"))

    assert getattr(saved, field) == ids[kind]
    assert (saved.category == "04") is (kind in visits.PATROLLED)
    again = visits.begin(ws, kind, ids[kind])
    assert again.last == saved


def test_what_was_found_is_reported_with_the_visit(ws: Workspace, person: Resident) -> None:
    begun = visits.begin(ws, "resident", person.id)
    found = dataclasses.replace(begun.visit, outcome="02", content="厨房", problem="燃气软管老化")
    with ws.store.read() as tx:
        before = len(changes.unsent(tx, COMMUNITY, 99))

    saved = visits.record(ws, found, visits.event_of(ws, begun, found, ""))

    event = elements.get(ws, "event", saved.event_id)
    assert isinstance(event, Event)
    assert (event.title, event.description, event.place, event.state, event.grid_id) == (
        "马奶奶走访发现异常", "燃气软管老化", HOME, "discovered", GRID,
    )  # fmt: skip
    with ws.store.read() as tx:
        reported, visited = changes.unsent(tx, COMMUNITY, 99)[before:]
    assert (reported.kind, visited.kind) == ("event", "visit")
    assert reported.group == visited.group != ""


def test_visit_without_a_word_is_refused_and_nothing_is_reported(
    ws: Workspace, person: Resident
) -> None:
    begun = visits.begin(ws, "resident", person.id)
    empty = dataclasses.replace(begun.visit, problem="漏水")

    with pytest.raises(Invalid, match="走访情况"):
        visits.record(ws, empty, visits.event_of(ws, begun, empty, "漏水"))

    assert elements.count(ws, "event") == 0


def test_clerk_writes_no_visits(ws: Workspace) -> None:
    unit = elements.save(ws, Organisation(name="小卖部", grid_id=GRID))
    clerk = dataclasses.replace(ws, actor=Actor("zhao", "赵窗口", CLERK, (COMMUNITY,)))
    begun = visits.begin(clerk, "organisation", unit.id)

    assert not visits.may_visit(clerk, "organisation")
    assert not visits.may_visit(ws, "grid")
    with pytest.raises(Refused, match="不能登记"):
        visits.record(clerk, dataclasses.replace(begun.visit, content="正常"))


def test_what_was_said_on_a_visit_is_kept_as_an_opinion_of_the_same_action(ws: Workspace) -> None:
    person = elements.save(ws, Resident(name="马小明", grid_id=GRID))
    begun = visits.begin(ws, "resident", person.id)
    visit = dataclasses.replace(begun.visit, content="正常")

    saved = visits.record(ws, visit, opinion="停车位不够")

    (said,) = elements.find(ws, "opinion")
    assert isinstance(said, Opinion)
    assert (said.content, said.way, said.resident_id) == ("停车位不够", "01", person.id)
    assert said.visit_id == saved.id
    with ws.store.read() as tx:
        groups = tx.exec_driver_sql(
            "SELECT body ->> 'group' FROM outbox WHERE kind IN ('visit', 'opinion')"
        ).scalars()
        assert len(set(groups)) == 1
