"""步骤: commands of a workflow, decided by the same flow function the device has."""

import dataclasses
import datetime as dt
from typing import Any

import msgspec

from sqzl_desktop.base.clock import moment_text
from sqzl_desktop.domain.aliases import STEPS
from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.flow import Flow, advance
from sqzl_desktop.domain.flows import FLOWS
from sqzl_desktop.domain.kinds.case import CASE, Case
from sqzl_desktop.protocol.merge import Kept, Merged, merge, writer, written
from sqzl_desktop.protocol.messages import Operation, Row
from sqzl_desktop.schema import codec
from sqzl_desktop.schema.kind import Kind
from sqzl_desktop.server import (
    aliases,
    case_merging,
    case_steps,
    checks,
    conflicts,
    duplicates,
    handovers,
    lending,
)
from sqzl_desktop.server.desk import Desk, Verdict
from sqzl_desktop.server.refusals import Held, Late, Rejected

SETTLE = "settle"
REOPEN = "reopen"
RESTORE = "restore"
CHOICES = ("standing", "other")


def take(desk: Desk, kind: Kind[Any], operation: Operation) -> Verdict:
    """What becomes of a step."""
    if kind.name == "conflict":
        return _settle(desk, kind, operation)
    if kind.name == handovers.NAME:
        return handovers.decide(desk, operation)
    if kind.name == duplicates.NAME:
        return duplicates.decide(desk, operation)
    checks.right(desk.scene, "write", kind)
    row = desk.rows.get((kind.name, operation.record))
    if row is None:
        raise Rejected("没有找到这条记录", "请先同步，再重新办理")
    flow = FLOWS.get(kind.name)
    checks.in_sight(desk.scene, row, _brought(flow, operation) if flow else operation)
    if operation.step == RESTORE:
        return _restore(desk, row, operation)
    if kind.name == aliases.NAME and operation.step in STEPS:
        return aliases.decide(desk, row, operation)
    if flow is None:
        raise Rejected(f"{kind.label}没有“{operation.step}”这一步", "请更新程序后重试")
    if row.deleted:
        raise Rejected("该记录已被删除，不能办理", "如仍需办理，请先恢复该记录")
    return _advance(desk, flow, row, operation)


def beaten(desk: Desk, operation: Operation) -> Verdict | None:
    """What whoever had to do with a record is told of a step that came late, though the record
    lies in another grid by now. None where it is not late, or not theirs to be told of.
    """
    flow, row = FLOWS.get(operation.kind), desk.rows.get((operation.kind, operation.record))
    if flow is None or row is None or row.deleted or not _is_late(desk, flow, row, operation):
        return None
    if not any(desk.scene.holds(grid, operation) for grid in lending.concerned(row)):
        return None
    try:
        return _late(desk, flow, row, operation)
    except Late as late:
        return Verdict("rejected", str(late), late.advice, told=late.told)


def _advance(desk: Desk, flow: Flow, row: Row, operation: Operation) -> Verdict:
    if _is_late(desk, flow, row, operation):
        return _late(desk, flow, row, operation)
    own = _own(flow, operation)
    operation = checks.cleaned(desk.scene, flow.kind, row, _brought(flow, operation))
    merged = _merged(desk, row, operation)
    assert merged.row is not None
    fields = {**merged.row.fields, "state": str(row.fields.get("state") or flow.initial)}
    before = checks.described(flow.kind, row.id, fields)
    actor, occasion = desk.scene.actor, desk.occasion()
    after = advance(flow, before, operation.step, actor=actor, values=own, occasion=occasion)
    if isinstance(after, Case):
        if operation.step == case_merging.STEP:
            case_merging.refuse_target(desk, after)
        if operation.step == lending.STEP:
            lending.refuse_grid(desk, after)
    changes = codec.changed_fields(flow.kind, before, after)
    moved = msgspec.structs.replace(
        merged.row,
        grid=after.grid_id,
        fields=written(merged.row.fields, changes),
        writes={**merged.row.writes, **dict.fromkeys(changes, operation.id)},
        last=operation.id,
    )
    desk.take((row.kind, row.id), Merged(moved, merged.outcome, merged.kept))
    if row.kind == CASE.name:
        case_steps.put_down(desk, operation, merged.row, moved)
    clashed = merged.outcome == "conflict_kept"
    return Verdict("conflict_kept" if clashed else "applied", agreed=merged.agreed)


def _is_late(desk: Desk, flow: Flow, row: Row, operation: Operation) -> bool:
    """Is the record not as the author saw it: in another state, or in this one for another time?

    A device of an earlier version does not say which write of the state it saw.
    """
    if (operation.state or flow.initial) != str(row.fields.get("state") or flow.initial):
        return True
    saw, stands = operation.saw.get("state"), writer(row, "state")
    return saw is not None and stands not in (saw, desk.agreed.get(saw, {}).get("state"))


def _brought(flow: Flow, operation: Operation) -> Operation:
    """A device sends what it expects of the step along; the flow alone decides about that."""
    brought = {
        name: value
        for name, value in operation.fields.items()
        if name not in flow.kind.guarded and name != "grid_id"
    }
    return msgspec.structs.replace(operation, fields=brought)


