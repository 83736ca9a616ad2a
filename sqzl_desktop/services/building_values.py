"""楼栋房屋一览表的内容: a building as it is on this device, gathered for paper."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from sqzl_desktop.base.errors import Invalid
from sqzl_desktop.domain.kinds.community import Community
from sqzl_desktop.printing.forms.building_sheet import BuildingSheet
from sqzl_desktop.services.notice_values import community_name
from sqzl_desktop.services.tower import tower_in
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import records


def _building_sheet(ws: Workspace, tx: sa.Connection, record: Any) -> BuildingSheet:
    found = tower_in(tx, record.id, ws.today)
    if not found.rooms:
        raise Invalid({"dwelling_count": "这栋楼还没有登记房屋，请先登记或生成房屋"})
    community = records.get(tx, "community", record.community_id)
    return BuildingSheet(
        number=f"{ws.device}-{ws.today:%Y%m%d}",
        community=community_name(community) if isinstance(community, Community) else "",
        title=f"{record.estate}{record.name}房屋一览表",
        layout=found.layout,
        rooms=tuple(found.rooms.values()),
        printed_on=ws.today,
        printed_by=ws.actor.name,
    )


GATHERERS: dict[str, Callable[[Workspace, sa.Connection, Any], BuildingSheet]] = {
    "building_sheet": _building_sheet,
    "building_sheet_a3": _building_sheet,
}
