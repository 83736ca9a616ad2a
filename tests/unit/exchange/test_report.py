from sqzl_desktop.exchange.report import HEADINGS, report_lines, write_report
from sqzl_desktop.exchange.rows import PlannedRow, Problem
from sqzl_desktop.exchange.sheet import read_sheet

PLANNED = (
    PlannedRow(1, "skip", "header"),
    PlannedRow(2, "skip", "blank"),
    PlannedRow(3, "accept"),
    PlannedRow(4, "accept", warnings=("x",), problems=(Problem("电话", "1", "电话不对，请核对"),)),
    PlannedRow(5, "reject", "name_missing", problems=(Problem("姓名", "", "请填写姓名"),)),
    PlannedRow(6, "review", "r", problems=(Problem("性别", "=男", "请核对"),)),
)


def test_report_names_every_problem_and_every_row_passed_over():
    assert list(report_lines(PLANNED)) == [
        (1, "", "", "跳过", "表头"),
        (4, "电话", "1", "导入", "电话不对，请核对"),
        (5, "姓名", "", "不导入", "请填写姓名"),
        (6, "性别", "=男", "需核对后导入", "请核对"),
    ]


def test_report_is_written_as_a_table(tmp_path):
    write_report(tmp_path / "报告.xlsx", PLANNED)
    write_report(tmp_path / "报告.csv", PLANNED)

    assert read_sheet(tmp_path / "报告.xlsx").rows[0] == HEADINGS
    assert read_sheet(tmp_path / "报告.xlsx").rows[4][2] == "=男"
    assert read_sheet(tmp_path / "报告.csv").rows[4][2] == "'=男"
