"""A small community: two grids, a building, a dwelling."""

import datetime as dt
from collections.abc import Iterator

from sqzl_desktop.protocol.messages import Row

COMMUNITY = "640104001002"
GRID = "640104001002001"
OTHER_GRID = "640104001002002"
KEY = bytes(range(32))
NOW = dt.datetime(2026, 6, 30, 2, 0, tzinfo=dt.UTC)

PLACES = (
    ("community", COMMUNITY, {
        "code": COMMUNITY, "name": "崇安社区居委会", "phone": "0951-6012345",
        "community_id": COMMUNITY,
    }),
    ("grid", GRID, {"code": GRID, "name": "崇安第1网格", "community_id": COMMUNITY}),
    ("grid", OTHER_GRID, {"code": OTHER_GRID, "name": "崇安第2网格", "community_id": COMMUNITY}),
    ("building", "b1", {
        "estate": "阳光家园", "name": "3号楼", "community_id": COMMUNITY, "grid_id": GRID,
    }),
    ("dwelling", "d1", {
        "building_id": "b1", "entrance": "2", "room": "501", "community_id": COMMUNITY,
        "grid_id": GRID, "address": "北京路12号阳光家园3号楼2单元501室",
    }),
)  # fmt: skip

MEETING = {
    "held_at": dt.datetime(2026, 7, 23, 11, 0, tzinfo=dt.UTC),
    "place": "社区二楼议事厅",
    "host": "李书记",
    "participants": "居民代表 15\n业主委员会 3人\n物业公司：2",
    "posted_from": dt.date(2026, 7, 16),
    "posted_until": dt.date(2026, 7, 20),
}


def rows() -> Iterator[Row]:
    for rev, (kind, record_id, fields) in enumerate(PLACES, 1):
        grid = str(fields.get("grid_id", ""))
        yield Row(kind, record_id, grid, rev, dict(fields), {"*": "loaded"}, "loaded")
