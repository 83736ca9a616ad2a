"""列表视图: which columns a person sees of a kind, and the filters they have kept under a name.

Kept on this device only, each person's by themselves.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.filters import Filter, Operator, choice_of
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.schema.codec import cell_text, decode, encode
from sqzl_desktop.schema.fields import Json
from sqzl_desktop.schema.kind import Column, Kind
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import meta

MOST_KEPT = 12


class Condition(msgspec.Struct, frozen=True):
    """A filter as it is kept."""

    field: str
    operator: Operator
    value: Any


class KeptFilter(msgspec.Struct, frozen=True):
    """Filters under a name: what was typed into the box, and the conditions."""

    name: str
    text: str
    conditions: tuple[Condition, ...]


def columns(ws: Workspace, kind: str) -> tuple[Column, ...]:
    """The columns a person sees: those they chose, else the usual ones."""
    described = BY_NAME[kind]
    with ws.store.read() as tx:
        names = msgspec.json.decode(meta.get(tx, _key(ws, "columns", kind), "[]"), type=list[str])
    found = tuple(described.column(name) for name in names if name in described.known)
    return found or usual_columns(described)


def usual_columns(kind: Kind[Any]) -> tuple[Column, ...]:
    """The columns of a list that nobody has changed."""
    return tuple(each for each in kind.columns if each.facts.listed)


def choose_columns(ws: Workspace, kind: str, names: Sequence[str]) -> None:
    """Keep which columns a person wants to see; none: the usual ones again."""
    with ws.store.write() as tx:
        meta.put(tx, _key(ws, "columns", kind), msgspec.json.encode(list(names)).decode())


def kept(ws: Workspace, kind: str) -> list[KeptFilter]:
    """The filters that a person has kept for a kind, in the order they were made."""
    with ws.store.read() as tx:
        return _kept(tx, ws, kind)


def keep(ws: Workspace, kind: str, name: str, text: str, filters: Sequence[Filter]) -> None:
    """Keep filters under a name; the same name is kept anew. Refused where there are too many."""
    name = name.strip()
    if not name:
        raise Refused("请给筛选起一个名称")
    conditions = tuple(Condition(each.field, each.operator, encode(each.value)) for each in filters)
    with ws.store.write() as tx:
        others = [each for each in _kept(tx, ws, kind) if each.name != name]
        if len(others) >= MOST_KEPT:
            raise Refused(f"最多保存{MOST_KEPT}个筛选，请先删除不用的")
        _put(tx, ws, kind, [*others, KeptFilter(name, text, conditions)])


def drop(ws: Workspace, kind: str, name: str) -> None:
    """Forget a kept filter."""
    with ws.store.write() as tx:
        _put(tx, ws, kind, [each for each in _kept(tx, ws, kind) if each.name != name])


def filters_of(kind: str, conditions: Sequence[Condition]) -> list[Filter]:
    """The filters of kept conditions; a field that the kind has no more is passed over."""
    described = BY_NAME[kind]
    return [
        Filter(each.field, each.operator, _value(described.column(each.field), each.value))
        for each in conditions
        if each.field in described.known
    ]


def worded(kind: str, each: Filter) -> str:
    """A filter in words: 出生日期 不早于 1946-06-30."""
    column = BY_NAME[kind].column(each.field)
    choice = choice_of(each, column.type)
    if each.operator == "in" and isinstance(each.value, tuple):
        some = "、".join(cell_text(column, value, code_list) for value in each.value)
        return f"{column.label} {some}"
    if choice is None:
        return column.label
    value: Any = (each.value,) if column.type == "many" and choice.needs_value else each.value
    text = cell_text(column, value, code_list) if choice.needs_value else ""
    return " ".join(filter(None, (column.label, choice.label, text)))


def _value(column: Column, value: Json) -> Any:
    if isinstance(value, list):
        return tuple(decode(column, each) for each in value)
    return value if column.type == "many" or value == "" else decode(column, value)


def _key(ws: Workspace, what: str, kind: str) -> str:
    return f"{what}:{ws.actor.account}:{kind}"


def _kept(tx: sa.Connection, ws: Workspace, kind: str) -> list[KeptFilter]:
    text = meta.get(tx, _key(ws, "filters", kind), "[]")
    return msgspec.json.decode(text, type=list[KeptFilter])


def _put(tx: sa.Connection, ws: Workspace, kind: str, some: Sequence[KeptFilter]) -> None:
    meta.put(tx, _key(ws, "filters", kind), msgspec.json.encode(list(some)).decode())
