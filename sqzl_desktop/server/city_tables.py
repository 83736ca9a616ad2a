"""样例城市的表: the files of a generated city, read in step, one community after the other."""

import contextlib
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import msgspec

from sqzl_desktop.base.errors import KnownError
from sqzl_desktop.domain.access import COMMUNITY_DIGITS

Row = dict[str, str]
Lines = Iterator[Row]

TABLES = (
    "grids", "workers", "complexes", "buildings", "dwellings", "households", "residents",
    "organizations", "objects", "cases", "topics", "visits",
)  # fmt: skip
_FORMATS = ("csv", "jsonl")


class CityTables:
    """The tables of a folder. A city has millions of rows, so no file is ever held whole.

    Every file lists its rows by community, in the order of the table of communities.
    """

    def __init__(self, folder: Path, open_files: contextlib.ExitStack) -> None:
        self._folder = folder
        self._open_files = open_files
        self._suffix = _suffix_in(folder)
        self._lines = {table: self._rows_of(table) for table in TABLES}
        self._next = {table: next(lines, None) for table, lines in self._lines.items()}

    def communities(self) -> Lines:
        """The rows of the table of communities."""
        return self._rows_of("communities")

    def rows(self, table: str, community: str) -> Lines:
        """The next rows of a table, as long as they belong to this community."""
        row = self._next[table]
        while row is not None and _community_of(row) == community:
            yield row
            row = self._next[table] = next(self._lines[table], None)

    def refuse_leftovers(self) -> None:
        """Raise KnownError where rows were never reached: their order is not the communities'."""
        for table, row in self._next.items():
            if row is not None:
                raise KnownError(
                    f"{table}.{self._suffix}中社区{_community_of(row)}的行没有读到："
                    "各表应按communities表的社区顺序排列，请重新生成"
                )

    def _rows_of(self, table: str) -> Lines:
        path = self._folder / f"{table}.{self._suffix}"
        if not path.is_file():
            raise KnownError(f"文件夹中缺少{path.name}，请重新生成后再读入")
        file = self._open_files.enter_context(path.open(encoding="utf-8-sig", newline=""))
        return _csv_rows(file) if self._suffix == "csv" else _json_rows(file)


@contextlib.contextmanager
def open_tables(folder: Path) -> Iterator[CityTables]:
    """The tables of a folder, open as long as they are read."""
    with contextlib.ExitStack() as open_files:
        yield CityTables(folder, open_files)


def _suffix_in(folder: Path) -> str:
    for suffix in _FORMATS:
        if (folder / f"communities.{suffix}").is_file():
            return suffix
    raise KnownError("文件夹中没有communities.csv或communities.jsonl，请选择生成城市数据的文件夹")


def _csv_rows(file: IO[str]) -> Lines:
    lines = csv.reader(file)
    heading = next(lines, [])
    for cells in lines:
        if cells:
            yield dict(zip(heading, cells, strict=True))


def _json_rows(file: IO[str]) -> Lines:
    decode = msgspec.json.Decoder(dict[str, str | int | float | None]).decode
    for line in file:
        yield {name: "" if value is None else str(value) for name, value in decode(line).items()}


def _community_of(row: Row) -> str:
    return row.get("community_code") or row["grid_code"][:COMMUNITY_DIGITS]
