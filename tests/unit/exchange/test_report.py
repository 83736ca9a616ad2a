import openpyxl

from sqzl_desktop.exchange.headings import Headings
from sqzl_desktop.exchange.report import report_rows, write_report
from sqzl_desktop.exchange.rows import PlannedRow, Problem
from sqzl_desktop.exchange.sheet import Sheet, read_sheet

SHEET = Sheet("x", (("登记表",), ("姓名", "电话"), ("马小明", "1"), ("", "15412345678"), ("=甲",)))
HEADINGS = Headings(first=2, last=2, labels=("姓名", "电话"), mapping={0: "name", 1: "phone"})
PLANNED = (
    PlannedRow(1, "skip", "title"),
    PlannedRow(2, "skip", "header"),
    PlannedRow(3, "accept", problems=(Problem("电话", "1", "电话不对，请核对"),)),
    PlannedRow(4, "reject", "name_missing", problems=(Problem("姓名", "", "请填写姓名"),)),
    PlannedRow(5, "accept"),
)


def test_report_keeps_the_sheet_and_says_behind_each_row_what_is_wrong():
    rows = list(report_rows(PLANNED, SHEET, HEADINGS))

    assert [row.cells[2:] for row in rows] == [
        ("", "表格标题"),
        ("处理结果", "问题"),
        ("导入", "电话：电话不对，请核对"),
        ("不导入", "姓名：请填写姓名"),
        ("导入", ""),
    ]
    assert [(row.columns, row.tone) for row in rows[2:4]] == [({1}, "doubt"), ({0}, "wrong")]


def test_report_is_written_with_coloured_cells(tmp_path):
    write_report(tmp_path / "报告.xlsx", PLANNED, SHEET, HEADINGS)
    write_report(tmp_path / "报告.csv", PLANNED, SHEET, HEADINGS)

    sheet = openpyxl.load_workbook(tmp_path / "报告.xlsx").active
    assert sheet["A4"].fill.start_color.rgb == "00F8C9C4"
    assert sheet["B4"].fill.fill_type is None
    assert (sheet["A5"].value, sheet["A5"].data_type) == ("=甲", "s")
    assert read_sheet(tmp_path / "报告.csv").rows[4][0] == "'=甲"
