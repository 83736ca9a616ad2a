"""网格: a part of a community with 300 to 500 households, and the worker who looks after it."""

import datetime as dt
from collections.abc import Mapping

from sqzl_desktop.schema import fields
from sqzl_desktop.schema.kind import describe


@fields.record
class Grid(fields.Element):
    """A grid, known by its 15-character code: the community's 12 digits and 3 of its own."""

    code: str = fields.text("网格代码", required=True, search="tail", listed=True)
    name: str = fields.text("网格名称", required=True, search="name", listed=True)
    category: str = fields.code("网格类型", "grid_type", listed=True)
    worker_id: str = fields.ref("网格员", "staff", listed=True)
    household_count: int | None = fields.number("户数", listed=True)
    resident_count: int | None = fields.number("人口数", listed=True)
    boundary: str = fields.note("四至范围")
    outline: str = fields.outline("网格范围")


def _errors(grid: Grid, _today: dt.date) -> Mapping[str, str]:
    if len(grid.code) == 15 and grid.code.startswith(grid.community_id):
        return {}
    return {"code": f"网格代码应为15位，前12位是社区代码{grid.community_id}"}


GRID = describe(
    Grid, name="grid", label="网格", title=("name",), in_grid=False, key="code", errors=_errors
)
