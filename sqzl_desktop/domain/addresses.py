"""地址: the address of a dwelling from its building, and whether two addresses mean one home."""

import re

from sqzl_desktop.base import text

_WORDS = re.compile(r"(?<=\d)(?:号楼|#楼?|栋|幢|座|号院|单元|门|楼|室|号|房|户)")
_NUMBERS = re.compile(r"[0-9a-z]+(?:-[0-9a-z]+)*-?$")
_BETWEEN = re.compile(r"[\s,，、。]")


def dwelling_address(building_address: str, building: str, entrance: str, room: str) -> str:
    """The full address of a dwelling: 北京路12号阳光家园3号楼2单元501室.

    `building_address` is the building's, or its estate where it has none; each part comes once.
    """
    head = text.line(building_address)
    parts = [head if building and head.endswith(building) else head + building]
    if entrance:
        parts.append(f"{entrance}单元" if entrance.isascii() else entrance)
    if room:
        parts.append(f"{room}室" if room.isascii() else room)
    return "".join(parts)


def floor_of(room: str) -> int | None:
    """The floor that a room number tells: 501 is on the 5th, 1203 on the 12th."""
    digits = room.isascii() and room.isdigit()
    return int(room[:-2]) if digits and len(room) in (3, 4) and int(room[:-2]) else None


def is_same_home(one: str, other: str) -> bool:
    """Do two addresses mean the same door? Building, entrance and room must agree; of the words
    before them the shorter must end the longer (one begins with the province, one with the road).
    """
    (words, numbers), (other_words, other_numbers) = _parts(one), _parts(other)
    if not numbers or numbers != other_numbers:
        return False
    longer, shorter = sorted((words, other_words), key=len, reverse=True)
    return longer.endswith(shorter)


def _parts(address: str) -> tuple[str, str]:
    """(what stands before the door's numbers, the numbers joined by dashes)."""
    written = _WORDS.sub("-", _BETWEEN.sub("", text.fold(address)))
    found = _NUMBERS.search(written)
    if found is None:
        return written, ""
    return written[: found.start()], found[0].strip("-")
