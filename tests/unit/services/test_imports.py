"""A register becomes residents, households and residences; what is known already is not doubled."""

import csv
import dataclasses
from pathlib import Path

import pytest

from sqzl_desktop.base.errors import KnownError, Refused
from sqzl_desktop.domain.kinds.building import Building
from sqzl_desktop.domain.kinds.dwelling import Dwelling
from sqzl_desktop.domain.kinds.household import Household
from sqzl_desktop.domain.kinds.organisation import Organisation
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.services import elements, exports, import_undo, imports, people
from sqzl_desktop.services.arrivals import Choice
from sqzl_desktop.services.doors import Place
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


def imported(ws: Workspace, path: Path, **choices: object) -> imports.ImportReport:
    plan = imports.preview_import(ws, "resident", path)
    return imports.apply_import(ws, plan, choices=imports.Choices(**choices))  # type: ignore[arg-type]


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


UNKNOWN = Place("", "99", "1", "101")


def test_place_that_is_not_known_waits_for_a_choice(ws: Workspace, tmp_path: Path) -> None:
    path = sheet(tmp_path, ["99", "1", "101", *HEAD[3:]])
    plan = imports.preview_import(ws, "resident", path)

    assert [each.place for each in plan.held] == [UNKNOWN]
    assert plan.counts == {"skip": 1, "hold": 1}
    assert imports.apply_import(ws, plan) == imports.ImportReport()
    assert elements.count(ws, "resident") == 0


def test_place_chosen_as_another_dwelling(ws: Workspace, tmp_path: Path) -> None:
    path = sheet(tmp_path, ["99", "1", "101", *HEAD[3:]])

    imported(ws, path, places={UNKNOWN: Choice("dwelling", "d1")})

    assert [each.name for each in people.living_in(ws, "d1")] == ["马小明"]


def test_missing_room_is_made_in_its_building(ws: Workspace, tmp_path: Path) -> None:
    path = sheet(tmp_path, ["3", "1", "502", *HEAD[3:]], ["", "", "", *WIFE[3:]])
    plan = imports.preview_import(ws, "resident", path)
    (held,) = plan.held
    assert (held.count, held.houses) == (2, (("b1", "阳光家园3号楼"),))

    imported(ws, path, places={held.place: Choice("building", "b1")})

    (made,) = [each for each in elements.find(ws, "dwelling") if each.id != "d1"]
    assert (made.room, made.floor, made.address) == ("502", 5, "阳光家园3号楼1单元502室")  # type: ignore
    assert len(people.living_in(ws, made.id)) == 2


