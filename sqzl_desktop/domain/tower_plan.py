"""楼栋图编辑: a building being drawn anew; every step gives the next draft or says why it cannot.

Nothing is saved here. Each room's place is written down when the drafting begins, so that what is
not touched stays where it was seen.
"""

import dataclasses
from collections.abc import Mapping

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain.room_numbers import (
    DEEPEST,
    HIGHEST,
    MOST_ROOMS,
    Numbering,
    entrance_label,
    next_room,
    renumbered,
)
from sqzl_desktop.domain.tower import SHOP, Door, Layout, Shape, lay_out
from sqzl_desktop.domain.tower_rooms import Room

DWELLING = "01"  # of the code list house_purpose
NEW = "new-"
MOST = 3000
_UNSAID = Shape()


@dataclasses.dataclass(frozen=True, slots=True)
class Draft:
    """The rooms as they are to be; `began` as they were placed when drafting began.

    A room that is not registered yet has an id that begins with NEW.
    """

    rooms: Mapping[str, Room]
    began: Mapping[str, Room]
    shape: Shape
    made: int = 0

    @property
    def layout(self) -> Layout:
        """Where the rooms would be drawn."""
        return lay_out((room.door for room in self.rooms.values()), self.shape)

    @property
    def removed(self) -> tuple[str, ...]:
        """The rooms that are to be deleted."""
        return tuple(each for each in self.began if each not in self.rooms)

    @property
    def touched(self) -> frozenset[str]:
        """The entrances in which something is to be otherwise."""
        now = [self.rooms[each].door.entrance for each in self.changed]
        before = [self.began[each].door.entrance for each in (*self.changed, *self.removed)
                  if each in self.began]  # fmt: skip
        return frozenset((*now, *before))

    @property
    def changed(self) -> tuple[str, ...]:
        """The rooms that are new or otherwise than they began."""
        return tuple(
            each
            for each, room in self.rooms.items()
            if each not in self.began or room.door != self.began[each].door
        )


def begin(rooms: Mapping[str, Room], layout: Layout, shape: Shape = _UNSAID) -> Draft:
    """A draft of a building as it is seen."""
    placed = dict(rooms)
    for cell in layout.cells:
        if cell.floor is None:
            continue
        door = rooms[cell.id].door
        written = dataclasses.replace(
            door, entrance=cell.entrance, floor=cell.floor, position=cell.position
        )
        placed[cell.id] = dataclasses.replace(rooms[cell.id], door=written)
    return Draft(placed, placed, shape)


def generated(numbering: Numbering) -> Draft:
    """The rooms of a new building. Refused where there would be too many, or none."""
    if not 0 < numbering.count <= MOST:
        raise Refused(f"一栋楼的房屋应在1至{MOST}户之间，现在是{numbering.count}户，请核对")
    draft = Draft({}, {}, Shape(floors=1))  # no floor is drawn that was skipped
    for entrance, floor, position, room in numbering.places():
        draft = _with_new(draft, Door("", room, entrance, floor, position, purpose=DWELLING))
    return draft


def add_room(draft: Draft, beside: str) -> Draft:
    """One more room at the first free place to the right, on the same floor."""
    door = draft.rooms[beside].door
    there = _on_floor(draft, beside)
    rooms = [draft.rooms[each].door.room for each in there]
    if door.floor is None:
        number = max((draft.rooms[each].door.position or 0 for each in there), default=0) + 1
        name = f"{'商铺' if door.purpose == SHOP else '房'}{len(there) + 1}"
        return _with_new(draft, Door("", name, door.entrance, None, number, purpose=door.purpose))
    position = (door.position or 1) + (door.span or 1)
    while _holder(draft, door.entrance, door.floor, position):
        position += 1
    _refuse_position(position)
    room = next_room(rooms, door.floor)
    return _with_new(draft, Door("", room, door.entrance, door.floor, position, purpose=DWELLING))


def remove_room(draft: Draft, room: str) -> Draft:
    """Without a room. Refused where somebody lives in it."""
    return _without(draft, [room])


def rename(draft: Draft, room: str, to: str) -> Draft:
    """Another room number; refused where it is empty, or another room of the entrance has it."""
    name, door = to.strip(), draft.rooms[room].door
    if not name:
        raise Refused("室号不能为空")
    for each, other in draft.rooms.items():
        if each != room and (other.door.entrance, other.door.room) == (door.entrance, name):
            raise Refused(f"{entrance_label(door.entrance)}已有{name}室，请用另一个室号")
    return _changed(draft, room, dataclasses.replace(door, room=name))


