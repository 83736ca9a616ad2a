"""旧格式: look through an XLS file (BIFF in an OLE container) before a reader is let at it.

A damaged one can make the reader run in circles or ask for more memory than there is, which would
end the program: chains of sectors must end, and no cell may lie outside what the format allows.
"""

import struct
from collections.abc import Iterator

from sqzl_desktop.base.errors import KnownError
from sqzl_desktop.exchange.limits import DAMAGED, Extent

_LAST_SECTOR = 0xFFFFFFFA  # above are the marks for the end of a chain, free and reserved sectors
_DIFAT_IN_HEADER = 109
_SMALL_STREAM = 4096
_BOF, _BIFF_HEAD = 0x0809, 4
_CELLS = frozenset((0x0006, 0x00BD, 0x00BE, 0x00FD, 0x0201, 0x0203, 0x0204, 0x0205, 0x027E))


def check_old_workbook(content: bytes) -> None:
    """Refuse an XLS file with broken chains of sectors, or with one cell far away."""
    try:
        _check_cells(_Container(content).workbook())
    except (struct.error, IndexError) as error:
        raise KnownError(DAMAGED) from error


class _Container:
    """The sectors of an OLE file and the chains they form."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        shift = struct.unpack_from("<H", content, 30)[0]
        if shift not in (9, 12):
            raise KnownError(DAMAGED)
        self.size = 1 << shift
        first_directory = struct.unpack_from("<I", content, 48)[0]
        first_small, small_count, first_difat = struct.unpack_from("<III", content, 60)
        self.fat = self._allocation(first_difat)
        self.directory = self._stream(first_directory)
        small = self._stream(first_small) if small_count else b""
        self.small_fat = struct.unpack(f"<{len(small) // 4}I", small)

    def workbook(self) -> bytes:
        """The stream that holds the cells."""
        small_data = b""
        for name, kind, start, length in self._entries():
            if kind == 5 and length:
                small_data = self._stream(start)
            if name in ("workbook", "book") and length < _SMALL_STREAM:
                return _follow(start, self.small_fat, small_data, 64)[:length]
            if name in ("workbook", "book"):
                return self._stream(start)[:length]
        raise KnownError("这不是表格文件，请选择 xlsx、xls 或 csv 文件")

    def _entries(self) -> Iterator[tuple[str, int, int, int]]:
        for at in range(0, len(self.directory) - 127, 128):
            entry = self.directory[at : at + 128]
            length = min(struct.unpack_from("<H", entry, 64)[0], 64)
            name = entry[: max(length - 2, 0)].decode("utf-16-le", errors="replace")
            yield name.lower(), entry[66], *struct.unpack_from("<II", entry, 116)

    def _sector(self, number: int) -> bytes:
        return self.content[(number + 1) * self.size : (number + 2) * self.size]

    def _allocation(self, first_difat: int) -> tuple[int, ...]:
        """The table of which sector follows which, over all its own sectors."""
        sectors = list(struct.unpack_from(f"<{_DIFAT_IN_HEADER}I", self.content, 76))
        seen: set[int] = set()
        while first_difat < _LAST_SECTOR:
            entries = struct.unpack(f"<{self.size // 4}I", self._sector(first_difat))
            if first_difat in seen:
                raise KnownError(DAMAGED)
            seen.add(first_difat)
            sectors += entries[:-1]
            first_difat = entries[-1]
        table = b"".join(self._sector(each) for each in sectors if each < _LAST_SECTOR)
        return struct.unpack(f"<{len(table) // 4}I", table[: len(table) // 4 * 4])

    def _stream(self, start: int) -> bytes:
        return _follow(start, self.fat, self.content[self.size :], self.size)


def _follow(start: int, table: tuple[int, ...], content: bytes, size: int) -> bytes:
    """The content of a chain of sectors; KnownError where it leads outside or in a circle."""
    parts: list[bytes] = []
    number = start
    while number < _LAST_SECTOR:
        part = content[number * size : (number + 1) * size]
        if not part or number >= len(table) or len(parts) > len(table):
            raise KnownError(DAMAGED)
        parts.append(part)
        number = table[number]
    return b"".join(parts)


def _check_cells(stream: bytes) -> None:
    extent = Extent()
    at = 0
    while at + _BIFF_HEAD <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        if at + _BIFF_HEAD + length > len(stream):
            raise KnownError(DAMAGED)
        if kind == _BOF:
            extent = Extent()
        elif kind in _CELLS:
            row, column = struct.unpack_from("<HH", stream, at + _BIFF_HEAD)
            extent.reach(row + 1, column + 1)
            if kind in (0x00BD, 0x00BE) and length >= 6:
                last = struct.unpack_from("<H", stream, at + _BIFF_HEAD + length - 2)[0]
                extent.reach(row + 1, last + 1)
        at += _BIFF_HEAD + length
