"""移交箱: work on a grid that its author has lost, kept for whoever looks after that grid now."""

import uuid
from typing import Any

import msgspec
import sqlalchemy as sa

from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.kinds.handover import HANDOVER
from sqzl_desktop.protocol.merge import ALL
from sqzl_desktop.protocol.messages import Operation, Row
from sqzl_desktop.schema.fields import Json
from sqzl_desktop.server import checks, rows
from sqzl_desktop.server.desk import Desk, Verdict
from sqzl_desktop.server.refusals import Held, Rejected
from sqzl_desktop.server.rows import Key, Stored
from sqzl_desktop.server.tables import RECORD

NAME = HANDOVER.name
DECISIONS = {"accept": "accepted", "decline": "declined"}
_LONGEST_REASON = 500
_OPERATION = uuid.UUID("7c1f6a94-1d0b-4d6e-9d57-0f5a2c3f9b02")
_NO_HANDOVER = ("conflict", NAME)  # they wait where they are, for whoever holds the grid


def put_down(desk: Desk, operation: Operation) -> None:
    """Keep a held operation as a record in the grid that it concerns."""
    grid = _place(desk, operation)
    if grid is None or operation.kind in _NO_HANDOVER:
        return
    fields: dict[str, Json] = {
        "community_id": desk.scene.community,
        "grid_id": grid or None,
        "record_kind": operation.kind,
        "record_id": operation.record,
        "action": operation.action,
        "values": _carried(operation),
        "operation": operation.id,
        "by": desk.scene.actor.name,
        "at": desk.scene.received_at,
        "device": desk.scene.device_label,
        "state": "open",
    }
    present = {name: value for name, value in fields.items() if value not in ("", None)}
    each = str(uuid.uuid5(_OPERATION, operation.id))
    desk.rows[NAME, each] = Row(
        NAME, each, grid, 0, present, {ALL: operation.id}, operation.id
    )  # fmt: skip


def refuse_before_accepted(desk: Desk, operation: Operation) -> None:
    """Held where the record itself is waiting to be accepted: what follows it waits beside it."""
    waiting = desk.waiting_grid((operation.kind, operation.record))
    if waiting is not None:
        raise Held("登记这条记录的那一项还在移交箱里，等待处理")


def decide(desk: Desk, operation: Operation) -> Verdict:
    """What becomes of a step on a handover. The first decision stands."""
    target = DECISIONS.get(operation.step)
    if target is None:
        raise Rejected(f"移交没有“{operation.step}”这一步", "请更新程序后重试")
    checks.right(desk.scene, "settle", HANDOVER)
    row = desk.rows.get((NAME, operation.record))
    if row is None:
        raise Rejected("没有找到这项移交", "请先同步，再重新处理")
    if not desk.scene.holds(row.grid, operation):
        raise Held("该移交已不在您负责的网格内")
    if row.fields.get("state") != "open":
        return _decided_already(desk, row, target)
    values: dict[str, Json] = {
        "state": target,
        "decided_by": desk.scene.actor.name,
        "decided_at": desk.scene.received_at,
    }
    reason = operation.fields.get("reason")
    if isinstance(reason, str) and reason:
        values["reason"] = reason[:_LONGEST_REASON].replace("\0", "")
    desk.rows[NAME, row.id] = _written(row, values, operation.id)
    return Verdict("applied")


def open_in(connection: sa.Connection, community: str) -> list[Stored]:
    """The handovers of a community that wait for a decision."""
    query = sa.select(RECORD).where(
        RECORD.c.community == community,
        RECORD.c.kind == NAME,
        RECORD.c.fields.contains('"state":"open"'),
    )
    found = [rows.stored(each) for each in connection.execute(query)]
    return [each for each in found if each.row.fields.get("state") == "open"]


def waiting(connection: sa.Connection, community: str) -> dict[Key, str]:
    """The records that are themselves waiting to be accepted, and the grid they are to be in."""
    found: dict[Key, str] = {}
    for each in open_in(connection, community):
        fields = each.row.fields
        found[str(fields["record_kind"]), str(fields["record_id"])] = each.row.grid
    return found


def _place(desk: Desk, operation: Operation) -> str | None:
    row = desk.rows.get((operation.kind, operation.record))
    if row is not None:
        return row.grid
    waits_in = desk.waiting_grid((operation.kind, operation.record))
    if waits_in is not None:
        return waits_in
    grid = operation.fields.get("grid_id") or ""
    community = desk.scene.community
    fits = isinstance(grid, str) and (not grid or grid.startswith(community))
    return str(grid) if fits and operation.action == "put" else None


def _carried(operation: Operation) -> str:
    carried: dict[str, Any] = {
        "fields": operation.fields,
        "sets": operation.sets,
        "step": operation.step,
        "state": operation.state,
        "group": operation.group,
    }
    present = {name: value for name, value in carried.items() if value}
    return msgspec.json.encode(present).decode()


def _decided_already(desk: Desk, row: Row, target: str) -> Verdict:
    by = str(row.fields.get("decided_by", ""))
    if row.fields.get("state") == target and by == desk.scene.actor.name:
        return Verdict("noop")
    label = code_list("handover_state").label(str(row.fields.get("state")))
    raise Rejected(f"这项移交已由{by}处理：{label}", "请同步后查看最新情况")


def _written(row: Row, values: dict[str, Json], operation: str) -> Row:
    fields = {name: value for name, value in {**row.fields, **values}.items() if value is not None}
    writes = {**row.writes, **dict.fromkeys(values, operation)}
    return msgspec.structs.replace(
        row, fields=fields, writes=writes, last=operation, grid=str(fields.get("grid_id", ""))
    )
