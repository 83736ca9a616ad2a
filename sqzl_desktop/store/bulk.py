"""成批写入: many new records at once, each with its operation, its history and its search text.

What `changes.Action` does for one record, for thousands in a few statements: to import 15,000
people, or to undo it, would take minutes one by one.
"""

import dataclasses
import datetime as dt
import itertools
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

import msgspec
import sqlalchemy as sa

from sqzl_desktop.base.ids import new_id
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.protocol import tabular
from sqzl_desktop.protocol.merge import ALL
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
_REMOVAL = (
    "INSERT INTO history (kind, record, operation, field, at, before, after)"
    " VALUES (?, ?, ?, ?, ?, ?, 'null')"
)
_MADE_HERE = (
    "SELECT rows.no, rows.kind, rows.id, rows.community, outbox.id, outbox.state FROM rows"
    " JOIN outbox ON outbox.kind = rows.kind AND outbox.record = rows.id"
    " WHERE rows.rev = 0 AND rows.deleted = 0 ORDER BY outbox.no"
)
_CHUNK = 500


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
    made_at = str(encode(at))
    operations = [
        Operation(
            n=n, id=new_id(), kind=each.kind, record=each.id, action="put", made_at=made_at,
            fields=dict(each.fields), group=each.group, scope=scope,
        )
        for each, (n, scope) in zip(some, _numbered(tx, [one.community for one in some]),
                                    strict=True)
    ]  # fmt: skip
    tx.exec_driver_sql(
        _ROWS, [(no, each.kind, each.id, each.community) for no, each in enumerate(some, start)]
    )
    tx.exec_driver_sql(
        "INSERT INTO base (no, fields) VALUES (?, '{}')",
        [(no,) for no in range(start, start + len(some))],
    )
    _send(tx, [each.community for each in some], operations)
    tx.exec_driver_sql(_HISTORY, [line for each in operations for line in _history(each)])
    _show(tx, list(enumerate(some, start)))


def _numbered(tx: sa.Connection, communities: Sequence[str]) -> Iterator[tuple[int, int]]:
    """(number in the outbox of its community, version of the scope) for each operation."""
    incarnation = meta.get(tx, "incarnation")
    numbers: dict[str, Iterator[int]] = {}
    scopes: dict[str, int] = {}
    for community, count in Counter(communities).items():
        last = meta.count_on(tx, f"n/{incarnation}/{community}", count)
        numbers[community] = iter(range(last - count + 1, last + 1))
        seen = sa.select(tables.cursor.c.scope_version)
        found = tx.execute(seen.where(tables.cursor.c.community == community)).scalar()
        scopes[community] = found or 0
    for each in communities:
        yield next(numbers[each]), scopes[each]


def _send(tx: sa.Connection, communities: Sequence[str], operations: Sequence[Operation]) -> None:
    incarnation = meta.get(tx, "incarnation")
    tx.exec_driver_sql(
        _OUTBOX,
        [
            (community, incarnation, each.n, each.id, each.kind, each.record,
             msgspec.json.encode(each).decode())
            for community, each in zip(communities, operations, strict=True)
        ],
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


@dataclasses.dataclass(frozen=True, slots=True)
class _Unsent:
    """A record that only this device knows, and the last operation on it."""

    no: int
    kind: str
    id: str
    community: str
    last: str


def remove_unsent(
    tx: sa.Connection, at: dt.datetime, wanted: Collection[tuple[str, str]]
) -> set[tuple[str, str]]:
    """Delete those of some records (kind, id) of which nothing was ever sent; which they were.

    The others are deleted one by one with `changes.Action.delete`: others may know them.
    """
    some = _unsent(tx, wanted)
    if not some:
        return set()
    made_at = str(encode(at))
    communities = [each.community for each in some]
    operations = [
        Operation(
            n=n, id=new_id(), kind=each.kind, record=each.id, action="delete", made_at=made_at,
            saw={ALL: each.last}, scope=scope,
        )
        for each, (n, scope) in zip(some, _numbered(tx, communities), strict=True)
    ]  # fmt: skip
    _send(tx, communities, operations)
    by_id = {(each.kind, each.record): each for each in operations}
    for kind, group in itertools.groupby(sorted(some, key=_kind), _kind):
        members = list(group)
        for start in range(0, len(members), _CHUNK):
            _hide(tx, kind, members[start : start + _CHUNK], by_id)
    return set(by_id)


def _kind(each: _Unsent) -> str:
    return each.kind


def _unsent(tx: sa.Connection, wanted: Collection[tuple[str, str]]) -> list[_Unsent]:
    found: dict[tuple[str, str], _Unsent] = {}
    met: set[tuple[str, str]] = set()
    for no, kind, record_id, community, operation, state in tx.exec_driver_sql(_MADE_HERE):
        if (kind, record_id) in wanted:
            found[kind, record_id] = _Unsent(no, kind, record_id, community, operation)
            if state != "pending":
                met.add((kind, record_id))
    # the newest first: what refers to others goes before them
    return [each for key, each in reversed(found.items()) if key not in met]


def _hide(
    tx: sa.Connection,
    kind: str,
    some: Sequence[_Unsent],
    operations: Mapping[tuple[str, str], Operation],
) -> None:
    described, table = BY_NAME[kind], tables.TABLES[kind]
    chosen = table.c.id.in_([each.id for each in some])
    lines: list[tuple[str, ...]] = []
    for row in tx.execute(sa.select(table).where(chosen)).mappings():
        operation = operations[kind, row["id"]]
        for field, before in sorted(records.read_fields(described, row).items()):
            value = msgspec.json.encode(before).decode()
            lines.append((kind, row["id"], operation.id, field, operation.made_at, value))
    tx.exec_driver_sql(_REMOVAL, lines)
    tx.execute(table.delete().where(chosen))
    search.forget(tx, kind, [each.no for each in some])
