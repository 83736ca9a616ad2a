"""应用: a push, exactly once: numbers checked, operations judged, everything in one transaction."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from sqzl_desktop.base.clock import Clock, today
from sqzl_desktop.protocol.digest import operation_hash
from sqzl_desktop.protocol.merge import Kept
from sqzl_desktop.protocol.messages import Answer, Answers, Operation, Push
from sqzl_desktop.schema import codec
from sqzl_desktop.server import (
    aliases,
    along,
    bulk,
    case_merging,
    conflicts,
    deadlines,
    duplicates,
    epoch,
    handovers,
    ledger,
    lending,
    redrawings,
    rows,
    scope,
    streams,
)
from sqzl_desktop.server.desk import Desk, Scene, Verdict
from sqzl_desktop.server.judge import judge
from sqzl_desktop.server.ledger import Change
from sqzl_desktop.server.rows import Key, Stored
from sqzl_desktop.server.sign_in import Caller
from sqzl_desktop.server.tables import OPEN_CONFLICT, OPERATION

Opened = set[tuple[str, str, str]]  # kind, record, conflict


_community = sa.bindparam("community", type_=sa.Text)
_OPEN = bulk.Among(
    lambda among: sa.select(OPEN_CONFLICT.c.id, OPEN_CONFLICT.c.kind, OPEN_CONFLICT.c.record).where(
        OPEN_CONFLICT.c.community == _community, among(OPEN_CONFLICT.c.record)
    )
)
_AGREED = bulk.Among(
    lambda among: sa.select(OPERATION.c.id, OPERATION.c.agreed).where(
        OPERATION.c.community == _community, among(OPERATION.c.id), OPERATION.c.agreed != "{}"
    )
)


def push(
    connection: sa.Connection,
    caller: Caller,
    community: str,
    message: Push,
    clock: Clock,
    *,
    grace_hours: int,
) -> Answers:
    """Apply what is new of a push and answer every operation of it.

    For `grace_hours` after a grid was taken away, work that was made before is judged as if it
    had been pushed before.
    """
    versions = {each.scope for each in message.operations}
    oldest = clock.now().timestamp() - grace_hours * 3600
    zones, former = scope.for_push(connection, caller, community, versions, oldest=oldest)
    scope.same_epoch(connection, message.epoch)
    known, new = streams.sort_out(connection, community, caller, message)
    if not new:
        seq = ledger.current(connection, community)
    else:
        scene = Scene(
            community,
            caller.account.actor,
            zones,
            caller.device_label,
            str(codec.encode(clock.now())),
            today(clock),
            lambda operations: rows.authors(connection, community, operations),
            lambda: handovers.waiting(connection, community),
            former,
            lambda: deadlines.clocks(connection, community),
        )
        verdicts, seq = _apply(connection, scene, caller, message, new)
        known |= {op.id: _answer(op, verdicts[op.id]) for op in new}
    answers = [_numbered(known[op.id], op.n) for op in message.operations]
    return Answers(message.epoch, answers, seq)


def _apply(
    connection: sa.Connection,
    scene: Scene,
    caller: Caller,
    message: Push,
    operations: Sequence[Operation],
) -> tuple[dict[str, Verdict], int]:
    before, still_open = _load(connection, scene.community, operations)
    opened = _opened(still_open)
    desk = Desk(
        scene,
        {key: each.row for key, each in before.items()},
        still_open,
        _agreed(connection, scene.community, operations),
    )
    placed = redrawings.follow(connection, scene.community, operations)
    verdicts = judge(desk, placed)
    made_by = {
        "community": scene.community,
        "device": caller.device,
        "incarnation": message.incarnation,
        "account": caller.account.name,
        "author_name": caller.account.display,
        "received_at": scene.received_at,
    }
    lines = [{**made_by, **_line(op, verdicts[op.id])} for op in operations]
    bulk.insert(connection, OPERATION, lines)
    _note_open(connection, scene.community, opened, _opened(desk.still_open))
    changes = _changes(connection, scene.community, desk, before, placed)
    last = ledger.commit(connection, scene.community, changes)
    if message.cursor > last - len(changes):
        raise epoch.Ahead(message.epoch)
    return verdicts, last


def _changes(
    connection: sa.Connection,
    community: str,
    desk: Desk,
    before: Mapping[Key, Stored],
    placed: Sequence[Operation],
) -> Sequence[Change]:
    """What the push has changed, and what changes with that."""
    changes: Sequence[Change] = [
        Change(before.get(key), row)
        for key, row in desk.rows.items()
        if key not in before or row is not before[key].row
    ]
    changes = deadlines.follow(connection, community, changes)
    changes = lending.follow(connection, community, changes)
    changes = along.follow(connection, community, changes, placed)
    return duplicates.follow(connection, community, changes)


def _load(
    connection: sa.Connection, community: str, operations: Sequence[Operation]
) -> tuple[dict[Key, Stored], dict[Key, dict[str, Kept]]]:
    """The records that operations touch and their open conflicts, locked until the commit."""
    deadlines.take_turn(connection, community, operations)
    settling = {op.record for op in operations if op.kind == "conflict"}
    touched = {(op.kind, op.record) for op in operations if op.kind != "conflict"}
    touched |= _subjects(connection, community, settling)
    found = rows.load(connection, community, touched, lock=True)
    about = _open_of(connection, community, touched)
    wanted = {("conflict", each) for each in settling | about.keys()}
    found |= rows.load(connection, community, wanted, lock=True)
    found |= redrawings.load(connection, community, operations)
    for load in (aliases.load, case_merging.load, lending.load):
        found |= load(connection, community, operations, found)
    still_open: dict[Key, dict[str, Kept]] = {}
    for each, key in about.items():
        kept = conflicts.from_row(found["conflict", each].row)
        still_open.setdefault(key, {})[each] = kept
    return found, still_open


def _subjects(connection: sa.Connection, community: str, settling: set[str]) -> set[Key]:
    """What conflicts are about, read without a lock: it never changes."""
    found = rows.load(connection, community, {("conflict", each) for each in settling})
    return {
        (str(each.row.fields.get("record_kind")), str(each.row.fields.get("record_id")))
        for each in found.values()
    }


def _open_of(connection: sa.Connection, community: str, touched: set[Key]) -> dict[str, Key]:
    found: dict[str, Key] = {}
    for part in rows.chunks(sorted({record for _, record in touched})):
        lines = _OPEN.run(connection, part, community=community)
        found |= {line.id: (line.kind, line.record) for line in lines}
    return {each: key for each, key in found.items() if key in touched}


def _agreed(
    connection: sa.Connection, community: str, operations: Sequence[Operation]
) -> dict[str, Mapping[str, str]]:
    saw = {each for op in operations for each in op.saw.values()} - {""}
    found: dict[str, Mapping[str, str]] = {}
    for part in rows.chunks(sorted(saw)):
        lines = _AGREED.run(connection, part, community=community)
        found |= {line.id: json.loads(line.agreed) for line in lines}
    return found


def _opened(still_open: Mapping[Key, Mapping[str, Kept]]) -> Opened:
    return {(*key, each) for key, kept in still_open.items() for each in kept}


def _note_open(connection: sa.Connection, community: str, before: Opened, after: Opened) -> None:
    for kind, record, each in sorted(before - after):
        of = OPEN_CONFLICT.c
        connection.execute(
            sa.delete(OPEN_CONFLICT).where(
                of.community == community, of.kind == kind, of.record == record, of.id == each
            )
        )
    if after - before:
        lines = [
            {"community": community, "kind": kind, "record": record, "id": each}
            for kind, record, each in sorted(after - before)
        ]
        connection.execute(sa.insert(OPEN_CONFLICT), lines)


def _line(operation: Operation, verdict: Verdict) -> dict[str, Any]:
    return {
        "n": operation.n,
        "id": operation.id,
        "hash": operation_hash(operation),
        "kind": operation.kind,
        "record": operation.record,
        "made_at": operation.made_at,
        "body": msgspec.json.encode(operation).decode(),
        "outcome": verdict.outcome,
        "reason": verdict.reason,
        "advice": verdict.advice,
        "agreed": msgspec.json.encode(verdict.agreed).decode(),
    }


def _answer(operation: Operation, verdict: Verdict) -> Answer:
    return Answer(operation.n, operation.id, verdict.outcome, verdict.reason, verdict.advice)


def _numbered(answer: Answer, n: int) -> Answer:
    return msgspec.structs.replace(answer, n=n)
