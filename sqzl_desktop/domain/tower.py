"""楼栋透视图: where every dwelling of a building is drawn, from entrance, floor and position.

Measured in cells, from the left and from the top. Floors come top down, there is no floor 0, and
basements are negative; shops on the ground stand in a band of their own under everything, and
below them what nobody knows the floor of.
"""

import dataclasses
import functools
import math
from collections.abc import Iterable, Sequence

from sqzl_desktop.domain.room_numbers import (
    DEEPEST,
    HIGHEST,
    MOST_ROOMS,
    Hint,
    entrance_name,
    hint_of,
    natural,
)

SHOP = "02"  # of the code list house_purpose
_NARROWEST_BAND = 6
_WIDEST, _TALLEST = 20, 30


@dataclasses.dataclass(frozen=True, slots=True)
class Door:
    """What the drawing needs to know of a dwelling, as it is recorded."""

    id: str
    room: str = ""
    entrance: str = ""
    floor: int | None = None
    position: int | None = None
    span: int | None = None
    storeys: int | None = None
    purpose: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Shape:
    """What the building itself says of its size; None where it says nothing."""

    entrances: int | None = None
    floors: int | None = None
    floors_below: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Cell:
    """Where a dwelling is drawn: its left column and top row, its width and height.

    `is_guessed` means that its floor was read from the room number, or is not known at all.
    `entrance`, `floor` (the lowest it fills) and `position` are where it was put; a shop on the
    ground and what is nowhere have floor None.
    """

    id: str
    x: int
    y: int
    width: int
    height: int
    entrance: str
    floor: int | None
    position: int
    is_guessed: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Entrance:
    """The columns of an entrance."""

    name: str
    x: int
    width: int


@dataclasses.dataclass(frozen=True, slots=True)
class Layout:
    """A building drawn. `floors` are its rows top down, then the rows of shops and of the lost.

    `clashes` pairs a dwelling with the one that had its place already.
    """

    entrances: tuple[Entrance, ...]
    floors: tuple[int, ...]
    shop_rows: int
    lost_rows: int
    columns: int
    cells: tuple[Cell, ...]
    clashes: tuple[tuple[str, str], ...]

    @property
    def rows(self) -> int:
        """How many rows there are in all."""
        return len(self.floors) + self.shop_rows + self.lost_rows

    @property
    def guessed(self) -> tuple[str, ...]:
        """The dwellings whose floor is not recorded."""
        return tuple(cell.id for cell in self.cells if cell.is_guessed)

    def at(self, column: int, row: int) -> Cell | None:
        """The cell over a place."""
        for cell in self.cells:
            inside = cell.x <= column < cell.x + cell.width
            if inside and cell.y <= row < cell.y + cell.height:
                return cell
        return None


@dataclasses.dataclass(frozen=True, slots=True)
class _Wish:
    """A door with the place it asks for; a position of None takes the next one free.

    `number` is what the room number says where no position is recorded.
    """

    door: Door
    entrance: str
    floor: int
    position: int | None
    number: tuple[int, str] | None
    is_guessed: bool

    @property
    def size(self) -> tuple[int, int]:
        """(columns, floors) it fills."""
        door = self.door
        return _within(door.span, _WIDEST), _within(door.storeys, _TALLEST)


def lay_out(doors: Iterable[Door], shape: Shape = Shape()) -> Layout:
    """Draw every door exactly once."""
    wishes: list[_Wish] = []
    shops: list[Door] = []
    lost: list[Door] = []
    for door in doors:
        wish = _wish(door)
        if door.purpose == SHOP and (wish is None or wish.floor == 1):
            shops.append(door)
        elif wish is None:
            lost.append(door)
        else:
            wishes.append(wish)
    return _drawn(_with_ranks(wishes), shops, lost, shape)


