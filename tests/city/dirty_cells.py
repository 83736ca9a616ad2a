"""How a cell looks that was typed by hand in a spreadsheet."""

import dataclasses
import datetime as dt
import random

from tests.city.chance import happens

_WIDE = {ord(sign): ord(sign) + 0xFEE0 for sign in "0123456789X"}
_CHINESE_DIGITS = "零一二三四五六七八九"
_SPREADSHEET_EPOCH = dt.date(1899, 12, 30)


@dataclasses.dataclass(frozen=True)
class ShownId:
    """An ID number as it was typed: why it must be refused, what should be said about it."""

    text: str
    refusal: str = ""
    warning: str = ""


def id_cell(rng: random.Random, number: str) -> ShownId:
    """An ID number; of twenty, eight are not as they should be."""
    wrong_check = "1" if number[-1] != "1" else "2"
    spoiled = {
        0: ShownId(number.translate(_WIDE)),
        1: ShownId(f"{number[:6]} {number[6:14]} {number[14:]}"),
        2: ShownId("'" + number),
        3: ShownId(number.lower() + " "),
        4: ShownId(f"{int(number[:17] + '0'):.5E}", refusal="id_precision_lost"),
        5: ShownId(number[:-1] + wrong_check, refusal="id_checksum"),
        7: ShownId(number[:17], refusal="id_length"),
    }
    if number[6:8] == "19":
        spoiled[6] = ShownId(number[:6] + number[8:17], warning="id_15_upgraded")
    return spoiled.get(rng.randrange(20), ShownId(number))


def date_cell(rng: random.Random, day: str) -> str:
    """A date in one of the ways people write it, or as the number that a spreadsheet keeps."""
    date = dt.date.fromisoformat(day)
    year, month, number = day.split("-")
    ways = (
        day,
        f"{year}/{date.month}/{date.day}",
        f"{year}.{month}.{number}",
        year + month + number,
        f"{year}年{date.month}月{date.day}日",
        str((date - _SPREADSHEET_EPOCH).days),
    )
    return rng.choice(ways)


def phone_cell(rng: random.Random, phone: str) -> str:
    """A mobile number in groups, with the country's code, in wide digits or with a space."""
    if not phone or phone.startswith("0"):
        return phone
    groups = phone[:3], phone[3:7], phone[7:]
    spoiled = ("-".join(groups), " ".join(groups), "+86" + phone, phone.translate(_WIDE))
    return rng.choice((*spoiled, phone + "　", phone, phone, phone, phone))


def name_cell(rng: random.Random, name: str) -> str:
    """A name with a space inside or behind."""
    if len(name) == 2 and happens(rng, 0.3):
        return f"{name[0]} {name[1]}"
    return name + rng.choice(("", "", "", " ", "　"))


def ethnic_cell(rng: random.Random, name: str) -> str:
    """汉族 or 汉."""
    return name if happens(rng, 0.7) else name.removesuffix("族")


def place_cells(rng: random.Random, building: int, entrance: int, room: str) -> list[str]:
    """Building, entrance and room as they are written on the first line of a household."""
    buildings = (str(building), f"{building}号楼", f"{building}#", str(building).translate(_WIDE))
    entrances = (str(entrance), f"{entrance}单元", f"{_CHINESE_DIGITS[entrance]}单元")
    return [rng.choice(buildings), rng.choice(entrances), rng.choice((room, f"{room}室"))]
