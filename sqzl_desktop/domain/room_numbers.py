"""室号: what a room number tells of entrance, floor and place, and how new ones are given."""

import dataclasses
import re
import unicodedata
from collections.abc import Iterator, Sequence

from sqzl_desktop.base import text

MOST_ROOMS, HIGHEST, DEEPEST = 60, 150, -9

_CHINESE = {char: str(number) for number, char in enumerate("一二三四五六七八九十", 1)}
_ENTRANCE = re.compile(r"^(?:.*(?:号楼|栋|幢))?(?P<name>\S+?)(?:单元|门洞)(?P<rest>.*)$")
_TAIL = re.compile(r"(?:室|号|房|户)+$")
_BELOW = re.compile(r"^(?:b|负|地下|-)(?P<floor>\d)(?:层|楼)?[-f]?(?P<number>\d{0,3})$")
_FLOORED = re.compile(r"^(?P<floor>\d{1,3})(?:层|楼|f)-?(?P<number>\d{0,3})$")
_PLAIN = re.compile(r"^(?P<floor>\d{1,2})(?P<number>\d\d)(?P<letter>[a-z]?)$")
_LETTERED = re.compile(r"^(?P<floor>\d{1,2})(?P<letter>[a-z])$")


@dataclasses.dataclass(frozen=True, slots=True)
class Hint:
    """What a room number tells: entrance, floor and which of its floor; what it does not is
    "" or None. The letter tells 101A from 101."""

    entrance: str = ""
    floor: int | None = None
    number: int | None = None
    letter: str = ""


def entrance_name(written: str) -> str:
    """The entrance as one compares it: 1 for “1单元”, “01” and “一单元”; 东 for “东单元”."""
    name = text.fold(written)
    for ending in ("单元", "门洞"):
        name = name.removesuffix(ending)
    name = _CHINESE.get(name, name)
    return str(int(name)) if name.isascii() and name.isdigit() else name


def entrance_label(name: str) -> str:
    """The entrance as it is shown: “1单元”; A座 and 东门 stay as they are."""
    if not name:
        return "未分单元"
    return name.upper() if name.endswith(("座", "门", "栋", "单元")) else f"{name.upper()}单元"


def hint_of(room: str) -> Hint:
    """What a room number tells: 301, 2单元301, 1-2-301, B1-03, 负101, 12A, 3层05."""
    written = _TAIL.sub("", unicodedata.normalize("NFKC", text.fold(room)).replace(" ", ""))
    written = re.sub(r"[—－_－]", "-", written)
    found = _ENTRANCE.match(written)
    if found:
        inner = _within(found["rest"].strip("-"))
        return dataclasses.replace(inner, entrance=entrance_name(found["name"].split("-")[-1]))
    plain = _within(written)
    if plain.floor is not None or "-" not in written:
        return plain
    *before, last = written.split("-")
    inner = _within(last)
    below = _within(f"{before[-1]}-{last}")
    if len(before) > 1 and below.floor is not None:
        return dataclasses.replace(below, entrance=entrance_name(before[-2]))
    if inner.floor is None and len(before) > 1:
        # entrance-floor-room, as 2-5-01
        floor, number = _whole(before[-1]), _whole(last)
        if floor is not None and number is not None:
            return _sane(Hint(entrance_name(before[-2]), floor, number))
    if inner.floor is None:
        return inner
    return dataclasses.replace(inner, entrance=entrance_name(before[-1]))


def _within(written: str) -> Hint:
    """The floor and number that a text without an entrance tells."""
    if found := _BELOW.match(written):
        return _sane(Hint("", -int(found["floor"]), _whole(found["number"])))
    if found := _FLOORED.match(written):
        return _sane(Hint("", int(found["floor"]), _whole(found["number"])))
    if found := _PLAIN.match(written):
        return _sane(Hint("", int(found["floor"]), _whole(found["number"]), found["letter"]))
    if found := _LETTERED.match(written):
        return _sane(Hint("", int(found["floor"]), ord(found["letter"]) - ord("a") + 1))
    return Hint()


def _whole(digits: str) -> int | None:
    return int(digits) if digits.isascii() and digits.isdigit() else None


def _sane(hint: Hint) -> Hint:
    floor = hint.floor
    return hint if floor and DEEPEST <= floor <= HIGHEST else Hint(hint.entrance)


def natural(written: str) -> tuple[tuple[int, int, str], ...]:
    """A key that sorts 2 before 10, and 101 before 101A."""
    parts = re.findall(r"\d+|\D+", text.fold(written))
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts)


def renumbered(room: str, floor: int, to: int) -> str:
    """The room number one floor's room has on another floor: 301 on 3 is 401 on 4."""
    hint = hint_of(room)
    if hint.floor != floor or hint.number is None:
        return room
    return _written(to, hint.number, width=4 if re.match(r"^0\d{3}$", room) else 3)


def next_room(rooms: Sequence[str], floor: int) -> str:
    """A number for one more room on a floor: one above the highest there."""
    numbers = [hint.number for room in rooms if (hint := hint_of(room)).number is not None]
    return _written(floor, max((number for number in numbers if number), default=0) + 1, width=3)


def _written(floor: int, number: int, *, width: int) -> str:
    if floor < 0:
        return f"B{-floor}-{number:02d}"
    return f"{floor:0{max(width - 2, 1)}d}{number:02d}"


SCHEMES = {
    "short": "101、102（层＋序号）",
    "long": "0101、0102（两位层＋序号）",
    "full": "1-1-01（单元-层-序号）",
    "running": "101、102 …（各单元连续编号）",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Numbering:
    """How the rooms of a new building are numbered.

    `scheme` is one of SCHEMES. Floors whose number is in `skipped_floors`, and rooms whose number
    on the floor is in `skipped_rooms`, are left out of the counting: after 3 comes 5.
    """

    entrances: int
    floors: int
    rooms: int
    floors_below: int = 0
    scheme: str = "short"
    skipped_floors: frozenset[int] = frozenset()
    skipped_rooms: frozenset[int] = frozenset()

    @property
    def count(self) -> int:
        """How many rooms there will be."""
        return self.entrances * (self.floors + self.floors_below) * self.rooms

    def places(self) -> Iterator[tuple[str, int, int, str]]:
        """(entrance, floor, position, room number) of every room."""
        floors = [*_counted(self.floors, self.skipped_floors)]
        floors += [-below for below in range(1, self.floors_below + 1)]
        is_running = self.scheme == "running"
        each_floor = self.rooms * (self.entrances if is_running else 1)
        numbers = _counted(each_floor, self.skipped_rooms)
        for entrance in range(1, self.entrances + 1):
            begin = (entrance - 1) * self.rooms if is_running else 0
            mine = numbers[begin : begin + self.rooms]
            for floor in floors:
                for position, number in enumerate(mine, 1):
                    yield str(entrance), floor, position, self._room(entrance, floor, number)

    def _room(self, entrance: int, floor: int, number: int) -> str:
        if self.scheme == "full":
            level = f"B{-floor}" if floor < 0 else str(floor)
            return f"{entrance}-{level}-{number:02d}"
        return _written(floor, number, width=4 if self.scheme == "long" else 3)


def _counted(count: int, skipped: frozenset[int]) -> list[int]:
    """The first `count` numbers from 1 on that are not skipped."""
    found: list[int] = []
    number = 0
    while len(found) < count:
        number += 1
        if number not in skipped:
            found.append(number)
    return found
