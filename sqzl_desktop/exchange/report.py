"""导入报告: the sheet as it came, wrong cells coloured, and a column that says what is wrong."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from sqzl_desktop.exchange.headings import Headings
from sqzl_desktop.exchange.rows import PlannedRow
from sqzl_desktop.exchange.sheet import Marked, Sheet, write_marked

ADDED = ("处理结果", "问题")
ACTIONS = {
    "accept": "导入",
    "review": "需核对后导入",
    "hold": "需选定住址后导入",
    "reject": "不导入",
    "skip": "跳过",
}
_SKIPPED = {
    "title": "表格标题",
    "group_header": "分组表头",
    "repeated_header": "重复的表头",
    "summary": "小计或合计行",
    "footer": "表尾",
    "vacant_marker": "无人居住，没有人员信息",
}


def report_rows(
    planned: Sequence[PlannedRow], sheet: Sheet, headings: Headings
) -> Iterator[Marked]:
    """Every row of the sheet with the result and the problems behind it, and which cells are wrong.

    Rows that hold no record keep their place, so that row numbers stay the same.
    """
    width = max(len(row) for row in sheet.rows)
    place = {label: column for column, label in reversed(list(enumerate(headings.labels)))}
    for row, plan in zip(sheet.rows, planned, strict=True):
        cells = [*row, *[""] * (width - len(row))]
        wrong = {place[each.column] for each in plan.problems if each.column in place}
        yield Marked((*cells, *_result(plan, headings)), frozenset(wrong), _TONES[plan.action])


_TONES = {"accept": "doubt", "review": "doubt", "hold": "doubt", "reject": "wrong", "skip": ""}


def _result(plan: PlannedRow, headings: Headings) -> tuple[str, str]:
    if plan.number == headings.last:
        return ADDED
    if plan.action == "skip":
        return ("", _SKIPPED.get(plan.reason, ""))
    words = (f"{each.column}：{each.sentence}" if each.column else each.sentence
             for each in plan.problems)  # fmt: skip
    return ACTIONS[plan.action], "；".join(words)


def write_report(
    path: Path, planned: Sequence[PlannedRow], sheet: Sheet, headings: Headings
) -> None:
    """Write the report as XLSX, or as CSV (without colours) by the name of the file.

    It repeats what stood in the cells, ID numbers among them: it is as sensitive as the sheet.
    """
    write_marked(path, report_rows(planned, sheet, headings), frozen=headings.last)
