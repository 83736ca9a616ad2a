"""要素: save, delete, find and show records of any kind, with check, rights and history."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from sqzl_desktop.base import text
from sqzl_desktop.base.errors import NotFound, Refused
from sqzl_desktop.domain import access
from sqzl_desktop.domain.access import allows
from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.filters import Filter, Order
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.schema import check as checks
from sqzl_desktop.schema.codec import cell_text, decode
from sqzl_desktop.schema.fields import Element, Json
from sqzl_desktop.schema.kind import Column, Kind
from sqzl_desktop.services.saving import prepared, put
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import audit, blobs, changes, records


@dataclasses.dataclass(frozen=True, slots=True)
class Report:
    """What a check found: problems keep a record from being saved, doubts only warn."""

    problems: Mapping[str, str]
    doubts: Mapping[str, str]


def kind_of(record: Element) -> Kind[Any]:
    """The kind that a record is of."""
    return next(kind for kind in BY_NAME.values() if kind.record is type(record))


def blank(ws: Workspace, kind: str, **given: Any) -> Element:
    """A new record with what is known filled in: the community, and the grid where there is one."""
    grids = [code for code in ws.actor.scope if len(code) > 12]
    known: dict[str, Any] = {}
    if len(ws.communities) == 1:
        known["community_id"] = ws.communities[0]
    if len(grids) == 1 and BY_NAME[kind].in_grid:
        known["grid_id"] = grids[0]
    record: Element = BY_NAME[kind].record(**{**known, **given})
    return record


def get(ws: Workspace, kind: str, record_id: str) -> Element:
    """The record of that id; NotFound where there is none in sight."""
    with ws.store.read() as tx:
        return wanted(tx, kind, record_id)


def wanted(tx: sa.Connection, kind: str, record_id: str) -> Element:
    """The record of that id inside a transaction; NotFound where there is none."""
    record = records.get(tx, kind, record_id)
    if record is None:
        raise NotFound(f"找不到这条{BY_NAME[kind].label}，可能已被删除或不在您的网格内")
    return record


def check(ws: Workspace, record: Element) -> Report:
    """Problems and doubts of a record as it stands in the form. No query."""
    kind = kind_of(record)
    tidy = prepared(record, kind)
    problems = checks.problems(kind, tidy, lists=code_list, today=ws.today)
    if not tidy.grid_id and any(_gives_place(kind, tidy)):
        problems.pop("grid_id", None)
    return Report(problems, checks.doubts(kind, tidy, today=ws.today))


def _gives_place(kind: Kind[Any], record: Element) -> Iterable[bool]:
    return (
        bool(getattr(record, column.name))
        for column in kind.columns
        if column.type == "ref" and column.name not in ("community_id", "grid_id")
    )


def save(ws: Workspace, record: Element) -> Element:
    """Save a record, new when its id is "". Invalid or Refused with sentences otherwise."""
    return save_all(ws, [record])[0]


def save_all(ws: Workspace, some: Sequence[Element]) -> list[Element]:
    """Save several records as one user action: all or none."""
    with ws.store.write() as tx:
        action = changes.Action(tx, ws.clock.now(), grouped=len(some) > 1)
        return [put(ws, action, record, kind_of(record)) for record in some]


def delete(ws: Workspace, kind: str, record_id: str) -> None:
    """Delete a record. It stays in the history of every device that knew it."""
    with ws.store.write() as tx:
        record = wanted(tx, kind, record_id)
        if not allows(ws.actor, "write", BY_NAME[kind], record):
            raise Refused(f"您的岗位不能删除{BY_NAME[kind].label}")
        if BY_NAME[kind].append_only:
            raise Refused(f"{BY_NAME[kind].label}是办理凭据，不能删除")
        changes.Action(tx, ws.clock.now()).delete(kind, record_id, record.community_id)


def find(
    ws: Workspace,
    kind: str,
    *,
    filters: Sequence[Filter] = (),
    order: Sequence[Order] = (),
    limit: int = 200,
    offset: int = 0,
) -> list[Element]:
    """The records that pass the filters, in order, a page of them."""
    with ws.store.read() as tx:
        return records.find(tx, kind, filters=filters, order=order, limit=limit, offset=offset)


def count(ws: Workspace, kind: str, *, filters: Sequence[Filter] = ()) -> int:
    """How many records pass the filters."""
    with ws.store.read() as tx:
        return records.count(tx, kind, filters=filters)


def titles(ws: Workspace, kind: str, ids: Iterable[str]) -> dict[str, str]:
    """What people call the records of those ids; unknown ids are left out."""
    with ws.store.read() as tx:
        return titles_in(tx, kind, ids)


def titles_in(tx: sa.Connection, kind: str, ids: Iterable[str]) -> dict[str, str]:
    """The same inside a transaction. A title made of references shows what they refer to."""
    described = BY_NAME[kind]
    found = records.values_of(tx, kind, described.title, (each for each in ids if each))
    parts: dict[str, list[str]] = {record_id: [] for record_id in found}
    for name in described.title:
        column = described.column(name)
        values = {record_id: each[name] for record_id, each in found.items()}
        if column.type == "ref":
            inner = titles_in(tx, column.facts.target, map(str, values.values()))
            shown_values = {key: inner.get(str(value), "") for key, value in values.items()}
        else:
            shown_values = {
                key: cell_text(column, value, code_list) for key, value in values.items()
            }
        for record_id, shown_value in shown_values.items():
            parts[record_id].append(shown_value)
    return {record_id: " ".join(filter(None, words)) for record_id, words in parts.items()}


def masked(column: Column, value: Any) -> str:
    """A value as text, masked where it is sensitive."""
    shown_text = cell_text(column, value, code_list)
    return text.mask(shown_text, column.format) if column.facts.sensitive else shown_text


def worded(tx: sa.Connection, column: Column, value: Any) -> str:
    """A value as text, masked where it is sensitive; a reference by the title it leads to."""
    if column.type != "ref" or not value:
        return masked(column, value)
    return titles_in(tx, column.facts.target, [value]).get(value, "（不在本机）")


def worded_json(tx: sa.Connection, column: Column, value: Json) -> str:
    """A JSON value in the same words."""
    return worded(tx, column, decode(column, value))


def shown(ws: Workspace, record: Element, column: Column) -> str:  # noqa: ARG001
    """A field of a record as a list shows it: masked where sensitive; references stay ids."""
    return masked(column, getattr(record, column.name))


def sync_state(ws: Workspace, kind: str, record_id: str) -> str:
    """`pending` 未上报, `confirmed` 已上报 or `refused` 被退回. Its photos count, too."""
    with ws.store.read() as tx:
        return state_in(tx, kind, record_id)


def state_in(tx: sa.Connection, kind: str, record_id: str) -> str:
    """The same inside a transaction."""
    own = changes.state_of(tx, kind, record_id)
    if own == "confirmed" and blobs.unsent_of(tx, kind, record_id):
        return "pending"
    return own


def may_know(ws: Workspace, kind: str) -> bool:
    """May the actor know who is in the register of this kind?"""
    return access.may_know(ws.actor, kind)


def may(ws: Workspace, action: str, kind: str, record: Element | None = None) -> bool:
    """May this person do this? No query; buttons ask it."""
    return allows(ws.actor, action, BY_NAME[kind], record)


def reveal(ws: Workspace, kind: str, record_id: str, field: str) -> str:
    """A sensitive field in clear. The audit keeps who asked for which field of which record."""
    described = BY_NAME[kind]
    with ws.store.write() as tx:
        record = wanted(tx, kind, record_id)
        if not allows(ws.actor, "reveal", described, record):
            raise Refused("您的岗位不能查看完整信息，请联系社区负责人")
        audit.note(tx, ws.clock.now(), ws.actor.account, "reveal", (kind, record_id, field))
    column = described.column(field)
    return cell_text(column, getattr(record, field), code_list)


def reveal_all(ws: Workspace, kind: str, some: Sequence[Element]) -> None:
    """Ask for the sensitive fields of several records in clear: one audit line for each."""
    described = BY_NAME[kind]
    fields = ",".join(column.name for column in described.columns if column.facts.sensitive)
    with ws.store.write() as tx:
        for record in some:
            if not allows(ws.actor, "reveal", described, record):
                raise Refused("您的岗位不能查看完整信息，请联系社区负责人")
            audit.note(tx, ws.clock.now(), ws.actor.account, "reveal", (kind, record.id, fields))


def refused(ws: Workspace) -> list[tuple[str, str, str, str]]:
    """What the server did not accept: (kind, record, reason, what to do), newest first."""
    with ws.store.read() as tx:
        return [(each.kind, each.record, each.reason, each.advice) for each in changes.refused(tx)]