def _drawn(
    wishes: Sequence[_Wish], shops: Sequence[Door], lost: Sequence[Door], shape: Shape
) -> Layout:
    names = _entrance_names(wishes, shape)
    floors = _floors(wishes, shape)
    rows = {floor: row for row, floor in enumerate(floors)}
    cells: list[Cell] = []
    clashes: list[tuple[str, str]] = []
    entrances: list[Entrance] = []
    left = 0
    for name in names:
        placed = _Block(name, left, rows)
        placed.fill([wish for wish in wishes if wish.entrance == name])
        cells += placed.cells
        clashes += placed.clashes
        entrances.append(Entrance(name, left, placed.width))
        left += placed.width
    columns = left or min(max(len(shops), len(lost), 1), 2 * _NARROWEST_BAND)
    under, shop_rows = _band(shops, len(floors), columns, is_guessed=False)
    strays, lost_rows = _band(lost, len(floors) + shop_rows, columns, is_guessed=True)
    return Layout(
        tuple(entrances), floors, shop_rows, lost_rows, columns,
        (*cells, *under, *strays), tuple(clashes),
    )  # fmt: skip


def _within(value: int | None, most: int) -> int:
    return min(max(value or 1, 1), most)


def _wish(door: Door) -> _Wish | None:
    """The place a door asks for; None where no floor is known."""
    hint = _hint(door.room)
    recorded = door.floor if door.floor and DEEPEST <= door.floor <= HIGHEST else None
    floor = recorded if recorded is not None else hint.floor
    if floor is None:
        return None
    has_position = door.position is not None and 1 <= door.position <= MOST_ROOMS
    is_told = hint.number is not None and hint.floor == floor and not has_position
    return _Wish(
        door,
        entrance_name(door.entrance) or hint.entrance,
        floor,
        door.position if has_position else None,
        (hint.number or 0, hint.letter) if is_told else None,
        is_guessed=recorded is None,
    )


@functools.lru_cache(maxsize=8192)
def _hint(room: str) -> Hint:
    return hint_of(room)


def _with_ranks(wishes: Sequence[_Wish]) -> list[_Wish]:
    """Room numbers as places: the numbers of an entrance closed up, so that 03, 04 and 06 are
    the first three columns of theirs."""
    numbers: dict[str, set[tuple[int, str]]] = {}
    for wish in wishes:
        if wish.number is not None:
            numbers.setdefault(wish.entrance, set()).add(wish.number)
    ranks = {
        name: {number: rank for rank, number in enumerate(sorted(found), 1)}
        for name, found in numbers.items()
    }
    return [
        dataclasses.replace(wish, position=ranks[wish.entrance][wish.number])
        if wish.number is not None
        else wish
        for wish in wishes
    ]


def _entrance_names(wishes: Sequence[_Wish], shape: Shape) -> list[str]:
    names = {wish.entrance for wish in wishes}
    if names and not names & {""} and all(name.isdecimal() for name in names):
        names |= {str(number) for number in range(1, min(shape.entrances or 0, _WIDEST) + 1)}
    return sorted(names, key=lambda name: (not name, natural(name)))


def _floors(wishes: Sequence[_Wish], shape: Shape) -> tuple[int, ...]:
    """The floors top down. Where the building has more than those that are lived on, or says
    nothing, every floor up to the top is drawn; else a number without rooms (4, 13) is none."""
    used: set[int] = set()
    for wish in wishes:
        used |= set(_stack(wish.floor, wish.size[1]))
    if not used:
        return ()
    above = {floor for floor in used if floor > 0}
    said = shape.floors if shape.floors and shape.floors <= HIGHEST else 0
    if said > len(above) or not said:
        above = set(range(1, max(said, *used, 0) + 1))
    deepest = min(min(used), -min(shape.floors_below or 0, -DEEPEST), 0)
    return tuple(sorted(above | set(range(deepest, 0)), reverse=True))


def _stack(floor: int, storeys: int) -> list[int]:
    """The floors that something fills from its lowest up; there is none numbered 0."""
    found: list[int] = []
    while len(found) < storeys and floor <= HIGHEST + _TALLEST:
        if floor:
            found.append(floor)
        floor += 1
    return found


