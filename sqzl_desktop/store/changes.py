"""变更: this device's own changes. The row and its operation are one transaction, always.

The outbox keeps every operation: `pending` until it is sent, `answered` until the pull after it
is complete, then `done` (or `refused`: kept for a person to look at; `dropped` once that person
has decided, and still there). `owed` is what a restored server may lack; see `journal`.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from sqzl_desktop.base.ids import new_id
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.protocol.merge import ALL, overlay, writer
from sqzl_desktop.protocol.messages import Answer, Operation, Row
from sqzl_desktop.schema.codec import encode
from sqzl_desktop.schema.fields import Json
from sqzl_desktop.store import confirmed, history, meta, records, tables

UNSENT = ("pending", "owed")
SHOWN = (*UNSENT, "refused")
_REFUSALS = ("held", "rejected")

# built once: making a statement anew costs more than running it
_outbox = tables.outbox.c
_ANSWERED = (
    sa.select(_outbox.no)
    .where(_outbox.state == "answered", _outbox.community == sa.bindparam("of"))
    .limit(1)
)
_ANSWERED_AFTER = _ANSWERED.where(_outbox.seq > sa.bindparam("after"))
_WAITING = (
    sa.select(_outbox.state, sa.func.count())
    .where(_outbox.state.in_(SHOWN))
    .group_by(_outbox.state)
)


class Action:
    """One user action: its operations share a group when there are several, and one moment."""

    def __init__(self, tx: sa.Connection, at: dt.datetime, *, grouped: bool = False) -> None:
        self.tx = tx
        self.made_at = str(encode(at))
        self.group = new_id() if grouped else ""

    def put(self, kind: str, record_id: str, community: str, fields: Mapping[str, Json]) -> None:
        """Change fields of a record (None clears), or make it. Sets travel as elements."""
        before = records.fields_of(self.tx, kind, record_id) or {}
        changes = {name: value for name, value in fields.items() if value != before.get(name)}
        if not changes and before:
            return
        if before and (turned_down := _turned_down(self.tx, kind, record_id)):
            # the server knows nothing of it: what was changed alone would say too little
            drop(self.tx, turned_down)
            changes = {name: value for name, value in {**before, **fields}.items()
                       if value is not None}  # fmt: skip
            before = {}
        sets = _set_changes(kind, before, changes) if before else {}
        plain = {name: value for name, value in changes.items() if name not in sets}
        saw = seen(self.tx, kind, record_id, plain) if before else {}
        operation = self._operation(
            kind, record_id, community, action="put", fields=plain, saw=saw, sets=sets
        )
        self._record(operation, community, before)

    def delete(self, kind: str, record_id: str, community: str) -> None:
        """Delete a record, naming the last change that was seen on it."""
        if turned_down := _turned_down(self.tx, kind, record_id):
            drop(self.tx, turned_down)
            return
        own = _operations(self.tx, kind, record_id, SHOWN)
        row = confirmed.find(self.tx, kind, record_id)
        last = own[-1].id if own else row.last if row else ""
        operation = self._operation(kind, record_id, community, action="delete", saw={ALL: last})
        self._record(operation, community, records.fields_of(self.tx, kind, record_id) or {})

    def step(
        self,
        kind: str,
        record_id: str,
        community: str,
        step: tuple[str, str],
        effect: Mapping[str, Json],
        saw: Mapping[str, str] | None = None,
    ) -> None:
        """Take a workflow step, (name, state seen). `effect` is what this device expects of it."""
        before = records.fields_of(self.tx, kind, record_id) or {}
        parts = {"state": step[1], "fields": dict(effect), "saw": dict(saw or {})}
        operation = self._operation(
            kind, record_id, community, action="step", step=step[0], **parts)  # fmt: skip
        self._record(operation, community, before)

    def _operation(self, kind: str, record_id: str, community: str, **parts: Any) -> Operation:
        incarnation = meta.get(self.tx, "incarnation")
        seen = tables.cursor.c
        scope = sa.select(seen.scope_version).where(seen.community == community)
        return Operation(
            n=meta.count_on(self.tx, f"n/{incarnation}/{community}"),
            id=new_id(),
            kind=kind,
            record=record_id,
            made_at=self.made_at,
            group=self.group,
            scope=self.tx.execute(scope).scalar() or 0,
            **parts,
        )

    def _record(self, operation: Operation, community: str, before: Mapping[str, Json]) -> None:
        tx = self.tx
        no = confirmed.keep_base(tx, operation.kind, operation.record, community)
        tx.execute(
            tables.outbox.insert().values(
                community=community,
                incarnation=meta.get(tx, "incarnation"),
                n=operation.n,
                id=operation.id,
                kind=operation.kind,
                record=operation.record,
                body=msgspec.json.encode(operation).decode(),
                state="pending",
                outcome="",
                reason="",
                advice="",
            )
        )
        row = Row(operation.kind, operation.record, "", 0, dict(before), {}, "")
        after, deleted = overlay(row, [operation])
        writes = dict.fromkeys(before.keys() | after.keys(), operation.id)
        history.note(tx, row, after, writes=writes, at=self.made_at)
        if deleted:
            records.hide(tx, operation.kind, no, operation.record)
        else:
            records.show(tx, operation.kind, no, operation.record, after)


_UNSENT = "SELECT body FROM outbox WHERE state = 'pending' AND community = ? ORDER BY n LIMIT ?"


def unsent(tx: sa.Connection, community: str, limit: int) -> list[Operation]:
    """The oldest operations that were not answered yet, in order.

    A group is not torn apart: one that does not fit is left for the next time, unless it comes
    first.
    """
    bodies = tx.exec_driver_sql(_UNSENT, (community, limit + 1)).scalars()
    found = [msgspec.json.decode(body, type=Operation) for body in bodies]
    if len(found) <= limit or not found[limit].group:
        return found[:limit]
    whole = [each for each in found if each.group != found[limit].group]
    return whole or found[:limit]


def left_behind(tx: sa.Connection, after: int, limit: int) -> list[tuple[int, str, str, Operation]]:
    """What the server has not got, in order: (place in the outbox, community, incarnation, it)."""
    columns = tables.outbox.c
    query = sa.select(columns.no, columns.community, columns.incarnation, columns.body).where(
        columns.state.in_(("pending", "owed")), columns.no > after
    )
    return [
        (no, community, incarnation, msgspec.json.decode(body, type=Operation))
        for no, community, incarnation, body in tx.execute(query.order_by(columns.no).limit(limit))
    ]


def answer(tx: sa.Connection, answers: Iterable[Answer], seq: int = 0) -> None:
    """Keep what the server said of operations, and where the community's order stood then."""
    lines = [(each.outcome, each.reason, each.advice, seq, each.id) for each in answers]
    if lines:
        tx.exec_driver_sql(
            "UPDATE outbox SET state = 'answered', outcome = ?, reason = ?, advice = ?,"
            " seq = ? WHERE id = ? AND state = 'pending'",
            lines,
        )


