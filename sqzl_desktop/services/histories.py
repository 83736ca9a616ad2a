"""变更历史: who changed which field of a record when, from what to what.

What this device has seen is always there; the server knows the beginning, and is asked when it can
be reached.
"""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.domain.flows import FLOWS
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.domain.kinds.conflict import Conflict
from sqzl_desktop.protocol.merge import overlay
from sqzl_desktop.protocol.messages import History, HistoryEvent, Operation, Row
from sqzl_desktop.schema.fields import Json
from sqzl_desktop.schema.kind import Kind
from sqzl_desktop.services import elements
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import confirmed, records
from sqzl_desktop.store import history as lines

ONLY_HERE = "只显示本机知道的部分"
FROM_THE_BEGINNING = "从登记开始的完整历史"
SINCE_LOADED = "随服务器初始数据导入；以下是导入以后的全部修改"
NEVER_CHANGED = "随服务器初始数据导入，以后没有修改过"
NEWEST_ONLY = "只显示最近的操作，更早的没有列出"
STATES = {
    "pending": "未上报",
    "confirmed": "已上报",
    "refused": "被退回",
    "dropped": "已放弃",
    "kept": "另存为冲突",
}
_OUTBOX = {"answered": "pending", "pending": "pending", "refused": "refused", "dropped": "dropped"}
_UNKNOWN = "（不详）"


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """One line of a record's history; values as shown (sensitive ones masked).

    `field` is "" where it is about the record as a whole. `state` is one of STATES.
    """

    at: dt.datetime
    by: str
    device: str
    field: str
    label: str
    before: str
    after: str
    operation: str
    pending: bool
    state: str = "confirmed"


@dataclasses.dataclass(frozen=True, slots=True)
class RecordHistory:
    """The lines, newest first, and how far they go back in a sentence."""

    changes: tuple[Change, ...]
    is_complete: bool
    note: str


def local(ws: Workspace, kind: str, record_id: str, why: str = "") -> RecordHistory:
    """As far as this device knows; `why` says why the server was not asked."""
    with ws.store.read() as tx:
        found = _local(ws, tx, BY_NAME[kind], record_id)
    return RecordHistory(tuple(found), False, "；".join(filter(None, (ONLY_HERE, why))))


def complete(ws: Workspace, kind: str, record_id: str, told: History) -> RecordHistory:
    """What the server told, with what it does not have yet of this device on top."""
    with ws.store.read() as tx:
        known = {event.id for event in told.events}
        own = [
            each
            for each in _local(ws, tx, BY_NAME[kind], record_id)
            if each.state != "confirmed" and each.operation not in known
        ]
        events = _told(tx, BY_NAME[kind], record_id, told.events)
    is_from_start = any("community_id" in event.values for event in told.events)
    note = NEWEST_ONLY if told.more else FROM_THE_BEGINNING if is_from_start else SINCE_LOADED
    if not own and not events:
        note = NEVER_CHANGED
    return RecordHistory((*own, *events[::-1]), not told.more, note)


def _local(ws: Workspace, tx: sa.Connection, kind: Kind[Any], record_id: str) -> list[Change]:
    found = lines.of(tx, kind.name, record_id)
    row = confirmed.find(tx, kind.name, record_id)
    origin = row.writes.get("*", "") if row else ""
    made = lines.author_of(tx, origin) if origin else None
    result = [_line(ws, tx, kind, line) for line in found if line.field in kind.known]
    if made is not None and not any(each.operation == origin for each in result):
        at = dt.datetime.fromisoformat(made.received_at)
        result.append(Change(at, made.name, made.device, "", "登记", "", "", origin, False))
    return result


