import datetime as dt

from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.kinds.building import BUILDING
from sqzl_desktop.domain.kinds.grid import GRID
from sqzl_desktop.domain.kinds.organisation import ORGANISATION
from sqzl_desktop.exchange.headings import find_headings, targets
from sqzl_desktop.exchange.rows import Aids, counts, plan_rows
from sqzl_desktop.exchange.sheet import Sheet

TODAY = dt.date(2026, 6, 30)


def plan(kind, *rows, resolve=None):
    sheet = Sheet("x", rows)
    headings = find_headings(sheet, targets(kind))
    return plan_rows(kind, sheet, headings, lists=code_list, today=TODAY, aids=Aids(resolve))


def test_organisations_are_planned_with_their_problems():
    rows = plan(
        ORGANISATION,
        ("单位台账", "", "", "", ""),
        ("单位名称", "信用代码", "单位类型", "联系电话", "从业人数"),
        ("凤城超市", "92640121ma76abc148", "个体工商户", "（0951）6012345", "3"),
        ("嘉和药房", "91440300192203821", "药店", "无", "三五个"),
        ("", "", "", "0951-6012345", ""),
        ("合计", "", "", "", "2"),
    )

    assert [(row.number, row.action, row.reason) for row in rows] == [
        (1, "skip", "title"),
        (2, "skip", "header"),
        (3, "accept", ""),
        (4, "reject", "invalid"),
        (5, "reject", "invalid"),
        (6, "skip", "summary"),
    ]
    assert rows[2].values == {
        "name": "凤城超市",
        "uscc": "92640121MA76ABC148",
        "category": "02",
        "phone": "0951-6012345",
        "employee_count": 3,
    }
    assert [problem.column for problem in rows[3].problems] == ["单位类型", "从业人数", "信用代码"]
    assert [(each.column, each.sentence) for each in rows[4].problems] == [
        ("单位名称", "请填写单位名称")
    ]
    assert counts(rows) == {"skip": 3, "accept": 1, "reject": 2}


def test_missing_grid_is_no_problem_of_the_sheet():
    rows = plan(BUILDING, ("小区", "楼栋号", "层数"), ("佳苑", "1号楼", "11"))

    assert rows[1].action == "accept"
    assert rows[1].values == {"estate": "佳苑", "name": "1号楼", "floor_count": 11}


def test_references_are_found_by_the_name_in_the_cell():
    rows = plan(
        BUILDING,
        ("小区", "楼栋号", "所属网格"),
        ("佳苑", "1", "第一网格"),
        ("佳苑", "2", "第九网格"),
        resolve=lambda column, cell: "g1" if (column.name, cell) == ("grid_id", "第一网格") else "",
    )

    assert rows[1].values["grid_id"] == "g1"
    assert rows[2].action == "reject"
    assert "第九网格" in rows[2].problems[0].sentence


def test_official_code_twice_is_rejected_the_second_time():
    rows = plan(
        GRID,
        ("网格代码", "网格名称"),
        ("640104001001001", "第一网格"),
        ("640104001001001", "第二网格"),
    )

    assert [(row.action, row.reason) for row in rows[1:]] == [
        ("accept", ""),
        ("reject", "duplicate_in_file"),
    ]
    assert "第2行" in rows[2].problems[0].sentence