class _Block:
    """One entrance while it is being filled."""

    def __init__(self, name: str, left: int, rows: dict[int, int]) -> None:
        self._name, self._left, self._rows = name, left, rows
        self._taken: dict[tuple[int, int], str] = {}
        self.cells: list[Cell] = []
        self.clashes: list[tuple[str, str]] = []
        self.width = 1

    def fill(self, wishes: Iterable[_Wish]) -> None:
        """Give each its place; recorded ones choose first."""
        for wish in sorted(wishes, key=_turn):
            self._place(wish)

    def _place(self, wish: _Wish) -> None:
        width, storeys = wish.size
        levels = [floor for floor in _stack(wish.floor, storeys) if floor in self._rows]
        position = wish.position or self._next(levels)
        holder = self._holder(position, width, levels)
        if holder and wish.position:
            self.clashes.append((wish.door.id, holder))
        while self._holder(position, width, levels):
            position += 1
        for column in range(position, position + width):
            self._taken.update(dict.fromkeys(((floor, column) for floor in levels), wish.door.id))
        self.width = max(self.width, position + width - 1)
        tops = [self._rows[floor] for floor in levels]
        self.cells.append(Cell(
            wish.door.id, self._left + position - 1, min(tops), width, max(tops) - min(tops) + 1,
            self._name, wish.floor, position, wish.is_guessed,
        ))  # fmt: skip

    def _holder(self, position: int, width: int, levels: Sequence[int]) -> str:
        for floor in levels:
            for column in range(position, position + width):
                if holder := self._taken.get((floor, column)):
                    return holder
        return ""

    def _next(self, levels: Sequence[int]) -> int:
        """The first column right of everything on these floors."""
        return max((column for floor, column in self._taken if floor in levels), default=0) + 1


def _turn(wish: _Wish) -> tuple[object, ...]:
    return (
        wish.position is None, wish.number is not None, -wish.floor, wish.position or 0,
        natural(wish.door.room), wish.door.id,
    )  # fmt: skip


def _band(
    doors: Sequence[Door], top: int, columns: int, *, is_guessed: bool
) -> tuple[list[Cell], int]:
    """Rows filled from left to right; (cells, how many rows)."""
    in_order = sorted(
        doors,
        key=lambda each: (
            natural(entrance_name(each.entrance)), each.position or MOST_ROOMS + 1,
            natural(each.room), each.id,
        ),
    )  # fmt: skip
    cells: list[Cell] = []
    x, y = 0, 0
    for number, door in enumerate(in_order, 1):
        width = min(_within(door.span, _WIDEST), columns)
        if x + width > columns:
            x, y = 0, y + 1
        name = entrance_name(door.entrance)
        cells.append(Cell(door.id, x, top + y, width, 1, name, None, number, is_guessed))
        x += width
    return cells, y + 1 if cells else 0


DIRECTIONS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}


def neighbour(layout: Layout, cell: Cell, direction: str) -> Cell | None:
    """The cell one comes to from another by an arrow key: nearest that way, straight first."""
    ahead_x, ahead_y = DIRECTIONS[direction]
    best: Cell | None = None
    least = math.inf
    for other in layout.cells:
        cost = _distance(cell, other, ahead_x, ahead_y)
        if cost is not None and cost < least:
            best, least = other, cost
    return best


def _distance(cell: Cell, other: Cell, ahead_x: int, ahead_y: int) -> float | None:
    """How far a cell is in a direction; None where it is not that way at all."""
    across = (other.x + other.width / 2) - (cell.x + cell.width / 2)
    down = (other.y + other.height / 2) - (cell.y + cell.height / 2)
    if ahead_x:
        gap = other.x - (cell.x + cell.width) if ahead_x > 0 else cell.x - (other.x + other.width)
        overlaps = other.y < cell.y + cell.height and cell.y < other.y + other.height
        aside = abs(down)
    else:
        gap = other.y - (cell.y + cell.height) if ahead_y > 0 else cell.y - (other.y + other.height)
        overlaps = other.x < cell.x + cell.width and cell.x < other.x + other.width
        aside = abs(across)
    if gap < 0 or (ahead_x and not overlaps):
        return None
    return gap + aside / 100 if overlaps else gap + 0.5 + aside
