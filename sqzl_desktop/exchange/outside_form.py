"""外来表格: read the headings of a form that comes from outside, and fill the form itself in.

The form keeps its layout: titles, widths and colours above and below stay; the first row under the
headings shows how every row is to look.
"""

import copy
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqzl_desktop.base.errors import KnownError
from sqzl_desktop.exchange import headings as heads
from sqzl_desktop.exchange import layout
from sqzl_desktop.exchange.headings import Headings, Target
from sqzl_desktop.exchange.limits import DAMAGED, check_archive
from sqzl_desktop.exchange.sheet import Sheet, read_sheet

LARGEST = 20 * 1024 * 1024
NOT_XLSX = "外来表格只能是 xlsx 文件，请用表格软件另存为 xlsx 后再选"


def read_form(path: Path, offered: Sequence[Target]) -> tuple[bytes, Sheet, Headings]:
    """The file as it is, its rows and its headings; KnownError with a sentence otherwise."""
    sheet = read_sheet(path)
    if sheet.encoding != "xlsx":
        raise KnownError(NOT_XLSX)
    return path.read_bytes(), sheet, heads.find_headings(sheet, offered)


def room_below(sheet: Sheet, headings: Headings) -> int:
    """How many rows under the headings are free before something like a footer stands there."""
    for free, row in enumerate(sheet.rows[headings.last :]):
        if not layout.is_blank(row[1:]) or layout.passed_over(row, headings, frozenset()) in (
            "summary",
            "footer",
        ):
            return free
    return len(sheet.rows) - headings.last


def fill(
    template: bytes,
    sheet: str,
    rows: Sequence[Sequence[str | int]],
    *,
    columns: Sequence[int],
    first: int,
    room: int,
) -> bytes:
    """The form with the rows under its headings, from row `first` (counted from 1).

    `columns` say into which column (from 0) each cell goes; what stands below `room` free rows
    moves down where there are more. No cell can act as a formula; links to files are dropped.
    """
    import openpyxl  # a third of a second that starting the program need not wait for

    check_archive(template)
    try:
        book = openpyxl.load_workbook(io.BytesIO(template), keep_links=False)
        page = book[sheet]
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise KnownError(DAMAGED) from error
    look = [copy.copy(page.cell(first, column + 1)._style) for column in range(page.max_column)]
    height = page.row_dimensions[first].height
    if len(rows) > room:
        _make_room(page, first + room, len(rows) - room)
    for line, cells in enumerate(rows, first):
        for column, style in enumerate(look):
            page.cell(line, column + 1)._style = copy.copy(style)
        page.row_dimensions[line].height = height
        for column, value in zip(columns, cells, strict=True):
            _write(page.cell(line, column + 1), value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write(cell: Any, value: str | int) -> None:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if isinstance(value, int):
        cell.value = value
        return
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", value) or None
    if value:
        cell.data_type = "s"
        if value.isdigit() and len(value) > 11:
            cell.number_format = "@"


def _make_room(page: Any, below: int, count: int) -> None:
    """Move what stands from row `below` on down by `count` rows, merged cells and heights too."""
    from openpyxl.utils import get_column_letter

    last = page.max_row
    if below > last:
        return
    moved = [each for each in page.merged_cells.ranges if each.min_row >= below]
    for each in moved:
        page.unmerge_cells(str(each))
    heights = {row: page.row_dimensions[row].height for row in range(below, last + 1)}
    width = get_column_letter(page.max_column)
    page.move_range(f"A{below}:{width}{last}", rows=count)
    for each in moved:
        each.shift(row_shift=count)
        page.merge_cells(str(each))
    for row, height in heights.items():
        page.row_dimensions[row + count].height = height