def answered_after(tx: sa.Connection, community: str, seq: int) -> bool:
    """Was anything answered at a place that the server has not come to yet? Then it went back."""
    return tx.execute(_ANSWERED_AFTER, {"of": community, "after": seq}).first() is not None


def has_answered(tx: sa.Connection, community: str) -> bool:
    """Are there operations whose answer has not been settled yet?"""
    return tx.execute(_ANSWERED, {"of": community}).first() is not None


def finish(tx: sa.Connection, community: str, seq: int = 0) -> None:
    """After a complete pull: answered operations are done; what is shown is set right.

    What the pull brought was set right with it; what is left is refused, or changed nothing.
    `seq` is where the community's order stands.
    """
    left = tx.exec_driver_sql(
        "SELECT DISTINCT outbox.kind, outbox.record FROM outbox"
        " JOIN rows ON rows.kind = outbox.kind AND rows.id = outbox.record"
        " JOIN base ON base.no = rows.no WHERE outbox.state = 'answered' AND outbox.community = ?",
        (community,),
    ).all()
    refusals = ", ".join(f"'{each}'" for each in _REFUSALS)
    tx.exec_driver_sql(
        "UPDATE outbox SET state ="
        f" CASE WHEN outcome IN ({refusals}) THEN 'refused' ELSE 'done' END,"
        " seq = ? WHERE state = 'answered' AND community = ?",
        (seq, community),
    )
    for kind, record_id in left:
        settle_row(tx, kind, record_id)


