"""新工作簿: write an XLSX file whose text stays text."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE


def write(
    path: Path,
    headings: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    formula_signs: tuple[str, ...],
) -> None:
    """Write one sheet with a frozen heading row; text stays text whatever it begins with."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Sheet1")
    sheet.freeze_panes = "A2"
    for row in (headings, *rows):
        sheet.append([_written(sheet, cell, formula_signs) for cell in row])
    book.save(path)


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
