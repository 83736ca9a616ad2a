"""成批登记: many new records at once, each with its operation, its history and its search text.

What `changes.Action.put` does for one new record, for thousands in a few statements: an import of
15,000 people would take minutes one by one.
"""

import dataclasses
import datetime as dt
import itertools
from collections.abc import Iterator, Mapping, Sequence

import msgspec
import sqlalchemy as sa

from sqzl_desktop.base.ids import new_id
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.protocol import tabular
from sqzl_desktop.protocol.messages import Operation
from sqzl_desktop.schema.codec import encode
from sqzl_desktop.schema.fields import Json
from sqzl_desktop.store import confirmed, meta, records, search, tables

_ROWS = (
    "INSERT INTO rows (no, kind, id, community, grid, rev, deleted, last, writes)"
    " VALUES (?, ?, ?, ?, '', 0, 0, '', '{}')"
)
_OUTBOX = (
    "INSERT INTO outbox (community, incarnation, n, id, kind, record, body, state, outcome,"
    " reason, advice) VALUES (?, ?, ?, ?, ?, ?, ?, 'pending', '', '', '')"
)
_HISTORY = (
    "INSERT INTO history (kind, record, operation, field, at, before, after)"
    " VALUES (?, ?, ?, ?, ?, 'null', ?)"
)


@dataclasses.dataclass(frozen=True, slots=True)
class New:
    """A record that is nowhere yet; those of one user action share a group."""

    kind: str
    id: str
    community: str
    fields: Mapping[str, Json]
    group: str = ""


def create(tx: sa.Connection, at: dt.datetime, some: Sequence[New]) -> None:
    """Write new records of any kinds in the order given, inside the transaction."""
    if not some:
        return
    start = confirmed.last_number(tx) + 1
    operations = list(_operations(tx, str(encode(at)), some))
    tx.exec_driver_sql(
        _ROWS, [(no, each.kind, each.id, each.community) for no, each in enumerate(some, start)]
    )
    tx.exec_driver_sql(
        "INSERT INTO base (no, fields) VALUES (?, '{}')",
        [(no,) for no in range(start, start + len(some))],
    )
    incarnation = meta.get(tx, "incarnation")
    tx.exec_driver_sql(
        _OUTBOX,
        [
            (new.community, incarnation, each.n, each.id, each.kind, each.record,
             msgspec.json.encode(each).decode())
            for new, each in zip(some, operations, strict=True)
        ],
    )  # fmt: skip
    tx.exec_driver_sql(_HISTORY, [line for each in operations for line in _history(each)])
    _show(tx, list(enumerate(some, start)))


def _operations(tx: sa.Connection, made_at: str, some: Sequence[New]) -> Iterator[Operation]:
    incarnation = meta.get(tx, "incarnation")
    numbers: dict[str, Iterator[int]] = {}
    scopes: dict[str, int] = {}
    for community in dict.fromkeys(each.community for each in some):
        count = sum(1 for each in some if each.community == community)
        last = meta.count_on(tx, f"n/{incarnation}/{community}", count)
        numbers[community] = iter(range(last - count + 1, last + 1))
        seen = sa.select(tables.cursor.c.scope_version)
        found = tx.execute(seen.where(tables.cursor.c.community == community)).scalar()
        scopes[community] = found or 0
    for each in some:
        yield Operation(
            n=next(numbers[each.community]), id=new_id(), kind=each.kind, record=each.id,
            action="put", made_at=made_at, fields=dict(each.fields), group=each.group,
            scope=scopes[each.community],
        )  # fmt: skip


def _history(operation: Operation) -> Iterator[tuple[str, ...]]:
    for field in sorted(operation.fields):
        after = msgspec.json.encode(operation.fields[field]).decode()
        yield (operation.kind, operation.record, operation.id, field, operation.made_at, after)


def _show(tx: sa.Connection, numbered: list[tuple[int, New]]) -> None:
    for kind, group in itertools.groupby(
        sorted(numbered, key=lambda each: each[1].kind), lambda each: each[1].kind
    ):
        described, members = BY_NAME[kind], list(group)
        names = ["id", *(name for name, _ in tabular.layout(described)), tabular.EXTRA]
        lines = [tabular.values(described, each.id, each.fields) for _, each in members]
        records.show_many(tx, kind, names, lines)
        search.index_many(tx, described, ((no, each.fields) for no, each in members))