def settle_row(tx: sa.Connection, kind: str, record_id: str) -> None:
    """Show a record as confirmed plus this device's pending changes; drop what is needed no more.

    A record that the server refused to create stays in sight, marked, until a person decides.
    """
    number = confirmed.number(tx, kind, record_id)
    if number is None:
        return
    row = confirmed.find(tx, kind, record_id)
    if row is None:
        return
    own = _operations(tx, kind, record_id, SHOWN if row.rev == 0 else UNSENT)
    fields, deleted = overlay(row if row.rev else None, own)
    if deleted or not (row.rev or own):
        records.hide(tx, kind, number, record_id)
    else:
        records.show(tx, kind, number, record_id, fields)
    if not own and row.rev:
        confirmed.drop_base(tx, number)


def show_own(tx: sa.Connection, community: str) -> None:
    """After a community was replaced: put this device's unsent changes upon it again."""
    columns = tables.outbox.c
    query = (
        sa.select(columns.kind, columns.record)
        .where(columns.community == community, columns.state.in_(SHOWN))
        .distinct()
    )
    for kind, record_id in tx.execute(query).all():
        row = confirmed.find(tx, kind, record_id)
        created = row is None and any(
            each.action == "put" and not each.saw and not each.sets
            for each in _operations(tx, kind, record_id, SHOWN)[:1]
        )
        if row is not None or created:
            confirmed.keep_base(tx, kind, record_id, community)
            settle_row(tx, kind, record_id)


def renumber(tx: sa.Connection, incarnation: str) -> None:
    """A new life of this device: give what is unsent numbers of a new incarnation, from 1.

    Operations keep their ids, so that none is applied twice.
    """
    outbox = tables.outbox
    meta.put(tx, "incarnation", incarnation)
    waiting_for = sa.select(outbox.c.no, outbox.c.community, outbox.c.body).where(
        outbox.c.state == "pending"
    )
    for no, place, body in tx.execute(waiting_for.order_by(outbox.c.no)).all():
        n = meta.count_on(tx, f"n/{incarnation}/{place}")
        operation = msgspec.structs.replace(msgspec.json.decode(body, type=Operation), n=n)
        tx.execute(
            outbox.update()
            .where(outbox.c.no == no)
            .values(n=n, incarnation=incarnation, body=msgspec.json.encode(operation).decode())
        )


def waiting(tx: sa.Connection) -> tuple[int, int]:
    """(operations not sent, operations refused)."""
    counts: dict[str, int] = {each.state: each[1] for each in tx.execute(_WAITING)}
    return sum(counts.get(state, 0) for state in UNSENT), counts.get("refused", 0)


def state_of(tx: sa.Connection, kind: str, record_id: str) -> str:
    """`pending`, `refused` or `confirmed`: how far this device's changes of a record have come."""
    columns = tables.outbox.c
    query = sa.select(columns.state).where(columns.kind == kind, columns.record == record_id)
    states = set(tx.execute(query).scalars())
    if states & {*UNSENT, "answered"}:
        return "pending"
    return "refused" if "refused" in states else "confirmed"


def refused(tx: sa.Connection, limit: int = 500) -> Sequence[Any]:
    """Refused operations, newest first: (id, kind, record, reason, advice, outcome, body)."""
    columns = tables.outbox.c
    query = sa.select(
        columns.id, columns.kind, columns.record, columns.reason, columns.advice, columns.outcome,
        columns.body,
    )  # fmt: skip
    return tx.execute(
        query.where(columns.state == "refused").order_by(columns.no.desc()).limit(limit)
    ).all()


def unheard(tx: sa.Connection) -> Sequence[Any]:
    """Changes that had no effect, with a sentence nobody has seen yet: (id, kind, record, reason).

    Newest first.
    """
    columns = tables.outbox.c
    query = sa.select(columns.id, columns.kind, columns.record, columns.reason)
    return tx.execute(query.where(_is_unheard()).order_by(columns.no.desc())).all()


