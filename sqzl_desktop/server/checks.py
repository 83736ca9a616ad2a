"""检查: may this operation be, and are its values what they should be?"""

import math
from collections.abc import Mapping
from typing import Any

import msgspec

from sqzl_desktop.domain import access
from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.flows import FLOWS
from sqzl_desktop.protocol.merge import overlay
from sqzl_desktop.protocol.messages import Operation, Row
from sqzl_desktop.schema import check, codec
from sqzl_desktop.schema.fields import Element, Json
from sqzl_desktop.schema.kind import Column, Kind
from sqzl_desktop.server.desk import Scene
from sqzl_desktop.server.refusals import Held, Rejected

_PLAIN_TEXT = ("text", "note", "code", "ref")
_LARGEST_NUMBER = 2**53
_NUL = "\0"  # PostgreSQL takes it in no text
_ASK_LEAD = "如需办理，请联系社区负责人"


def right(scene: Scene, action: str, kind: Kind[Any]) -> None:
    """Rejected where the author's post does not include the action."""
    if not access.allows(scene.actor, action, kind):
        post = access.ROLES.get(scene.actor.role, scene.actor.role)
        raise Rejected(f"“{post}”岗位不能修改{kind.label}", _ASK_LEAD)


def in_sight(scene: Scene, row: Row | None, operation: Operation) -> None:
    """Held where the record, or the grid it is to go to, lies outside the author's scope."""
    if row is not None and not scene.holds(row.grid, operation):
        raise Held("该记录已不在您负责的网格内")
    grid = operation.fields.get("grid_id") or ""
    if isinstance(grid, str) and not scene.holds(grid, operation):
        raise Held("所属网格不在您的负责范围内")


def cleaned(scene: Scene, kind: Kind[Any], row: Row | None, operation: Operation) -> Operation:
    """The operation with its values in their one canonical form; Rejected where any is wrong."""
    columns = kind.by_name
    fields = {
        name: canonical(columns[name], value) if name in columns else value
        for name, value in operation.fields.items()
    }
    for name in operation.sets:
        if name in columns and columns[name].type != "many":
            raise Rejected(f"{columns[name].label}不能按多项增减")
    if any(_NUL in part for added, _ in operation.sets.values() for part in added):
        raise Rejected("标签含有无法保存的字符")
    operation = msgspec.structs.replace(operation, fields=fields)
    _belongs(scene, kind, row, operation)
    _guarded(scene, kind, row, operation)
    _passes(scene, kind, row, operation)
    return operation


def canonical(column: Column, value: Json) -> Json:
    """The value as every program writes it: defaults as None, lists sorted, times in UTC."""
    if column.type in _PLAIN_TEXT and isinstance(value, str):
        if _NUL in value:
            raise Rejected(f"{column.label}含有无法保存的字符")
        return None if value == column.default else value
    try:
        decoded = codec.decode(column, value)
    except codec.Unreadable as error:
        raise Rejected(str(error)) from error
    except OverflowError as error:
        raise Rejected(f"{column.label}的内容无法识别") from error
    if decoded == column.default:
        return None
    parts = decoded if isinstance(decoded, tuple) else (decoded,)
    if any(isinstance(part, str) and _NUL in part for part in parts):
        raise Rejected(f"{column.label}含有无法保存的字符")
    if any(isinstance(part, int | float) and not _moderate(part) for part in parts):
        raise Rejected(f"{column.label}的数值超出范围")
    return codec.encode(decoded)


def described(kind: Kind[Any], record_id: str, fields: Mapping[str, Json]) -> Element:
    """The record that fields describe, old values that nobody can read left out."""
    values: dict[str, Any] = {}
    for name in fields.keys() & kind.known:
        column, value = kind.by_name[name], fields[name]
        if isinstance(value, str) and column.facts.type in _PLAIN_TEXT:
            values[name] = value
            continue
        try:
            values[name] = codec.decode(column, value)
        except codec.Unreadable:
            continue
    record: Element = kind.record(id=record_id, **values)
    return record


def _moderate(number: float) -> bool:
    return math.isfinite(number) and abs(number) <= _LARGEST_NUMBER


def _belongs(scene: Scene, kind: Kind[Any], row: Row | None, operation: Operation) -> None:
    """Community, grid and official code say where and what the record is: they must fit it."""
    fields = operation.fields
    if (row is None or "community_id" in fields) and fields.get("community_id") != scene.community:
        raise Rejected("所属社区与上报的社区不一致")
    grid = fields.get("grid_id") or ""
    if not str(grid).startswith(scene.community) and grid:
        raise Rejected("所属网格不属于本社区，请重新选择网格")
    if (
        kind.key
        and (row is None or kind.key in fields)
        and fields.get(kind.key) != operation.record
    ):
        raise Rejected(f"{kind.column(kind.key).label}是该记录的标识，不能修改")


def _guarded(scene: Scene, kind: Kind[Any], row: Row | None, operation: Operation) -> None:
    if row is None:
        flow = FLOWS.get(kind.name)
        state = operation.fields.get("state")
        if flow and state not in (None, flow.initial):
            raise Rejected(f"新建{kind.label}只能从“{_state_label(kind, flow.initial)}”开始")
        return
    changed = {
        name: value for name, value in operation.fields.items() if value != row.fields.get(name)
    }
    if kind.append_only and (changed or operation.sets):
        raise Rejected(f"{kind.label}保存后不能修改", "请另外新建一条记录说明情况")
    for name in kind.guarded:
        if name in changed:
            label = kind.column(name).label
            raise Rejected(f"{label}不能直接修改", "请通过办理步骤变更")
    if kind.name in FLOWS:
        before = described(kind, row.id, row.fields)
        for name, why in FLOWS[kind.name].fixed(before, scene.actor).items():
            if name in changed:
                raise Rejected(f"{kind.column(name).label}{why}", _ASK_LEAD)


def _passes(scene: Scene, kind: Kind[Any], row: Row | None, operation: Operation) -> None:
    fields, _ = overlay(row, [operation])
    record = described(kind, operation.record, fields)
    touched = None if row is None else {*operation.fields, *operation.sets}
    found = check.problems(kind, record, lists=code_list, today=scene.today, touched=touched)
    sentences = [
        sentence for field, sentence in found.items() if touched is None or field in touched
    ]
    if sentences:
        raise Rejected("；".join(sentences))


def _state_label(kind: Kind[Any], state: str) -> str:
    return code_list(kind.column("state").facts.codes).label(state)
