"""导入报告: what became of the rows of a sheet, as a table that people mend their sheet by."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from sqzl_desktop.exchange.rows import PlannedRow
from sqzl_desktop.exchange.sheet import write_sheet

HEADINGS = ("表格行号", "列", "原值", "处理结果", "原因/怎么办")

ACTIONS = {"accept": "导入", "review": "需核对后导入", "reject": "不导入", "skip": "跳过"}

_SKIPPED = {
    "title": "表格标题",
    "group_header": "分组表头",
    "header": "表头",
    "repeated_header": "重复的表头",
    "summary": "小计或合计行",
    "footer": "表尾",
    "vacant_marker": "无人居住，没有人员信息",
}


def report_lines(planned: Iterable[PlannedRow]) -> Iterator[tuple[int, str, str, str, str]]:
    """One line per problem, one per row that was passed over; blank rows are not mentioned."""
    for row in planned:
        result = ACTIONS[row.action]
        for problem in row.problems:
            yield row.number, problem.column, problem.value, result, problem.sentence
        if row.action == "skip" and row.reason in _SKIPPED:
            yield row.number, "", "", result, _SKIPPED[row.reason]


def write_report(path: Path, planned: Iterable[PlannedRow]) -> None:
    """Write the report as CSV or XLSX, by the name of the file.

    It repeats what stood in the cells, ID numbers among them: it is as sensitive as the sheet.
    """
    write_sheet(path, HEADINGS, report_lines(planned))
