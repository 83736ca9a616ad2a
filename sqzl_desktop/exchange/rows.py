"""导入计划: what would become of every row of a sheet. Decided first, carried out elsewhere."""

import dataclasses
import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

from sqzl_desktop.base import identity, text
from sqzl_desktop.base.errors import UserError
from sqzl_desktop.exchange import cells, layout
from sqzl_desktop.exchange.headings import Headings
from sqzl_desktop.exchange.sheet import Sheet
from sqzl_desktop.schema import check
from sqzl_desktop.schema.codec import CodeLists, Unreadable, parse_cell
from sqzl_desktop.schema.fields import Value
from sqzl_desktop.schema.kind import Column, Kind

Action = Literal["accept", "reject", "review", "hold", "skip"]
_UNIT = re.compile("(层|户|人|部|个|年|栋|幢|间|天|平方米|平米|㎡|m2|元|万元)$")
_SEVERAL = re.compile("[一二两三四五六七八九]{2}")  # 三五 means some, not 35
Resolve = Callable[[Column, str], str]
Fill = Callable[[Mapping[str, str], Mapping[str, Value]], Mapping[str, Value]]


@dataclasses.dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in one cell: the heading of its column, what stands there, what to do."""

    column: str
    value: str
    sentence: str


@dataclasses.dataclass(frozen=True, slots=True)
class PlannedRow:
    """What would become of one row; `number` counts the rows of the file from 1.

    An `accept` is ready to be saved. A `review` is too, once a person has looked at its problems,
    and a `hold` once a person has chosen the place that it belongs to.
    `reason` and `warnings` are words for the program, `problems` are sentences for people.
    `derived` names the values that the sheet does not say: they complete a new record only.
    """

    number: int
    action: Action
    reason: str = ""
    values: Mapping[str, Value] = dataclasses.field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    derived: frozenset[str] = frozenset()


@dataclasses.dataclass(frozen=True, slots=True)
class Aids:
    """What a plan may ask of what is known here.

    `resolve` finds the id that a reference's cell names, "" where none; `fill` gives further values
    of a row from its cells and the values so far, and raises UserError where it cannot.
    """

    resolve: Resolve | None = None
    fill: Fill | None = None


def data_rows(
    sheet: Sheet, headings: Headings
) -> Iterator[tuple[int, tuple[str, ...], PlannedRow | None]]:
    """Each row with its number; the plan already where it holds no record."""
    printed = frozenset(
        layout.printed_key(row) for row in sheet.rows[: headings.last] if not layout.is_blank(row)
    )
    for number, row in enumerate(sheet.rows, 1):
        if number < headings.first:
            reason = headings.above[number - 1] if number <= len(headings.above) else "title"
        elif number <= headings.last:
            reason = "header"
        else:
            reason = layout.passed_over(row, headings, printed)
        yield number, row, PlannedRow(number, "skip", reason) if reason else None


def field_cells(row: Sequence[str], headings: Headings) -> dict[str, str]:
    """The text of each field that the sheet has a column for."""
    return {
        field: row[column] if column < len(row) else ""
        for column, field in headings.mapping.items()
        if field
    }


def plan_rows(
    kind: Kind[Any],
    sheet: Sheet,
    headings: Headings,
    *,
    lists: CodeLists,
    today: dt.date,
    aids: Aids | None = None,
) -> tuple[PlannedRow, ...]:
    """The plan for a sheet of any kind. Without `aids`, references stay what is written."""
    aids = aids or Aids()
    planned: list[PlannedRow] = []
    seen: dict[str, int] = {}
    for number, row, skipped in data_rows(sheet, headings):
        if skipped:
            planned.append(skipped)
            continue
        written = field_cells(row, headings)
        values, problems = _values(kind, written, headings, lists, aids.resolve)
        if not problems:
            problems = _fill(written, values, aids)
        problems += _problems(kind, values, headings, lists=lists, today=today)
        reason = "invalid" if problems else ""
        known = str(values.get(kind.key, "")) if kind.key else ""
        if not reason and known and seen.setdefault(known, number) != number:
            reason = "duplicate_in_file"
            sentence = f"与第{seen[known]}行重复，本行不导入"
            problems = [Problem(headings.label(kind.key), known, sentence)]
        plan = _row(number, reason, values, problems or _doubts(kind, values, today))
        planned.append(dataclasses.replace(plan, derived=frozenset(values.keys() - written.keys())))
    return tuple(planned)


def counts(planned: Iterable[PlannedRow]) -> dict[str, int]:
    """How many rows there are of each action."""
    return dict(Counter(row.action for row in planned))


def normal_text(column: Column, cell: str) -> str:
    """A cell as its field keeps it: clean, numbers of documents and phones in their one form."""
    if column.format == "id_number":
        return identity.normal_id_number(cell)
    if column.format == "phone":
        return identity.normal_phone(cell)
    if column.format == "uscc":
        return identity.normal_uscc(cell)
    return text.clean(cell) if column.type == "note" else text.line(cell)


def parsed(column: Column, cell: str, lists: CodeLists, resolve: Resolve | None = None) -> Value:
    """The value that a cell of a hand-kept sheet stands for; Unreadable says what is wrong."""
    written = normal_text(column, cell)
    if not written or (_is_exact(column) and cells.says_nothing(written)):
        return column.default
    if column.type == "date":
        found = cells.day(written)
        return found if found else parse_cell(column, written, lists)
    if column.type in ("number", "decimal"):
        written = _UNIT.sub("", written)
        written = written if _SEVERAL.fullmatch(written) else cells.number_of(written)
    if column.type == "ref" and resolve:
        target = resolve(column, written)
        if not target:
            raise Unreadable(f"{column.label}“{written}”找不到，请先建立或改正名称")
        return target
    return parse_cell(column, written, lists)


def _is_exact(column: Column) -> bool:
    """Whether only numbers or dates can stand in a field, and 无 means that it is empty."""
    return column.format not in ("", "address") or column.type in ("number", "decimal", "date")


def _row(
    number: int, reason: str, values: Mapping[str, Value], problems: Sequence[Problem]
) -> PlannedRow:
    action: Action = "reject" if reason else "accept"
    return PlannedRow(number, action, reason, values, problems=tuple(problems))


def _values(
    kind: Kind[Any],
    written: Mapping[str, str],
    headings: Headings,
    lists: CodeLists,
    resolve: Resolve | None,
) -> tuple[dict[str, Value], list[Problem]]:
    values: dict[str, Value] = {}
    problems: list[Problem] = []
    for column in kind.columns:
        cell = written.get(column.name, "")
        try:
            values[column.name] = parsed(column, cell, lists, resolve)
        except Unreadable as error:
            problems.append(Problem(headings.label(column.name), cell, str(error)))
    return {field: value for field, value in values.items() if field in written}, problems


def _problems(
    kind: Kind[Any],
    values: Mapping[str, Value],
    headings: Headings,
    *,
    lists: CodeLists,
    today: dt.date,
) -> list[Problem]:
    record = kind.record(**values)
    found = check.problems(kind, record, lists=lists, today=today)
    if "grid_id" not in values:
        found.pop("grid_id", None)  # the import is told the grid, the sheet need not
    return [
        Problem(headings.label(field) or _label(kind, field), str(values.get(field, "")), sentence)
        for field, sentence in found.items()
    ]


def _doubts(kind: Kind[Any], values: Mapping[str, Value], today: dt.date) -> list[Problem]:
    found = check.doubts(kind, kind.record(**values), today=today)
    return [
        Problem(_label(kind, field), str(values.get(field, "")), sentence)
        for field, sentence in found.items()
    ]


def _fill(written: Mapping[str, str], values: dict[str, Value], aids: Aids) -> list[Problem]:
    if aids.fill is None:
        return []
    try:
        values.update(aids.fill(written, values))
    except UserError as error:
        return [Problem("", "", str(error))]
    return []


def _label(kind: Kind[Any], field: str) -> str:
    return kind.column(field).label if field in kind.known else field
