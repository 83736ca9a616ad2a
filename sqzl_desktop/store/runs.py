"""导入记录: what was imported when, so that a whole import can be undone.

An import is one transaction, so its operations stand together in the outbox: the first and the
last number say which they are.
"""

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from sqzl_desktop.base.ids import new_id
from sqzl_desktop.protocol.messages import Operation
from sqzl_desktop.schema.codec import encode
from sqzl_desktop.schema.fields import Json
from sqzl_desktop.store import tables


@dataclasses.dataclass(frozen=True, slots=True)
class Run:
    """One import: by whom, of which kind, from which file, what it did in words."""

    id: str
    at: dt.datetime
    account: str
    kind: str
    file: str
    outcome: str
    undone_at: str


@dataclasses.dataclass(frozen=True, slots=True)
class Touched:
    """A record that an import made, or changed: field to the value before and after."""

    kind: str
    id: str
    community: str
    is_new: bool
    before: dict[str, Json]
    after: dict[str, Json]


def last_place(tx: sa.Connection) -> int:
    """The place of the newest operation in the outbox; 0 before the first."""
    return int(tx.execute(sa.select(sa.func.max(tables.outbox.c.no))).scalar() or 0)


def note(tx: sa.Connection, run: Run, first: int) -> str:
    """Keep a run whose operations are those after place `first`; returns its id."""
    run_id = new_id()
    tx.execute(
        tables.import_run.insert().values(
            id=run_id, at=str(encode(run.at)), account=run.account, kind=run.kind, file=run.file,
            outcome=run.outcome, first=first + 1, last=last_place(tx), undone_at="",
        )
    )  # fmt: skip
    return run_id


def latest(tx: sa.Connection, limit: int = 50) -> list[Run]:
    """The newest runs first."""
    columns = tables.import_run.c
    query = sa.select(tables.import_run).order_by(columns.at.desc(), columns.last.desc())
    return [
        Run(row.id, dt.datetime.fromisoformat(row.at), row.account, row.kind, row.file,
            row.outcome, row.undone_at)
        for row in tx.execute(query.limit(limit))
    ]  # fmt: skip


def find(tx: sa.Connection, run_id: str) -> Run | None:
    """The run of that id."""
    return next((each for each in latest(tx, -1) if each.id == run_id), None)


def set_undone(tx: sa.Connection, run_id: str, at: dt.datetime) -> None:
    """Mark a run as undone."""
    table = tables.import_run
    tx.execute(table.update().where(table.c.id == run_id).values(undone_at=str(encode(at))))


def touched(tx: sa.Connection, run_id: str) -> tuple[list[Touched], int]:
    """What a run made or changed, newest first, and how many operations are forgotten by now."""
    table, outbox, history = tables.import_run, tables.outbox.c, tables.history.c
    first, last = tx.execute(
        sa.select(table.c.first, table.c.last).where(table.c.id == run_id)
    ).one()
    lines: dict[str, list[tuple[str, Json, Json]]] = {}
    inside = sa.select(history.operation, history.field, history.before, history.after).join(
        tables.outbox, outbox.id == history.operation
    )
    for operation, field, before, after in tx.execute(inside.where(outbox.no.between(first, last))):
        line = field, msgspec.json.decode(before), msgspec.json.decode(after)
        lines.setdefault(operation, []).append(line)
    query = sa.select(outbox.id, outbox.kind, outbox.record, outbox.community, outbox.body)
    found: dict[tuple[str, str], Touched] = {}
    forgotten = 0
    for row in tx.execute(query.where(outbox.no.between(first, last)).order_by(outbox.no)):
        if not row.body:
            forgotten += 1
            continue
        each = _touched(row, lines.get(row.id, ()))
        found[each.kind, each.id] = _joined(found.get((each.kind, each.id)), each)
    return list(reversed(found.values())), forgotten


def _joined(first: Touched | None, later: Touched) -> Touched:
    """What became of a record that a run touched more than once."""
    if first is None:
        return later
    return dataclasses.replace(
        first, before=later.before | first.before, after=first.after | later.after
    )


def _touched(row: Any, lines: Sequence[tuple[str, Json, Json]]) -> Touched:
    operation = msgspec.json.decode(row.body, type=Operation)
    is_new = operation.action == "put" and not operation.saw and not operation.sets
    return Touched(
        row.kind, row.record, row.community, is_new,
        {field: before for field, before, _ in lines},
        {field: after for field, _, after in lines},
    )  # fmt: skip
