"""借出: a case lies in the grid that handles it while it does, and goes back to its own after.

Whoever had to do with it is told what became of a step that came too late, wherever it lies by
then; nothing else of it is told or taken.
"""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from sqzl_desktop.domain.kinds.case import CASE, Case
from sqzl_desktop.domain.kinds.grid import GRID
from sqzl_desktop.protocol.messages import Operation, Row
from sqzl_desktop.server import rows
from sqzl_desktop.server.desk import Desk
from sqzl_desktop.server.refusals import Rejected
from sqzl_desktop.server.rows import Key, Stored

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
