"""The search index: what a person may type, and what must not be found."""

import dataclasses

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.domain.kinds.dwelling import Dwelling
from sqzl_desktop.domain.kinds.organisation import Organisation
from sqzl_desktop.domain.kinds.residence import Residence
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.protocol import search_text
from sqzl_desktop.services import elements
from sqzl_desktop.services.finding import find_groups, find_text
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import meta, search
from tests.places import GRID

ID_NUMBER = "640104198302112451"
NAMES = ["单雪梅", "单雪", "雪梅", "梅", "单", "sxm", "shanxuemei", "shanxue", "dxm", "SXM"]
SPELT = [
    "s",
    "sh",
    "shan",
    "sx",
    "shanx",
    "shanxm",
    "单x",
    "单xm",
    "s雪",
    "s雪m",
    "单雪m",
    "单xuemei",
]
NUMBERS = ["2451", "3764", "15417", "154174", "1541740", "15417403764", "640104", ID_NUMBER]
WIDE = ["\uff12\uff14\uff15\uff11", "\uff53\uff58\uff4d"]
PLACES = ["解放街", "解放街85号", "兴庆区 雪梅", "单　雪梅", "2451 单", "单，2451", "解放街8"]
TAGS = ["独居老人", "独居", "独居老人 单", "单雪梅 独居老人", "独居 sxm"]
QUERIES = NAMES + SPELT + NUMBERS + WIDE + PLACES + TAGS
OTHERS = [
    "王雪梅",
    "雪单",
    "2452",
    "zxm",
    "解放街5号",
    "",
    "  ",
    "。，",
    "zshan",
    "单y",
    "低保",
    "独居老人 王",
]


@pytest.fixture
def person(ws: Workspace) -> Resident:
    saved = elements.save(
        ws,
        Resident(
            name="单雪梅", sex="2", id_number=ID_NUMBER, phone="15417403764", grid_id=GRID,
            registered_home="兴庆区解放街85号", tags=("K04",),
        ),
    )  # fmt: skip
    assert isinstance(saved, Resident)
    return saved


@pytest.mark.parametrize("query", QUERIES)
def test_resident_is_found(ws: Workspace, person: Resident, query: str) -> None:
    assert [hit.id for hit in find_text(ws, query, kinds=["resident"])] == [person.id]


@pytest.mark.parametrize("query", OTHERS)
def test_resident_is_not_found(ws: Workspace, person: Resident, query: str) -> None:
    assert person.id not in [hit.id for hit in find_text(ws, query)]


@pytest.mark.parametrize(
    "query", ["买买提·艾力", "买买提・艾力", "买买提•艾力", "买买提艾力", "提艾", "mmt", "艾力"]
)
def test_middle_dots_are_all_the_same(ws: Workspace, query: str) -> None:
    saved = elements.save(ws, Resident(name="买买提·艾力", grid_id=GRID))

    assert [hit.id for hit in find_text(ws, query)] == [saved.id]


@pytest.mark.parametrize("query", ["José", "jose", "JOSÉ", "Muñoz", "munoz jose"])
def test_latin_letters_are_found_with_and_without_accents(ws: Workspace, query: str) -> None:
    saved = elements.save(ws, Resident(name="José Muñoz", grid_id=GRID))

    assert [hit.id for hit in find_text(ws, query)] == [saved.id]


@pytest.mark.parametrize("name", ["𠮷田", "王𬭚", "李𪚥𪚥", "㑇丽", "鿍明"])
def test_rare_characters_are_found(ws: Workspace, name: str) -> None:
    saved = elements.save(ws, Resident(name=name, grid_id=GRID))

    for query in (name, name[:2], name[0], name[-1]):
        assert [hit.id for hit in find_text(ws, query, kinds=["resident"])] == [saved.id], query


@pytest.mark.parametrize(
    ("address", "query"),
    [
        ("阳光家园3号楼2单元402室", "3-2-402"),
        ("阳光家园3号楼2单元402室", "3栋2单元402"),
        ("阳光家园3栋2单元402", "3号楼2单元402室"),
        ("阳光家园3-2-402", "3号楼2单元402"),
        ("阳光家园3号楼402室", "3-402"),
        ("阳光家园3号楼2单元402室", "3-2-40"),
        ("阳光家园3号楼2单元402室", "3号楼2单元40"),
        ("阳光家园3号楼2单元402室", "402"),
        ("阳光家园3号楼2单元402室", "阳光家园 402"),
    ],
)
def test_door_is_found_however_it_is_written(ws: Workspace, address: str, query: str) -> None:
    saved = elements.save(ws, Dwelling(address=address, room="402", grid_id=GRID))
    elements.save(ws, Dwelling(address="阳光家园13号楼12单元412室", room="412", grid_id=GRID))

    assert [hit.id for hit in find_text(ws, query, kinds=["dwelling"])] == [saved.id]


def test_address_fragment_finds_the_dwelling(ws: Workspace) -> None:
    assert [hit.id for hit in find_text(ws, "3号楼2单元", kinds=["dwelling"])] == ["d1"]
    assert find_text(ws, "13号楼", kinds=["dwelling"]) == []


def test_hit_shows_numbers_masked(ws: Workspace, person: Resident) -> None:
    (hit,) = find_text(ws, "单雪梅")

    assert ID_NUMBER not in hit.detail
    assert person.phone not in hit.detail
    assert "640*************51" in hit.detail


