"""A building being drawn anew."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain import tower_plan
from sqzl_desktop.domain.room_numbers import Numbering
from sqzl_desktop.domain.tower import SHOP, Door, lay_out
from sqzl_desktop.domain.tower_plan import Draft
from sqzl_desktop.domain.tower_rooms import Room


def drafted(*doors: Door, people: int = 0) -> Draft:
    rooms = {door.id: Room(door, people=people) for door in doors}
    return tower_plan.begin(rooms, lay_out(doors))


def four(people: int = 0) -> Draft:
    """Two floors of two rooms, without positions."""
    return drafted(
        *(Door(room, room, "1", int(room[0])) for room in ("101", "102", "201", "202")),
        people=people,
    )


def rooms(draft: Draft) -> dict[str, tuple[int | None, int | None]]:
    return {each.door.room: (each.door.floor, each.door.position) for each in draft.rooms.values()}


def test_draft_begins_as_the_building_is_seen_and_nothing_is_changed() -> None:
    draft = four()

    assert rooms(draft) == {"101": (1, 1), "102": (1, 2), "201": (2, 1), "202": (2, 2)}
    assert (draft.changed, draft.removed) == ((), ())


def test_rooms_of_a_new_building_are_made_at_once() -> None:
    draft = tower_plan.generated(Numbering(2, 6, 2, floors_below=1))

    assert len(draft.rooms) == 28
    assert tower_plan.counted(draft) == (2, 6, 1)
    assert draft.layout.clashes == ()
    with pytest.raises(Refused, match="1至3000户"):
        tower_plan.generated(Numbering(20, 100, 20))


def test_room_is_added_to_the_right_with_the_next_number() -> None:
    draft = tower_plan.add_room(four(), "201")

    assert rooms(draft)["203"] == (2, 3)
    assert draft.changed == ("new-1",)


def test_room_with_people_cannot_be_removed_in_any_way() -> None:
    draft = four(people=2)
    for step in (
        lambda: tower_plan.remove_room(draft, "201"),
        lambda: tower_plan.remove_floor(draft, 2),
        lambda: tower_plan.remove_entrance(draft, "1"),
        lambda: tower_plan.merge(draft, "201", "right"),
    ):
        with pytest.raises(Refused, match="有2人居住，请先办理迁出"):
            step()


def test_room_is_moved_to_a_free_place_or_swapped() -> None:
    moved = tower_plan.move(four(), "202", "1", 2, 5)
    assert rooms(moved)["202"] == (2, 5)

    swapped = tower_plan.move(four(), "202", "1", 1, 1)
    assert rooms(swapped)["202"] == (1, 1)
    assert rooms(swapped)["101"] == (2, 2)


def test_room_is_not_moved_onto_part_of_a_larger_one() -> None:
    wide = tower_plan.merge(four(), "201", "right")

    with pytest.raises(Refused, match="放不下"):
        tower_plan.move(wide, "102", "1", 2, 2)


def test_two_rooms_become_one_and_two_again() -> None:
    wide = tower_plan.merge(four(), "201", "right")
    assert wide.removed == ("202",)
    assert wide.rooms["201"].door.span == 2

    parted = tower_plan.split(wide, "201")
    assert rooms(parted) == {"101": (1, 1), "102": (1, 2), "201": (2, 1), "202": (2, 2)}
    with pytest.raises(Refused, match="只占一格"):
        tower_plan.split(parted, "201")


def test_duplex_takes_the_room_above() -> None:
    high = tower_plan.merge(four(), "101", "up")

    assert high.removed == ("201",)
    assert high.rooms["101"].door.storeys == 2
    assert len(tower_plan.split(high, "101").rooms) == 4


def test_floor_is_added_as_the_one_beside_it() -> None:
    assert {"301", "302"} <= rooms(tower_plan.add_floor(four())).keys()

    below = tower_plan.add_floor(four(), below=True)
    assert rooms(below)["B1-01"] == (-1, 1)


def test_entrance_is_added_as_the_last_one() -> None:
    draft = tower_plan.add_entrance(four())

    assert sorted(each.door.room for each in draft.rooms.values()) == sorted(
        ["101", "102", "201", "202"] * 2
    )
    assert [each.name for each in draft.layout.entrances] == ["1", "2"]


def test_shop_goes_down_to_the_row_of_shops_and_back() -> None:
    shop = tower_plan.mark_shop(four(), "101")
    assert shop.rooms["101"].door.purpose == SHOP
    assert shop.layout.shop_rows == 1

    assert tower_plan.mark_shop(shop, "101").layout.shop_rows == 0


def test_number_is_changed_unless_another_has_it() -> None:
    assert "2A" in rooms(tower_plan.rename(four(), "201", " 2A "))
    with pytest.raises(Refused, match="已有202室"):
        tower_plan.rename(four(), "201", "202")
    with pytest.raises(Refused, match="不能为空"):
        tower_plan.rename(four(), "201", " ")


STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ("add", "right", "up", "split", "shop", "floor", "below", "move", "remove")
        ),
        st.integers(0, 30), st.integers(-2, 6), st.integers(1, 6),
    ),
    max_size=14,
)  # fmt: skip


@given(STEPS)
def test_no_step_puts_two_rooms_on_one_place(steps: list[tuple[str, int, int, int]]) -> None:
    draft = four()
    for name, which, floor, position in steps:
        room = list(draft.rooms)[which % len(draft.rooms)]
        try:
            draft = _step(draft, name, room, floor, position)
        except Refused:
            continue
        if not draft.rooms:
            return
        assert draft.layout.clashes == ()
        assert len(draft.layout.cells) == len(draft.rooms)


def _step(draft: Draft, name: str, room: str, floor: int, position: int) -> Draft:
    match name:
        case "add":
            return tower_plan.add_room(draft, room)
        case "right" | "up":
            return tower_plan.merge(draft, room, name)
        case "split":
            return tower_plan.split(draft, room)
        case "shop":
            return tower_plan.mark_shop(draft, room)
        case "floor" | "below":
            return tower_plan.add_floor(draft, below=name == "below")
        case "move":
            return tower_plan.move(draft, room, "1", floor, position)
        case _:
            return tower_plan.remove_room(draft, room)
