"""变更记录: who changed which field of a record, when, from what to what."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from sqzl_desktop.protocol.merge import ALL
from sqzl_desktop.protocol.messages import Row
from sqzl_desktop.schema.fields import Json
from sqzl_desktop.store import tables

Line = tuple[str, ...]  # the columns of `_ADD`
_ADD = (
    "INSERT OR IGNORE INTO history (kind, record, operation, field, at, before, after)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_encode = msgspec.json.Encoder().encode


def note(
    tx: sa.Connection, row: Row, after: Mapping[str, Json], *, writes: Mapping[str, str], at: str
) -> None:
    """Keep, field by field, what becomes of a row and by which operation; once per operation."""
    add(tx, lines(row, row.fields, after, writes=writes, at=at))


def lines(
    row: Row,
    before: Mapping[str, Json],
    after: Mapping[str, Json],
    *,
    writes: Mapping[str, str],
    at: str,
) -> list[Line]:
    """A line for each field of a record that is not what it was."""
    changed = {field for field, value in after.items() if before.get(field) != value}
    changed |= before.keys() - after.keys()
    return [
        (
            row.kind,
            row.id,
            writes.get(field) or writes.get(ALL, ""),
            field,
            at,
            _encode(before.get(field)).decode(),
            _encode(after.get(field)).decode(),
        )
        for field in sorted(changed)
    ]


def add(tx: sa.Connection, some: list[Line]) -> None:
    """Keep such lines; one per operation, record and field."""
    if some:
        tx.exec_driver_sql(_ADD, some)


def of(tx: sa.Connection, kind: str, record_id: str) -> Sequence[Any]:
    """The lines of one record, newest first, each with its author where one is known."""
    history, author, outbox = tables.history, tables.author, tables.outbox
    query = (
        sa.select(history, author.c.name, author.c.device, author.c.received_at, outbox.c.state)
        .outerjoin(author, author.c.operation == history.c.operation)
        .outerjoin(outbox, outbox.c.id == history.c.operation)
        .where(history.c.kind == kind, history.c.record == record_id)
        .order_by(history.c.no.desc())
    )
    return tx.execute(query).all()


def author_of(tx: sa.Connection, operation: str) -> Any:
    """The author of an operation as (name, received_at, made_at, device), or None."""
    columns = tables.author.c
    query = sa.select(columns.name, columns.received_at, columns.made_at, columns.device)
    return tx.execute(query.where(columns.operation == operation)).one_or_none()


def forget_unseen(tx: sa.Connection) -> None:
    """Drop the lines of every record that is not on this device any more."""
    tx.exec_driver_sql(
        "DELETE FROM history WHERE NOT EXISTS"
        " (SELECT 1 FROM rows WHERE rows.kind = history.kind AND rows.id = history.record)"
    )


def forget(tx: sa.Connection, kind: str, record_id: str) -> None:
    """Drop the lines of a record that left this device's sight."""
    columns = tables.history.c
    tx.execute(tables.history.delete().where(columns.kind == kind, columns.record == record_id))
