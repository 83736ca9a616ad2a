"""冲突处理: both values side by side, and the choice between them."""

import dataclasses
import datetime as dt
from collections.abc import Sequence

import msgspec
import sqlalchemy as sa

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain.access import allows
from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.filters import Filter, Order
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.domain.kinds.conflict import Conflict
from sqzl_desktop.schema.codec import cell_text, decode
from sqzl_desktop.services import elements
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import audit, changes, history, records

CHOICES = ("standing", "other")
MOST_SETTLED = 200
_APART = dt.timedelta(minutes=5)


@dataclasses.dataclass(frozen=True, slots=True)
class Side:
    """One of the two values (masked where sensitive), with who wrote it, when and where.

    `at` is when the server took it; `claimed_at` what the device's clock said, where that is more
    than 5 minutes apart.
    """

    value: str
    by: str
    at: dt.datetime | None
    device: str
    claimed_at: dt.datetime | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class ConflictView:
    """A conflict as shown. `pending`: chosen on this device, the server does not know yet.

    `choice` is "" while it is open, else what `settled_by` chose. `sensitive`: the values are
    masked, and may look alike where they are not; see `reveal`.
    """

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
    choice: str = ""
    settled_by: str = ""
    settled_at: dt.datetime | None = None
    sensitive: bool = False


def open_conflicts(ws: Workspace) -> list[ConflictView]:
    """The conflicts nobody has settled yet."""
    with ws.store.read() as tx:
        found = records.find(tx, "conflict", filters=[Filter("state", "=", "open")], limit=1000)
        return [_view(tx, each) for each in found if isinstance(each, Conflict)]


def settled_conflicts(ws: Workspace) -> list[ConflictView]:
    """The conflicts that somebody has settled, the newest choice first."""
    with ws.store.read() as tx:
        found = records.find(
            tx, "conflict", filters=[Filter("state", "=", "settled")],
            order=[Order("settled_at", descending=True)], limit=MOST_SETTLED,
        )  # fmt: skip
        return [_view(tx, each) for each in found if isinstance(each, Conflict)]


def open_count(ws: Workspace) -> int:
    """How many there are."""
    return elements.count(ws, "conflict", filters=[Filter("state", "=", "open")])


def reveal(ws: Workspace, conflict_id: str) -> tuple[str, str]:
    """Both values in clear, (standing, other). The audit keeps who asked for which field."""
    with ws.store.write() as tx:
        conflict = elements.wanted(tx, "conflict", conflict_id)
        assert isinstance(conflict, Conflict)
        if not allows(ws.actor, "reveal", BY_NAME[conflict.record_kind], conflict):
            raise Refused("您的岗位不能查看完整信息，请联系社区负责人")
        subject = conflict.record_kind, conflict.record_id, conflict.field
        audit.note(tx, ws.clock.now(), ws.actor.account, "reveal", subject)
    column = BY_NAME[conflict.record_kind].column(conflict.field)
    standing, other = (
        cell_text(column, decode(column, msgspec.json.decode(value) if value else None), code_list)
        for value in (conflict.standing_value, conflict.other_value)
    )
    return standing, other


def settle(ws: Workspace, conflict_id: str, keep: str) -> None:
    """Choose: "standing" keeps what is there, "other" takes the value that was kept beside it."""
    settle_all(ws, [conflict_id], keep)


def settle_all(ws: Workspace, conflict_ids: Sequence[str], keep: str) -> None:
    """The same choice for many at once, all or none of them on this device.

    Each travels by itself: one that somebody else was faster with holds no other back.
    """
    if keep not in CHOICES:
        raise Refused("请选择保留现值（standing）或改用另一值（other）")
    with ws.store.write() as tx:
        for each in conflict_ids:
            _settle(ws, tx, each, keep)


