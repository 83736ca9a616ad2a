"""快照: the file of one grid's records, rows ready to be put into a device's tables.

A zstd stream of frames (four bytes of length, then MessagePack): first a `Head`, then `Part`s of
one kind each. A device whose program describes the kind like the server's takes the values as they
are; any other works them out from the columns that are named.
"""

import functools
import hashlib
import io
import struct
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

import msgspec
import zstandard

from sqzl_desktop.domain.kinds import BY_NAME, KINDS
from sqzl_desktop.protocol import search_text, tabular
from sqzl_desktop.protocol.messages import Author, Row
from sqzl_desktop.schema.fields import Json

T = TypeVar("T")
LARGEST_PART = 2000
_LENGTH = struct.Struct(">I")
_READ = 1 << 20

Registered = tuple[str, int, str, str, bytes]  # id, rev, writes (JSON), last, hash


class Head(msgspec.Struct, frozen=True, array_like=True):
    """What the file holds: how many rows, and who made the operations that they name."""

    rows: int
    authors: dict[str, Author]


class Part(msgspec.Struct, frozen=True, array_like=True):
    """Rows of one kind in one grid.

    columns   (name, type) of the values between id and unknown fields; those without any are left
              out
    rules     the rules by which the search texts were made
    register  what is confirmed of a row beside its values
    values    a line a row: id, one value a column, JSON of unknown fields
    texts     (place in the part, words, pinyin, tails) of the rows that can be searched
    """

    kind: str
    grid: str
    columns: list[tuple[str, str]]
    rules: int
    register: list[Registered]
    values: list[tuple[Any, ...]]
    texts: list[tuple[int, str, str, str]]

    def fields(self) -> Iterator[dict[str, Json]]:
        """The JSON fields of every row."""
        return (tabular.fields(self.columns, line) for line in self.values)


@functools.cache
def form() -> str:
    """Names how this program writes files: others, written otherwise, are not reused."""
    described = [(kind.name, tabular.layout(kind)) for kind in KINDS]
    text = msgspec.json.encode((1, search_text.RULES, described))
    return hashlib.sha256(text).hexdigest()[:16]


def part(grid: str, rows: Sequence[Row], register: Sequence[Registered]) -> Part:
    """Rows of one kind and grid as a part."""
    name = rows[0].kind
    kind = BY_NAME.get(name)
    if kind is None:  # made by a newer server: every field is unknown here
        extra = [msgspec.json.encode(row.fields).decode() for row in rows]
        lines: list[tuple[Any, ...]] = [
            (row.id, text) for row, text in zip(rows, extra, strict=True)
        ]
        return Part(name, grid, [], search_text.RULES, list(register), lines, [])
    wanted = search_text.searched(kind)
    texts = [(place, *search_text.texts(wanted, row.fields)) for place, row in enumerate(rows)]
    lines, used = _without_empty([tabular.values(kind, row.id, row.fields) for row in rows])
    layout = tabular.layout(kind)
    return Part(
        name,
        grid,
        [layout[place] for place in used],
        search_text.RULES,
        list(register),
        lines,
        [line for line in texts if any(line[1:])],
    )


def write(messages: Iterable[object], level: int = 3) -> Iterator[bytes]:
    """The messages as the pieces of a file."""
    compressor = zstandard.ZstdCompressor(level=level).compressobj()
    for each in messages:
        content = msgspec.msgpack.encode(each)
        yield compressor.compress(_LENGTH.pack(len(content)) + content)
    yield compressor.flush()


def read(content: bytes) -> tuple[Head, Iterator[Part]]:
    """What such a file holds; the parts are read as they are asked for."""
    frames = _frames(content)
    head = msgspec.msgpack.decode(next(frames), type=Head)
    decode = msgspec.msgpack.Decoder(Part).decode
    return head, (decode(each) for each in frames)


def _frames(content: bytes) -> Iterator[bytes]:
    with zstandard.ZstdDecompressor().stream_reader(io.BytesIO(content)) as reader:
        buffered = io.BufferedReader(reader, _READ)
        while length := buffered.read(_LENGTH.size):
            (size,) = _LENGTH.unpack(length)
            yield buffered.read(size)


def _without_empty(lines: Sequence[Sequence[Any]]) -> tuple[list[tuple[Any, ...]], list[int]]:
    """The lines without the columns that hold nothing, and which columns are left."""
    width = len(lines[0]) - 2
    used = [place for place in range(width) if any(line[place + 1] is not None for line in lines)]
    keep = [0, *(place + 1 for place in used), width + 1]
    return [tuple(line[place] for place in keep) for line in lines], used
