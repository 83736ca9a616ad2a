"""案件箱: the cases of a box in their order, a page of them, and how many there are.

The index `case_inbox` holds every state in the order of its limits: each state gives its first
few, and of these the first few are the page, however many cases there are.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from sqzl_desktop.domain.case_boxes import Claim, Limits, Ordering
from sqzl_desktop.domain.case_flow import OPEN
from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.domain.kinds.case import CASE
from sqzl_desktop.schema.codec import encode
from sqzl_desktop.store.tables import TABLES
from sqzl_desktop.store.where import condition

_CASE = TABLES["case"]
# parked cases stand by the day they are parked until, what has no limit last; the index is made
# of the same words
_DUE = sa.literal_column(
    "CASE state WHEN 'parked' THEN coalesce(parked_until, '~')"
    " ELSE min(coalesce(stage_due_at, due_at, '~'), coalesce(due_at, stage_due_at, '~')) END",
    sa.Text,
)
_NEVER = "~"  # after every moment
_KEY = sa.literal_column("rowid", sa.Integer)
_ORDERS: dict[Ordering, sa.ColumnElement[str]] = {
    "due": _DUE,
    "closed": sa.literal_column("coalesce(closed_at, '')", sa.Text),
    "reported": sa.literal_column("coalesce(reported_at, '')", sa.Text),
}
# where another index leads to the few that are wanted, or to the order, that of the states may not
_UNINDEXED_STATE = sa.literal_column("+state", sa.Text)
COLUMNS = (
    "id", "number", "title", "place", "class_code", "class_version", "state", "urgency", "source",
    "handler", "grid_id", "due_at", "stage_due_at", "reported_at", "closed_at", "extension_state",
    "urge_count", "parked_until",
)  # fmt: skip

After = tuple[str, str]  # what the last case of a page was ordered by, its id


@dataclasses.dataclass(frozen=True, slots=True)
class Question:
    """Which cases: those of one of the claims that pass the filters, in an order."""

    claims: Sequence[Claim]
    filters: Sequence[Filter]
    ordering: Ordering
    at: Limits


def keys(
    tx: sa.Connection, question: Question, limit: int, after: After | None
) -> list[tuple[int, After]]:
    """The keys of the next cases after one, each with what comes after it."""
    order = _ORDERS[question.ordering]
    parts = [_part(question, states, order, limit, after) for states in _ranges(question)]
    if not parts:
        return []
    union = sa.union_all(*(sa.select(part.subquery()) for part in parts)).subquery()
    columns = union.c["place"], union.c["id"]
    sorting = columns if question.ordering == "due" else [each.desc() for each in columns]
    found = tx.execute(sa.select(union.c["key"], *columns).order_by(*sorting).limit(limit))
    return [(row[0], (row[1], row[2])) for row in found]


def count(tx: sa.Connection, question: Question) -> int:
    """How many cases there are."""
    query = sa.select(sa.func.count()).select_from(_CASE).where(*_conditions(question))
    return int(tx.execute(query).scalar_one())


def counts(tx: sa.Connection, boxes: Mapping[str, Sequence[Claim]], at: Limits) -> list[int]:
    """How many of the open cases lie in each box, in one look at the index."""
    conditions = [_claimed(claims, at, _CASE.c.state) for claims in boxes.values()]
    sums = [sa.func.total(sa.cast(each, sa.Integer)) for each in conditions]
    query = sa.select(*sums).select_from(_CASE).where(_CASE.c.state.in_(OPEN))
    return [int(each) for each in tx.execute(query).one()]


def state_counts(tx: sa.Connection, filters: Sequence[Filter]) -> dict[str, int]:
    """How many cases there are in each open state."""
    query = (
        sa.select(_CASE.c.state, sa.func.count())
        .where(_CASE.c.state.in_(OPEN), _passing(filters))
        .group_by(_CASE.c.state)
    )
    return {row[0]: int(row[1]) for row in tx.execute(query)}


def rows(tx: sa.Connection, wanted: Sequence[int]) -> list[dict[str, Any]]:
    """`COLUMNS` of the cases of those keys as the table holds them, in the order of the keys."""
    key = _KEY.label("key")
    query = sa.select(key, *(_CASE.c[name] for name in COLUMNS)).where(_KEY.in_(_listed(wanted)))
    found = {row["key"]: dict(row) for row in tx.execute(query).mappings()}
    return [found[each] for each in wanted if each in found]


def used(tx: sa.Connection, field: str) -> list[str]:
    """The values that a field has among the open cases, the most frequent first."""
    column = _CASE.c[field]
    query = (
        sa.select(column)
        .where(_CASE.c.state.in_(OPEN), column > "")
        .group_by(column)
        .order_by(sa.func.count().desc(), column)
    )
    return [row[0] for row in tx.execute(query)]


def open_about(
    tx: sa.Connection, residents: Sequence[str], dwellings: Sequence[str], most: int
) -> list[int]:
    """Keys of the open cases at some dwellings or that some residents are involved in."""
    party = TABLES["case_party"]
    involved = sa.select(party.c.case_id).where(party.c.resident_id.in_(residents))
    about = sa.or_(_CASE.c.dwelling_id.in_(dwellings), _CASE.c.id.in_(involved))
    query = sa.select(_KEY).select_from(_CASE).where(about, _UNINDEXED_STATE.in_(OPEN))
    return [row[0] for row in tx.execute(query.order_by(_DUE, _CASE.c.id).limit(most))]


def awaiting(tx: sa.Connection, ids: Sequence[str]) -> set[str]:
    """Those of some cases of which the server has not confirmed everything yet."""
    found = tx.exec_driver_sql(
        "SELECT record FROM outbox WHERE kind = 'case' AND state IN ('pending', 'answered')"
        " AND record IN (SELECT value FROM json_each(?))",
        (msgspec.json.encode(list(ids)).decode(),),
    )
    return {row[0] for row in found}


def _part(
    question: Question,
    states: sa.ColumnElement[bool],
    order: sa.ColumnElement[str],
    limit: int,
    after: After | None,
) -> sa.Select[Any]:
    query = sa.select(_KEY.label("key"), order.label("place"), _CASE.c.id)
    query = query.select_from(_CASE).where(states, *_conditions(question))
    if after is not None:
        pair, last = sa.tuple_(order, _CASE.c.id), sa.tuple_(*map(sa.literal, after))
        query = query.where(pair > last if question.ordering == "due" else pair < last)
    if question.ordering == "due":
        return query.order_by(order, _CASE.c.id).limit(limit)
    return query.order_by(order.desc(), _CASE.c.id.desc()).limit(limit)


def _ranges(question: Question) -> list[sa.ColumnElement[bool]]:
    """By limits every state is a stretch of the index of its own; else one stretch is all."""
    if question.ordering != "due":
        return [sa.true()]
    states = [state for claim in question.claims for state in claim.states]
    return [_CASE.c.state == state for state in dict.fromkeys(states)]


def _conditions(question: Question) -> list[sa.ColumnElement[bool]]:
    state = _CASE.c.state if question.ordering == "due" else _UNINDEXED_STATE
    claimed = _claimed(question.claims, question.at, state)
    return [claimed, _passing(question.filters)]


def _passing(filters: Sequence[Filter]) -> sa.ColumnElement[bool]:
    """Merged cases are not passed over here: they lie among the closed ones."""
    return condition(CASE, _CASE, [*filters, Filter("id", "!=", "")])


def _claimed(
    claims: Sequence[Claim], at: Limits, state: sa.ColumnElement[str]
) -> sa.ColumnElement[bool]:
    return sa.or_(sa.false(), *(_one(claim, at, state) for claim in claims))


def _one(claim: Claim, at: Limits, state: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    found: list[sa.ColumnElement[bool]] = [state.in_(claim.states)]
    for name, values in claim.fields:
        column = _CASE.c[name]
        given = column.in_([each for each in values if each != ""])
        found.append(sa.or_(given, column.is_(None)) if "" in values else given)
    if claim.any_of:
        found.append(sa.or_(*(_CASE.c[name].is_not(None) for name in claim.any_of)))
    if claim.within:
        found.append(_ORDERS["closed"] >= str(encode(at.now - claim.within)))
    if claim.standing:
        found.append(_stands(claim.standing, at))
    return sa.and_(*found)


def _stands(standing: str, at: Limits) -> sa.ColumnElement[bool]:
    if standing == "park_over":
        return _CASE.c.parked_until <= at.today.isoformat()
    now, until = str(encode(at.now)), str(encode(at.until))
    due = sa.func.coalesce(_CASE.c.due_at, _NEVER)
    overdue = due < now
    if standing == "overdue":
        return overdue
    late_in_step = sa.func.coalesce(_CASE.c.stage_due_at, _NEVER) < now
    return sa.and_(sa.not_(overdue), sa.or_(late_in_step, due < until))


def _listed(values: Sequence[int]) -> sa.Select[Any]:
    table = sa.func.json_each(msgspec.json.encode(list(values)).decode()).table_valued("value")
    return sa.select(table.c.value)