def _line(ws: Workspace, tx: sa.Connection, kind: Kind[Any], line: Any) -> Change:
    column = kind.column(line.field)
    mine = line.name is None
    state = _OUTBOX.get(line.state, "confirmed")
    before, after = (msgspec.json.decode(each) if each else None
                     for each in (line.before, line.after))  # fmt: skip
    return Change(
        at=dt.datetime.fromisoformat(line.at if mine else line.received_at),
        by=ws.actor.name if mine else line.name,
        device="本机" if mine else line.device,
        field=line.field,
        label=column.label,
        before=elements.worded_json(tx, column, before),
        after=elements.worded_json(tx, column, after),
        operation=line.operation,
        pending=state == "pending",
        state=state,
    )


def _told(
    tx: sa.Connection, kind: Kind[Any], record_id: str, events: Sequence[HistoryEvent]
) -> list[Change]:
    """The lines of the server's events, oldest first: each value beside the one before it."""
    kept = _kept_beside(tx, kind, record_id)
    fields: dict[str, Json] = {}
    known: set[str] = set()
    found: list[Change] = []
    for event in events:
        if event.outcome in ("held", "rejected", "noop"):
            continue
        if event.action == "put" and "community_id" in event.values and not known:
            known = set(kind.known)  # it was made here: what is not set was empty
            fields = dict(event.values)
            found.append(_whole(event, "登记"))
            continue
        found += _of_event(tx, kind, event, fields, known, kept.get(event.id, ()))
    return found


def _of_event(
    tx: sa.Connection,
    kind: Kind[Any],
    event: HistoryEvent,
    fields: dict[str, Json],
    known: set[str],
    beside: Iterable[str],
) -> list[Change]:
    """The lines of one event; `fields` and `known` are brought up to date."""
    found: list[Change] = []
    if event.action == "delete":
        found.append(_whole(event, "删除"))
    elif event.action == "step":
        found.append(_whole(event, _step_label(kind, event.step)))
    after = _after(kind, event, fields)
    for column in kind.columns:
        name = column.name
        if name not in event.values and name not in event.sets:
            continue
        before = elements.worded_json(tx, column, fields.get(name))
        if name not in known and name not in fields:
            before = _UNKNOWN
        new = elements.worded_json(tx, column, after.get(name))
        if name in beside:
            found.append(_change(event, name, (column.label, before, new), "kept"))
        elif after.get(name) != fields.get(name) or before == _UNKNOWN:
            found.append(_change(event, name, (column.label, before, new), "confirmed"))
            known.add(name)
            fields[name] = after.get(name)
    return found


def _after(kind: Kind[Any], event: HistoryEvent, fields: Mapping[str, Json]) -> dict[str, Json]:
    operation = Operation(0, event.id, kind.name, "", "put", event.made_at,
                          fields=event.values, sets=event.sets)  # fmt: skip
    after, _ = overlay(Row(kind.name, "", "", 0, dict(fields), {}, ""), [operation])
    return after


def _kept_beside(tx: sa.Connection, kind: Kind[Any], record_id: str) -> dict[str, set[str]]:
    """Operation to the fields whose value did not stand but was kept as a conflict."""
    filters = [Filter("record_kind", "=", kind.name), Filter("record_id", "=", record_id)]
    found: dict[str, set[str]] = {}
    for each in records.find(tx, "conflict", filters=filters, limit=1000):
        if isinstance(each, Conflict):
            found.setdefault(each.other_op, set()).add(each.field)
    return found


def _whole(event: HistoryEvent, label: str) -> Change:
    return _change(event, "", (label, "", ""), "confirmed")


def _change(event: HistoryEvent, field: str, words: tuple[str, str, str], state: str) -> Change:
    label, before, after = words
    at = dt.datetime.fromisoformat(event.received_at)
    return Change(at, event.author, event.device, field, label, before, after, event.id,
                  False, state)  # fmt: skip


def _step_label(kind: Kind[Any], step: str) -> str:
    if step == "restore":
        return "恢复"
    flow = FLOWS.get(kind.name)
    labels = {each.step: each.label for each in flow.transitions} if flow else {}
    return labels.get(step, "办理")
