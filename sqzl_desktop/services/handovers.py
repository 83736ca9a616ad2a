"""移交箱: what others did on a grid they no longer held, for its present worker to take or not."""

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any

import msgspec
import sqlalchemy as sa

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain.access import allows, visible
from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.domain.flows import FLOWS
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.domain.kinds.handover import Handover
from sqzl_desktop.schema.codec import Unreadable, decode
from sqzl_desktop.schema.fields import Element, Json
from sqzl_desktop.schema.kind import Column, Kind
from sqzl_desktop.services import elements, flow_steps
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import changes, records

MOST = 1000
_PLACE = ("community_id",)


class Carried(msgspec.Struct, frozen=True):
    """What the operation that came too late wanted."""

    fields: dict[str, Any] = {}
    sets: dict[str, tuple[list[str], list[str]]] = {}
    step: str = ""
    state: str = ""
    group: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class HandoverView:
    """A handover as shown. `changes` are (label, before, after), sensitive values masked.

    `action` is put, delete or step; `what` says it in words. `pending`: decided on this device,
    the server does not know yet.
    """

    id: str
    kind: str
    record_id: str
    title: str
    action: str
    what: str
    changes: tuple[tuple[str, str, str], ...]
    by: str
    at: dt.datetime | None
    device: str
    pending: bool


def open_handovers(ws: Workspace) -> list[HandoverView]:
    """The handovers nobody has decided about yet, oldest first."""
    with ws.store.read() as tx:
        found = records.find(tx, "handover", filters=[Filter("state", "=", "open")], limit=MOST)
        some = sorted((each for each in found if isinstance(each, Handover)), key=_when)
        return [_view(tx, each) for each in some]


def open_count(ws: Workspace) -> int:
    """How many there are."""
    return elements.count(ws, "handover", filters=[Filter("state", "=", "open")])


def accept(ws: Workspace, handover_id: str) -> None:
    """Take a handover over: what its author did is done now, in one action with the decision."""
    with ws.store.write() as tx:
        handover = _open(ws, tx, handover_id)
        action = changes.Action(tx, ws.clock.now(), grouped=True)
        _decide(ws, action, handover, "accept", {"state": "accepted"})
        _do(ws, action, handover)


def decline(ws: Workspace, handover_id: str, reason: str) -> None:
    """Leave things as they are. What its author did stays in the record of the handover."""
    if not reason.strip():
        raise Refused("请写明谢绝的原因，原填写人可以看到")
    with ws.store.write() as tx:
        handover = _open(ws, tx, handover_id)
        action = changes.Action(tx, ws.clock.now())
        effect: dict[str, Json] = {"state": "declined", "reason": reason.strip()}
        _decide(ws, action, handover, "decline", effect)


def _open(ws: Workspace, tx: sa.Connection, handover_id: str) -> Handover:
    handover = elements.wanted(tx, "handover", handover_id)
    assert isinstance(handover, Handover)
    if not allows(ws.actor, "settle", BY_NAME["handover"], handover):
        raise Refused("您的岗位不能处理移交，请联系网格员或社区负责人")
    if handover.state != "open":
        raise Refused(f"这项移交已由{handover.decided_by or '他人'}处理")
    return handover


def _decide(
    ws: Workspace,
    action: changes.Action,
    handover: Handover,
    step: str,
    effect: Mapping[str, Json],
) -> None:
    told = {**effect, "decided_by": ws.actor.name}
    action.step("handover", handover.id, handover.community_id, (step, "open"), told)


def _do(ws: Workspace, action: changes.Action, handover: Handover) -> None:
    kind, carried = BY_NAME[handover.record_kind], _carried(handover)
    record = records.get(action.tx, kind.name, handover.record_id)
    if not allows(ws.actor, "write", kind, record):
        raise Refused(f"您的岗位或网格不能修改这条{kind.label}，请联系社区负责人")
    if handover.action == "put":
        _put(ws, action, handover, carried)
    elif record is None:
        raise Refused(f"这条{kind.label}已不在本机，请谢绝这项移交")
    elif handover.action == "delete":
        action.delete(kind.name, record.id, handover.community_id)
    else:
        _step(ws, action, record, carried)


