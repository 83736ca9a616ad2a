"""行: records as they lie in the database and as they travel."""

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa

from sqzl_desktop.domain.access import Zones
from sqzl_desktop.protocol.messages import Author, Row
from sqzl_desktop.schema.fields import Json
from sqzl_desktop.server import bulk
from sqzl_desktop.server.tables import DEVICE, OPERATION, RECORD

Key = tuple[str, str]  # kind, id
T = TypeVar("T")
CHUNK = 900
_fields: msgspec.json.Decoder[dict[str, Json]] = msgspec.json.Decoder(dict[str, Any])
_writes = msgspec.json.Decoder(dict[str, str])


def _of_kind(among: bulk.Condition) -> sa.Select[Any]:
    return (
        sa.select(RECORD)
        .where(RECORD.c.community == sa.bindparam("community"))
        .where(RECORD.c.kind == sa.bindparam("kind"), among(RECORD.c.id))
    )


def written(*conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """What `author` needs of the operations that meet the conditions."""
    of = OPERATION.c
    return (
        sa.select(of.id, of.author_name, of.received_at, of.made_at, DEVICE.c.label)
        .select_from(OPERATION)
        .outerjoin(DEVICE, DEVICE.c.id == of.device)
        .where(*conditions)
    )


def _written(among: bulk.Condition) -> sa.Select[Any]:
    of = OPERATION.c
    return written(of.community == sa.bindparam("community"), among(of.id))


_ROWS = bulk.Among(_of_kind)
# sorted, not read in order: for the order of the index PostgreSQL would read a whole kind
_LOCKED = bulk.Among(lambda among: _of_kind(among).order_by(RECORD.c.id + "").with_for_update())
_WRITTEN = bulk.Among(_written)


@dataclasses.dataclass(frozen=True, slots=True)
class Stored:
    """A record and the hash under which its bucket counts it."""

    row: Row
    hash: str


def load(
    connection: sa.Connection, community: str, keys: Iterable[Key], *, lock: bool = False
) -> dict[Key, Stored]:
    """The records of those keys that exist; locked in one order, so that writers cannot tangle."""
    ids: dict[str, list[str]] = {}
    for kind, record_id in sorted(set(keys)):
        ids.setdefault(kind, []).append(record_id)
    found: dict[Key, Stored] = {}
    query = _LOCKED if lock else _ROWS
    for kind, wanted in ids.items():
        for part in chunks(wanted):
            for row in query.run(connection, part, community=community, kind=kind).all():
                found[kind, row.id] = stored(row)
    return found


def stored(row: sa.Row[Any]) -> Stored:
    """A line of the record table as a value."""
    fields, writes = _fields.decode(row.fields), _writes.decode(row.writes)
    decoded = Row(
        row.kind, row.id, row.grid, row.rev, fields, writes, row.last, bool(row.deleted)
    )  # fmt: skip
    return Stored(decoded, row.hash)


def raw(row: sa.Row[Any]) -> Row:
    """A line of the record table as it travels, its JSON passed on as it lies there."""
    fields: Any = msgspec.Raw(row.fields.encode())
    writes: Any = msgspec.Raw(row.writes.encode())
    return Row(row.kind, row.id, row.grid, row.rev, fields, writes, row.last, bool(row.deleted))


def operations_of(row: Any) -> set[str]:
    """The operations that a line of the record table names as its writers."""
    return {*_writes.decode(row.writes).values(), row.last}


def authors(
    connection: sa.Connection, community: str, operations: Iterable[str]
) -> dict[str, Author]:
    """Who made those operations, when and where."""
    found: dict[str, Author] = {}
    for part in chunks(sorted(operations)):
        for row in _WRITTEN.run(connection, part, community=community).all():
            found[row.id] = author(row)
    return found


def author(line: sa.Row[Any]) -> Author:
    """Who made an operation, from a line of `written`."""
    return Author(line.author_name, line.received_at, line.made_at, line.label or "")


def fields(line: sa.Row[Any]) -> dict[str, Json]:
    """The fields of a line of the record table."""
    return _fields.decode(line.fields)


def lines(
    connection: sa.Connection, community: str, kind: str, ids: Sequence[str]
) -> sa.CursorResult[Any]:
    """The lines of the record table of those ids, at most `CHUNK`, as they lie there."""
    return _ROWS.run(connection, ids, community=community, kind=kind)


def grids(zones: Zones) -> list[str] | None:
    """The grids that lie in the zones, the common one "" among them; None is all of them."""
    if zones.grids is None:
        return None
    return sorted(zones.grids | {""} if zones.common else zones.grids)


def within(zones: Zones, column: sa.Column[Any]) -> sa.ColumnElement[bool]:
    """The condition that a grid column lies in the zones."""
    held = grids(zones)
    return sa.true() if held is None else column.in_(held)


def in_grid(row: Row, grid: str, operation: str) -> Row:
    """The row after it went along to another grid with the record it belongs to."""
    fields = {name: value for name, value in row.fields.items() if name != "grid_id"}
    if grid:
        fields["grid_id"] = grid
    writes = {**row.writes, "grid_id": operation}
    return msgspec.structs.replace(row, grid=grid, fields=fields, writes=writes, last=operation)


def chunks(items: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    """The items in parts small enough for one statement."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
