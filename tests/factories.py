"""Records for tests: valid, plain, alike; a test names only the fields that it is about.

Nothing is filled in that a test could stumble over: no ID number, no phone, no dates.
"""

from typing import Any

from sqzl_desktop.base.ids import new_id
from sqzl_desktop.domain.kinds.community import Community
from sqzl_desktop.domain.kinds.consultation import Consultation
from sqzl_desktop.domain.kinds.dwelling import Dwelling
from sqzl_desktop.domain.kinds.grid import Grid
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.domain.kinds.topic import Topic

COMMUNITY = "640104001002"
GRID = "640104001002001"


def make_community(**fields: Any) -> Community:
    """崇安社区; another one where `code` is given."""
    plain = {
        "code": COMMUNITY,
        "name": "崇安社区",
        "category": "居委会",
        "subdistrict_code": "640104001000",
        "subdistrict": "凤凰北街街道",
        "county": "兴庆区",
    }
    values = plain | fields
    return Community(**{"id": values["code"], "community_id": values["code"]} | values)


def make_grid(**fields: Any) -> Grid:
    """The first grid of 崇安社区; another one where `code` is given."""
    values = {"code": GRID, "name": "崇安第1网格", "category": "G1"} | fields
    code = values["code"]
    return Grid(**{"id": code, "community_id": code[: len(COMMUNITY)]} | values)


def make_dwelling(**fields: Any) -> Dwelling:
    """A dwelling that its owners live in."""
    plain = {
        "entrance": "1",
        "floor": 1,
        "room": "101",
        "address": "黄河路1号阳光家园1号楼1单元101室",
        "use": "01",
    }
    return Dwelling(**_in_grid() | plain | fields)


def make_resident(**fields: Any) -> Resident:
    """A resident of whom little is known."""
    return Resident(**_in_grid() | {"name": "马建国", "sex": "1", "state": "01"} | fields)


def make_topic(**fields: Any) -> Topic:
    """A topic that was just collected."""
    plain = {"title": "阳光家园停车管理", "category": "02", "level": "02", "state": "collected"}
    return Topic(**_in_community() | plain | fields)


def make_consultation(**fields: Any) -> Consultation:
    """A planned consultation; about a topic of its own where no `topic_id` is given."""
    plain = {
        "title": "阳光家园停车管理",
        "topic_id": new_id(),
        "form": "01",
        "state": "planned",
    }
    return Consultation(**_in_community() | plain | fields)


def _in_community() -> dict[str, Any]:
    return {"id": new_id(), "community_id": COMMUNITY}


def _in_grid() -> dict[str, Any]:
    return _in_community() | {"grid_id": GRID}
