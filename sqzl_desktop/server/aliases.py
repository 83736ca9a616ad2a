"""并入: of two records of one person one is kept, the other stays as an alias that leads to it.

Whoever comes second the other way round is refused: two aliases that lead to each other would be
nobody. What somebody writes on an alias without knowing, before or after, stays there and is kept
beside the value of the record it leads to, as a conflict, until a person chooses.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec
import sqlalchemy as sa

from sqzl_desktop.domain.aliases import MERGE, PART, PLACE, STEPS
from sqzl_desktop.protocol.merge import Kept, Merged, kept_id, writer
from sqzl_desktop.protocol.messages import Operation, Row
from sqzl_desktop.server import rows
from sqzl_desktop.server.desk import Desk, Verdict
from sqzl_desktop.server.refusals import Held, Rejected
from sqzl_desktop.server.rows import Key, Stored

NAME = "resident"
_AGAIN = "请同步后查看最新情况"


def load(
    connection: sa.Connection,
    community: str,
    operations: Sequence[Operation],
    touched: Mapping[Key, Stored],
) -> dict[Key, Stored]:
    """The records that merges and aliases of a push lead to, by every alias on the way, locked."""
    found: dict[Key, Stored] = {}
    wanted = {_target(each.fields) for each in operations if each.step == MERGE}
    wanted |= {_target(each.row.fields) for each in touched.values() if each.row.kind == NAME}
    wanted -= {""}
    while wanted:
        new = rows.load(connection, community, {(NAME, each) for each in wanted}, lock=True)
        found |= new
        wanted = {_target(each.row.fields) for each in new.values()} - {""}
        wanted -= {record for _, record in found}
    return found


def decide(desk: Desk, row: Row, operation: Operation) -> Verdict:
    """What becomes of a merge of a record into another, or of parting them again."""
    assert operation.step in STEPS
    if row.deleted:
        raise Rejected("该居民已被删除，不能合并", _AGAIN)
    standing, wanted = _target(row.fields), _target(operation.fields)
    if operation.step == PART:
        return _write(desk, row, operation, None) if standing else Verdict("noop")
    if standing == wanted:
        return Verdict("noop")
    if standing:
        raise Rejected("该居民已并入另一条记录，您的合并没有生效", _AGAIN)
    _refuse_target(desk, row, wanted, operation)
    verdict = _write(desk, row, operation, wanted)
    if operation.saw:
        unseen = [name for name in row.fields if not _saw(desk, row, operation, name)]
        _carry_over(desk, row.id, unseen)
    return verdict


def follow_edit(desk: Desk, record: str, operation: Operation) -> None:
    """What an edit has written on an alias is put beside the values of the record it leads to."""
    row = desk.rows[NAME, record]
    named = (*operation.fields, *operation.sets)
    _carry_over(desk, record, [name for name in named if writer(row, name) == operation.id])


def _carry_over(desk: Desk, alias_id: str, names: Iterable[str]) -> None:
    alias = desk.rows[NAME, alias_id]
    kept = _kept(desk, alias)
    if kept is None:
        return
    beside = tuple(
        Kept(
            kept_id(f"{writer(alias, name)}/{kept.id}", name), "value", name,
            kept.fields.get(name), writer(kept, name), alias.fields[name], writer(alias, name),
        )
        for name in names
        if name in alias.fields
        and name not in PLACE
        and alias.fields[name] != kept.fields.get(name)
    )  # fmt: skip
    desk.take((NAME, kept.id), Merged(kept, "applied", beside))


def _kept(desk: Desk, alias: Row) -> Row | None:
    found, seen = alias, set[str]()
    while target := _target(found.fields):
        onward = desk.rows.get((NAME, target))
        if onward is None or onward.deleted or target in seen:
            return None
        seen.add(target)
        found = onward
    return None if found is alias else found


def _saw(desk: Desk, row: Row, operation: Operation, name: str) -> bool:
    saw, stands = operation.saw.get(name, ""), writer(row, name)
    return name in PLACE or stands in (saw, desk.agreed.get(saw, {}).get(name))


def _refuse_target(desk: Desk, row: Row, wanted: str, operation: Operation) -> None:
    kept = desk.rows.get((NAME, wanted))
    if kept is None or kept.deleted or wanted == row.id:
        raise Rejected("要保留的居民已不存在，不能合并", _AGAIN)
    if not desk.scene.holds(kept.grid, operation):
        raise Held("要保留的居民已不在您负责的网格内")
    seen: set[str] = set()
    while kept is not None and kept.id not in seen:
        if kept.id == row.id:
            raise Rejected("这两条记录已由他人合并，保留的是另一条；您的合并没有生效", _AGAIN)
        seen.add(kept.id)
        kept = desk.rows.get((NAME, _target(kept.fields)))


def _write(desk: Desk, row: Row, operation: Operation, target: str | None) -> Verdict:
    fields = {name: value for name, value in row.fields.items() if name != "merged_into"}
    if target:
        fields["merged_into"] = target
    writes = {**row.writes, "merged_into": operation.id}
    desk.rows[NAME, row.id] = msgspec.structs.replace(
        row, fields=fields, writes=writes, last=operation.id
    )
    return Verdict("applied")


def _target(fields: object) -> str:
    return str(fields.get("merged_into") or "") if isinstance(fields, dict) else ""