def _put(ws: Workspace, action: changes.Action, handover: Handover, carried: Carried) -> None:
    kind = BY_NAME[handover.record_kind]
    present = records.fields_of(action.tx, kind.name, handover.record_id)
    if present is None and "community_id" not in carried.fields:
        raise Refused(
            f"这条{kind.label}不在本机。如登记它的那一项也在移交箱里，请先接受那一项；"
            "如已被删除，请谢绝这一项"
        )
    grid = str(carried.fields.get("grid_id") or "")
    zones = visible(ws.actor, handover.community_id)
    if zones is None or not zones.holds(grid):
        raise Refused("它要转到的网格不由您负责，请由社区负责人处理这项移交")
    values = {**carried.fields, **_whole_sets(present or {}, carried)}
    action.put(kind.name, handover.record_id, handover.community_id, values)


def _whole_sets(present: Mapping[str, Json], carried: Carried) -> dict[str, Json]:
    """Sets travel as what was added and removed; here they are as they will be."""
    whole: dict[str, Json] = {}
    for name, (added, removed) in carried.sets.items():
        now = present.get(name)
        elements_now = {str(each) for each in now} if isinstance(now, list) else set()
        whole[name] = [*sorted((elements_now - set(removed)) | set(added))]
    return whole


def _step(ws: Workspace, action: changes.Action, record: Element, carried: Carried) -> None:
    kind = elements.kind_of(record)
    if kind.name not in FLOWS:
        raise Refused(f"{kind.label}没有“{carried.step}”这一步，请谢绝这项移交")
    own = flow_steps.carried(kind.name, carried.step, carried.fields)
    flow_steps.take_in(ws, action, record, carried.step, own)


def _view(tx: sa.Connection, handover: Handover) -> HandoverView:
    kind, carried = BY_NAME[handover.record_kind], _carried(handover)
    present = records.fields_of(tx, kind.name, handover.record_id)
    return HandoverView(
        id=handover.id,
        kind=kind.name,
        record_id=handover.record_id,
        title=_title(tx, kind, handover, carried),
        action=handover.action,
        what=_what(kind, handover, carried, is_new=present is None),
        changes=tuple(_changes(tx, kind, present or {}, carried)),
        by=handover.by,
        at=handover.at,
        device=handover.device,
        pending=changes.state_of(tx, "handover", handover.id) == "pending",
    )


def _title(tx: sa.Connection, kind: Kind[Any], handover: Handover, carried: Carried) -> str:
    known = elements.titles_in(tx, kind.name, [handover.record_id]).get(handover.record_id)
    if known:
        return known
    named = [_shown(tx, kind.column(name), carried.fields.get(name)) for name in kind.title]
    return " ".join(filter(None, named))


def _what(kind: Kind[Any], handover: Handover, carried: Carried, *, is_new: bool) -> str:
    if handover.action == "delete":
        return f"删除{kind.label}"
    if handover.action == "put":
        return f"登记{kind.label}" if is_new else f"修改{kind.label}"
    flow = FLOWS.get(kind.name)
    steps = {each.step: each.label for each in flow.transitions} if flow else {}
    return f"办理“{steps.get(carried.step, carried.step)}”"


def _changes(
    tx: sa.Connection, kind: Kind[Any], present: Mapping[str, Json], carried: Carried
) -> list[tuple[str, str, str]]:
    values = {**carried.fields, **_whole_sets(present, carried)}
    return [
        (column.label, _shown(tx, column, present.get(column.name)),
         _shown(tx, column, values[column.name]))
        for column in kind.columns
        if column.name in values and column.name not in _PLACE
    ]  # fmt: skip


def _shown(tx: sa.Connection, column: Column, value: Json) -> str:
    """A value as text; nobody has checked it yet."""
    try:
        decoded = decode(column, value)
    except Unreadable:
        return "（无法识别）"
    if column.type == "ref" and decoded:
        return elements.titles_in(tx, column.facts.target, [str(decoded)]).get(str(decoded), "")
    return elements.masked(column, decoded)


def _carried(handover: Handover) -> Carried:
    return msgspec.json.decode(handover.values or "{}", type=Carried)


def _when(handover: Handover) -> tuple[str, str]:
    return handover.at.isoformat() if handover.at else "", handover.operation
