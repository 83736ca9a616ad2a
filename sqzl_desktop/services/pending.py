"""待处理: what the server did not take, what was meant, and the ways out."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from sqzl_desktop.base.errors import NotFound, Refused
from sqzl_desktop.domain.flows import FLOWS
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.domain.kinds.conflict import Conflict
from sqzl_desktop.domain.kinds.handover import Handover
from sqzl_desktop.protocol.merge import overlay
from sqzl_desktop.protocol.messages import Operation, Row
from sqzl_desktop.schema.codec import from_fields
from sqzl_desktop.schema.fields import Element, Json
from sqzl_desktop.services import elements, flow_steps
from sqzl_desktop.services.newest import put_onto
from sqzl_desktop.services.saving import put
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import audit, changes, confirmed, records
from sqzl_desktop.store import history as lines

DECISIONS = {"conflict": "处理冲突", "handover": "处理移交"}
DONE = {"put": "修改", "delete": "删除", "step": "办理"}


@dataclasses.dataclass(frozen=True, slots=True)
class FieldChange:
    """One field as it was and as it was to be, in words, sensitive values masked."""

    label: str
    before: str
    after: str


@dataclasses.dataclass(frozen=True, slots=True)
class Meant:
    """What one operation was to do to one record."""

    kind: str
    record_id: str
    title: str
    action: str
    fields: tuple[FieldChange, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """One action that was refused: its operations stand or fall together.

    `is_held`: it waits in the 移交箱 of whoever looks after that grid now. `can_change` and
    `can_offer` say which ways out there are beside giving it up.
    """

    id: str
    operations: tuple[str, ...]
    meant: tuple[Meant, ...]
    reason: str
    advice: str
    made_at: dt.datetime
    is_held: bool
    can_change: bool
    can_offer: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Draft:
    """A refused record to be corrected: as it stands now, and with what was refused put onto it."""

    shown: Element
    filled: Element
    is_new: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Standing:
    """How far this device's changes of a record have come: `pending`, `confirmed` or `refused`."""

    state: str
    reason: str = ""
    advice: str = ""


Unit = Sequence[Any]


def standing(ws: Workspace, kind: str, record_id: str) -> Standing:
    """How far a record is; where something was refused, why, and what to do."""
    with ws.store.read() as tx:
        state = changes.state_of(tx, kind, record_id)
        if state != "refused":
            return Standing(state)
        for each in changes.refused(tx):
            if (each.kind, each.record) == (kind, record_id):
                return Standing(state, each.reason, each.advice)
        return Standing(state)


def entries(ws: Workspace) -> list[Entry]:
    """What was refused and is not decided yet, newest first."""
    with ws.store.read() as tx:
        return [_entry(tx, key, unit) for key, unit in reversed(_units(tx).items())]


def open_count(ws: Workspace) -> int:
    """How many of them there are: actions as the person sees them, not operations."""
    with ws.store.read() as tx:
        return len(_units(tx)) if changes.waiting(tx)[1] else 0


def offer_again(ws: Workspace, entry_id: str) -> None:
    """Offer it as it is, upon the records as they are now (Refused, Invalid)."""
    with ws.store.write() as tx:
        unit = _unit(tx, entry_id)
        if not all(_can_offer(_operation(each)) for each in unit):
            raise Refused("这一项不能原样重新上报，请打开记录重新办理")
        _offer(ws, tx, unit)


def draft(ws: Workspace, entry_id: str) -> Draft:
    """The first record of it, for a form."""
    with ws.store.read() as tx:
        operation = _changeable(_unit(tx, entry_id))
        kind = BY_NAME[operation.kind]
        now = records.get(tx, kind.name, operation.record)
        is_new = _is_unconfirmed(tx, operation)
        if now is None and not is_new:
            raise NotFound("这条记录已不在本机，只能重新上报或放弃")
        filled = _filled(tx, operation)
        return Draft(filled if now is None else now, filled, is_new)


def offer_changed(ws: Workspace, entry_id: str, shown: Element, edited: Element) -> Element:
    """Offer it with one record corrected; what else belongs to the action goes along as it was."""
    with ws.store.write() as tx:
        unit = _unit(tx, entry_id)
        _changeable(unit)
        return _offer(ws, tx, unit, (shown, edited)) or edited


def give_up(ws: Workspace, entry_ids: Iterable[str]) -> list[str]:
    """Let go of them; they stay in the journal. Returns the operations, for `take_back`."""
    with ws.store.write() as tx:
        units = [_unit(tx, each) for each in entry_ids]
        ids = [each.id for unit in units for each in unit]
        changes.drop(tx, ids)
        _note(ws, tx, "drop", [each for unit in units for each in unit])
    return ids


def take_back(ws: Workspace, operations: Sequence[str]) -> None:
    """Undo `give_up`: they wait for a decision again."""
    with ws.store.write() as tx:
        changes.take_back(tx, operations)
        found = [each for each in changes.refused(tx) if each.id in set(operations)]
        _note(ws, tx, "take_back", found)


def _note(ws: Workspace, tx: sa.Connection, action: str, unit: Unit) -> None:
    for each in unit:
        subject = each.kind, each.record, each.id
        audit.note(tx, ws.clock.now(), ws.actor.account, action, subject)


def _units(tx: sa.Connection) -> dict[str, list[Any]]:
    """Refused operations by the action they belong to, oldest first.

    Changes of a record that the server does not have belong to what was to make it.
    """
    units: dict[str, list[Any]] = {}
    homes: dict[object, str] = {}
    for each in reversed(changes.refused(tx)):
        operation = _operation(each)
        subject = operation.kind, operation.record
        key = homes.get(subject) or homes.get(operation.group) or operation.group or operation.id
        if operation.group:
            homes[operation.group] = key
        if _is_unconfirmed(tx, operation):
            homes[subject] = key
        units.setdefault(key, []).append(each)
    return units


