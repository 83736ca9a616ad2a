"""重新划分: what a redrawing moves, moved in the transaction of its push, and what comes after it.

A device that worked offline may register what belongs to a building that has moved. It goes to the
grid where the building is now, so that nobody's household is split; where its author does not
hold that grid, it waits there as a handover.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from sqzl_desktop.domain import redrawing
from sqzl_desktop.domain.kinds.redrawing import REDRAWING
from sqzl_desktop.domain.redrawing import Placed, Plan
from sqzl_desktop.protocol.merge import Merged, writer
from sqzl_desktop.protocol.messages import MOST_OPERATIONS, Operation, Row
from sqzl_desktop.server import bulk, rows
from sqzl_desktop.server.desk import Desk
from sqzl_desktop.server.refusals import Rejected
from sqzl_desktop.server.rows import Key, Stored
from sqzl_desktop.server.tables import RECORD

NAME = REDRAWING.name
_PASSES = 3  # a person, where it lives, what is kept of it

_community = sa.bindparam("community", type_=sa.Text)
_IN_GRIDS = bulk.Among(
    lambda among: (
        sa.select(RECORD)
        .where(RECORD.c.community == _community, among(RECORD.c.grid), RECORD.c.deleted == 0)
        .order_by(RECORD.c.kind + "", RECORD.c.id + "")
        .with_for_update()
    )
)
_ALL = sa.select(RECORD).where(RECORD.c.community == _community, RECORD.c.kind == NAME)


def load(
    connection: sa.Connection, community: str, operations: Sequence[Operation]
) -> dict[Key, Stored]:
    """All that the redrawings of a push may move, locked, and the grids they name."""
    plans = [plan for each in operations if (plan := _plan_of(each))]
    if not plans:
        return {}
    buildings = {("building", each) for plan in plans for each in plan.of_building}
    named = {code for plan in plans for code in (*plan.moves, *plan.merges, *plan.merges.values())}
    left = {each.row.grid for each in rows.load(connection, community, buildings).values()}
    left |= {code for plan in plans for code in plan.merges}
    found = rows.load(connection, community, {("grid", code) for code in named}, lock=True)
    for part in rows.chunks(sorted(left - {""})):
        for each in _IN_GRIDS.run(connection, part, community=community).all():
            found[each.kind, each.id] = rows.stored(each)
    return found


def carry_out(desk: Desk, operation: Operation, merged: Merged) -> Merged:
    """Move everything; the redrawing with how much it was. Rejected, and nothing is moved, where
    a grid is missing."""
    if desk.scene.zones.grids is not None:
        raise Rejected("只有负责整个社区的人员可以重新划分网格", "请联系社区负责人")
    plan = redrawing.read(str(operation.fields.get("plan") or ""))
    assert plan is not None  # the kind's own rule has checked it
    for code in (*plan.moves, *plan.merges, *plan.merges.values()):
        grid = desk.rows.get(("grid", code))
        if grid is None or grid.deleted:
            raise Rejected(f"网格{code}不存在或已被撤销", "请同步后重新拟定方案")
    if set(plan.merges) & {*plan.merges.values(), *plan.moves}:
        raise Rejected("要撤销的网格不能再划入楼栋", "请修改方案后重新执行")
    present = [row for row in desk.rows.values() if not row.deleted]
    places = redrawing.moved(map(_placed, present), plan)
    for key, goes_to in places.items():
        desk.rows[key] = rows.in_grid(desk.rows[key], goes_to, operation.id)
    for code in plan.merges:
        emptied = desk.rows["grid", code]
        desk.rows["grid", code] = msgspec.structs.replace(emptied, deleted=True, last=operation.id)
    assert merged.row is not None
    fields = {**merged.row.fields, "moved_count": len(places)}
    return dataclasses.replace(merged, row=msgspec.structs.replace(merged.row, fields=fields))


def end_of(connection: sa.Connection, community: str, seq: int) -> int:
    """Where a page of the log may end that would end at `seq`: not in the midst of a redrawing.

    Its own line is the last of what it moved; a device takes all of it in one transaction.
    """
    for each in connection.execute(_ALL, {"community": community}):
        count = rows.stored(each).row.fields.get("moved_count")
        count = count if isinstance(count, int) else 0
        if each.rev - count - MOST_OPERATIONS <= seq < each.rev:
            seq = each.rev
    return seq


def grid_now(connection: sa.Connection, community: str, row: Row, *, linked: bool) -> str:
    """Where what was to lie in the grid of a row lies now; where `linked`, with its building."""
    before = [rows.stored(each).row for each in connection.execute(_ALL, {"community": community})]
    links = _linked_fields(row.fields) if linked else []
    by = {each.last for each in before}
    for each in rows.load(connection, community, links).values() if before else ():
        if _is_moved(each.row, by):
            return each.row.grid
    return _merged_on(row.grid, _merges(before))


def follow(
    connection: sa.Connection, community: str, operations: Sequence[Operation]
) -> list[Operation]:
    """The operations, what they make put where a redrawing has put that to which it belongs."""
    new = [each for each in operations if each.action == "put" and "community_id" in each.fields]
    if not new:
        return list(operations)
    before = [rows.stored(each).row for each in connection.execute(_ALL, {"community": community})]
    if not before:
        return list(operations)
    merges = _merges(before)
    wanted = {key for each in new for key in _linked(each)}
    stored = rows.load(connection, community, wanted)
    by = {each.last for each in before}
    grids = {key: each.row.grid for key, each in stored.items() if _is_moved(each.row, by)}
    return _followed(operations, new, grids, merges)


def _followed(
    operations: Sequence[Operation],
    new: Sequence[Operation],
    grids: dict[Key, str],
    merges: Mapping[str, str],
) -> list[Operation]:
    for _ in range(_PASSES):
        for each in new:
            holder = next((key for key in _linked(each) if key in grids), None)
            if holder is not None:
                grids.setdefault((each.kind, each.record), grids[holder])
                resident = each.fields.get("resident_id")
                if each.kind == "residence" and any(one.record == resident for one in new):
                    grids.setdefault(("resident", str(resident)), grids[holder])
    made = {each.id for each in new}
    return [_placed_anew(e, grids, merges) if e.id in made else e for e in operations]


def _placed_anew(
    operation: Operation, grids: Mapping[Key, str], merges: Mapping[str, str]
) -> Operation:
    grid = operation.fields.get("grid_id")
    if not isinstance(grid, str):
        return operation
    goes_to = _merged_on(grids.get((operation.kind, operation.record), grid), merges)
    return msgspec.structs.replace(operation, fields={**operation.fields, "grid_id": goes_to})


def _merges(before: Sequence[Row]) -> dict[str, str]:
    """Grid to the grid into which these redrawings have merged it."""
    merges: dict[str, str] = {}
    for each in sorted(before, key=lambda row: row.rev):
        plan = redrawing.read(str(each.fields.get("plan") or ""))
        merges |= plan.merges if plan else {}
    return merges


def _merged_on(grid: str, merges: Mapping[str, str]) -> str:
    for _ in merges:
        grid = merges.get(grid, grid)
    return grid


def _linked(operation: Operation) -> list[Key]:
    return _linked_fields(operation.fields)


def _linked_fields(fields: Mapping[str, Any]) -> list[Key]:
    return [
        (name.removesuffix("_id"), str(fields[name]))
        for name in redrawing.LINKS
        if fields.get(name)
    ][:1]


def _is_moved(row: Row, by: set[str]) -> bool:
    return writer(row, "grid_id") in by


def _plan_of(operation: Operation) -> Plan | None:
    if operation.kind != NAME or operation.action != "put":
        return None
    return redrawing.read(str(operation.fields.get("plan") or ""))


def _placed(row: Row) -> Placed:
    fields: Mapping[str, Any] = row.fields
    return Placed(row.kind, row.id, row.grid, fields)
