"""撤销: take a whole action back, by a new action that writes what stood before."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain.access import allows
from sqzl_desktop.domain.aliases import MERGE, PART
from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.domain.kinds import BY_NAME, KINDS
from sqzl_desktop.protocol.messages import Operation
from sqzl_desktop.schema.fields import Element, Json
from sqzl_desktop.services import elements
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import changes, groups, history, records

_TOO_LATE = "这次变动已经太久，本机不再保留撤销所需的内容；请直接修改记录"
MERGED = "merged_into"
Key = tuple[str, str]  # kind, id


@dataclasses.dataclass(frozen=True, slots=True)
class _Effect:
    """What an action did to one record: each field before and after; was the record new?"""

    is_new: bool
    before: Mapping[str, Json]
    after: Mapping[str, Json]


def group_of(ws: Workspace, operation: str) -> str:
    """The group of an operation of this device that can be undone; "" where there is none."""
    with ws.store.read() as tx:
        own = groups.operation(tx, operation)
        if own is None or not own.group or not _may_be_undone(own):
            return ""
        group = groups.operations(tx, own.group)
    return own.group if all(state in ("pending", "answered", "done") for state, _ in group) else ""


def undo(ws: Workspace, group: str) -> tuple[str, ...]:
    """Take the action of that group back; returns the kinds that changed.

    Refused where somebody has changed any of it since, or built on what it made.
    """
    with ws.store.write() as tx:
        effects = _effects(tx, group)
        for key, effect in effects.items():
            _refuse_changed(ws, tx, key, effect)
        for key in (key for key, effect in effects.items() if effect.is_new):
            _refuse_built_on(tx, key, effects)
        action = changes.Action(tx, ws.clock.now(), grouped=True)
        for (kind, record_id), effect in effects.items():
            if not effect.is_new:
                _write_back(action, (kind, record_id), effect.before)
        for (kind, record_id), effect in effects.items():
            if effect.is_new:
                community = elements.wanted(tx, kind, record_id).community_id
                action.delete(kind, record_id, community)
    return tuple(dict.fromkeys(kind for kind, _ in effects))


def _write_back(action: changes.Action, key: Key, before: Mapping[str, Json]) -> None:
    community = elements.wanted(action.tx, *key).community_id
    guarded = BY_NAME[key[0]].guarded
    values = {name: value for name, value in before.items() if name not in guarded}
    if values:
        action.put(*key, community, values)
    if MERGED in before and MERGED in guarded:
        action.step(*key, community, (PART, ""), {MERGED: before[MERGED]})


def _effects(tx: sa.Connection, group: str) -> dict[Key, _Effect]:
    found = groups.operations(tx, group)
    if not found:
        raise Refused(_TOO_LATE)
    if any(state in ("refused", "dropped") for state, _ in found):
        raise Refused("这次变动已被服务器退回，没有生效；请到“待处理”中查看")
    effects: dict[Key, _Effect] = {}
    for _, operation in found:
        if not _may_be_undone(operation):
            raise Refused("这次变动包含删除或办理步骤，不能撤销；请直接修改记录")
        key = operation.kind, operation.record
        effects[key] = _added(effects.get(key), operation, _lines(tx, operation))
    return effects


def _may_be_undone(operation: Operation) -> bool:
    return operation.action == "put" or operation.step == MERGE


def _added(known: _Effect | None, operation: Operation, lines: Sequence[Any]) -> _Effect:
    before = {line.field: _json(line.before) for line in lines}
    after = {line.field: _json(line.after) for line in lines}
    if known is None:
        return _Effect("community_id" in operation.fields and not operation.saw, before, after)
    return _Effect(known.is_new, before | dict(known.before), {**known.after, **after})


def _lines(tx: sa.Connection, operation: Operation) -> list[Any]:
    every = history.of(tx, operation.kind, operation.record)
    return [each for each in every if each.operation == operation.id]


def _json(value: str) -> Json:
    decoded: Json = msgspec.json.decode(value)
    return decoded


def _refuse_changed(ws: Workspace, tx: sa.Connection, key: Key, effect: _Effect) -> None:
    kind = BY_NAME[key[0]]
    record, now = records.get(tx, *key), records.fields_of(tx, *key)
    if record is None or now is None:
        raise Refused(f"这次变动涉及的{kind.label}已被删除，或已不在您的网格内，不能撤销")
    if not (allows(ws.actor, "write", kind, record)):
        raise Refused(f"您的岗位或网格不能修改这条{kind.label}，不能撤销")
    watched = now.keys() | effect.after.keys() if effect.is_new else effect.after.keys()
    for field in sorted(watched):
        if now.get(field) != effect.after.get(field):
            label = kind.column(field).label if field in kind.known else kind.label
            raise Refused(
                f"变动以后，{kind.label}的“{label}”又被修改过，不能撤销；如需更正，请直接修改"
            )


def _refuse_built_on(tx: sa.Connection, key: Key, effects: Mapping[Key, _Effect]) -> None:
    """Nobody may be left naming a record that is taken away again."""
    for kind, field in _referring(key[0]):
        named = records.find(tx, kind, filters=[Filter(field, "=", key[1])], limit=-1)
        if any(not _is_undone(kind, field, each, effects) for each in named):
            label = BY_NAME[kind].label
            raise Refused(f"变动以后又登记了相关的{label}，不能撤销；如需更正，请直接修改")


def _referring(kind: str) -> list[tuple[str, str]]:
    found = [
        (each.name, column.name)
        for each in KINDS
        for column in each.columns
        if column.type == "ref" and column.facts.target == kind
    ]
    return [*found, ("attachment", "record_id")]


def _is_undone(kind: str, field: str, record: Element, effects: Mapping[Key, _Effect]) -> bool:
    effect = effects.get((kind, record.id))
    return effect is not None and (effect.is_new or field in effect.before)
