"""借出: a case lies in the grid that handles it while it does, and goes back to its own after.

Whoever had to do with it is told what became of a step that came too late, wherever it lies by
then; nothing else of it is told or taken.
"""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from sqzl_desktop.domain.kinds.case import CASE, Case
from sqzl_desktop.domain.kinds.grid import GRID
from sqzl_desktop.protocol.messages import Operation, Row
from sqzl_desktop.server import redrawings, rows
from sqzl_desktop.server.desk import Desk
from sqzl_desktop.server.ledger import Change
from sqzl_desktop.server.refusals import Rejected
from sqzl_desktop.server.rows import Key, Stored

STEP = "dispatch"
_GRIDS = ("home_grid_id", "handler_grid_id")


def load(
    connection: sa.Connection,
    community: str,
    operations: Sequence[Operation],
    touched: Mapping[Key, Stored],
) -> dict[Key, Stored]:
    """The grids to which cases of a push may go."""
    fields = [each.fields for each in operations if each.kind == CASE.name]
    fields += [each.row.fields for each in touched.values() if each.row.kind == CASE.name]
    named = {str(each[name]) for each in fields for name in _GRIDS if each.get(name)}
    return rows.load(connection, community, {(GRID.name, each) for each in named})


def concerned(row: Row) -> list[str]:
    """The grids that have or had to do with a record, beside the one it lies in."""
    if row.kind != CASE.name:
        return []
    return [str(row.fields[name]) for name in _GRIDS if row.fields.get(name)]


def refuse_grid(desk: Desk, case: Case) -> None:
    """Rejected where a case would go to a grid that is not there."""
    grid = desk.rows.get((GRID.name, case.grid_id))
    if case.home_grid_id and (grid is None or grid.deleted):
        raise Rejected("承办网格不存在或已被撤销", "请同步后重新选择承办网格")


def follow(
    connection: sa.Connection, community: str, changes: Sequence[Change]
) -> Sequence[Change]:
    """The changes, cases that were sent or came back put where a redrawing has put that grid."""
    found = []
    for each in changes:
        is_sent = each.before and each.before.row.grid != each.after.grid
        if is_sent and each.after.kind == CASE.name:
            came_home = not each.after.fields.get("home_grid_id")
            grid = redrawings.grid_now(connection, community, each.after, linked=came_home)
            if grid != each.after.grid:
                after = rows.in_grid(each.after, grid, each.after.last)
                each = Change(each.before, after)
        found.append(each)
    return found
