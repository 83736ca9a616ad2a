"""合并: what becomes of an operation, field by field. The same function on every server.

The rule (sync protocol, section 6): a change names the operation whose value its author saw. If
that value still stands, the change stands. If another stands, the two are truly concurrent: what is
confirmed stays, the newcomer is kept beside it as a conflict until a person chooses.
"""

import dataclasses
import uuid
from collections.abc import Mapping, Sequence

import msgspec

from sqzl_desktop.protocol.messages import Author, Operation, Outcome, Row
from sqzl_desktop.schema.fields import Json

ALL = "*"
Agreements = Mapping[str, Mapping[str, str]]
_KEPT = uuid.UUID("0d8a3a52-3c59-4a87-8a6a-3a7a1c7f5a11")


@dataclasses.dataclass(frozen=True, slots=True)
class Kept:
    """A conflict as the merge sees it: the value that was kept beside the standing one."""

    id: str
    about: str
    field: str
    standing_value: Json
    standing_op: str
    other_value: Json
    other_op: str


@dataclasses.dataclass(frozen=True, slots=True)
class Merged:
    """The row after an operation, and the conflicts that it made or changed.

    `row` has the revision of the row before; the caller gives it the new one. None: no row was
    there and none was made. `agreed` maps the fields whose value stood already to the operation
    that had written it: who later says "I saw this operation" has seen that one.
    """

    row: Row | None
    outcome: Outcome
    kept: tuple[Kept, ...] = ()
    reason: str = ""
    agreed: Mapping[str, str] = dataclasses.field(default_factory=dict)


def writer(row: Row, field: str) -> str:
    """The operation that produced a field's value; "" where the field was never set."""
    if field in row.writes:
        return row.writes[field]
    return row.writes.get(ALL, "") if field in row.fields else ""


def merge(
    row: Row | None,
    operation: Operation,
    open_conflicts: Sequence[Kept] = (),
    agreed: Agreements | None = None,
) -> Merged:
    """What a put or delete makes of the row it meets.

    `open_conflicts` are the unsettled ones of this record; `agreed` holds, per earlier operation
    that the author saw, what `Merged.agreed` said of it. Steps are not merged: the flow decides.
    """
    if operation.action == "delete":
        return _delete(row, operation)
    if row is None:
        return Merged(_create(operation), "applied")
    if row.deleted:
        return _edit_after_delete(row, operation)
    return _edit(row, operation, open_conflicts, agreed or {})


def overlay(row: Row | None, operations: Sequence[Operation]) -> tuple[dict[str, Json], bool]:
    """(fields, deleted) as a device shows them: the confirmed row and its own changes upon it."""
    fields = dict(row.fields) if row else {}
    deleted = row.deleted if row else False
    for operation in operations:
        if operation.action == "delete":
            deleted = True
            continue
        fields = written(fields, operation.fields)
        for name, (added, removed) in operation.sets.items():
            fields = written(fields, {name: _with_elements(fields.get(name), added, removed)})
    return fields, deleted


def kept_id(operation: str, field: str) -> str:
    """The id of the conflict that an operation's field makes; the same on every server."""
    return str(uuid.uuid5(_KEPT, f"{operation}/{field}"))


def _create(operation: Operation) -> Row:
    fields, _ = overlay(None, [operation])
    return Row(
        operation.kind,
        operation.record,
        str(fields.get("grid_id", "")),
        0,
        fields,
        {ALL: operation.id},
        operation.id,
    )


def _edit(
    row: Row, operation: Operation, open_conflicts: Sequence[Kept], agreed: Agreements
) -> Merged:
    won: dict[str, Json] = {}
    kept: list[Kept] = []
    same: dict[str, str] = {}
    for field, value in operation.fields.items():
        standing, stands = row.fields.get(field), writer(row, field)
        saw = operation.saw.get(field, "")
        mine = [each for each in open_conflicts if each.field == field]
        if value == standing:
            same[field] = stands
        elif stands in (saw, agreed.get(saw, {}).get(field)):
            won[field] = value
            kept += [_moved(each, value, operation.id) for each in mine]
        else:
            kept.append(_kept(mine, saw, field, (standing, stands), (value, operation.id)))
    for field, (added, removed) in operation.sets.items():
        elements = _with_elements(row.fields.get(field), added, removed)
        if elements != row.fields.get(field):
            won[field] = elements
    clashed = any(each.other_op == operation.id for each in kept)
    outcome: Outcome = "conflict_kept" if clashed else "applied" if won else "noop"
    after = _changed(row, operation.id, won) if won else row
    return Merged(after, outcome, tuple(kept), agreed=same)


def _changed(row: Row, operation: str, values: Mapping[str, Json]) -> Row:
    fields = written(row.fields, values)
    writes = {**row.writes, **dict.fromkeys(values, operation)}
    return msgspec.structs.replace(
        row, fields=fields, writes=writes, last=operation, grid=str(fields.get("grid_id", ""))
    )


def _moved(conflict: Kept, value: Json, operation: str) -> Kept:
    """The standing value of an open conflict was edited by someone who saw it."""
    return dataclasses.replace(conflict, standing_value=value, standing_op=operation)


def _kept(
    mine: Sequence[Kept],
    saw: str,
    field: str,
    standing: tuple[Json, str],
    other: tuple[Json, str],
) -> Kept:
    """The conflict that keeps the newcomer; one it had seen itself is superseded by it."""
    for each in mine:
        if each.other_op == saw:
            return dataclasses.replace(each, other_value=other[0], other_op=other[1])
    return Kept(kept_id(other[1], field), "value", field, *standing, *other)


def _edit_after_delete(row: Row, operation: Operation) -> Merged:
    fields, _ = overlay(row, [operation])
    touched = [name for name in (*operation.fields, *operation.sets)
               if fields.get(name) != row.fields.get(name)]  # fmt: skip
    kept = tuple(
        Kept(kept_id(operation.id, name), "edit_after_delete", name, row.fields.get(name),
             row.last, fields.get(name), operation.id)
        for name in touched
    )  # fmt: skip
    return Merged(
        row, "conflict_kept" if kept else "noop", kept, "该记录已被删除，您的修改已保留待处理"
    )


def _delete(row: Row | None, operation: Operation) -> Merged:
    if row is None or row.deleted:
        return Merged(row, "noop")
    if operation.saw.get(ALL, "") == row.last:
        return Merged(msgspec.structs.replace(row, deleted=True, last=operation.id), "applied")
    kept = Kept(kept_id(operation.id, ""), "stale_delete", "", None, row.last, None, operation.id)
    reason = "删除之前该记录已被他人修改，记录保留，删除待确认"
    return Merged(row, "conflict_kept", (kept,), reason)


def written(fields: Mapping[str, Json], values: Mapping[str, Json]) -> dict[str, Json]:
    """Fields with new values over them; one of None is not there any more."""
    result = {**fields, **values}
    return {name: value for name, value in result.items() if value is not None}


def _with_elements(value: Json, added: Sequence[str], removed: Sequence[str]) -> Json:
    elements = {str(each) for each in value} if isinstance(value, list) else set()
    left = sorted((elements - set(removed)) | set(added))
    return [*left] or None


def author_unknown() -> Author:
    """Stands in for an operation whose author is not known any more."""
    return Author("", "", "", "")
