import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sqzl_desktop.exchange import cells


@pytest.mark.parametrize(
    "cell",
    ["1985-03-02", "1985/3/2", "1985.03.02", "19850302", "1985年3月2日", "31108", "31108.0",
     "１985-3-2", "1985-03-02 00:00:00", " 1985 年 3 月 2 日 "],
)  # fmt: skip
def test_day_reads_every_usual_form(cell):
    assert cells.day(cell) == dt.date(1985, 3, 2)


@pytest.mark.parametrize(
    "cell", ["", "1999.02.30", "1985", "1985.6", "85-3-2", "无", "19851332", "3"]
)
def test_day_refuses_what_is_no_day(cell):
    assert cells.day(cell) is None


@pytest.mark.parametrize(
    ("cell", "agrees"),
    [
        ("1985.3", True),
        ("1985年", True),
        ("198503", True),
        ("85-3-2", True),
        ("1985-4", False),
        ("1984", False),
        ("1999.02.30", False),
        ("无", False),
    ],
)
def test_is_part_of_day_compares_what_is_written(cell, agrees):
    assert cells.is_part_of_day(cell, dt.date(1985, 3, 2)) is agrees


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("陈 凯", "陈凯"),
        ("王　婷 ", "王婷"),
        ("古丽·艾尼 瓦尔", "古丽·艾尼瓦尔"),
        ("John  Smith", "John Smith"),
    ],
)
def test_person_name_loses_padding_only(cell, name):
    assert cells.person_name(cell) == name


@pytest.mark.parametrize(
    ("read", "cell", "value"),
    [
        (cells.building, "1号楼", "1"),
        (cells.building, "１#", "1"),
        (cells.building, "十二栋", "12"),
        (cells.building, "03", "3"),
        (cells.building, "a座", "A"),
        (cells.building, "长城佳苑5号楼", "长城佳苑5"),
        (cells.unit, "二单元", "2"),
        (cells.unit, "第3单元", "3"),
        (cells.unit, "二十单元", "20"),
        (cells.room, "101室", "101"),
        (cells.room, "0102", "0102"),
        (cells.room, "3号房", "3"),
    ],
)
def test_places_are_read_without_their_ends(read, cell, value):
    assert read(cell) == value


@pytest.mark.parametrize(
    ("cell", "place"),
    [
        ("1号楼2单元302室", ("1", "2", "302")),
        ("3栋101", ("3", "", "101")),
        ("1-2-302", ("1", "2", "302")),
        ("5-101", ("5", "", "101")),
        ("黄河西路303号1号楼2单元302室", ("1", "2", "302")),
    ],
)
def test_place_of_one_cell_is_taken_apart(cell, place):
    assert tuple(cells.place(cell).values()) == place


@pytest.mark.parametrize("cell", ["302", "", "某小区"])
def test_place_that_names_no_building_is_left(cell):
    assert cells.place(cell) == {}


@given(
    st.one_of(
        st.text(max_size=20), st.text("0123456789-./年月日号楼单元室#一二十百〇E ", max_size=15)
    )
)
def test_no_cell_raises_and_normal_forms_are_stable(cell):
    found = cells.day(cell)
    assert found is None or cells.day(found.isoformat()) == found
    assert isinstance(cells.is_part_of_day(cell, dt.date(1985, 3, 2)), bool)
    assert cells.person_name(cells.person_name(cell)) == cells.person_name(cell)
    assert set(cells.place(cell)) in (set(), {"building", "unit", "room"})
    for read in (cells.building, cells.unit, cells.room, cells.number_of):
        assert isinstance(read(cell), str)
