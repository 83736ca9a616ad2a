"""记录: the rows that are shown, one table per kind.

Whoever writes here goes through `changes` (this device's work) or `confirmed` (the server's word).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from sqzl_desktop.domain.filters import Filter, Order
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.protocol import tabular
from sqzl_desktop.schema.codec import decode, from_fields
from sqzl_desktop.schema.fields import Element, Json, Value
from sqzl_desktop.schema.kind import Column, Kind
from sqzl_desktop.store import search
from sqzl_desktop.store.tables import TABLES
from sqzl_desktop.store.where import condition, ordering

_CHUNK = 500


def get(tx: sa.Connection, kind: str, record_id: str) -> Element | None:
    """The record of that id as shown, or None."""
    fields = fields_of(tx, kind, record_id)
    return None if fields is None else from_fields(BY_NAME[kind], record_id, fields)


def fields_of(tx: sa.Connection, kind: str, record_id: str) -> dict[str, Json] | None:
    """The JSON fields of a record as shown, those the kind does not know among them."""
    table = TABLES[kind]
    row = tx.execute(sa.select(table).where(table.c.id == record_id)).mappings().one_or_none()
    return None if row is None else read_fields(BY_NAME[kind], row)


def get_many(tx: sa.Connection, kind: str, ids: Iterable[str]) -> dict[str, Element]:
    """The records of those ids that are there, by id."""
    wanted = sorted(set(ids))
    found: dict[str, Element] = {}
    table = TABLES[kind]
    for start in range(0, len(wanted), _CHUNK):
        some = table.c.id.in_(wanted[start : start + _CHUNK])
        for row in tx.execute(sa.select(table).where(some)).mappings():
            found[row["id"]] = from_fields(
                BY_NAME[kind], row["id"], read_fields(BY_NAME[kind], row)
            )
    return found


def values_of(
    tx: sa.Connection, kind: str, names: Sequence[str], ids: Iterable[str]
) -> dict[str, dict[str, Value]]:
    """Some fields of the records of those ids that are there: by id, then by name."""
    wanted = sorted(set(ids))
    table, described = TABLES[kind], BY_NAME[kind]
    columns = [described.column(name) for name in names]
    query = sa.select(table.c.id, *(table.c[name] for name in names))
    found: dict[str, dict[str, Value]] = {}
    for start in range(0, len(wanted), _CHUNK):
        some = table.c.id.in_(wanted[start : start + _CHUNK])
        for row in tx.execute(query.where(some)):
            found[row[0]] = {
                column.name: decode(column, tabular.as_json(column.type, raw))
                for column, raw in zip(columns, row[1:], strict=True)
            }
    return found


def numbered(
    tx: sa.Connection, kind: str, columns: Sequence[Column], numbers: Sequence[int]
) -> list[tuple[Any, ...]]:
    """(number, id, JSON value of each column) of the rows of those numbers, in no order."""
    names = "".join(f', shown."{column.name}"' for column in columns)
    raw: Any = tx.connection.driver_connection
    rows = raw.execute(
        f'SELECT rows.no, shown.id{names} FROM rows JOIN "{kind}" AS shown ON shown.id = rows.id'
        " WHERE rows.no IN (SELECT value FROM json_each(?))",
        (msgspec.json.encode(numbers).decode(),),
    )
    types = [column.type for column in columns]
    return [(*row[:2], *map(tabular.as_json, types, row[2:])) for row in rows]


def columns_of(tx: sa.Connection, kind: str, names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Some columns of every record of a kind, as SQLite keeps them ("id" may be among them)."""
    table = TABLES[kind]
    for row in tx.execute(sa.select(*(table.c[name] for name in names))):
        yield tuple(row)


def referring(
    tx: sa.Connection, kind: str, field: str, ids: Sequence[str]
) -> list[tuple[str, str]]:
    """(id, id referred to) of the records of a kind whose field names one of some ids."""
    table = TABLES[kind]
    query = sa.select(table.c.id, table.c[field]).where(table.c[field].in_(ids))
    return [(row[0], row[1]) for row in tx.execute(query)]


def find(
    tx: sa.Connection,
    kind: str,
    *,
    filters: Sequence[Filter] = (),
    order: Sequence[Order] = (),
    limit: int = 200,
    offset: int = 0,
) -> list[Element]:
    """The records that pass the filters, in order, a page of them."""
    described, table = BY_NAME[kind], TABLES[kind]
    query = (
        sa.select(table)
        .where(condition(described, table, filters))
        .order_by(*ordering(described, table, order))
        .limit(limit)
        .offset(offset)
    )
    rows = tx.execute(query).mappings()
    return [from_fields(described, row["id"], read_fields(described, row)) for row in rows]


def count(tx: sa.Connection, kind: str, *, filters: Sequence[Filter] = ()) -> int:
    """How many records pass the filters."""
    table = TABLES[kind]
    query = sa.select(sa.func.count()).select_from(table)
    return int(tx.execute(query.where(condition(BY_NAME[kind], table, filters))).scalar_one())


def show(tx: sa.Connection, kind: str, no: int, record_id: str, fields: Mapping[str, Json]) -> None:
    """Put the row of a record, and its search text, as it is to be shown."""
    table = TABLES[kind]
    tx.execute(table.insert().prefix_with("OR REPLACE"), _row(BY_NAME[kind], record_id, fields))
    search.index(tx, BY_NAME[kind], no, fields)


def show_many(tx: sa.Connection, kind: str, names: Sequence[str], lines: Sequence[Any]) -> None:
    """Put many new rows at once, the values of those columns each; their search text is not."""
    places = ", ".join("?" * len(names))
    quoted = ", ".join(f'"{name}"' for name in names)
    tx.exec_driver_sql(f'INSERT INTO "{kind}" ({quoted}) VALUES ({places})', lines)


def hide(tx: sa.Connection, kind: str, no: int, record_id: str) -> None:
    """Take a record and its search text out of sight."""
    table = TABLES[kind]
    tx.execute(table.delete().where(table.c.id == record_id))
    search.forget(tx, kind, [no])


def _row(kind: Kind[Any], record_id: str, fields: Mapping[str, Json]) -> dict[str, Any]:
    names = (column.name for column in TABLES[kind.name].columns)
    return dict(zip(names, tabular.values(kind, record_id, fields), strict=True))


def read_fields(kind: Kind[Any], row: sa.RowMapping) -> dict[str, Json]:
    """The JSON fields of a row of a kind's table."""
    fields: dict[str, Json] = {}
    for column in kind.columns:
        value = row[column.name]
        if value is not None:
            fields[column.name] = tabular.as_json(column.type, value)
    if row["extra"]:
        fields.update(msgspec.json.decode(row["extra"]))
    return fields
