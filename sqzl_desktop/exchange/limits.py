"""上限: how large a foreign file may be before anything of it is unpacked."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from xml.parsers import expat

from sqzl_desktop.base.errors import KnownError

MOST_ROWS = 200_000
MOST_COLUMNS = 300
WIDEST = 16_384  # what the format allows; what is beyond MOST_COLUMNS is left out
MOST_CELLS = 6_000_000
LARGEST_FILE = 50 * 1024 * 1024
LARGEST_UNPACKED = 200 * 1024 * 1024
MOST_MEMBERS = 1_000
HIGHEST_RATIO = 100
_SMALL_MEMBER = 1024 * 1024
_CHUNK = 1024 * 1024
_POSITION = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    OverflowError,
)
DAMAGED = "文件已损坏，请用表格软件打开并另存后再导入"


def check_file(path: Path) -> None:
    """Refuse a file that is missing, empty or too large."""
    try:
        size = path.stat().st_size if path.is_file() else -1
    except (OSError, ValueError) as error:
        raise KnownError("找不到文件，请重新选择") from error
    if size < 0:
        raise KnownError("找不到文件，请重新选择")
    if size == 0:
        raise KnownError("文件是空的，请换一个文件")
    if size > LARGEST_FILE:
        raise KnownError(f"文件超过{LARGEST_FILE // 1024 // 1024}MB，请分成几个文件导入")


def check_archive(content: bytes) -> tuple[str, ...]:
    """Refuse an XLSX file that would unpack to something huge, or hold one cell far away.

    Returns sentences about formulas, macros and links to other files that it holds.
    """
    formulas = 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_members(archive.infolist())
            for member in archive.infolist():
                with archive.open(member) as file:
                    formulas += _read_through(member.filename.lower(), file)
            names = [member.filename.lower() for member in archive.infolist()]
    except _UNREADABLE as error:
        raise KnownError(DAMAGED) from error
    return tuple(_notes(names, formulas))


def _notes(names: list[str], formulas: int) -> Iterator[str]:
    if formulas:
        yield f"有{formulas}个公式格，取的是文件里存下的结果，没有重新计算"
    if any(name.endswith("vbaproject.bin") for name in names):
        yield "文件带有宏，没有运行"
    if any("/externallinks/" in name for name in names):
        yield "文件引用了别的文件，没有打开它们"


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MOST_MEMBERS or sum(each.file_size for each in members) > LARGEST_UNPACKED:
        raise KnownError("文件解压后过大，请删去图片和多余工作表后再导入")
    if any(member.flag_bits & 1 for member in members):
        raise KnownError("文件有密码，请去掉密码后再导入")
    if any(_swells(member) for member in members):
        raise KnownError("文件压缩比异常，可能不安全，请用表格软件另存后再导入")
    if "xl/workbook.xml" not in (member.filename.lower() for member in members):
        raise KnownError("不支持这种文件，请用表格软件另存为 xlsx 后再导入")


def _swells(member: zipfile.ZipInfo) -> bool:
    swollen = member.file_size > HIGHEST_RATIO * max(member.compress_size, 1)
    return member.file_size > _SMALL_MEMBER and swollen


def _read_through(name: str, file: IO[bytes]) -> int:
    """Read a member to its end, which checks its sum, and look at the cells of a sheet.

    Returns how many of them are formulas.
    """
    formulas = 0
    if "sheet" in name and name.endswith(".xml"):
        formulas = _check_extent(file)
    while file.read(_CHUNK):
        pass
    return formulas


class Extent:
    """How far the cells of a sheet reach.

    A reader lays out the whole rectangle: one far cell would fill the memory with nothing.
    """

    def __init__(self) -> None:
        self.rows = 0
        self.columns = 0

    def reach(self, row: int, column: int) -> None:
        """Take in a cell, counted from 1; KnownError where the rectangle becomes too large."""
        self.rows = max(self.rows, row)
        self.columns = max(self.columns, column)
        if self.columns > WIDEST:
            raise KnownError(f"表格超过{WIDEST}列，请删去用不到的列后再导入")
        if self.rows > MOST_ROWS:
            raise KnownError(f"表格超过{MOST_ROWS}行，请分成几个文件导入")
        if self.rows * self.columns > MOST_CELLS:
            raise KnownError("表格范围过大，请删去空白的行和列，或分成几个文件导入")


def _check_extent(file: IO[bytes]) -> int:
    extent = Extent()
    here = ""
    formulas = 0

    def started(tag: str, attributes: dict[str, str]) -> None:
        nonlocal here, formulas
        name = tag.rpartition(":")[2]
        formulas += name == "f"
        if name == "c":
            here = attributes.get("r", "")
        elif here and name in ("v", "is", "f"):
            extent.reach(*_position(here))
            here = ""

    parser = expat.ParserCreate()
    parser.StartElementHandler = started
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.ParseFile(file)
    return formulas


def _position(reference: str) -> tuple[int, int]:
    found = _POSITION.fullmatch(reference)
    if not found:
        raise KnownError(DAMAGED)
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column


def _refuse_doctype(*_parts: object) -> None:
    raise KnownError(DAMAGED)
