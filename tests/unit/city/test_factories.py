import datetime as dt

import pytest

from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.schema import check
from tests import factories

MAKERS = {
    "community": factories.make_community,
    "grid": factories.make_grid,
    "dwelling": factories.make_dwelling,
    "resident": factories.make_resident,
    "topic": factories.make_topic,
    "consultation": factories.make_consultation,
}


@pytest.mark.parametrize("kind", MAKERS)
def test_made_record_is_valid(kind):
    record = MAKERS[kind]()
    today = dt.date(2026, 7, 1)

    assert record.id
    assert check.problems(BY_NAME[kind], record, lists=code_list, today=today) == {}
    assert check.doubts(BY_NAME[kind], record, today=today) == {}


def test_made_records_are_different_records():
    assert factories.make_resident().id != factories.make_resident().id


def test_made_grid_and_community_go_by_their_code():
    grid = factories.make_grid(code="640105001001002")
    community = factories.make_community(code="640105001001")

    assert (grid.id, grid.community_id) == ("640105001001002", "640105001001")
    assert community.id == community.community_id == "640105001001"
