"""行的种类: which rows of a register hold no record (blank, totals, footers, repeated headings)."""

import re
from collections.abc import Sequence

from sqzl_desktop.base import text
from sqzl_desktop.exchange.headings import Headings, repeats

DITTO = frozenset(("同上", "同", "〃", "″", "”", '"', "''", "々", "..", "·", "如上", "同前"))

_SUMMARY = re.compile(
    "(本[页户楼栋组]|全[组楼]|.{1,8}[楼栋幢院区格层月页组户])?(小计|合计|总计|共计|累计|总人数|总户数)"
)
_FOOTER = re.compile(
    "(填表|填报|制表|审核|审批|负责|经办|登记|联系|统计|录入|核对|采集|复核|单位负责|网格)"
    "(人|员|单位|时间|日期|电话|部门|人员|人签字|人签名)(签字|签名|\\(签字\\)|\\(签名\\)|\\(盖章\\))?[::]"
    "|(注|备注|说明|填表说明|注意事项)[::]|(第[0-9一二三四五六七八九十]+页)"
)
_VACANT_WORDS = (
    "空户", "空房", "空置", "空置房", "空关", "空", "无人", "无人居住", "无人住", "没人", "未住人",
    "待核实", "待核", "待查", "待补", "未知", "不详", "未入住", "未装修", "装修中", "装修", "毛坯",
    "出租", "待租", "出租房", "待售", "未售", "已拆", "拆迁", "拆除", "已搬走", "搬走", "无",
)  # fmt: skip
VACANT = frozenset(_VACANT_WORDS)


def is_ditto(cell: str) -> bool:
    """Whether a cell says "the same as above"."""
    return cell.strip() in DITTO


def is_blank(row: Sequence[str]) -> bool:
    """Whether nothing is written in a row."""
    return not any(text.clean(cell) for cell in row)


def passed_over(row: Sequence[str], headings: Headings, printed: frozenset[tuple[str, ...]]) -> str:
    """Why a row below the headings holds no record, "" when it may hold one.

    `printed` are the rows above the headings, as `printed_key` makes them: pages repeat them.
    """
    if is_blank(row):
        return "blank"
    if repeats(headings, row):
        return "repeated_header"
    first = text.fold(next(cell for cell in row if text.clean(cell))).replace(" ", "")
    if _SUMMARY.match(first):
        return "summary"
    if _FOOTER.match(first):
        return "footer"
    return "repeated_header" if printed_key(row) in printed else ""


def printed_key(row: Sequence[str]) -> tuple[str, ...]:
    """What is written in a row, to know it again."""
    return tuple(filter(None, row))
