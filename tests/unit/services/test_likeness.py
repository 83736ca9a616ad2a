"""Records that are probably there already are found before they are saved again."""

import dataclasses
import datetime as dt
from typing import Any

import pytest

from sqzl_desktop.domain.kinds.building import Building
from sqzl_desktop.domain.kinds.dwelling import Dwelling
from sqzl_desktop.domain.kinds.organisation import Organisation
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.services import elements, likeness
from sqzl_desktop.services.likeness import Alike
from sqzl_desktop.services.workspace import Workspace
from tests.places import GRID

NUMBER, PHONE, BORN = "640104198302112451", "15412345678", dt.date(1983, 2, 11)
PERSON: dict[str, Any] = {"name": "马小明", "id_number": NUMBER, "phone": PHONE, "born_on": BORN}


@pytest.fixture
def known(ws: Workspace) -> str:
    return elements.save(ws, Resident(grid_id=GRID, sex="1", **PERSON)).id


def alike(ws: Workspace, record: Element) -> list[tuple[str, str]]:
    shown = type(record)(id=record.id)
    return [(each.id, each.reason) for each in likeness.of(ws, shown, record)]


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"id_number": NUMBER}, "证件号码相同"),
        ({"id_number": " 640104 19830211 2451", "name": "别人"}, "证件号码相同"),
        ({"name": "马小明", "born_on": BORN}, "姓名和出生日期相同"),
        ({"name": " 马小明 ", "phone": "154-1234-5678"}, "姓名和电话相同"),
        ({"name": "马小明", "phone2": PHONE}, "姓名和电话相同"),
        (PERSON, "证件号码相同"),
    ],
)
def test_same_person_is_found(
    ws: Workspace, known: str, typed: dict[str, Any], reason: str
) -> None:
    assert alike(ws, Resident(**typed)) == [(known, reason)]


@pytest.mark.parametrize(
    "typed",
    [
        {"name": "马小明"},
        {"name": "马小明", "born_on": dt.date(1983, 2, 12)},
        {"name": "马小", "born_on": BORN},
        {"name": "马大明", "phone": PHONE},
        {"phone": PHONE},
        {"name": "·", "born_on": BORN},
        {},
    ],
)
def test_namesake_is_no_duplicate(ws: Workspace, known: str, typed: dict[str, Any]) -> None:
    assert known
    assert alike(ws, Resident(**typed)) == []


@pytest.mark.parametrize("name", ["王", "买买提·艾力", "𬭚玥", "欧阳" + "明" * 28, "JOHN SMITH"])
def test_every_name_is_found_again(ws: Workspace, name: str) -> None:
    known = elements.save(ws, Resident(name=name, born_on=BORN, grid_id=GRID)).id

    assert alike(ws, Resident(name=name, born_on=BORN)) == [(known, "姓名和出生日期相同")]


def test_person_is_no_duplicate_of_themselves(ws: Workspace, known: str) -> None:
    person = elements.get(ws, "resident", known)
    assert isinstance(person, Resident)

    assert likeness.of(ws, person, dataclasses.replace(person, ethnic="03")) == ()
    assert likeness.of(ws, person, dataclasses.replace(person, phone2="15412345679")) == ()


def test_detail_is_masked(ws: Workspace, known: str) -> None:
    (found,) = likeness.of(ws, Resident(), Resident(id_number=NUMBER))

    assert found.title == "马小明"
    assert found.detail == "男性　1983-02-11　640*************51　154****5678"
    assert found.id == known


def test_what_was_looked_at_is_not_refused_again(ws: Workspace, known: str) -> None:
    again = Resident(**PERSON)

    with pytest.raises(Alike) as refused:
        likeness.refuse_alike(ws, Resident(), again, accepted=())
    assert [each.id for each in refused.value.found] == [known]

    likeness.refuse_alike(ws, Resident(), again, accepted=(known,))


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (Dwelling(building_id="b1", entrance="2", room="501"), "同一楼栋、单元和室号"),
        (Building(estate="阳光家园", name="3号楼"), "同一小区的同名楼栋"),
    ],
)
def test_same_place_is_found(ws: Workspace, record: Element, reason: str) -> None:
    ((_, said),) = alike(ws, record)

    assert said == reason
    assert alike(ws, Dwelling(building_id="b1", entrance="1", room="501")) == []


def test_same_organisation_is_found_by_code_and_name(ws: Workspace) -> None:
    unit = {"name": "宁夏好邻居商贸有限公司", "uscc": "914403001922038216"}
    known = elements.save(ws, Organisation(grid_id=GRID, **unit)).id

    assert alike(ws, Organisation(uscc=unit["uscc"])) == [(known, "统一社会信用代码相同")]
    assert alike(ws, Organisation(name=unit["name"])) == [(known, "单位名称相同")]
    assert alike(ws, Organisation(name="宁夏好邻居")) == []
