"""A building as one value: who is behind each door, what is due, who must not be shown."""

import datetime as dt

import pytest

from sqzl_desktop.base.errors import NotFound
from sqzl_desktop.domain.kinds.aged_care import AgedCare
from sqzl_desktop.domain.kinds.building import Building
from sqzl_desktop.domain.kinds.drug_use import DrugUse
from sqzl_desktop.domain.kinds.household import Household
from sqzl_desktop.domain.kinds.residence import Residence
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.domain.kinds.visit import Visit
from sqzl_desktop.domain.tower_rooms import Room
from sqzl_desktop.services import elements, people
from sqzl_desktop.services.home import home
from sqzl_desktop.services.tower import buildings, tower
from sqzl_desktop.services.workspace import Workspace
from tests.places import COMMUNITY, GRID, NOW

MARCH = dt.datetime(2026, 3, 31, 17, 0, tzinfo=dt.UTC)  # the 1st of April in Beijing


def room(ws: Workspace) -> Room:
    return tower(ws, "b1").rooms["d1"]


def settle(ws: Workspace, name: str, **fields: object) -> Resident:
    person, _stay = people.move_in(
        ws, Resident(name=name, **fields), dwelling_id="d1", kind_of_stay="01",
        from_on=dt.date(2020, 1, 1),
    )  # fmt: skip
    return person


def visit(ws: Workspace, **fields: object) -> None:
    plain = {"visited_at": NOW, "category": "01", "way": "01", "content": "正常", "grid_id": GRID}
    elements.save(ws, Visit(**{**plain, **fields}))


def test_room_tells_who_lives_there_with_the_name_masked(ws: Workspace) -> None:
    settle(ws, "马小明", relation="20", born_on=dt.date(2010, 5, 1), tags=("K08", "K17"))
    settle(ws, "马建国", relation="02", born_on=dt.date(1940, 5, 1))

    assert room(ws) == Room(
        door=room(ws).door,
        people=2,
        head="马**",
        tags=("K08",),
        oldest_born_on=dt.date(1940, 5, 1),
    )
    assert (room(ws).door.room, room(ws).door.entrance) == ("501", "2")


def test_who_moved_out_is_counted_no_more(ws: Workspace) -> None:
    person = settle(ws, "马建国")
    (stay,) = elements.find(ws, "residence")
    assert isinstance(stay, Residence)
    elements.save(ws, Residence(
        id=stay.id, community_id=COMMUNITY, grid_id=GRID, resident_id=person.id,
        dwelling_id="d1", until_on=ws.today - dt.timedelta(days=1),
    ))  # fmt: skip

    assert room(ws).people == 0


def test_head_of_the_household_comes_first(ws: Workspace) -> None:
    settle(ws, "马建国", relation="02")
    elements.save(ws, Household(dwelling_id="d1", head_name="王海", grid_id=GRID))

    assert room(ws).head == "王*"


def test_last_visit_counts_wherever_it_was_written_down(ws: Workspace) -> None:
    person = settle(ws, "马建国")
    visit(ws, resident_id=person.id, visited_at=MARCH)
    assert room(ws).last_visit_on == dt.date(2026, 4, 1)

    visit(ws, dwelling_id="d1")
    assert room(ws).last_visit_on == ws.today


@pytest.mark.parametrize("nobody", [{"outcome": "03"}, {"way": "04"}, {"category": "04"}])
def test_visit_that_met_nobody_and_a_patrol_are_none(ws: Workspace, nobody: dict[str, str]) -> None:
    settle(ws, "马建国")
    visit(ws, dwelling_id="d1", **nobody)

    assert room(ws).last_visit_on is None


def test_aged_person_is_due_a_visit_until_it_is_made(ws: Workspace) -> None:
    person = settle(ws, "马建国")
    elements.save(ws, AgedCare(
        resident_id=person.id, since_on=ws.today - dt.timedelta(days=30), grid_id=GRID
    ))  # fmt: skip
    assert room(ws).is_due

    visit(ws, resident_id=person.id)
    assert not room(ws).is_due


def test_sensitive_group_leaves_no_trace_in_the_picture(ws: Workspace) -> None:
    person = settle(ws, "马建国")
    before = room(ws)
    elements.save(ws, DrugUse(
        resident_id=person.id, since_on=dt.date(2020, 1, 1), interval_days=1, grid_id=GRID
    ))  # fmt: skip

    assert room(ws) == before


def test_building_that_is_gone_is_said(ws: Workspace) -> None:
    with pytest.raises(NotFound, match="找不到这条楼栋"):
        tower(ws, "nowhere")


def test_buildings_come_by_estate_and_number(ws: Workspace) -> None:
    for name in ("10号楼", "2号楼"):
        elements.save(ws, Building(estate="阳光家园", name=name, grid_id=GRID))

    assert [each.name for each in buildings(ws)] == ["2号楼", "3号楼", "10号楼"]


def test_home_shows_the_householder_first_and_the_last_visit(ws: Workspace) -> None:
    child = settle(ws, "马小明", relation="20")
    head = settle(ws, "马建国", relation="02")
    visit(ws, resident_id=child.id, visited_at=MARCH, content="孩子在家")
    visit(ws, dwelling_id="d1", content="都在家")

    found = home(ws, "d1", on=ws.today)

    assert [each.id for each in found.living] == [head.id, child.id]
    assert found.last_visit is not None
    assert found.last_visit.content == "都在家"
