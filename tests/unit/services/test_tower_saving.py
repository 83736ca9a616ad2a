"""A drawn building becomes dwellings: one action, nothing of others lost."""

import dataclasses

import pytest

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain import tower_plan
from sqzl_desktop.domain.access import CLERK, Actor
from sqzl_desktop.domain.kinds.building import Building
from sqzl_desktop.domain.kinds.dwelling import Dwelling
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.domain.room_numbers import Numbering
from sqzl_desktop.services import elements, people
from sqzl_desktop.services.tower import tower
from sqzl_desktop.services.tower_saving import save
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import changes
from tests.places import COMMUNITY, GRID


@pytest.fixture
def new(ws: Workspace) -> str:
    made = elements.save(ws, Building(estate="阳光家园", name="9号楼", grid_id=GRID))
    save(ws, made.id, tower_plan.generated(Numbering(2, 3, 2)))
    return made.id


def begun(ws: Workspace, building: str) -> tower_plan.Draft:
    found = tower(ws, building)
    return tower_plan.begin(found.rooms, found.layout)


def ids(ws: Workspace, building: str) -> dict[tuple[str, str], str]:
    return {
        (room.door.entrance, room.door.room): key for key, room in tower(ws, building).rooms.items()
    }


def groups(ws: Workspace) -> list[str]:
    with ws.store.read() as tx:
        return [each.group for each in changes.unsent(tx, COMMUNITY, 500)]


def test_new_building_gets_its_dwellings_in_one_action(ws: Workspace, new: str) -> None:
    found = tower(ws, new)

    assert len(found.rooms) == 12
    assert found.layout.clashes == found.layout.guessed == ()
    assert (found.building.entrance_count, found.building.floor_count) == (2, 3)
    assert found.building.dwelling_count == 12
    first = elements.get(ws, "dwelling", ids(ws, new)["1", "101"])
    assert isinstance(first, Dwelling)
    assert first.address == "阳光家园9号楼1单元101室"
    assert (first.grid_id, first.purpose) == (GRID, "01")
    assert len(set(groups(ws)[-13:])) == 1


def test_only_what_was_touched_is_written(ws: Workspace, new: str) -> None:
    before = len(groups(ws))
    draft = begun(ws, new)

    save(ws, new, tower_plan.rename(draft, ids(ws, new)["2", "301"], "3A"))

    assert len(groups(ws)) == before + 1
    renamed = elements.get(ws, "dwelling", ids(ws, new)["2", "3A"])
    assert getattr(renamed, "address", "") == "阳光家园9号楼2单元3A室"


def test_what_another_window_saved_meanwhile_stays(ws: Workspace, new: str) -> None:
    draft = begun(ws, new)
    key = ids(ws, new)["1", "101"]
    record = elements.get(ws, "dwelling", key)
    elements.save(ws, dataclasses.replace(record, owner_name="马建国"))

    save(ws, new, tower_plan.merge(draft, key, "right"))

    after = elements.get(ws, "dwelling", key)
    assert isinstance(after, Dwelling)
    assert (after.owner_name, after.span) == ("马建国", 2)
    assert ("1", "102") not in ids(ws, new)


def test_somebody_who_moved_in_meanwhile_keeps_the_room(ws: Workspace, new: str) -> None:
    key = ids(ws, new)["1", "101"]
    draft = tower_plan.remove_room(begun(ws, new), key)
    people.move_in(ws, Resident(name="马建国"), dwelling_id=key, kind_of_stay="01", from_on=None)

    with pytest.raises(Refused, match="101室登记有人居住"):
        save(ws, new, draft)
    assert len(tower(ws, new).rooms) == 12


def test_places_that_were_seen_are_written_down_with_the_first_change(ws: Workspace) -> None:
    draft = tower_plan.add_room(begun(ws, "b1"), "d1")

    save(ws, "b1", draft)

    old = elements.get(ws, "dwelling", "d1")
    assert isinstance(old, Dwelling)
    assert (old.floor, old.position) == (5, 1)
    assert ("2", "502") in ids(ws, "b1")


def test_who_may_not_write_dwellings_is_refused(ws: Workspace) -> None:
    clerk = Workspace(
        Actor("sun", "孙窗口", CLERK, (COMMUNITY,)), ws.store, ws.clock, ws.communities, ws.device
    )

    with pytest.raises(Refused):
        save(clerk, "b1", tower_plan.add_room(begun(ws, "b1"), "d1"))
