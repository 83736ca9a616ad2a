"""条件: filters as SQL. Only described fields are let in, every value is bound."""

import operator
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from sqzl_desktop.base.errors import UserError
from sqzl_desktop.domain.filters import Filter, Order
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.schema.codec import encode
from sqzl_desktop.schema.kind import Kind
from sqzl_desktop.store import search
from sqzl_desktop.store.tables import TABLES, rows

_MOST_BOUND = 500

MERGED = "merged_into"


def condition(
    kind: Kind[Any], table: sa.Table, filters: Sequence[Filter]
) -> sa.ColumnElement[bool]:
    """All filters at once, as one condition. An unknown field is a UserError.

    A record that was merged into another is passed over, unless a filter asks for it.
    """
    asked = {each.field for each in filters if each.operator != "matches"}
    is_own = [] if asked & {"id", MERGED} or MERGED not in kind.known else [_not_merged(table)]
    return sa.and_(sa.true(), *is_own, *(_one(kind, table, each) for each in filters))


def _not_merged(table: sa.Table) -> sa.ColumnElement[bool]:
    """All but the few merged ones: their index leads to these, and not to all the others."""
    same = table.alias()
    return table.c.id.not_in(sa.select(same.c.id).where(same.c[MERGED] > ""))


def ordering(
    kind: Kind[Any], table: sa.Table, order: Sequence[Order]
) -> list[sa.ColumnElement[Any]]:
    """The sort of a list; the id last, so that pages never overlap. A reference is sorted by what
    it refers to."""
    columns = []
    for each in order:
        column = _sorted_by(kind, _column(kind, table, each.field))
        columns.append(column.desc() if each.descending else column.asc())
    return [*columns, table.c.id.asc()]


def _sorted_by(kind: Kind[Any], column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    described = kind.column(column.name) if column.name in kind.known else None
    if described is None or described.type != "ref":
        return column
    target = BY_NAME[described.facts.target]
    title = next((name for name in target.title if target.column(name).type != "ref"), "id")
    other = TABLES[target.name].alias()
    return sa.select(other.c[title]).where(other.c.id == column).scalar_subquery()


def _column(kind: Kind[Any], table: sa.Table, field: str) -> sa.Column[Any]:
    if field != "id" and field not in kind.known:
        raise UserError(f"{kind.label}没有字段“{field}”")
    return table.c[field]


def _one(kind: Kind[Any], table: sa.Table, each: Filter) -> sa.ColumnElement[bool]:
    column = _column(kind, table, each.field)
    if each.operator == "matches":
        return _found(kind, table, str(each.value))
    if each.operator == "in":
        values = each.value if isinstance(each.value, tuple) else (each.value,)
        bound = [_bound(value) for value in values]
        return column.in_(bound if len(bound) <= _MOST_BOUND else _listed(bound))
    if each.operator == "empty":
        return column.is_(None)
    value = _bound(each.value)
    if value is None or value == "":
        return column.is_(None) if each.operator == "=" else column.is_not(None)
    return _COMPARISONS[each.operator](column, value)


def _listed(values: Sequence[Any]) -> sa.Select[Any]:
    """Values without limit: SQLite binds some thousands of single ones at most."""
    table = sa.func.json_each(msgspec.json.encode(values).decode()).table_valued("value")
    return sa.select(table.c.value)


def _found(kind: Kind[Any], table: sa.Table, text: str) -> sa.ColumnElement[bool]:
    asked = search.question(text)
    if not asked.every:
        return sa.false()
    numbers = sa.text(search.among(kind.name)).bindparams(expression=asked.every)
    ids = sa.select(rows.c.id).where(rows.c.no.in_(numbers.columns(rows.c.no).subquery().select()))
    return table.c.id.in_(ids)


def _bound(value: Any) -> Any:
    encoded = encode(value)
    return int(encoded) if isinstance(encoded, bool) else encoded


_COMPARISONS: dict[str, Callable[[Any, Any], sa.ColumnElement[bool]]] = {
    "has": lambda column, value: column.contains(f'"{value}"', autoescape=True),
    "contains": lambda column, value: column.contains(str(value), autoescape=True),
    "!=": lambda column, value: sa.or_(column.is_(None), column != value),
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
