"""列表: a kind in an order, as keys of its table; the rows of some keys.

The order is read once, mostly from an index alone; what is in sight is then fetched by key, however
far down it is.
"""

from array import array
from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from sqzl_desktop.domain.filters import Filter, Order
from sqzl_desktop.protocol import tabular
from sqzl_desktop.schema.kind import Column, Kind
from sqzl_desktop.store.tables import TABLES
from sqzl_desktop.store.where import condition, ordering


def keys(
    tx: sa.Connection, kind: Kind[Any], filters: Sequence[Filter], order: Sequence[Order]
) -> Sequence[int]:
    """The keys of every record that passes the filters, in order."""
    return array("q", (row[0] for row in tx.execute(_ordered(kind, filters, order))))


def first_keys(
    tx: sa.Connection,
    kind: Kind[Any],
    filters: Sequence[Filter],
    order: Sequence[Order],
    most: int,
) -> list[int]:
    """The first of them."""
    return [row[0] for row in tx.execute(_ordered(kind, filters, order).limit(most))]


def _ordered(kind: Kind[Any], filters: Sequence[Filter], order: Sequence[Order]) -> sa.Select[Any]:
    table = TABLES[kind.name]
    key = sa.literal_column(f'"{kind.name}".rowid', sa.Integer)
    query = sa.select(key).select_from(table).where(condition(kind, table, filters))
    return query.order_by(*ordering(kind, table, order))


def rows(
    tx: sa.Connection, kind: str, columns: Sequence[Column], wanted: Sequence[int]
) -> list[tuple[Any, ...]]:
    """(key, id, JSON value of each column) of the records of those keys, in no order."""
    names = "".join(f', "{column.name}"' for column in columns)
    found = tx.exec_driver_sql(
        f'SELECT rowid, id{names} FROM "{kind}" WHERE rowid IN (SELECT value FROM json_each(?))',
        (msgspec.json.encode(list(wanted)).decode(),),
    )
    types = [column.type for column in columns]
    return [(*row[:2], *map(tabular.as_json, types, row[2:])) for row in found]