def test_hit_knows_where_the_person_lives(ws: Workspace, person: Resident) -> None:
    elements.save(ws, Residence(resident_id=person.id, dwelling_id="d1", grid_id=GRID))

    (hit,) = find_text(ws, "单雪梅")
    assert hit.place == ("dwelling", "d1")
    (home,) = find_text(ws, "3号楼2单元", kinds=["dwelling"])
    assert "住：单雪梅" in home.detail


def test_changed_name_is_found_and_old_name_is_not(ws: Workspace, person: Resident) -> None:
    elements.save(ws, dataclasses.replace(person, name="单冬梅"))

    assert [hit.id for hit in find_text(ws, "冬梅")] == [person.id]
    assert find_text(ws, "雪梅") == []


def test_deleted_record_is_not_found(ws: Workspace, person: Resident) -> None:
    elements.delete(ws, "resident", person.id)

    assert find_text(ws, "雪梅") == []


@pytest.mark.parametrize(("text", "count"), [("单", 1), ("sxm 2451", 1), ("单 王", 0), ("。", 0)])
def test_list_can_be_asked_for_what_a_search_finds(
    ws: Workspace, person: Resident, text: str, count: int
) -> None:
    matching = [Filter("id", "matches", text), Filter("sex", "=", person.sex)]

    assert elements.count(ws, "resident", filters=matching) == count


def test_exact_name_comes_first(ws: Workspace) -> None:
    for name in ("王小明明", "王小明", "李王小明"):
        elements.save(ws, Resident(name=name, grid_id=GRID))

    assert [hit.title for hit in find_text(ws, "王小明")] == ["王小明", "王小明明", "李王小明"]


def test_best_of_many_come_first(ws: Workspace) -> None:
    elements.save_all(ws, [Resident(name=f"李{n % 10}梅", grid_id=GRID) for n in range(60)])
    elements.save_all(ws, [Resident(name=name, grid_id=GRID) for name in ("梅兰", "梅")])

    (group,) = find_groups(ws, "梅", most=10)

    assert [hit.title for hit in group.hits[:2]] == ["梅", "梅兰"]
    assert (group.total, len(group.hits)) == (62, 10)


def test_those_who_left_come_after_those_who_are_here(ws: Workspace) -> None:
    for name, state in (("王小", "04"), ("王小", "02"), ("王小", "01"), ("王小", "")):
        elements.save(ws, Resident(name=name, state=state, grid_id=GRID))

    hits = find_text(ws, "王小")
    states = [elements.get(ws, "resident", hit.id).state for hit in hits]  # type: ignore
    assert sorted(states[:2]) == ["", "01"]


@pytest.mark.parametrize("query", ["3-2-402", "3号楼2单元402"])
def test_place_comes_before_those_registered_there(ws: Workspace, query: str) -> None:
    address = "阳光家园3号楼2单元402室"
    elements.save(ws, Resident(name="马一", registered_home=address, grid_id=GRID))
    elements.save(ws, Dwelling(address=address, room="402", grid_id=GRID))

    assert [each.kind for each in find_groups(ws, query)] == ["dwelling", "resident"]


def test_hits_stand_in_groups_with_their_counts(ws: Workspace) -> None:
    elements.save_all(ws, [Resident(name=f"马兰{n}", grid_id=GRID) for n in "一二三四五六七"])
    elements.save_all(ws, [Organisation(name=f"兴庆区马兰{n}店") for n in "一二三四五六七"])

    groups = find_groups(ws, "马兰")

    assert [(each.kind, each.total) for each in groups] == [("resident", 7), ("organisation", 7)]
    assert [len(each.hits) for each in groups] == [7, 4]
    assert groups[1].hits[0].marks == ((3, 5),)


@pytest.mark.parametrize(
    ("query", "marks"),
    [("单雪", ((0, 2),)), ("sx", ((0, 2),)), ("shanxuem", ((0, 3),)), ("dxm", ((0, 3),)),
     ("梅 单", ((0, 1), (2, 3))), ("2451", ()), ("s雪", ((1, 2),))],
)  # fmt: skip
def test_what_was_asked_for_is_marked(
    ws: Workspace, person: Resident, query: str, marks: tuple[tuple[int, int], ...]
) -> None:
    (hit,) = find_text(ws, query, kinds=["resident"])

    assert (hit.id, hit.marks) == (person.id, marks)


def test_index_of_older_rules_is_made_anew(ws: Workspace, person: Resident) -> None:
    with ws.store.write() as tx:
        search.bring_up_to_date(tx)
        tx.exec_driver_sql("DELETE FROM search")
        search.bring_up_to_date(tx)
    assert find_text(ws, "单雪梅") == [], "made by the present rules: left alone"

    with ws.store.write() as tx:
        meta.put(tx, "search_rules", "1")
        search.bring_up_to_date(tx)

    assert [hit.id for hit in find_text(ws, "独居 2451")] == [person.id]
    assert [hit.id for hit in find_text(ws, "3号楼2单元", kinds=["dwelling"])] == ["d1"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(st.text(max_size=20))
def test_any_query_is_answered(ws: Workspace, query: str) -> None:
    assert isinstance(find_text(ws, query), list)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
@given(st.text("王马a1二楼单元栋号-#·𠮷ǅ²é ", min_size=1, max_size=12))
def test_any_mixture_of_signs_is_answered(ws: Workspace, query: str) -> None:
    assert isinstance(find_text(ws, query), list)


@given(st.text(max_size=12))
def test_pinyin_of_any_text_is_short(name: str) -> None:
    assert len(search_text.pinyin(name)) <= 20 * search_text.MOST_READINGS