def move(draft: Draft, room: str, entrance: str, floor: int, position: int) -> Draft:
    """To another place; what is there, of the same size, comes to where this one was."""
    door = draft.rooms[room].door
    if door.floor is None and door.purpose == SHOP:
        raise Refused("底商排在最下面一行；要放到楼层里，请先标为住宅")
    if position < 1 or floor == 0 or not DEEPEST <= floor <= HIGHEST:
        return draft
    _refuse_position(position)
    target = dataclasses.replace(door, entrance=entrance, floor=floor, position=position)
    others = _covered(draft, target) - {room}
    if not others:
        return _changed(draft, room, target)
    (other, *more) = others
    theirs = draft.rooms[other].door
    same = (theirs.span or 1, theirs.storeys or 1) == (door.span or 1, door.storeys or 1)
    if more or not same or (theirs.floor, theirs.position) != (floor, position):
        raise Refused("那里放不下：只能移到空位，或与一样大的房屋互换")
    moved = dataclasses.replace(
        theirs, entrance=door.entrance, floor=door.floor, position=door.position
    )
    return _changed(_changed(draft, room, target), other, moved)


def merge(draft: Draft, room: str, way: str) -> Draft:
    """Wider by what is on its right, or higher by what is above; that room is gone."""
    door = draft.rooms[room].door
    if door.floor is None or door.position is None:
        raise Refused("没有放在楼层里的房屋不能合并")
    span, storeys = door.span or 1, door.storeys or 1
    grown = (
        dataclasses.replace(door, span=span + 1)
        if way == "right"
        else dataclasses.replace(door, storeys=storeys + 1)
    )
    others = _covered(draft, grown) - {room}
    for each in others:
        other = draft.rooms[each].door
        fits = (
            (other.floor, other.storeys or 1) == (door.floor, storeys)
            if way == "right"
            else (other.position, other.span or 1) == (door.position, span)
        )
        if not fits or len(others) > 1:
            raise Refused("旁边的房屋与这一户没有对齐，不能合并")
        more = (other.span or 1) if way == "right" else (other.storeys or 1)
        grown = dataclasses.replace(
            door,
            span=span + more if way == "right" else door.span,
            storeys=storeys if way == "right" else storeys + more,
        )
    return _changed(_without(draft, others), room, grown)


def split(draft: Draft, room: str) -> Draft:
    """One cell again, with a room in each place that becomes free."""
    door = draft.rooms[room].door
    span, storeys = door.span or 1, door.storeys or 1
    if span == 1 and storeys == 1:
        raise Refused("这一户只占一格，不能再拆；要加一间请用“右侧加一间”")
    draft = _changed(draft, room, dataclasses.replace(door, span=None, storeys=None))
    if door.floor is None or door.position is None:
        return draft
    floor = door.floor
    for level in range(storeys):
        for column in range(door.position, door.position + span):
            if level or column > door.position:
                name = next_room(_names(draft, door.entrance, floor), floor)
                draft = _with_new(
                    draft, Door("", name, door.entrance, floor, column, purpose=DWELLING)
                )
        floor = _above(floor)
    return draft


def mark_shop(draft: Draft, room: str) -> Draft:
    """A dwelling becomes a shop, a shop a dwelling."""
    door = draft.rooms[room].door
    if door.purpose != SHOP:
        return _changed(draft, room, dataclasses.replace(door, purpose=SHOP))
    home = dataclasses.replace(
        door, purpose=DWELLING, floor=door.floor or 1, position=door.position or 1
    )
    while _covered(draft, home) - {room}:
        home = dataclasses.replace(home, position=(home.position or 1) + 1)
    _refuse_position(home.position or 1)
    return _changed(draft, room, home)


def add_floor(draft: Draft, *, below: bool = False) -> Draft:
    """One more floor on top, or under the lowest, with rooms as on the floor beside it."""
    levels = {level for room in draft.rooms.values() for level, _ in _squares(room.door)}
    if not levels:
        raise Refused("还没有楼层，请先生成房屋")
    source = min(levels) if below else max(levels)
    to = min(source - 1, -1) if below else _above(source)
    if not DEEPEST <= to <= HIGHEST:
        raise Refused(f"楼层应在地下{-DEEPEST}层至{HIGHEST}层之间")
    for room in list(draft.rooms.values()):
        door = room.door
        if any(level == source for level, _ in _squares(door)):
            there = _names(draft, door.entrance, to)
            name = renumbered(door.room, door.floor or 0, to)
            if name in (door.room, *there):
                name = next_room(there, to)
            made = Door("", name, door.entrance, to, door.position, door.span, purpose=DWELLING)
            draft = _with_new(draft, made)
    return draft