def _unit(tx: sa.Connection, entry_id: str) -> list[Any]:
    unit = _units(tx).get(entry_id)
    if unit is None:
        raise NotFound("这一项已经处理过了")
    return unit


def _operation(refused: Any) -> Operation:
    return msgspec.json.decode(refused.body, type=Operation)


def _is_unconfirmed(tx: sa.Connection, operation: Operation) -> bool:
    row = confirmed.find(tx, operation.kind, operation.record)
    return row is None or row.rev == 0


def _can_offer(operation: Operation) -> bool:
    return operation.action != "step" or operation.kind in FLOWS


def _changeable(unit: Unit) -> Operation:
    for each in unit:
        operation = _operation(each)
        if operation.action == "put":
            return operation
    raise Refused("这一项没有可以修改的内容")


def _filled(tx: sa.Connection, operation: Operation) -> Element:
    """The record as it is now with what the operation was to change."""
    kind = BY_NAME[operation.kind]
    now = records.fields_of(tx, operation.kind, operation.record) or {}
    fields, _ = overlay(Row(kind.name, operation.record, "", 0, now, {}, ""), [operation])
    record: Element = from_fields(kind, operation.record, fields)
    return record


def _offer(
    ws: Workspace,
    tx: sa.Connection,
    unit: Unit,
    corrected: tuple[Element, Element] | None = None,
) -> Element | None:
    """The operations of an action once more; `corrected` is one record as shown and as made."""
    changes.drop(tx, [each.id for each in unit])
    action = changes.Action(tx, ws.clock.now(), grouped=len(unit) > 1)
    saved: Element | None = None
    for each in unit:
        operation = _operation(each)
        kind = BY_NAME[operation.kind]
        is_corrected = corrected is not None and corrected[1].id == operation.record
        if operation.action == "delete":
            record = elements.wanted(tx, kind.name, operation.record)
            action.delete(kind.name, operation.record, record.community_id)
        elif operation.action == "step":
            record = elements.wanted(tx, kind.name, operation.record)
            own = flow_steps.carried(kind.name, operation.step, operation.fields)
            flow_steps.take_in(ws, action, record, operation.step, own)
        elif corrected is None or not is_corrected:
            put(ws, action, _filled(tx, operation), kind)
        elif saved is None:
            shown, edited = corrected
            is_there = records.get(tx, kind.name, edited.id) is not None
            onto = put_onto(tx, kind, shown, edited) if is_there else edited
            saved = put(ws, action, onto, kind)
    return saved


def _entry(tx: sa.Connection, key: str, unit: Unit) -> Entry:
    operations = [_operation(each) for each in unit]
    is_held = any(each.outcome == "held" for each in unit)
    return Entry(
        id=key,
        operations=tuple(each.id for each in unit),
        meant=tuple(_meant(tx, each) for each in operations),
        reason=unit[0].reason,
        advice=unit[0].advice,
        made_at=dt.datetime.fromisoformat(operations[-1].made_at),
        is_held=is_held,
        can_change=not is_held and any(each.action == "put" for each in operations),
        can_offer=not is_held and all(_can_offer(each) for each in operations),
    )


def _meant(tx: sa.Connection, operation: Operation) -> Meant:
    kind = BY_NAME[operation.kind]
    action = DONE[operation.action]
    if operation.action == "put" and _is_unconfirmed(tx, operation):
        action = "登记"
    if operation.action == "step":
        action = _step_label(operation)
    return Meant(
        kind.name,
        operation.record,
        _title(tx, operation),
        action,
        () if operation.action == "delete" else tuple(_changes(tx, operation)),
    )


def _step_label(operation: Operation) -> str:
    if operation.kind in DECISIONS:
        return DECISIONS[operation.kind]
    flow = FLOWS.get(operation.kind)
    steps = flow.transitions if flow else ()
    return next((each.label for each in steps if each.step == operation.step), "办理")


def _title(tx: sa.Connection, operation: Operation) -> str:
    """What a decision is about is called by the record that it concerns."""
    kind, record = operation.kind, operation.record
    beside = records.get(tx, kind, record)
    if isinstance(beside, Conflict | Handover):
        kind, record = beside.record_kind, beside.record_id
    found = elements.titles_in(tx, kind, [record]).get(record)
    return found or _title_of(tx, operation)


def _title_of(tx: sa.Connection, operation: Operation) -> str:
    """What a record that is not here would be called by what the operation says of it."""
    kind = BY_NAME[operation.kind]
    words = (
        elements.worded_json(tx, kind.column(name), operation.fields.get(name))
        for name in kind.title
    )
    return " ".join(filter(None, words))


def _changes(tx: sa.Connection, operation: Operation) -> Iterable[FieldChange]:
    kind = BY_NAME[operation.kind]
    before: dict[str, Json] = {
        line.field: msgspec.json.decode(line.before)
        for line in lines.of(tx, operation.kind, operation.record)
        if line.operation == operation.id
    }
    after, _ = overlay(Row(kind.name, operation.record, "", 0, before, {}, ""), [operation])
    for column in kind.columns:
        old, new = before.get(column.name), after.get(column.name)
        if old != new:
            yield FieldChange(
                column.label,
                elements.worded_json(tx, column, old),
                elements.worded_json(tx, column, new),
            )
