"""重新划分: grids of a community drawn anew; making the record is the command that does it."""

import datetime as dt
from collections.abc import Mapping

from sqzl_desktop.domain import redrawing
from sqzl_desktop.schema.fields import Element, date, note, number, record, text
from sqzl_desktop.schema.kind import describe


@record
class Redrawing(Element):
    """What went to which grid. The server moves everything in one transaction or refuses it.

    `plan` is the JSON of `domain.redrawing.Plan`. The counts are of the moment it was decided;
    `moved_count` is how many records the server moved.
    """

    name: str = text("方案名称", required=True, search="words", listed=True)
    reason: str = note("调整原因", listed=True)
    decided_on: dt.date | None = date("执行日期", listed=True)
    plan: str = note("方案内容", required=True)
    building_count: int | None = number("调整楼栋数", listed=True)
    dwelling_count: int | None = number("调整房屋数", listed=True)
    household_count: int | None = number("调整户数", listed=True)
    resident_count: int | None = number("调整人数", listed=True)
    moved_count: int | None = number("移动记录数", listed=True)


def _errors(drawn: Redrawing, _today: dt.date) -> Mapping[str, str]:
    return (
        {} if redrawing.read(drawn.plan) else {"plan": "方案内容无法识别，请在网格地图中重新拟定"}
    )


REDRAWING = describe(
    Redrawing, name="redrawing", label="网格重划", title=("name",), in_grid=False,
    append_only=True, errors=_errors,
)  # fmt: skip