def _settle(ws: Workspace, tx: sa.Connection, conflict_id: str, keep: str) -> None:
    conflict = _wanted(ws, tx, conflict_id)
    if conflict.state != "open":
        raise Refused(f"这个冲突已由{conflict.settled_by or '他人'}处理")
    action = changes.Action(tx, ws.clock.now(), grouped=True)
    effect = {"choice": keep, "state": "settled", "settled_by": ws.actor.name,
              "settled_at": action.made_at}  # fmt: skip
    action.step("conflict", conflict.id, conflict.community_id, ("settle", "open"), effect)
    if keep == "other":
        _take_other(action, conflict)


def undo(ws: Workspace, conflict_ids: Sequence[str]) -> None:
    """Take choices back: the value before each stands again, and the conflict is open again.

    It is a new change upon what stands now, for everybody to see; nothing is made unhappened.
    """
    with ws.store.write() as tx:
        for each in conflict_ids:
            _undo(ws, tx, each)


def _undo(ws: Workspace, tx: sa.Connection, conflict_id: str) -> None:
    conflict = _wanted(ws, tx, conflict_id)
    if conflict.state != "settled":
        raise Refused("这个冲突还没有处理，不需要撤销")
    action = changes.Action(tx, ws.clock.now(), grouped=True)
    effect = {"choice": None, "state": "open", "settled_by": None, "settled_at": None}
    action.step("conflict", conflict.id, conflict.community_id, ("reopen", "settled"), effect)
    if conflict.choice == "other":
        _put_standing_back(tx, action, conflict)


def _wanted(ws: Workspace, tx: sa.Connection, conflict_id: str) -> Conflict:
    conflict = elements.wanted(tx, "conflict", conflict_id)
    assert isinstance(conflict, Conflict)
    if not allows(ws.actor, "settle", BY_NAME["conflict"], conflict):
        raise Refused("您的岗位不能处理冲突，请联系网格员或社区负责人")
    return conflict


def _put_standing_back(tx: sa.Connection, action: changes.Action, conflict: Conflict) -> None:
    kind, record_id, community = conflict.record_kind, conflict.record_id, conflict.community_id
    if conflict.about == "stale_delete":
        action.step(kind, record_id, community, ("restore", ""), {})
    elif conflict.about == "edit_after_delete":
        if records.get(tx, kind, record_id) is not None:
            action.delete(kind, record_id, community)
    else:
        before, taken = (
            msgspec.json.decode(value) if value else None
            for value in (conflict.standing_value, conflict.other_value)
        )
        now = records.fields_of(tx, kind, record_id)
        if now is None or now.get(conflict.field) != taken:
            raise Refused("选定以后，这一项又被修改过，不能撤销；如需更正，请打开记录直接修改")
        action.put(kind, record_id, community, {conflict.field: before})


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
        standing=Side(_value(tx, conflict, conflict.standing_value), conflict.standing_by,
                      conflict.standing_at, conflict.standing_device,
                      _claimed(tx, conflict.standing_op)),
        other=Side(_value(tx, conflict, conflict.other_value), conflict.other_by,
                   conflict.other_at, conflict.other_device, _claimed(tx, conflict.other_op)),
        pending=changes.state_of(tx, "conflict", conflict.id) == "pending",
        choice=conflict.choice,
        settled_by=conflict.settled_by,
        settled_at=conflict.settled_at,
        sensitive=known and kind.column(conflict.field).facts.sensitive,
    )  # fmt: skip


def _claimed(tx: sa.Connection, operation: str) -> dt.datetime | None:
    author = history.author_of(tx, operation) if operation else None
    if author is None or not (author.made_at and author.received_at):
        return None
    made, received = map(dt.datetime.fromisoformat, (author.made_at, author.received_at))
    return made if abs(made - received) > _APART else None


def _value(tx: sa.Connection, conflict: Conflict, value: str) -> str:
    kind = BY_NAME[conflict.record_kind]
    if conflict.about == "stale_delete":
        return "保留" if value == conflict.standing_value else "删除"
    if conflict.field not in kind.known or not value:
        return ""
    return elements.worded_json(tx, kind.column(conflict.field), msgspec.json.decode(value))
