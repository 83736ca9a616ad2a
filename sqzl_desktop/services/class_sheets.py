"""类别表格: the classes as a sheet for the city's table of limits, and back again."""

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqzl_desktop.base import text
from sqzl_desktop.base.errors import KnownError
from sqzl_desktop.domain.case_classes import ClassBook
from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.kinds.case_class import CASE_CLASS, CaseClass
from sqzl_desktop.exchange.headings import find_headings, targets
from sqzl_desktop.exchange.sheet import read_sheet, write_sheet
from sqzl_desktop.schema.codec import Unreadable, cell_text, parse_cell
from sqzl_desktop.services import case_rules, class_editing
from sqzl_desktop.services.workspace import Workspace

_LEFT = ("community_id", "grid_id", "version")
COLUMNS = tuple(each for each in CASE_CLASS.columns if each.name not in _LEFT)
NOTHING = "无"  # in a cell: empty this field; an empty cell leaves it as it is


@dataclasses.dataclass(frozen=True, slots=True)
class ClassPlan:
    """What a sheet would change: classes, new ones among them, and what cannot be taken."""

    changed: tuple[CaseClass, ...]
    new: tuple[CaseClass, ...]
    same: int
    problems: tuple[str, ...]


def export(ws: Workspace, path: Path) -> int:
    """Write the classes in force to a sheet, as it can be read back; returns how many."""
    classes = case_rules.rules(ws).book.current
    headings = [each.label for each in COLUMNS]
    lines = ([cell_text(column, getattr(each, column.name), code_list) for column in COLUMNS]
             for each in classes)  # fmt: skip
    write_sheet(path, headings, lines)
    return len(classes)


def plan(ws: Workspace, path: Path) -> ClassPlan:
    """Read a sheet and say what it would change. KnownError where it is not such a sheet."""
    sheet = read_sheet(path)
    found = find_headings(sheet, targets(CASE_CLASS, leave=_LEFT))
    names = set(found.mapping.values())
    if not names & {"code", "name"}:
        raise KnownError("表格里没有“类别代码”或“类别名称”列，请用“导出表格”得到的格式")
    book = case_rules.rules(ws).book
    made: dict[str, CaseClass] = {}
    problems: list[str] = []
    same = 0
    for number, row in enumerate(sheet.rows[found.last :], found.last + 1):
        cells = {name: row[at].strip() for at, name in found.mapping.items() if at < len(row)}
        if not any(cells.values()):
            continue
        read = _read(ws, book, cells)
        if isinstance(read, str):
            problems.append(f"第{number}行：{read}")
        elif class_editing.is_same(read, book.of(read.code)):
            same += 1
        else:
            made[read.code] = read
    known = [each for each in made.values() if book.of(each.code)]
    new = [each for each in made.values() if not book.of(each.code)]
    return ClassPlan(tuple(known), tuple(new), same, tuple(problems))


def apply(ws: Workspace, planned: ClassPlan) -> int:
    """Make what the plan says the versions in force; all or none."""
    return len(class_editing.save_all(ws, (*planned.changed, *planned.new)))


def _read(ws: Workspace, book: ClassBook, cells: Mapping[str, str]) -> CaseClass | str:
    """The class a row means, or a sentence why it means none."""
    code = text.clean(cells.get("code", "")) or _named(book, cells.get("name", ""))
    if not code:
        return "没有类别代码，也没有同名的类别"
    before = book.of(code)
    values: dict[str, Any] = {"code": code}
    for name, cell in cells.items():
        if not cell or name == "code":
            continue
        try:
            values[name] = _value(name, "" if cell == NOTHING else cell)
        except Unreadable as error:
            return str(error)
    record = dataclasses.replace(before or CaseClass(is_local=True), **values)
    if not record.name:
        return "新的类别没有名称"
    found = CASE_CLASS.errors(record, ws.today)
    return "；".join(found.values()) if found else record


def _value(name: str, cell: str) -> Any:
    column = CASE_CLASS.column(name)
    return parse_cell(column, cell, code_list) if cell else column.default


def _named(book: ClassBook, name: str) -> str:
    found: Sequence[CaseClass] = [each for each in book.current if each.name == name]
    return found[0].code if len(found) == 1 else ""
