"""表格文件: read a CSV, XLSX or XLS file into rows of text, and write one."""

import csv
import dataclasses
import datetime as dt
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from sqzl_desktop.base.errors import KnownError
from sqzl_desktop.exchange import delimited, workbook
from sqzl_desktop.exchange.limits import MOST_COLUMNS, MOST_ROWS, check_file

Cell = str | int | float | dt.date | None
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


@dataclasses.dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a file: its name, its rows as text, how the file was encoded.

    `notes` are sentences about what the file holds beside values (formulas, macros, links).

    Row 1 of the file is `rows[0]`, empty rows and columns before the table included.
    """

    name: str
    rows: tuple[tuple[str, ...], ...]
    encoding: str = ""
    notes: tuple[str, ...] = ()


def read_sheet(path: Path, *, name: str = "") -> Sheet:
    """The sheet of that name, or the first with something in it; KnownError where it cannot be."""
    check_file(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise KnownError("文件打不开，请关闭正在使用它的程序后重试") from error
    if content.startswith(_ZIP) or content.startswith(_OLE):
        title, found, notes = workbook.read(content, wanted=name)
        kind = "xlsx" if content.startswith(_ZIP) else "xls"
        rows, cut = _bounded(found)
        return Sheet(title, rows, kind, (*notes, *cut))
    text, encoding = delimited.decode(content)
    rows, cut = _bounded(delimited.rows(text))
    return Sheet(path.stem, rows, encoding, cut)


def write_sheet(path: Path, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write a table as XLSX, or as CSV where the name ends so; no cell can act as a formula."""
    write = _write_csv if path.suffix.lower() == ".csv" else _write_xlsx
    _write(path, lambda draft: write(draft, headings, rows))


def _write(path: Path, write: Callable[[Path], None]) -> None:
    try:
        _replace(path, write)
    except PermissionError as error:
        raise KnownError("文件写不进去，请关闭正在使用它的程序，或换一个文件夹") from error
    except OSError as error:
        raise KnownError("文件没有写成，请检查磁盘空间，或换一个文件夹") from error


def write_bytes(path: Path, content: bytes) -> None:
    """Write a finished file; KnownError with a sentence where it cannot be."""
    _write(path, lambda draft: _put(draft, content))


def _put(draft: Path, content: bytes) -> None:
    draft.write_bytes(content)


class Marked(NamedTuple):
    """A row to be written, with the columns to be coloured and in which tone (wrong, doubt)."""

    cells: Sequence[Cell]
    columns: frozenset[int] = frozenset()
    tone: str = ""


def write_marked(path: Path, rows: Iterable[Marked], *, frozen: int) -> None:
    """Write rows with coloured cells as XLSX, or without colours as CSV by the file's name.

    The first `frozen` rows stay in sight. No cell can act as a formula.
    """
    from sqzl_desktop.exchange import new_workbook

    def write(draft: Path) -> None:
        if path.suffix.lower() == ".csv":
            _write_csv(draft, (), (row.cells for row in rows))
        else:
            new_workbook.write_marked(draft, rows, frozen=frozen, formula_signs=_FORMULA)

    _write(path, write)


def _bounded(
    found: Iterator[tuple[str, ...]],
) -> tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]:
    """The rows up to the last with something in it, within the limits; what was left out."""
    rows: list[tuple[str, ...]] = []
    filled, is_wide = 0, False
    for row in found:
        is_wide = is_wide or (len(row) > MOST_COLUMNS and any(row[MOST_COLUMNS:]))
        if len(rows) >= MOST_ROWS and any(row):
            raise KnownError(f"表格超过{MOST_ROWS}行，请分成几个文件导入")
        if len(rows) < MOST_ROWS:
            rows.append(row[:MOST_COLUMNS])
            filled = len(rows) if any(cell.strip() for cell in row) else filled
    if not filled:
        raise KnownError("表格是空的，请换一个文件")
    cut = (f"表格超过{MOST_COLUMNS}列，只读了前{MOST_COLUMNS}列",) if is_wide else ()
    return tuple(rows[:filled]), cut


def _replace(path: Path, write: Callable[[Path], None]) -> None:
    """Write beside the file first: a failure leaves what was there before."""
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=path.suffix)
    os.close(handle)
    try:
        write(Path(draft))
        Path(draft).replace(path)
    finally:
        Path(draft).unlink(missing_ok=True)


def _write_csv(path: Path, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    # the byte order mark lets Excel see that it is UTF-8
    with path.open("w", encoding="utf-8-sig", newline="", errors="replace") as file:
        out = csv.writer(file)
        if headings:
            out.writerow([_harmless(heading) for heading in headings])
        out.writerows([_harmless(cell) for cell in row] for row in rows)


def _harmless(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _write_xlsx(path: Path, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    # the writer takes a third of a second to import, which starting the program need not wait for
    from sqzl_desktop.exchange import new_workbook

    new_workbook.write(path, headings, rows, formula_signs=_FORMULA)