def heard(tx: sa.Connection, kind: str, record_id: str, sentence: str) -> None:
    """That sentence about a record was seen."""
    columns = tables.outbox.c
    of_record = (columns.kind == kind, columns.record == record_id, columns.reason == sentence)
    tx.execute(tables.outbox.update().where(_is_unheard(), *of_record).values(reason=""))


def _is_unheard() -> sa.ColumnElement[bool]:
    columns = tables.outbox.c
    return sa.and_(columns.state == "done", columns.outcome == "noop", columns.reason != "")


def awaiting_steps(tx: sa.Connection, kind: str, record_id: str) -> list[Operation]:
    """The steps this device has taken that the server has not confirmed yet, in order."""
    waiting_for = _operations(tx, kind, record_id, ("pending", "answered"))
    return [each for each in waiting_for if each.action == "step"]


def drop(tx: sa.Connection, ids: Iterable[str]) -> None:
    """A person decided about refused operations: they stay, and count no more."""
    _decide(tx, ids, "refused", "dropped")


def take_back(tx: sa.Connection, ids: Iterable[str]) -> None:
    """The person thought better of it: they wait for a decision again."""
    _decide(tx, ids, "dropped", "refused")


def _decide(tx: sa.Connection, ids: Iterable[str], before: str, after: str) -> None:
    outbox = tables.outbox
    touched: dict[str, list[tuple[str, str]]] = {}
    for each in ids:
        change = outbox.update().where(outbox.c.id == each, outbox.c.state == before)
        columns = outbox.c.community, outbox.c.kind, outbox.c.record
        for community, *subject in tx.execute(change.values(state=after).returning(*columns)):
            touched.setdefault(community, []).append((subject[0], subject[1]))
    for community, subjects in touched.items():
        for kind, record_id in subjects:
            settle_row(tx, kind, record_id)
        show_own(tx, community)


def _turned_down(tx: sa.Connection, kind: str, record_id: str) -> list[str]:
    """The operations by which a record was to be made, where the server took none of them."""
    columns = tables.outbox.c
    query = sa.select(columns.id, columns.state).where(
        columns.kind == kind, columns.record == record_id, columns.state != "dropped"
    )
    found = tx.execute(query.order_by(columns.no)).all()
    if not found or any(each.state != "refused" for each in found):
        return []
    row = confirmed.find(tx, kind, record_id)
    return [each.id for each in found] if row is None or row.rev == 0 else []


def _operations(
    tx: sa.Connection, kind: str, record_id: str, states: Sequence[str]
) -> list[Operation]:
    columns = tables.outbox.c
    query = (
        sa.select(columns.body)
        .where(columns.kind == kind, columns.record == record_id, columns.state.in_(states))
        .order_by(columns.no)
    )
    return [msgspec.json.decode(body, type=Operation) for body in tx.execute(query).scalars()]


def seen(tx: sa.Connection, kind: str, record_id: str, fields: Iterable[str]) -> dict[str, str]:
    """Per field, the operation whose value this device shows: its own latest, or the confirmed."""
    row = confirmed.find(tx, kind, record_id)
    seen = {field: writer(row, field) if row else "" for field in fields}
    for operation in _operations(tx, kind, record_id, (*UNSENT, "answered")):
        for field in seen.keys() & operation.fields.keys():
            seen[field] = operation.id
    return seen


def _set_changes(
    kind: str, before: Mapping[str, Json], changes: Mapping[str, Json]
) -> dict[str, tuple[list[str], list[str]]]:
    found: dict[str, tuple[list[str], list[str]]] = {}
    for column in BY_NAME[kind].columns:
        if column.type == "many" and column.name in changes:
            old, new = _elements(before.get(column.name)), _elements(changes[column.name])
            found[column.name] = (sorted(new - old), sorted(old - new))
    return found


def _elements(value: Json) -> set[str]:
    return {str(each) for each in value} if isinstance(value, list) else set()
