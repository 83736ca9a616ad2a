"""流水: what this device did and the server has taken, kept in case the server forgets it.

After a restore from backup the server lacks what came after the backup. Each device then offers its
own work again. An operation is `owed` until it is known that the server has what it builds upon:
offered in the order of cause and effect, across all devices, everything merges as it did before.
"""

import dataclasses
import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

import msgspec
import sqlalchemy as sa

from sqzl_desktop.base.ids import new_id
from sqzl_desktop.protocol.merge import overlay
from sqzl_desktop.protocol.messages import Operation, Row
from sqzl_desktop.schema.codec import encode
from sqzl_desktop.store import changes, confirmed, meta, tables

LONGEST_WAIT = dt.timedelta(days=7)
KEPT = dt.timedelta(days=30)
Key = tuple[str, str]
FindRow = Callable[[str, str], Row | None]


def reopen(tx: sa.Connection, community: str) -> None:
    """The server lives another life: everything of this device that it took is owed again.

    What was not sent yet waits with it, for it may build upon what was; so does what was held for
    another person. What was rejected stays rejected, before the eyes of its author.
    """
    outbox = tables.outbox
    taken = sa.or_(
        outbox.c.state.in_(("done", "answered", "pending")),
        sa.and_(outbox.c.state == "refused", outbox.c.outcome == "held"),
    )
    tx.execute(
        outbox.update()
        .where(outbox.c.community == community, outbox.c.body != "", taken)
        .values(state="owed")
    )
    meta.put(tx, f"owing_since/{community}", "")


def taken(tx: sa.Connection, community: str) -> dict[str, str]:
    """The operations of which the server has said that it took them, and what came of each."""
    columns = tables.outbox.c
    query = sa.select(columns.id, columns.outcome).where(
        columns.state.in_(("done", "answered")),
        columns.community == community,
        columns.body != "",
    )
    return {each.id: each.outcome for each in tx.execute(query)}


_OWED = "SELECT body FROM outbox WHERE state = 'owed' AND community = ? ORDER BY no"


def owed(tx: sa.Connection, community: str) -> list[Operation]:
    """The operations that are owed, in the order in which they were made."""
    bodies = tx.exec_driver_sql(_OWED, (community,)).scalars()
    return [msgspec.json.decode(body, type=Operation) for body in bodies]


def asked_about(operations: Iterable[Operation]) -> list[str]:
    """The ids of operations, of their records and of what they saw: does the server know them?"""
    ids = {name for each in operations for name in (each.id, each.record)}
    ids.update(saw for each in operations for saw in each.saw.values() if saw)
    return sorted(ids)


def release(tx: sa.Connection, community: str, known: Mapping[str, str], now: dt.datetime) -> None:
    """Let go of what is owed: known to the server (with what came of it), or ready to be offered.

    What lacks its ground stays owed; another device has still to offer that. After a week nobody
    waits any longer, and the server judges.
    """
    _hold_back(tx, community)
    waiting = owed(tx, community)
    unknown = [each for each in waiting if each.id not in known]
    if _has_waited(tx, community, now):
        offered = unknown
    else:
        offered = ready(unknown, known, lambda *key: _confirmed(tx, key))
    told = _told(tx, community, known)
    there = [each.id for each in waiting if each.id in known]
    _set(tx, [each for each in there if each in told], "answered")
    _set(tx, [each for each in there if each not in told], "pending")
    _set(tx, [each.id for each in offered], "pending")
    changes.renumber(tx, new_id())
    for kind, record in dict.fromkeys((each.kind, each.record) for each in waiting):
        if confirmed.number(tx, kind, record) is not None:
            confirmed.keep_base(tx, kind, record, community)
            changes.settle_row(tx, kind, record)


def ready(
    operations: Sequence[Operation], known: Collection[str], row_of: FindRow
) -> list[Operation]:
    """Those whose ground is there: the record, the values they saw, the state they saw."""
    judged = _Judged(set(known), row_of)
    for unit in _units(operations):
        judged = judged.after(unit)
    return judged.offered