def test_two_buildings_of_one_number_are_asked_about_unless_the_estate_tells(
    ws: Workspace, lead: Workspace, tmp_path: Path
) -> None:
    other = elements.save(lead, Building(estate="凤凰家园", name="3号楼", grid_id=GRID))
    home = Dwelling(
        building_id=other.id, entrance="2", room="501", address="凤凰家园3号楼2单元501室"
    )
    home = elements.save(lead, home)  # type: ignore

    plan = imports.preview_import(ws, "resident", sheet(tmp_path, HEAD))
    assert [len(each.doors) for each in plan.held] == [2]

    with (tmp_path / "told.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["小区", *HEADINGS], ["凤凰家园", *HEAD]])
    imported(ws, tmp_path / "told.csv")
    assert [each.name for each in people.living_in(ws, home.id)] == ["马小明"]


def test_place_that_is_not_known_is_kept_as_a_remark_in_the_chosen_grid(
    ws: Workspace, tmp_path: Path
) -> None:
    path = sheet(tmp_path, ["99", "1", "101", *HEAD[3:]])

    imported(ws, path, places={UNKNOWN: Choice("grid", GRID)})

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
        assert exports.export(lead, exports.Wanted("organisation"), tmp_path / name) == 1
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
        exports.export(clerk, exports.Wanted("resident"), tmp_path / "list.csv")
    assert not (tmp_path / "list.csv").exists()


def test_export_in_clear_asks_for_a_reason_and_keeps_to_a_budget(
    ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported(ws, sheet(tmp_path, HEAD, WIFE))
    wanted = exports.Wanted("resident", ("name", "id_number"), reveal=True)

    with pytest.raises(Refused, match="事由"):
        exports.export(ws, wanted, tmp_path / "list.csv")

    told = dataclasses.replace(wanted, reason="街道核查要求")
    exports.export(ws, told, tmp_path / "list.csv")
    lines = (tmp_path / "list.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "姓名,证件号码"
    assert sorted(lines[1:3])[0] == "王秀英,640104198309141087"
    assert lines[3] == "说明：由王网格（wang）于2026年6月30日 10:00导出，共2条，仅限工作使用"

    monkeypatch.setattr(exports, "MOST_REVEALED", 1)
    with pytest.raises(Refused, match="最多导出1条"):
        exports.export(ws, told, tmp_path / "list.csv")


def test_import_is_undone_as_a_whole(ws: Workspace, tmp_path: Path) -> None:
    imported(ws, sheet(tmp_path, HEAD))
    done = imported(ws, sheet(tmp_path, [*HEAD[:7], "15487654321"], WIFE))

    undone = import_undo.undo(ws, done.run)

    assert (undone.removed, undone.restored, undone.left) == (2, 1, ())
    (person,) = elements.find(ws, "resident")
    assert person.phone == "15412345678"  # type: ignore
    with pytest.raises(KnownError, match="已经撤销过"):
        import_undo.undo(ws, done.run)
    assert [bool(each.undone_at) for each in import_undo.latest_runs(ws)] == [True, False]


def test_undo_leaves_what_was_changed_or_used_since_and_tells(
    ws: Workspace, tmp_path: Path
) -> None:
    done = imported(ws, sheet(tmp_path, HEAD, WIFE))
    (man,) = [each for each in people.living_in(ws, "d1") if each.name == "马小明"]
    elements.save(ws, dataclasses.replace(man, remark="已核实"))

    undone = import_undo.undo(ws, done.run)

    assert {(each.kind, each.title) for each in undone.left} == {
        ("resident", "马小明"), ("household", "马小明"),
    }  # fmt: skip
    assert undone.removed == 3
    assert [each.name for each in elements.find(ws, "resident")] == ["马小明"]  # type: ignore


def test_person_without_a_number_is_known_by_name_birth_and_door(
    ws: Workspace, tmp_path: Path
) -> None:
    heading = [*HEADINGS, "出生日期"]
    path = tmp_path / "unnumbered.csv"
    row = [*HEAD[:5], "", "户主", "", "1983-02-11"]
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([heading, row])
    imported(ws, path)

    again = imported(ws, sheet(tmp_path, HEAD))

    assert (again.created, again.changed) == (0, 1)
    (person,) = elements.find(ws, "resident")
    assert person.id_number == HEAD[5]  # type: ignore


def test_corrected_columns_are_remembered_for_sheets_of_the_same_shape(
    ws: Workspace, tmp_path: Path
) -> None:
    path = tmp_path / "odd.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([["姓名", "身份证号", "联络"], [HEAD[3], HEAD[5], HEAD[7]]])
    plan = imports.preview_import(ws, "resident", path)
    assert 2 not in plan.headings.mapping

    corrected = imports.preview_import(
        ws, "resident", path, mapping={**plan.headings.mapping, 2: "phone"}
    )
    imports.apply_import(ws, corrected)

    assert imports.preview_import(ws, "resident", path).headings.mapping[2] == "phone"
    assert [each.phone for each in elements.find(ws, "resident")] == [HEAD[7]]  # type: ignore


def table(folder: Path, *rows: list[str]) -> Path:
    path = folder / "table.csv"
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def test_dwellings_find_their_building_and_complete_themselves(
    ws: Workspace, tmp_path: Path
) -> None:
    path = table(
        tmp_path,
        ["楼号", "单元", "房号", "产权人", "建筑面积"],
        ["3号楼", "一单元", "202", "马小明", "88.5"],
        ["3号楼", "2", "501", "王秀英", ""],
        ["9号楼", "1", "101", "李强", ""],
        ["3号楼", "1", "202", "马小明", ""],
    )
    plan = imports.preview_import(ws, "dwelling", path)
    assert [row.action for row in plan.rows] == ["skip", "accept", "accept", "reject", "reject"]
    assert "没有楼栋“9号楼”" in plan.rows[3].problems[0].sentence

    done = imports.apply_import(ws, plan)

    assert (done.created, done.changed, done.failed) == (1, 1, 0)
    (made,) = [each for each in elements.find(ws, "dwelling") if each.id != "d1"]
    assert (made.address, made.floor, made.grid_id) == ("阳光家园3号楼1单元202室", 2, GRID)  # type: ignore
    known = elements.get(ws, "dwelling", "d1")
    assert known.address == "北京路12号阳光家园3号楼2单元501室"  # type: ignore


def test_attention_group_finds_its_people(ws: Workspace, tmp_path: Path) -> None:
    imported(ws, sheet(tmp_path, HEAD, WIFE))
    path = table(
        tmp_path,
        ["姓名", "身份证号", "关爱原因", "紧急联系人"],
        ["马小明", HEAD[5], "独居", "马建国"],
        ["不认识", "640104197906127481", "", ""],
    )
    plan = imports.preview_import(ws, "aged_care", path)
    assert [row.action for row in plan.rows] == ["skip", "accept", "reject"]

    done = imports.apply_import(ws, plan)
    again = imports.apply_import(ws, imports.preview_import(ws, "aged_care", path))

    assert (done.created, again.created, again.same) == (1, 0, 1)
    (care,) = elements.find(ws, "aged_care")
    assert (care.emergency_name, care.grid_id) == ("马建国", GRID)  # type: ignore
    (man,) = [each for each in people.living_in(ws, "d1") if each.name == "马小明"]
    assert man.tags == ("K04",)

    undone = import_undo.undo(ws, done.run)
    assert (undone.removed, undone.restored) == (1, 1)
    (man,) = [each for each in people.living_in(ws, "d1") if each.name == "马小明"]
    assert man.tags == ()


def test_empty_cells_erase_nothing(ws: Workspace, tmp_path: Path) -> None:
    first = table(tmp_path, ["单位名称", "联系人", "地址"], ["顺达物业", "马小明", "北京路12号"])
    imports.apply_import(ws, imports.preview_import(ws, "organisation", first))
    second = table(tmp_path, ["单位名称", "联系人", "地址"], ["顺达物业", "", "北京路14号"])

    imports.apply_import(ws, imports.preview_import(ws, "organisation", second))

    (unit,) = elements.find(ws, "organisation")
    assert (unit.contact_name, unit.address) == ("马小明", "北京路14号")  # type: ignore


def test_buildings_without_a_grid_wait_for_one(lead: Workspace, tmp_path: Path) -> None:
    path = table(tmp_path, ["小区", "楼栋号", "层数"], ["阳光家园", "5号楼", "18"])
    plan = imports.preview_import(lead, "building", path)
    assert plan.needs_grid

    refused = imports.apply_import(lead, plan)
    taken = imports.apply_import(lead, plan, choices=imports.Choices(grid=GRID))

    assert refused.failures == ((2, "没有选定所属网格，本行没有导入"),)
    assert taken.created == 1
