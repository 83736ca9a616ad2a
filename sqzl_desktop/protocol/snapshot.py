"""快照: the file of one grid's records, rows ready to be put into a device's tables.

A zstd stream of frames (four bytes of length, then MessagePack): first a `Head`, then `Part`s of
one kind each. A device whose program describes the kind like the server's takes the values as they
are; any other works them out from the columns that are named.
"""

import functools
import hashlib
import io
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import msgspec
import zstandard

from sqzl_desktop.domain.kinds import BY_NAME, KINDS
from sqzl_desktop.protocol import search_text, tabular
from sqzl_desktop.protocol.messages import Author
from sqzl_desktop.schema.fields import Json
from sqzl_desktop.schema.kind import Kind

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


def part(
    kind: str, grid: str, register: Sequence[Registered], many: Sequence[Mapping[str, Json]]
) -> Part:
    """Rows of one kind and grid as a part: what is confirmed beside the fields, and the fields."""
    described = BY_NAME.get(kind)
    ids = [line[0] for line in register]
    if described is None:  # made by a newer server: every field is unknown here
        extra = [msgspec.json.encode(fields).decode() for fields in many]
        lines = list[tuple[Any, ...]](zip(ids, extra, strict=True))
        return Part(kind, grid, [], search_text.RULES, list(register), lines, [])
    used, lines = tabular.lines(described, ids, many)
    found = texts(described, many)
    return Part(kind, grid, used, search_text.RULES, list(register), lines, found)


def texts(kind: Kind[Any], many: Iterable[Mapping[str, Json]]) -> list[tuple[int, str, str, str]]:
    """(place, words, pinyin, tails) of those of some rows of a kind that can be searched."""
    wanted = search_text.searched(kind)
    every = ((place, *search_text.texts(wanted, fields)) for place, fields in enumerate(many))
    return [line for line in every if any(line[1:])]


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