def remove_floor(draft: Draft, floor: int) -> Draft:
    """Without a floor. Refused where somebody lives on it."""
    return _without(draft, [e for e, room in draft.rooms.items() if room.door.floor == floor])


def add_entrance(draft: Draft) -> Draft:
    """One more entrance like the last one."""
    names = [each.name for each in draft.layout.entrances]
    if not names:
        raise Refused("还没有单元，请先生成房屋")
    numbers = [int(name) for name in names if name.isdecimal()]
    new, last = str(max(numbers, default=0) + 1), names[-1]
    there = {cell.id for cell in draft.layout.cells if cell.entrance == last and cell.floor}
    for each in [draft.rooms[key].door for key in draft.rooms if key in there]:
        room = each.room
        if room.startswith(f"{last}-"):
            room = new + room.removeprefix(last)
        draft = _with_new(draft, dataclasses.replace(each, id="", room=room, entrance=new))
    return draft


def remove_entrance(draft: Draft, name: str) -> Draft:
    """Without an entrance. Refused where somebody lives in it."""
    return _without(draft, [cell.id for cell in draft.layout.cells if cell.entrance == name])


def counted(draft: Draft) -> tuple[int, int, int]:
    """(entrances, floors, floors below ground) of the draft."""
    floors = draft.layout.floors
    used = {
        level
        for cell in draft.layout.cells
        if cell.floor is not None
        for level in floors[cell.y : cell.y + cell.height]
    }
    above = sum(1 for floor in used if floor > 0)
    return len(draft.layout.entrances), above, -min(min(used, default=0), 0)


def _with_new(draft: Draft, door: Door) -> Draft:
    key = f"{NEW}{draft.made + 1}"
    made = Room(dataclasses.replace(door, id=key))
    return dataclasses.replace(draft, rooms={**draft.rooms, key: made}, made=draft.made + 1)


def _changed(draft: Draft, room: str, door: Door) -> Draft:
    now = dataclasses.replace(draft.rooms[room], door=door)
    return dataclasses.replace(draft, rooms={**draft.rooms, room: now})


def _without(draft: Draft, some: "list[str] | set[str]") -> Draft:
    for each in some:
        room = draft.rooms[each]
        if room.people:
            raise Refused(f"{room.door.room}室登记有{room.people}人居住，请先办理迁出，再删除")
    return dataclasses.replace(
        draft, rooms={key: room for key, room in draft.rooms.items() if key not in some}
    )


def _on_floor(draft: Draft, room: str) -> list[str]:
    door = draft.rooms[room].door
    return [
        key
        for key, each in draft.rooms.items()
        if (each.door.entrance, each.door.floor) == (door.entrance, door.floor)
    ]


def _names(draft: Draft, entrance: str, floor: int) -> list[str]:
    return [
        each.door.room
        for each in draft.rooms.values()
        if (each.door.entrance, each.door.floor) == (entrance, floor)
    ]


def _above(floor: int) -> int:
    return floor + 1 if floor != -1 else 1


def _squares(door: Door) -> set[tuple[int, int]]:
    if door.floor is None or door.position is None or (door.purpose == SHOP and door.floor == 1):
        return set()
    found, floor = set(), door.floor
    for _ in range(door.storeys or 1):
        found |= {(floor, door.position + each) for each in range(door.span or 1)}
        floor = _above(floor)
    return found


def _covered(draft: Draft, door: Door) -> set[str]:
    """The rooms of the same entrance that a door as it is to be would cover."""
    wanted = _squares(door)
    return {
        key
        for key, each in draft.rooms.items()
        if each.door.entrance == door.entrance and _squares(each.door) & wanted
    }


def _holder(draft: Draft, entrance: str, floor: int, position: int) -> bool:
    return bool(_covered(draft, Door("", entrance=entrance, floor=floor, position=position)))


def _refuse_position(position: int) -> None:
    if position > MOST_ROOMS:
        raise Refused(f"一个单元一层最多{MOST_ROOMS}户")