@dataclasses.dataclass
class _Judged:
    """What is found so far, in order."""

    known: set[str]
    row_of: FindRow
    offered: list[Operation] = dataclasses.field(default_factory=list)
    stalled: set[Key] = dataclasses.field(default_factory=set)
    upon: dict[Key, list[Operation]] = dataclasses.field(default_factory=dict)

    def after(self, unit: Sequence[Operation]) -> "_Judged":
        """A unit goes as a whole, or the whole of it waits, and with it what comes after."""
        trial = dataclasses.replace(
            self,
            known=set(self.known) if len(unit) > 1 else self.known,
            upon={key: list(own) for key, own in self.upon.items()} if len(unit) > 1 else self.upon,
        )
        for operation in unit:
            if not trial._has_ground(operation):
                keys = {(each.kind, each.record) for each in unit}
                return dataclasses.replace(self, stalled=self.stalled | keys)
            trial.known.add(operation.id)
            trial.upon.setdefault((operation.kind, operation.record), []).append(operation)
        self.offered.extend(unit)
        return trial

    def _has_ground(self, operation: Operation) -> bool:
        key = operation.kind, operation.record
        if key in self.stalled:
            return False
        if operation.action == "put" and not operation.saw and not operation.sets:
            return True
        row, own = self.row_of(*key), self.upon.get(key, [])
        if row is None and not own and operation.record not in self.known:
            return False
        names_state = "state" in operation.saw  # a device of an earlier version did not
        if operation.action == "step" and not names_state and (row is not None or own):
            fields, _ = overlay(row, own)
            return operation.state in ("", str(fields.get("state", "")))
        there = {"", *(row.writes.values() if row else ()), row.last if row else ""}
        return all(saw in there or saw in self.known for saw in operation.saw.values())


def _units(operations: Sequence[Operation]) -> list[list[Operation]]:
    units: dict[str, list[Operation]] = {}
    for each in operations:
        units.setdefault(each.group or f"/{each.id}", []).append(each)
    return list(units.values())


def forget_covered(tx: sa.Connection, community: str, through: int, at: str) -> None:
    """Drop the content of what lies in a verified backup and is old; ids and outcomes stay.

    Looked into once a backup, not once a pull. What is not sent or was refused is never touched.
    """
    name = f"durable_through/{community}"
    if not through or meta.get(tx, name) == str(through):
        return
    oldest = encode(dt.datetime.fromisoformat(at) - KEPT)
    tx.exec_driver_sql(
        "UPDATE outbox SET body = '' WHERE community = ? AND state = 'done' AND body <> ''"
        " AND seq BETWEEN 1 AND ? AND json_extract(body, '$.made_at') < ?",
        (community, through, oldest),
    )
    meta.put(tx, name, str(through))


def _hold_back(tx: sa.Connection, community: str) -> None:
    """Work made since waits in the same line: it may build upon what is owed."""
    outbox = tables.outbox
    tx.execute(
        outbox.update()
        .where(outbox.c.community == community, outbox.c.state == "pending")
        .values(state="owed")
    )


def _told(tx: sa.Connection, community: str, known: Mapping[str, str]) -> set[str]:
    """The operations whose outcome is known here, and still is that.

    Of others the answer was lost on the way, or a copy of this device offered them anew and the
    server judged otherwise: sent once more, they are answered as they were judged.
    """
    columns = tables.outbox.c
    query = sa.select(columns.id, columns.outcome).where(
        columns.state == "owed", columns.community == community, columns.outcome != ""
    )
    return {each for each, outcome in tx.execute(query) if known.get(each, "") in ("", outcome)}


def _set(tx: sa.Connection, ids: Sequence[str], state: str) -> None:
    for start in range(0, len(ids), 500):
        some = tables.outbox.c.id.in_(ids[start : start + 500])
        tx.execute(tables.outbox.update().where(some).values(state=state))


def _confirmed(tx: sa.Connection, key: Key) -> Row | None:
    row = confirmed.find(tx, *key)
    return row if row is not None and row.rev else None


def _has_waited(tx: sa.Connection, community: str, now: dt.datetime) -> bool:
    name = f"owing_since/{community}"
    since = meta.get(tx, name)
    if not since or now < dt.datetime.fromisoformat(since):  # the clock was set back since
        meta.put(tx, name, now.isoformat())
        return False
    return now - dt.datetime.fromisoformat(since) > LONGEST_WAIT