def _own(flow: Flow, operation: Operation) -> dict[str, Any]:
    """The values that the step alone may write, as it brings them."""
    own: dict[str, Any] = {}
    for name in flow.transition(operation.step).brings:
        if name in flow.kind.guarded and name in operation.fields:
            column = flow.kind.column(name)
            value = checks.canonical(column, operation.fields[name])
            own[name] = codec.decode(column, value)
    return own


def _merged(desk: Desk, row: Row, operation: Operation) -> Merged:
    """The values a step brings, merged as those of an edit; what `saw` leaves out was seen."""
    saw = {name: writer(row, name) for name in operation.fields} | operation.saw
    edit = msgspec.structs.replace(operation, action="put", saw=saw)
    still_open = desk.still_open.get((row.kind, row.id), {})
    return merge(row, edit, list(still_open.values()), desk.agreed)


def _late(desk: Desk, flow: Flow, row: Row, operation: Operation) -> Verdict:
    """Somebody was faster. The same person asking for the same again is told yes."""
    transition = flow.transition(operation.step)
    state = str(row.fields.get("state") or flow.initial)
    by = desk.author(writer(row, "state"))
    brought = _brought(flow, operation).fields
    same = all(row.fields.get(name) == value for name, value in brought.items())
    if state == transition.target and same and by.name == desk.scene.actor.name:
        desk.agreed[operation.id] = {"state": writer(row, "state")}
        return Verdict("noop", agreed=desk.agreed[operation.id])
    label = code_list(flow.kind.column("state").facts.codes).label(state)
    who = f"由{by.name}于{_when(by.received_at)}" if by.name else ""
    happened = f"{flow.kind.label}已{who}办理为“{label}”"
    raise Late(
        f"{happened}，您的“{transition.label}”没有生效",
        f"{happened}；您的“{transition.label}”和填写的内容已作为补充记入该{flow.kind.label}",
    )


def _restore(desk: Desk, row: Row, operation: Operation) -> Verdict:
    if not row.deleted:
        return Verdict("noop")
    restored = msgspec.structs.replace(row, deleted=False, last=operation.id)
    desk.take((row.kind, row.id), Merged(restored, "applied"))
    return Verdict("applied")


def _settle(desk: Desk, kind: Kind[Any], operation: Operation) -> Verdict:
    if operation.step not in (SETTLE, REOPEN):
        raise Rejected(f"{kind.label}没有“{operation.step}”这一步", "请更新程序后重试")
    checks.right(desk.scene, SETTLE, kind)
    row = desk.rows.get((kind.name, operation.record))
    if row is None:
        raise Rejected("没有找到这条冲突记录", "请先同步，再重新处理")
    if not desk.scene.holds(row.grid, operation):
        raise Held("该记录已不在您负责的网格内")
    if operation.step == REOPEN:
        return _reopen(desk, row, operation)
    choice = operation.fields.get("choice")
    if choice not in CHOICES:
        raise Rejected("请选择保留现值，或改用另一值")
    if row.fields.get("state") == "settled":
        return _settled_already(row, choice)
    values = {
        "choice": choice,
        "settled_by": desk.scene.actor.name,
        "settled_at": desk.scene.received_at,
    }
    about = str(row.fields["record_kind"]), str(row.fields["record_id"])
    desk.rows[kind.name, row.id] = conflicts.settled(row, values, operation.id)
    kept = desk.still_open.get(about, {}).pop(row.id, None)
    if kept is not None and about in desk.rows:
        _let_through(desk, kept, desk.rows[about])
    return Verdict("applied")


def _reopen(desk: Desk, row: Row, operation: Operation) -> Verdict:
    """A choice is taken back. What it had changed is put back by a write beside this step."""
    if row.fields.get("state") != "settled":
        return Verdict("noop")
    about = str(row.fields["record_kind"]), str(row.fields["record_id"])
    kept, subject = conflicts.from_row(row), desk.rows.get(about)
    if subject is None:
        raise Rejected("冲突所涉及的记录已不在了", "请同步后查看最新情况")
    if kept.about == "value":
        standing = subject.fields.get(kept.field), writer(subject, kept.field)
        kept = dataclasses.replace(kept, standing_value=standing[0], standing_op=standing[1])
    author = desk.author(kept.standing_op)
    desk.rows[row.kind, row.id] = conflicts.reopened(row, kept, subject.grid, author, operation.id)
    desk.still_open.setdefault(about, {})[row.id] = kept
    return Verdict("applied")


def _settled_already(row: Row, choice: object) -> Verdict:
    if row.fields.get("choice") == choice:
        return Verdict("noop")
    by, at = row.fields.get("settled_by"), str(row.fields.get("settled_at", ""))
    label = code_list("conflict_choice").label(str(row.fields.get("choice")))
    raise Rejected(
        f"{by}已于{_when(at)}处理了这处冲突：{label}", "如处理结果不对，请直接修改该记录"
    )


def _let_through(desk: Desk, kept: Kept, subject: Row) -> None:
    """Who settles an edit of a deleted record names the deletion; the value he saw is older."""
    if kept.about == "edit_after_delete" and subject.fields.get(kept.field) == kept.standing_value:
        known = desk.agreed.get(kept.standing_op, {})
        desk.agreed[kept.standing_op] = {**known, kept.field: writer(subject, kept.field)}


def _when(at: str) -> str:
    return moment_text(dt.datetime.fromisoformat(at)) if at else "此前"
