"""Room numbers: what they tell, and how new ones are given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sqzl_desktop.domain.room_numbers import (
    SCHEMES,
    Hint,
    Numbering,
    entrance_label,
    entrance_name,
    hint_of,
    next_room,
    renumbered,
)


@pytest.mark.parametrize(
    ("room", "hint"),
    [
        ("301", Hint("", 3, 1)),
        ("1203室", Hint("", 12, 3)),
        ("0101", Hint("", 1, 1)),
        ("\uff13\uff10\uff11", Hint("", 3, 1)),
        ("101A", Hint("", 1, 1, "a")),
        ("12B", Hint("", 12, 2)),
        ("2单元301", Hint("2", 3, 1)),
        ("3号楼2单元301室", Hint("2", 3, 1)),
        ("东单元501", Hint("东", 5, 1)),
        ("1-2-301", Hint("2", 3, 1)),
        ("2-301", Hint("2", 3, 1)),
        ("2-5-01", Hint("2", 5, 1)),
        ("B1-03", Hint("", -1, 3)),
        ("负101", Hint("", -1, 1)),
        ("2-B1-03", Hint("2", -1, 3)),
        ("3层05", Hint("", 3, 5)),
        ("门房", Hint()),
        ("3", Hint()),
        ("", Hint()),
    ],
)
def test_room_number_tells_entrance_floor_and_place(room: str, hint: Hint) -> None:
    assert hint_of(room) == hint


@given(st.text(max_size=12))
def test_any_text_is_read_without_a_floor_zero(room: str) -> None:
    assert hint_of(room).floor != 0


@pytest.mark.parametrize(
    ("written", "name"), [("1单元", "1"), ("01", "1"), ("一单元", "1"), ("东单元", "东"), ("", "")]
)
def test_entrances_written_differently_are_one(written: str, name: str) -> None:
    assert entrance_name(written) == name


def test_entrances_are_captioned() -> None:
    assert [entrance_label(each) for each in ("1", "a座", "东", "")] == [
        "1单元", "A座", "东单元", "未分单元",
    ]  # fmt: skip


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("skipped", [frozenset(), frozenset({4, 13})])
def test_numbers_of_a_new_building_tell_where_the_rooms_are(
    scheme: str, skipped: frozenset[int]
) -> None:
    numbering = Numbering(3, 12, 5, 1, scheme, skipped_floors=skipped, skipped_rooms=skipped)

    places = list(numbering.places())

    assert len(places) == numbering.count == 3 * 13 * 5
    assert len({(entrance, room) for entrance, _, _, room in places}) == len(places)
    for entrance, floor, _position, room in places:
        hint = hint_of(room)
        assert hint.floor == floor
        assert hint.entrance in ("", entrance)
        assert floor not in skipped
        assert hint.number not in skipped


def test_skipped_numbers_are_left_out_of_the_counting() -> None:
    numbering = Numbering(1, 4, 4, skipped_floors=frozenset({4}), skipped_rooms=frozenset({4}))

    rooms = [room for _, _, _, room in numbering.places()]

    assert rooms[:4] == ["101", "102", "103", "105"]
    assert rooms[-1] == "505"


def test_running_numbers_go_on_in_the_next_entrance() -> None:
    rooms = [room for _, _, _, room in Numbering(2, 1, 2, scheme="running").places()]

    assert rooms == ["101", "102", "103", "104"]


def test_room_of_another_floor_keeps_its_place() -> None:
    assert renumbered("301", 3, 4) == "401"
    assert renumbered("0301", 3, 12) == "1201"
    assert renumbered("301", 3, -1) == "B1-01"
    assert renumbered("门房", 3, 4) == "门房"


def test_one_more_room_is_numbered_after_the_highest() -> None:
    assert next_room(["301", "303", "门房"], 3) == "304"
    assert next_room([], -1) == "B1-01"
