"""What is offered while somebody types."""

import pytest

from sqzl_desktop.domain.kinds.dwelling import Dwelling
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.services import elements, offers
from sqzl_desktop.services.workspace import Workspace
from tests.places import GRID

HOME = "北京路12号阳光家园3号楼2单元501室"


@pytest.fixture(autouse=True)
def other_doors(ws: Workspace) -> None:
    for entrance, room in (("1", "501"), ("2", "502"), ("2", "1501")):
        elements.save(ws, Dwelling(
            building_id="b1", entrance=entrance, room=room, grid_id=GRID,
            address=f"北京路12号阳光家园3号楼{entrance}单元{room}室",
        ))  # fmt: skip


@pytest.mark.parametrize(
    "typed",
    [
        "3号楼2单元501",
        "3-2-501",
        "阳光家园3号楼2单元501室",
        "3栋2单元501",
        "３号楼２单元５０１",
        HOME,
    ],
)
def test_door_is_found_however_it_is_written(ws: Workspace, typed: str) -> None:
    assert [hit.title for hit in offers.addresses(ws, typed)] == [HOME]


def test_beginning_of_an_address_offers_its_doors(ws: Workspace) -> None:
    assert len(offers.addresses(ws, "阳光家园3号楼")) == 4
    assert offers.addresses(ws, "阳光家园4号楼2单元501") == []
    assert offers.addresses(ws, "3") == []


def test_person_is_offered_by_initials(ws: Workspace) -> None:
    person = elements.save(ws, Resident(name="马小明", grid_id=GRID))

    assert [hit.id for hit in offers.of_kind(ws, "resident", "mxm")] == [person.id]
