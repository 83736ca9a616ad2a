"""Fields that fill each other, and never what a person typed."""

import dataclasses
import datetime as dt
from typing import Any

import pytest

from sqzl_desktop.domain.kinds.building import Building
from sqzl_desktop.domain.kinds.dwelling import Dwelling
from sqzl_desktop.domain.kinds.event import Event
from sqzl_desktop.domain.kinds.organisation import Organisation
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.services import elements, filling
from sqzl_desktop.services.workspace import Workspace
from tests.places import GRID
from tests.vectors import vectors

GOOD, OTHER = "640104198302112451", "640104195710288225"


def at_once(ws: Workspace, record: Element, field: str, **more: Any) -> dict[str, Any]:
    shown = more.get("shown", type(record)())
    found = filling.at_once(ws, shown, record, field, filled=more.get("filled", {}))
    return dict(found.values) if found else {}


def looked_up(ws: Workspace, record: Element, field: str, **more: Any) -> dict[str, Any]:
    shown = more.get("shown", type(record)())
    assert filling.needs_looking_up(elements.kind_of(record).name, field)
    found = filling.looked_up(ws, shown, record, field, filled=more.get("filled", {}))
    return dict(found.values) if found else {}


def test_id_number_tells_birth_sex_and_document(ws: Workspace) -> None:
    assert at_once(ws, Resident(id_number=GOOD), "id_number") == {
        "born_on": dt.date(1983, 2, 11), "sex": "1", "id_type": "111",
    }  # fmt: skip


@pytest.mark.parametrize("row", vectors("resident_id"), ids=lambda row: row["input"])
def test_only_right_id_numbers_fill_anything(ws: Workspace, row: dict[str, str]) -> None:
    filled = at_once(ws, Resident(id_number=row["input"]), "id_number")

    if row["expected_valid"] == "yes":
        assert filled["sex"] in ("1", "2")
        assert filled["born_on"] <= ws.today
    elif row["expected_valid"] == "no":
        assert filled == {}


def test_what_was_typed_stays(ws: Workspace) -> None:
    typed = Resident(id_number=GOOD, sex="2", born_on=dt.date(1990, 1, 1))

    assert at_once(ws, typed, "id_number") == {"id_type": "111"}


def test_what_was_filled_follows_another_number(ws: Workspace) -> None:
    filled = {"sex": "1", "born_on": dt.date(1983, 2, 11)}
    record = Resident(id_number=OTHER, id_type="111", **filled)  # type: ignore[arg-type]

    assert at_once(ws, record, "id_number", filled=filled) == {
        "born_on": dt.date(1957, 10, 28), "sex": "2",
    }  # fmt: skip


def test_number_of_a_passport_tells_nothing(ws: Workspace) -> None:
    assert at_once(ws, Resident(id_type="414", id_number="G12345678"), "id_number") == {}
    assert at_once(ws, Resident(id_type="414", id_number=GOOD), "id_number") == {}


def test_dwelling_gets_its_address_from_its_building(ws: Workspace) -> None:
    elements.save(ws, Building(**{**vars(elements.get(ws, "building", "b1")),
                                  "address": "北京路12号阳光家园3号楼"}))  # fmt: skip
    home = Dwelling(building_id="b1", entrance="2", room="601")

    assert looked_up(ws, home, "room") == {
        "address": "北京路12号阳光家园3号楼2单元601室", "floor": 6,
    }  # fmt: skip


def test_address_follows_the_room_unless_it_was_typed(ws: Workspace) -> None:
    shown = Dwelling(id="d9", building_id="b1", entrance="2", room="601", floor=6,
                     address="阳光家园3号楼2单元601室")  # fmt: skip
    other_room = dataclasses.replace(shown, room="702")

    assert looked_up(ws, other_room, "room", shown=shown) == {
        "address": "阳光家园3号楼2单元702室", "floor": 7,
    }  # fmt: skip
    typed = dataclasses.replace(other_room, address="我写的地址", floor=3)
    assert looked_up(ws, typed, "room", shown=shown) == {}


def test_place_comes_from_building_and_dwelling(ws: Workspace) -> None:
    assert looked_up(ws, Event(building_id="b1"), "building_id") == {"place": "阳光家园3号楼"}
    assert looked_up(ws, Organisation(dwelling_id="d1"), "dwelling_id") == {
        "address": "北京路12号阳光家园3号楼2单元501室", "building_id": "b1",
    }  # fmt: skip


def test_head_of_household_gives_the_name(ws: Workspace) -> None:
    head = elements.save(ws, Resident(name="买买提·艾力", grid_id=GRID))

    assert looked_up(ws, elements.blank(ws, "household", head_id=head.id), "head_id") == {
        "head_name": "买买提·艾力"
    }
