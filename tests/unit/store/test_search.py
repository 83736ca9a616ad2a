"""The search index: what a person may type, and what must not be found."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.protocol import search_text
from sqzl_desktop.services import elements
from sqzl_desktop.services.finding import find_text
from sqzl_desktop.services.workspace import Workspace
from tests.places import GRID

ID_NUMBER = "640104198302112451"
NAMES = ["单雪梅", "单雪", "雪梅", "梅", "sxm", "shanxuemei", "shanxue", "dxm", "SXM"]
NUMBERS = ["2451", "3764", "15417", "640104", "\uff12\uff14\uff15\uff11"]
PLACES = ["解放街", "解放街85号", "兴庆区 雪梅", "单　雪梅", "2451 单"]
QUERIES = NAMES + NUMBERS + PLACES


@pytest.fixture
def person(ws: Workspace) -> Resident:
    saved = elements.save(
        ws,
        Resident(
            name="单雪梅", sex="2", id_number=ID_NUMBER, phone="15417403764", grid_id=GRID,
            registered_home="兴庆区解放街85号",
        ),
    )  # fmt: skip
    assert isinstance(saved, Resident)
    return saved


@pytest.mark.parametrize(
    "query",
    QUERIES,
)  # fmt: skip
def test_resident_is_found(ws: Workspace, person: Resident, query: str) -> None:
    assert [hit.id for hit in find_text(ws, query, kinds=["resident"])] == [person.id]


@pytest.mark.parametrize("query", ["王雪梅", "雪单", "2452", "zxm", "解放街5号", "", "  ", "。，"])
def test_resident_is_not_found(ws: Workspace, person: Resident, query: str) -> None:
    assert person.id not in [hit.id for hit in find_text(ws, query)]


def test_address_fragment_finds_the_dwelling(ws: Workspace) -> None:
    assert [hit.id for hit in find_text(ws, "3号楼2单元", kinds=["dwelling"])] == ["d1"]
    assert find_text(ws, "13号楼", kinds=["dwelling"]) == []


def test_hit_shows_numbers_masked(ws: Workspace, person: Resident) -> None:
    (hit,) = find_text(ws, "单雪梅")

    assert ID_NUMBER not in hit.detail
    assert person.phone not in hit.detail
    assert "640*************51" in hit.detail


def test_changed_name_is_found_and_old_name_is_not(ws: Workspace, person: Resident) -> None:
    elements.save(ws, Resident(**{**vars(person), "name": "单冬梅"}))

    assert [hit.id for hit in find_text(ws, "冬梅")] == [person.id]
    assert find_text(ws, "雪梅") == []


def test_deleted_record_is_not_found(ws: Workspace, person: Resident) -> None:
    elements.delete(ws, "resident", person.id)

    assert find_text(ws, "雪梅") == []


def test_exact_name_comes_first(ws: Workspace) -> None:
    for name in ("王小明明", "王小明", "李王小明"):
        elements.save(ws, Resident(name=name, grid_id=GRID))

    assert [hit.title for hit in find_text(ws, "王小明")] == ["王小明", "王小明明", "李王小明"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(st.text(max_size=20))
def test_any_query_is_answered(ws: Workspace, query: str) -> None:
    assert isinstance(find_text(ws, query), list)


@given(st.text(max_size=12))
def test_pinyin_of_any_text_is_short(name: str) -> None:
    assert len(search_text.pinyin(name)) <= 2 * search_text.MOST_READINGS
