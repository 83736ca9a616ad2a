"""列表: the long lists: their order as keys, and the few rows that are in sight."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from sqzl_desktop.domain.filters import Filter, Order
from sqzl_desktop.schema.codec import decode
from sqzl_desktop.schema.kind import Column, Kind
from sqzl_desktop.services.elements import masked, titles_in
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import lists


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """A row of a list: the record's id, and its cells as they are shown, masked where sensitive."""

    id: str
    cells: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class View:
    """What a list shows of a kind: columns, filters, order."""

    kind: Kind[Any]
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...] = ()
    order: tuple[Order, ...] = ()


def keys(ws: Workspace, view: View) -> Sequence[int]:
    """The keys of all records of the list in their order; valid until something changes."""
    with ws.store.read() as tx:
        return lists.keys(tx, view.kind, view.filters, view.order)


def beginning(ws: Workspace, view: View, most: int) -> dict[int, Line]:
    """The first rows of the list by their keys, in order, without a look at the others."""
    with ws.store.read() as tx:
        found = lists.first_keys(tx, view.kind, view.filters, view.order, most)
        lines = _lines(tx, view, found)
    return {key: lines[key] for key in found}


def lines(ws: Workspace, view: View, wanted: Sequence[int]) -> dict[int, Line]:
    """The rows of some keys; one that is gone by now is left out."""
    with ws.store.read() as tx:
        return _lines(tx, view, wanted)


def ids(ws: Workspace, kind: str, wanted: Sequence[int]) -> list[str]:
    """The ids of the records of some keys, in the order of the keys."""
    with ws.store.read() as tx:
        found = {key: record_id for key, record_id, *_ in lists.rows(tx, kind, (), wanted)}
    return [found[key] for key in wanted if key in found]


def _lines(tx: sa.Connection, view: View, wanted: Sequence[int]) -> dict[int, Line]:
    rows = lists.rows(tx, view.kind.name, view.columns, wanted)
    titles: Mapping[int, Mapping[str, str]] = {
        place: titles_in(tx, column.facts.target, (str(row[place] or "") for row in rows))
        for place, column in enumerate(view.columns, 2)
        if column.type == "ref"
    }
    return {
        row[0]: Line(
            row[1],
            tuple(
                titles[place].get(row[place] or "", "")
                if place in titles
                else masked(column, decode(column, row[place]))
                for place, column in enumerate(view.columns, 2)
            ),
        )
        for row in rows
    }
