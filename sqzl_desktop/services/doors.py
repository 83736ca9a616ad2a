"""门牌: which dwelling a sheet means by estate, building, entrance and room. Never guessed."""

import dataclasses
from collections.abc import Mapping
from typing import NamedTuple

import sqlalchemy as sa

from sqzl_desktop.base import text
from sqzl_desktop.exchange import cells
from sqzl_desktop.store import records


class Place(NamedTuple):
    """A dwelling as a sheet names it; "" is not written."""

    estate: str = ""
    building: str = ""
    unit: str = ""
    room: str = ""

    @property
    def words(self) -> str:
        """What people call it."""
        parts = (
            self.estate,
            f"{self.building}号楼" if self.building else "",
            f"{self.unit}单元" if self.unit else "",
            f"{self.room}室" if self.room else "",
        )
        return "".join(parts)


@dataclasses.dataclass(frozen=True, slots=True)
class Door:
    """A dwelling that is registered, and where it belongs."""

    id: str
    building_id: str
    entrance: str
    room: str
    address: str
    grid_id: str
    community_id: str


@dataclasses.dataclass(frozen=True, slots=True)
class House:
    """A building that is registered, and where it belongs."""

    id: str
    estate: str
    name: str
    address: str
    grid_id: str
    community_id: str

    @property
    def title(self) -> str:
        """What people call it."""
        return f"{self.estate}{self.name}"


class Doors:
    """Every building and dwelling on this device, by what is written on paper."""

    def __init__(self, tx: sa.Connection) -> None:
        self._houses: dict[str, list[House]] = {}
        self._doors: dict[tuple[str, str], list[Door]] = {}
        self.by_id: dict[str, Door] = {}
        self.house_of: dict[str, House] = {}
        own = ("grid_id", "community_id")
        for row in records.columns_of(tx, "building", ("id", "estate", "name", "address", *own)):
            self._take_house(House(*(each or "" for each in row)))
        names = ("id", "building_id", "entrance", "room", "address")
        for row in records.columns_of(tx, "dwelling", (*names, *own)):
            self.take(Door(*(each or "" for each in row)))

    def _take_house(self, house: House) -> None:
        self.house_of[house.id] = house
        keys = {cells.building(house.name), cells.building(house.title)}
        for key in keys:
            self._houses.setdefault(key, []).append(house)

    def take(self, door: Door) -> None:
        """A further dwelling."""
        self.by_id[door.id] = door
        self._doors.setdefault((door.building_id, cells.room(door.room)), []).append(door)

    def houses(self, estate: str, building: str) -> list[House]:
        """The buildings that the words may mean."""
        found = self._houses.get(cells.building(building), []) if building else []
        wanted = text.fold(estate)
        if not wanted:
            return found
        return [each for each in found if _is_same_estate(wanted, text.fold(each.estate))]

    def find(self, place: Place) -> list[Door]:
        """The dwellings that a place may mean: one is an answer, none or several a question."""
        found: list[Door] = []
        for house in self.houses(place.estate, place.building):
            for door in self._doors.get((house.id, cells.room(place.room)), ()):
                if not place.unit or cells.unit(door.entrance) == cells.unit(place.unit):
                    found.append(door)
        return found


def place_of(values: Mapping[str, object]) -> Place:
    """The place that planned values name."""
    return Place(*(str(values.get(name) or "") for name in ("estate", "building", "unit", "room")))


def _is_same_estate(one: str, other: str) -> bool:
    return bool(other) and (one in other or other in one)
