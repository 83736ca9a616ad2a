"""楼栋透视图: everything that is drawn of one building, as one value."""

import dataclasses
import datetime as dt
import functools
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from sqzl_desktop.base.clock import BEIJING
from sqzl_desktop.domain import tower_rooms
from sqzl_desktop.domain.filters import Order
from sqzl_desktop.domain.kinds.building import Building
from sqzl_desktop.domain.room_numbers import natural
from sqzl_desktop.domain.tower import Door, Layout, Shape, lay_out
from sqzl_desktop.domain.tower_rooms import Care, Room
from sqzl_desktop.services import elements
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import doors, records

_HEADS = ("02", "01")


@dataclasses.dataclass(frozen=True, slots=True)
class Tower:
    """A building with what is behind each of its doors, and where each is drawn."""

    building: Building
    rooms: Mapping[str, Room]
    layout: Layout
    today: dt.date


def tower(ws: Workspace, building_id: str) -> Tower:
    """The building as it is on this device today."""
    with ws.store.read() as tx:
        return tower_in(tx, building_id, ws.today)


def tower_in(tx: sa.Connection, building_id: str, today: dt.date) -> Tower:
    """The same inside a transaction."""
    building = elements.wanted(tx, "building", building_id)
    assert isinstance(building, Building)
    found = _rooms(tx, building_id, today)
    layout = lay_out((room.door for room in found.values()), shape_of(building))
    return Tower(building, found, layout, today)


def shape_of(building: Building) -> Shape:
    """What the building says of its size."""
    return Shape(building.entrance_count, building.floor_count, building.floors_below)


def buildings(ws: Workspace) -> list[Building]:
    """Every building in sight, by estate and number."""
    order = [Order("estate"), Order("name")]
    with ws.store.read() as tx:
        found = records.find(tx, "building", order=order, limit=5000)
    some = [each for each in found if isinstance(each, Building)]
    return sorted(some, key=lambda each: (each.estate, natural(each.name)))


@dataclasses.dataclass(slots=True)
class _Person:
    """Somebody behind a door."""

    name: str
    relation: str
    born_on: dt.date | None
    tags: tuple[str, ...]
    cares: Sequence[Care]


@dataclasses.dataclass(frozen=True, slots=True)
class _Seen:
    """When somebody was last met, and for when the next visit is planned."""

    last_on: dt.date | None = None
    planned_on: dt.date | None = None

    def later(self, other: "_Seen") -> "_Seen":
        """The later days of both."""
        return _Seen(_later(self.last_on, other.last_on), _later(self.planned_on, other.planned_on))


def _rooms(tx: sa.Connection, building: str, today: dt.date) -> dict[str, Room]:
    day = today.isoformat()
    living = _living(tx, building, day)
    heads = dict(reversed(doors.heads(tx, building)))
    seen: dict[tuple[str, str], _Seen] = defaultdict(_Seen)
    for what, record, last, planned in doors.visits(tx, building, day):
        seen[what, record] = seen[what, record].later(_Seen(_day_of(last), _day(planned)))
    return {
        row[0]: _room(row, living.get(row[0], {}), heads.get(row[0], ""), seen, today)
        for row in doors.dwellings(tx, building)
    }


def _living(tx: sa.Connection, building: str, day: str) -> dict[str, dict[str, _Person]]:
    cares: dict[str, list[Care]] = defaultdict(list)
    for kind, resident, since, until, interval in doors.cares(tx, building, day):
        cares[resident].append(Care(kind, _day(since), _day(until), interval))
    found: dict[str, dict[str, _Person]] = defaultdict(dict)
    for dwelling, resident, name, relation, born, tags in doors.people(tx, building, day):
        codes = _codes(tags or "[]")
        found[dwelling][resident] = _Person(
            name or "", relation or "", _day(born), codes,
            cares.get(resident) or tower_rooms.marked(codes),
        )  # fmt: skip
    return found


def _room(
    row: Any,
    people: Mapping[str, _Person],
    head: str,
    seen: Mapping[tuple[str, str], _Seen],
    today: dt.date,
) -> Room:
    record, room, entrance, floor, position, span, storeys, purpose, use, hazard = row
    at_door = seen.get(("dwelling", record), _Seen())
    met = {each: at_door.later(seen.get(("resident", each), _Seen())) for each in people}
    return Room(
        door=Door(record, room or "", entrance or "", floor, position, span, storeys,
                  purpose or ""),
        use=use or "",
        people=len(people),
        head=tower_rooms.masked_name(head or _head_of(people.values())),
        tags=tower_rooms.shown_tags(tag for each in people.values() for tag in each.tags),
        oldest_born_on=min((each.born_on for each in people.values() if each.born_on),
                           default=None),
        last_visit_on=_latest([at_door, *met.values()]),
        is_due=any(
            tower_rooms.is_due(
                each.cares, last_on=met[key].last_on, planned_on=met[key].planned_on, today=today
            )
            for key, each in people.items()
        ),
        hazard=hazard or "",
    )  # fmt: skip


def _head_of(people: Iterable[_Person]) -> str:
    """The householder, or else the oldest of those who live there."""
    in_order = sorted(
        people, key=lambda each: (each.relation not in _HEADS, each.born_on or dt.date.max)
    )
    return in_order[0].name if in_order else ""


def _latest(some: Iterable[_Seen]) -> dt.date | None:
    return max((each.last_on for each in some if each.last_on), default=None)


def _later(one: dt.date | None, other: dt.date | None) -> dt.date | None:
    return max(filter(None, (one, other)), default=None)


@functools.lru_cache(maxsize=4096)
def _codes(tags: str) -> tuple[str, ...]:
    return tuple(json.loads(tags))


@functools.lru_cache(maxsize=8192)
def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


@functools.lru_cache(maxsize=8192)
def _day_of(moment: str | None) -> dt.date | None:
    """The day in Beijing."""
    return dt.datetime.fromisoformat(moment).astimezone(BEIJING).date() if moment else None
