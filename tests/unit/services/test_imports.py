"""A register becomes residents, households and residences; what is known already is not doubled."""

import csv
import dataclasses
from pathlib import Path

import pytest

from sqzl_desktop.base.errors import KnownError, Refused
from sqzl_desktop.domain.kinds.household import Household
from sqzl_desktop.domain.kinds.organisation import Organisation
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.services import elements, imports, people
from sqzl_desktop.services.workspace import Workspace
from tests.places import GRID

HEADINGS = ["楼号", "单元", "室号", "姓名", "性别", "身份证号", "与户主关系", "联系电话"]
HEAD = ["3", "2", "501", "马小明", "男", "640104198302112451", "户主", "15412345678"]
WIFE = ["", "", "", "王秀英", "女", "640104198309141087", "妻", ""]


def sheet(folder: Path, *rows: list[str]) -> Path:
    path = folder / "register.csv"
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows([HEADINGS, *rows])
    return path


def imported(ws: Workspace, path: Path) -> imports.ImportReport:
    return imports.apply_import(ws, imports.preview_import(ws, "resident", path))


def test_family_moves_into_its_dwelling(ws: Workspace, tmp_path: Path) -> None:
    done = imported(ws, sheet(tmp_path, HEAD, WIFE))

    assert (done.created, done.failed) == (2, 0)
    living = people.living_in(ws, "d1")
    assert sorted(each.name for each in living) == ["王秀英", "马小明"]
    (household,) = elements.find(ws, "household")
    assert isinstance(household, Household)
    assert (household.head_name, household.dwelling_id) == ("马小明", "d1")
    assert {each.household_id for each in living} == {household.id}
    assert {each.grid_id for each in living} == {GRID}


def test_second_import_changes_only_what_the_sheet_says(ws: Workspace, tmp_path: Path) -> None:
    imported(ws, sheet(tmp_path, HEAD, WIFE))

    again = imported(ws, sheet(tmp_path, [*HEAD[:7], "15487654321"], WIFE))

    assert (again.created, again.changed, again.same) == (0, 1, 1)
    (head,) = [each for each in people.living_in(ws, "d1") if each.name == "马小明"]
    assert head.phone == "15487654321"


def test_place_that_is_not_known_is_kept_as_a_remark(ws: Workspace, tmp_path: Path) -> None:
    imported(ws, sheet(tmp_path, ["99", "1", "101", *HEAD[3:]]))

    (person,) = elements.find(ws, "resident")
    assert isinstance(person, Resident)
    assert person.remark == "导入住址：99号楼1单元101室"
    assert elements.count(ws, "residence") == 0


def test_another_head_is_another_household(ws: Workspace, tmp_path: Path) -> None:
    imported(ws, sheet(tmp_path, HEAD))

    imported(ws, sheet(tmp_path, [*HEAD[:3], "刘玲兰", "女", "640104197906127481", "户主", ""]))

    names = [each.head_name for each in elements.find(ws, "household")]  # type: ignore
    assert sorted(names) == ["刘玲兰", "马小明"]


def test_cancelled_import_leaves_nothing(ws: Workspace, tmp_path: Path) -> None:
    plan = imports.preview_import(ws, "resident", sheet(tmp_path, HEAD, WIFE))

    with pytest.raises(KnownError, match="没有写入任何内容"):
        imports.apply_import(ws, plan, cancelled=lambda: True)

    assert elements.count(ws, "resident") == 0
    with ws.store.read() as tx:
        assert tx.exec_driver_sql("SELECT count(*) FROM outbox").scalar() == 0


def test_export_is_masked_and_audited_and_can_be_read_again(
    ws: Workspace, lead: Workspace, tmp_path: Path
) -> None:
    elements.save(lead, Organisation(name="=顺达物业", phone="0951-6012345", category="03"))

    for name in ("list.csv", "list.xlsx"):
        assert imports.export_kind(lead, "organisation", tmp_path / name) == 1
        plan = imports.preview_import(lead, "organisation", tmp_path / name)
        (row,) = [each for each in plan.rows if each.action != "skip"]
        assert row.values["name"] in ("=顺达物业", "'=顺达物业")
        assert "6012345" not in str(row.values)
    with ws.store.read() as tx:
        lines = tx.exec_driver_sql("SELECT action, detail FROM audit").all()
    assert [tuple(line) for line in lines] == [("export", "1条，脱敏")] * 2


def test_clerk_does_not_export(ws: Workspace, tmp_path: Path) -> None:
    clerk = dataclasses.replace(ws, actor=dataclasses.replace(ws.actor, role="clerk"))

    with pytest.raises(Refused):
        imports.export_kind(clerk, "resident", tmp_path / "list.csv")
    assert not (tmp_path / "list.csv").exists()
