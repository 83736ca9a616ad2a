"""新工作簿: write an XLSX file whose text stays text."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import PatternFill

_TONES = {
    "wrong": PatternFill("solid", start_color="F8C9C4"),
    "doubt": PatternFill("solid", start_color="FBE6B3"),
}


def write(
    path: Path,
    headings: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    formula_signs: tuple[str, ...],
) -> None:
    """Write one sheet with a frozen heading row; text stays text whatever it begins with."""
    marked = ((row, frozenset[int](), "") for row in (headings, *rows))
    write_marked(path, marked, frozen=1, formula_signs=formula_signs)


def write_marked(
    path: Path,
    rows: Iterable[tuple[Sequence[Any], frozenset[int], str]],
    *,
    frozen: int,
    formula_signs: tuple[str, ...],
) -> None:
    """Write rows of (cells, columns to be coloured, tone: wrong, doubt); `frozen` rows stay put."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Sheet1")
    sheet.freeze_panes = f"A{frozen + 1}"
    for cells, marks, tone in rows:
        line = [_written(sheet, cell, formula_signs) for cell in cells]
        for column in marks:
            line[column] = _coloured(sheet, line[column], tone)
        sheet.append(line)
    book.save(path)


def _coloured(sheet: Any, cell: Any, tone: str) -> Any:
    if not hasattr(cell, "data_type"):
        cell = WriteOnlyCell(sheet, value=cell)
    if tone in _TONES:
        cell.fill = _TONES[tone]
    return cell


def _written(sheet: Any, cell: Any, formula_signs: tuple[str, ...]) -> Any:
    if not isinstance(cell, str):
        return cell
    text = ILLEGAL_CHARACTERS_RE.sub("", cell)
    if not text.startswith((*formula_signs, "#")):
        return text
    forced = WriteOnlyCell(sheet, value=text)
    forced.data_type = "s"
    forced.quotePrefix = True
    return forced
