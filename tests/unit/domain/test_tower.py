"""Where the dwellings of a building are drawn."""

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from sqzl_desktop.domain.tower import SHOP, Cell, Door, Layout, Shape, lay_out, neighbour
from tests.towers import ODD, odd

NUMBERS = st.one_of(st.none(), st.integers(-3, 40), st.sampled_from((0, 999, -999)))
ROOMS = st.one_of(
    st.sampled_from(("301", "302", "1-2-301", "2单元301", "B1-03", "101A", "门房", "", "1203")),
    st.integers(101, 3309).map(str),
)
DOORS = st.lists(
    st.builds(
        Door,
        id=st.uuids().map(str),
        room=ROOMS,
        entrance=st.sampled_from(("", "1", "2", "二单元", "东")),
        floor=NUMBERS,
        position=NUMBERS,
        span=NUMBERS,
        storeys=NUMBERS,
        purpose=st.sampled_from(("", "01", SHOP)),
    ),
    max_size=60,
    unique_by=lambda door: door.id,
)
SHAPES = st.builds(Shape, NUMBERS, NUMBERS, NUMBERS)


@given(DOORS, SHAPES)
def test_every_door_is_drawn_once_inside_and_on_no_other(doors: list[Door], shape: Shape) -> None:
    layout = lay_out(doors, shape)

    assert sorted(cell.id for cell in layout.cells) == sorted(door.id for door in doors)
    taken: set[tuple[int, int]] = set()
    for cell in layout.cells:
        squares = {
            (x, y)
            for x in range(cell.x, cell.x + cell.width)
            for y in range(cell.y, cell.y + cell.height)
        }
        assert not squares & taken
        taken |= squares
    assert all(0 <= x < layout.columns and 0 <= y < layout.rows for x, y in taken)
    assert 0 not in layout.floors
    assert list(layout.floors) == sorted(layout.floors, reverse=True)


@given(DOORS, SHAPES)
def test_layout_does_not_hang_on_the_order_of_the_doors(doors: list[Door], shape: Shape) -> None:
    assert lay_out(doors, shape) == lay_out(reversed(doors), shape)


@given(DOORS)
def test_every_cell_is_left_by_a_key_for_one_that_is_there(doors: list[Door]) -> None:
    layout = lay_out(doors)

    for cell in layout.cells:
        right = neighbour(layout, cell, "right")
        assert right is None or right.x >= cell.x + cell.width
        below = neighbour(layout, cell, "down")
        assert below is None or below.y >= cell.y + cell.height


def cells(layout: Layout) -> dict[str, Cell]:
    return {cell.id: cell for cell in layout.cells}


def plain(rooms: Iterable[str], entrance: str = "1") -> list[Door]:
    return [Door(f"{entrance}-{room}", room, entrance, int(room[:-2])) for room in rooms]


def test_rooms_without_a_position_stand_by_their_number() -> None:
    layout = lay_out(plain(("102", "101", "201", "203")))

    assert layout.floors == (2, 1)
    places = {cell.id: (cell.x, cell.y) for cell in layout.cells}
    assert places == {"1-102": (1, 1), "1-101": (0, 1), "1-201": (0, 0), "1-203": (2, 0)}
    assert layout.guessed == ()
    assert layout.clashes == ()


def test_numbers_that_go_on_through_the_entrances_begin_at_the_left_of_each() -> None:
    layout = lay_out(plain(("101", "102")) + plain(("103", "104"), entrance="2"))

    assert [(each.name, each.x, each.width) for each in layout.entrances] == [
        ("1", 0, 2), ("2", 2, 2),
    ]  # fmt: skip


def test_floor_is_read_from_the_room_and_told_as_guessed() -> None:
    layout = lay_out([Door("a", "1-2-301"), Door("b", "B1-03"), Door("c", "门房")])

    found = cells(layout)
    assert (found["a"].entrance, found["a"].floor) == ("2", 3)
    assert found["b"].floor == -1
    assert found["c"].floor is None
    assert layout.lost_rows == 1
    assert set(layout.guessed) == {"a", "b", "c"}


def test_two_on_one_place_are_told_and_both_drawn() -> None:
    first, second = Door("a", "301", "1", 3, 1), Door("b", "301", "1", 3, 1)

    layout = lay_out([first, second])

    assert layout.clashes == (("b", "a"),)
    assert [cell.x for cell in layout.cells] == [0, 1]


def test_same_room_written_down_twice_is_told() -> None:
    assert lay_out([Door("a", "301", "1", 3), Door("b", "301", "1单元", 3)]).clashes == (
        ("b", "a"),
    )


def test_floors_without_rooms_are_drawn_only_where_the_building_has_them() -> None:
    rooms = plain(("301", "501"))

    assert lay_out(rooms, Shape(floors=2)).floors == (5, 3)
    assert lay_out(rooms, Shape(floors=6)).floors == (6, 5, 4, 3, 2, 1)
    assert lay_out(rooms).floors == (5, 4, 3, 2, 1)


def test_basement_comes_below_the_first_floor_without_a_zero() -> None:
    layout = lay_out([*plain(("101",)), Door("b", "B2-01")], Shape(floors_below=1))

    assert layout.floors == (1, -1, -2)


def test_odd_building_is_drawn_as_it_stands() -> None:
    doors = [
        Door(
            each.id, each.fields["room"], each.fields.get("entrance", ""),
            each.fields.get("floor"), each.fields.get("position"), each.fields.get("span"),
            each.fields.get("storeys"), each.fields.get("purpose", ""),
        )
        for each in odd()
        if each.kind == "dwelling" and each.fields["building_id"] == ODD
    ]  # fmt: skip

    layout = lay_out(doors, Shape(2, 4))

    found = cells(layout)
    assert layout.floors == (5, 4, 3, 2, -1)
    assert (layout.shop_rows, layout.lost_rows) == (1, 1)
    assert found["odd-big"].width == 2
    duplex = found["odd-duplex"]
    assert (duplex.width, duplex.height, duplex.y) == (2, 2, 0)
    assert [found[f"odd-shop{number}"].x for number in (1, 2, 3)] == [0, 1, 2]
    assert [found[f"odd-shop{number}"].y for number in (1, 2, 3)] == [5, 5, 5]
    assert layout.clashes == (("odd-1-202", "odd-big"),)


def test_arrows_walk_over_the_gap_between_entrances() -> None:
    layout = lay_out(plain(("101", "201")) + plain(("103", "203"), entrance="2"))

    here = cells(layout)["1-201"]
    right = neighbour(layout, here, "right")
    assert right is not None
    assert right.id == "2-203"
    assert neighbour(layout, here, "up") is None
