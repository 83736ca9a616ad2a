"""冲突处理: both values side by side, and the choice between them."""

import dataclasses
import datetime as dt

import msgspec
import sqlalchemy as sa

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain.access import allows
from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.domain.kinds.conflict import Conflict
from sqzl_desktop.services import elements
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import changes, records

CHOICES = ("standing", "other")


@dataclasses.dataclass(frozen=True, slots=True)
class Side:
    """One of the two values (masked where sensitive), with who wrote it, when and where."""

    value: str
    by: str
    at: dt.datetime | None
    device: str


@dataclasses.dataclass(frozen=True, slots=True)
class ConflictView:
    """A conflict as shown. `pending`: chosen on this device, the server does not know yet."""

    id: str
    kind: str
    record_id: str
    title: str
    field: str
    label: str
    about: str
    standing: Side
    other: Side
    pending: bool


def open_conflicts(ws: Workspace) -> list[ConflictView]:
    """The conflicts nobody has settled yet."""
    with ws.store.read() as tx:
        found = records.find(tx, "conflict", filters=[Filter("state", "=", "open")], limit=1000)
        return [_view(tx, each) for each in found if isinstance(each, Conflict)]


def open_count(ws: Workspace) -> int:
    """How many there are."""
    return elements.count(ws, "conflict", filters=[Filter("state", "=", "open")])


def settle(ws: Workspace, conflict_id: str, keep: str) -> None:
    """Choose: "standing" keeps what is there, "other" takes the value that was kept beside it."""
    if keep not in CHOICES:
        raise Refused("请选择保留现值（standing）或改用另一值（other）")
    with ws.store.write() as tx:
        conflict = elements.wanted(tx, "conflict", conflict_id)
        assert isinstance(conflict, Conflict)
        if not allows(ws.actor, "settle", BY_NAME["conflict"], conflict):
            raise Refused("您的岗位不能处理冲突，请联系网格员或社区负责人")
        if conflict.state != "open":
            raise Refused(f"这个冲突已由{conflict.settled_by or '他人'}处理")
        action = changes.Action(tx, ws.clock.now(), grouped=True)
        effect = {"choice": keep, "state": "settled", "settled_by": ws.actor.name}
        action.step("conflict", conflict.id, conflict.community_id, ("settle", "open"), effect)
        if keep == "other":
            _take_other(action, conflict)


def _take_other(action: changes.Action, conflict: Conflict) -> None:
    kind, record_id, community = conflict.record_kind, conflict.record_id, conflict.community_id
    if conflict.about == "stale_delete":
        action.delete(kind, record_id, community)
        return
    if conflict.about == "edit_after_delete":
        action.step(kind, record_id, community, ("restore", ""), {})
    value = msgspec.json.decode(conflict.other_value) if conflict.other_value else None
    action.put(kind, record_id, community, {conflict.field: value})


def _view(tx: sa.Connection, conflict: Conflict) -> ConflictView:
    kind = BY_NAME[conflict.record_kind]
    known = conflict.field in kind.known
    label = kind.column(conflict.field).label if known else kind.label
    return ConflictView(
        id=conflict.id,
        kind=kind.name,
        record_id=conflict.record_id,
        title=elements.titles_in(tx, kind.name, [conflict.record_id]).get(conflict.record_id, ""),
        field=conflict.field,
        label=label,
        about=conflict.about,
        standing=Side(_value(conflict, conflict.standing_value), conflict.standing_by,
                      conflict.standing_at, conflict.standing_device),
        other=Side(_value(conflict, conflict.other_value), conflict.other_by, conflict.other_at,
                   conflict.other_device),
        pending=changes.state_of(tx, "conflict", conflict.id) == "pending",
    )  # fmt: skip


def _value(conflict: Conflict, value: str) -> str:
    kind = BY_NAME[conflict.record_kind]
    if conflict.about == "stale_delete":
        return "保留" if value == conflict.standing_value else "删除"
    if conflict.field not in kind.known or not value:
        return ""
    return elements.masked_json(kind.column(conflict.field), value)
