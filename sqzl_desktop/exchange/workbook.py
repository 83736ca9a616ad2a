"""工作簿: XLSX and XLS files, guarded before they are unpacked."""

import contextlib
import datetime as dt
import io
from collections.abc import Iterator, Sequence

import python_calamine as calamine

from sqzl_desktop.base.errors import KnownError
from sqzl_desktop.exchange.limits import DAMAGED, MOST_ROWS, check_archive
from sqzl_desktop.exchange.old_format import check_old_workbook

_PASSWORD = "文件有密码，请去掉密码后再导入"
_EXACT_DIGITS = 15  # a number cell keeps no more; what follows is zeros that nobody typed


def read(
    content: bytes, *, wanted: str = ""
) -> tuple[str, Iterator[tuple[str, ...]], tuple[str, ...]]:
    """The name and the rows of a sheet: the one wanted, or the first that is not empty.

    And sentences about what was found beside values: it is neither run, computed nor followed.
    """
    notes: tuple[str, ...] = ()
    if content.startswith(b"PK"):
        notes = check_archive(content)
    elif "EncryptedPackage".encode("utf-16-le") in content:
        raise KnownError(_PASSWORD)
    else:
        check_old_workbook(content)
    with _reader_failures():
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        name, sheet = _choose(book, wanted)
        return name, _rows(sheet), notes


@contextlib.contextmanager
def _reader_failures() -> Iterator[None]:
    try:
        yield
    except calamine.PasswordError as error:
        raise KnownError(_PASSWORD) from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise KnownError(DAMAGED) from error
    except BaseException as error:
        # the reader is not written in Python: what it did not foresee comes outside Exception,
        # as a class that cannot be imported
        if type(error).__name__ != "PanicException":
            raise
        raise KnownError(DAMAGED) from None


def _choose(book: calamine.CalamineWorkbook, wanted: str) -> tuple[str, calamine.CalamineSheet]:
    if wanted and wanted not in book.sheet_names:
        raise KnownError(f"文件里没有工作表“{wanted}”，请重新选择")
    hidden = {
        facts.name
        for facts in book.sheets_metadata
        if facts.visible is not calamine.SheetVisibleEnum.Visible
    }
    shown = [name for name in book.sheet_names if name not in hidden] or book.sheet_names
    for name in [wanted] if wanted else shown:
        sheet = book.get_sheet_by_name(name)
        if sheet.end is not None:
            return name, sheet
    raise KnownError("表格是空的，请换一个文件")


def _rows(sheet: calamine.CalamineSheet) -> Iterator[tuple[str, ...]]:
    # calamine leaves out the empty columns before the first filled one, people count from A
    margin = ("",) * (sheet.start or (0, 0))[1]
    downward = _merged_downward(sheet)
    standing: dict[int, str] = {}
    with _reader_failures():
        for number, row in enumerate(sheet.iter_rows()):
            shown = margin + tuple(_shown(value) for value in row)
            if downward:
                shown = _filled(shown, downward.get(number, ()), standing)
            yield shown


def _merged_downward(sheet: calamine.CalamineSheet) -> dict[int, list[tuple[int, bool]]]:
    """Row to its cells that are merged with the one above: (column, is it the first of them).

    Only cells one column wide: a household's address beside its members. Wide ones are titles.
    """
    found: dict[int, list[tuple[int, bool]]] = {}
    # old workbooks keep a list of them, or none
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if left == right and top < bottom <= MOST_ROWS:
            for row in range(top, bottom + 1):
                found.setdefault(row, []).append((left, row == top))
    return found


def _filled(
    row: tuple[str, ...], merged: Sequence[tuple[int, bool]], standing: dict[int, str]
) -> tuple[str, ...]:
    cells = list(row)
    for column, is_first in merged:
        if column < len(cells) and is_first:
            standing[column] = cells[column]
        elif column < len(cells):
            cells[column] = cells[column] or standing.get(column, "")
    return tuple(cells)


def _shown(value: object) -> str:
    """A cell's value as it would be read on the screen, without losing digits it has."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, dt.datetime):
        plain = value.time() == dt.time()
        return value.date().isoformat() if plain else value.isoformat(" ", timespec="seconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value)


def _number(value: float) -> str:
    if abs(value) >= 10**_EXACT_DIGITS:
        return f"{value:.5E}"
    if isinstance(value, int) or value.is_integer():
        return str(int(value))
    return f"{value:.{_EXACT_DIGITS}g}"
