"""保存: what happens to a record between the form and the store."""

import dataclasses
from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa

from sqzl_desktop.base import identity, text
from sqzl_desktop.base.errors import Invalid, Refused
from sqzl_desktop.base.ids import new_id
from sqzl_desktop.domain.access import COMMUNITY_DIGITS, allows
from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.domain.flows import FLOWS
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.schema.check import problems
from sqzl_desktop.schema.codec import changed_fields, to_fields
from sqzl_desktop.schema.fields import Element, Format
from sqzl_desktop.schema.kind import Kind
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import changes, records

_TIDY = {
    "id_number": identity.normal_id_number,
    "phone": identity.normal_phone,
    "uscc": identity.normal_uscc,
}


def prepared(record: Element, kind: Kind[Any]) -> Element:
    """The record with its texts cleaned and its numbers written the usual way."""
    tidy: dict[str, Any] = {}
    for column in kind.columns:
        value = getattr(record, column.name)
        if column.type == "text" and value:
            tidy[column.name] = _tidy(column.format, text.clean(value))
        elif column.type == "note" and value:
            tidy[column.name] = value.strip()
    return dataclasses.replace(record, **tidy)


def _tidy(how: Format, value: str) -> str:
    return _TIDY[how](value) if how in _TIDY else value


def put(
    ws: Workspace,
    action: changes.Action,
    record: Element,
    kind: Kind[Any],
    *,
    only_changed: bool = False,
    coming: Collection[str] = (),
) -> Element:
    """Check a record and write it with its operation; returns it as it was written.

    With `only_changed`, what was wrong before and is left alone does not stand in the way.
    `coming` are the ids of records that the same action makes.
    """
    tx = action.tx
    before = records.get(tx, kind.name, record.id) if record.id else None
    after = with_place(ws, tx, prepared(record, kind), kind)
    found = problems(kind, after, lists=code_list, today=ws.today)
    if before is not None and only_changed:
        touched = changed_fields(kind, before, after)
        found = {name: sentence for name, sentence in found.items() if name in touched}
    missing = _missing_targets(tx, kind, before, after)
    found |= {each: missing[each] for each in missing if getattr(after, each) not in coming}
    if not after.community_id:
        found["community_id"] = "请选择所属社区"
    if found:
        raise Invalid(found)
    if before is None:
        return _create(ws, action, after, kind)
    _refuse_edit(ws, kind, before, after)
    changed = changed_fields(kind, before, after)
    action.put(kind.name, after.id, after.community_id, changed)
    if before.grid_id != after.grid_id:
        _move_attachments(action, kind, after)
    return after


def _move_attachments(action: changes.Action, kind: Kind[Any], record: Element) -> None:
    """Photos and files go to another grid with their record: who sees it sees them."""
    about = [Filter("record_id", "=", record.id), Filter("record_kind", "=", kind.name)]
    for each in records.find(action.tx, "attachment", filters=about):
        action.put("attachment", each.id, each.community_id, {"grid_id": record.grid_id or None})


def _create(ws: Workspace, action: changes.Action, record: Element, kind: Kind[Any]) -> Element:
    if not allows(ws.actor, "create", kind, record):
        raise Refused(f"您的岗位或网格不能登记这条{kind.label}")
    given = record.id or (getattr(record, kind.key) if kind.key else new_id())
    started = _starting_state(kind)
    record = dataclasses.replace(record, id=given, **started)
    action.put(kind.name, record.id, record.community_id, to_fields(kind, record))
    return record


def _starting_state(kind: Kind[Any]) -> dict[str, Any]:
    return {"state": FLOWS[kind.name].initial} if kind.name in FLOWS else {}


def _refuse_edit(ws: Workspace, kind: Kind[Any], before: Element, after: Element) -> None:
    if not (allows(ws.actor, "write", kind, before) and allows(ws.actor, "write", kind, after)):
        raise Refused(f"您的岗位或网格不能修改这条{kind.label}")
    if kind.append_only:
        raise Refused(f"{kind.label}是办理凭据，登记后不能修改，可以再登记一条")
    for name in kind.guarded:
        if getattr(before, name) != getattr(after, name):
            raise Refused(f"“{kind.column(name).label}”只能通过办理步骤改变")
    fixed = FLOWS[kind.name].fixed(before, ws.actor) if kind.name in FLOWS else {}
    for name, why in fixed.items():
        if getattr(before, name) != getattr(after, name):
            raise Refused(f"“{kind.column(name).label}”{why}")


def with_place(ws: Workspace, tx: sa.Connection, record: Element, kind: Kind[Any]) -> Element:
    """The record with community and grid taken from what it refers to, where they are missing."""
    record = _with_community(ws, record, kind)
    if record.grid_id or not kind.in_grid:
        return record
    for column in kind.columns:
        target = getattr(record, column.name)
        if column.type != "ref" or column.name in ("community_id", "grid_id") or not target:
            continue
        found = records.get(tx, column.facts.target, target)
        if found is not None and found.grid_id:
            return dataclasses.replace(
                record, grid_id=found.grid_id, community_id=found.community_id
            )
    return record


def _with_community(ws: Workspace, record: Element, kind: Kind[Any]) -> Element:
    """The community is the only one there is, or the first 12 digits of an official code."""
    if record.community_id:
        return record
    code = record.grid_id or (getattr(record, kind.key) if kind.key else "")
    known = ws.communities[0] if len(ws.communities) == 1 else code[:COMMUNITY_DIGITS]
    return dataclasses.replace(record, community_id=known)


def _missing_targets(
    tx: sa.Connection, kind: Kind[Any], before: Element | None, after: Element
) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for column in kind.columns:
        target = getattr(after, column.name)
        if column.type != "ref" or not target or target == getattr(before, column.name, None):
            continue
        if records.get(tx, column.facts.target, target) is None:
            label = BY_NAME[column.facts.target].label
            found[column.name] = f"找不到所填的{label}，请重新选择{column.label}"
    return found
