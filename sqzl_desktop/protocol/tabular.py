"""列: a record's fields as the values of its table's columns, as SQLite keeps them.

Device and server share this form, so that a snapshot can carry rows that need no further work.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from sqzl_desktop.schema.fields import Json
from sqzl_desktop.schema.kind import Kind

EXTRA = "extra"  # the JSON of fields that the program does not know
JSON_TYPES = ("many", "location")  # kept as JSON text


def layout(kind: Kind[Any]) -> list[tuple[str, str]]:
    """(name, type) of each column of a kind's table between `id` and `extra`."""
    return [(column.name, column.type) for column in kind.columns]


def values(kind: Kind[Any], record_id: str, fields: Mapping[str, Json]) -> tuple[Any, ...]:
    """The values of a row: the id, the columns of `layout`, the unknown fields as JSON."""
    row: list[Any] = [record_id]
    get = fields.get
    for name, is_json in _plan(kind):
        value = get(name)
        if is_json and value is not None:
            value = msgspec.json.encode(value).decode()
        row.append(value)
    unknown = fields.keys() - kind.known
    rest = {name: fields[name] for name in sorted(unknown)}
    row.append(msgspec.json.encode(rest).decode() if rest else None)
    return tuple(row)


def _plan(kind: Kind[Any]) -> list[tuple[str, bool]]:
    """Name, and is it kept as JSON, of each column; worked out once a kind."""
    plan = _plans.get(kind.name)
    if plan is None:
        plan = [(name, kind_of in JSON_TYPES) for name, kind_of in layout(kind)]
        _plans[kind.name] = plan
    return plan


_plans: dict[str, list[tuple[str, bool]]] = {}


def fields(types: Sequence[tuple[str, str]], row: Sequence[Any]) -> dict[str, Json]:
    """The JSON fields of such a row, whoever's layout it has."""
    found: dict[str, Json] = {}
    for (name, kind_of), value in zip(types, row[1:], strict=False):
        if value is not None:
            found[name] = as_json(kind_of, value)
    if row[-1]:
        found.update(msgspec.json.decode(row[-1]))
    return found


def as_json(kind_of: str, raw: Any) -> Json:
    """What SQLite keeps of a field of that type, as JSON knows it."""
    if raw is None:
        return None
    if kind_of in JSON_TYPES:
        value: Json = msgspec.json.decode(raw)
        return value
    return bool(raw) if kind_of == "flag" else raw
