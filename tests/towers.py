"""Buildings to look at: a high one of any size with people behind its doors, and an odd one."""

import random
from collections.abc import Iterator
from typing import Any

from sqzl_desktop.protocol.messages import Row
from tests.places import COMMUNITY, GRID

FAMILY = "王李张刘马杨赵陈白丁"
GIVEN = ("秀英", "建国", "志强", "小燕", "海", "玉兰", "文博")
TAGS = ("K01", "K03", "K04", "K05", "K11", "K13", "K16", "K17")
HIGH, ODD = "high", "odd"


def row(kind: str, record_id: str, **fields: Any) -> Row:
    """A confirmed record of the first grid."""
    kept = {name: value for name, value in fields.items() if value not in (None, "")}
    whole = {"community_id": COMMUNITY, "grid_id": GRID, **kept}
    return Row(kind, record_id, GRID, 1, whole, {"*": "loaded"}, "loaded")


def high(entrances: int = 4, floors: int = 33, rooms: int = 8, seed: int = 1) -> Iterator[Row]:
    """A building of so many entrances, floors and rooms on a floor, most of them lived in."""
    rng = random.Random(seed)
    yield row(
        "building", HIGH, estate="阳光家园", name="8号楼", entrance_count=entrances,
        floor_count=floors, rooms_per_floor=rooms, lead_name="李桂兰",
    )  # fmt: skip
    for entrance in range(1, entrances + 1):
        for floor in range(1, floors + 1):
            for number in range(1, rooms + 1):
                room = f"{floor}{number:02d}"
                key = f"{entrance}-{room}"
                use = rng.choices(("01", "02", "03", "99", ""), (60, 20, 12, 2, 6))[0]
                yield row(
                    "dwelling", key, building_id=HIGH, entrance=str(entrance), floor=floor,
                    room=room, use=use, address=f"北京路12号阳光家园8号楼{entrance}单元{room}室",
                )  # fmt: skip
                if use != "03":
                    yield from _family(key, rng)


def _family(dwelling: str, rng: random.Random) -> Iterator[Row]:
    name = rng.choice(FAMILY)
    head = name + rng.choice(GIVEN)
    yield row("household", f"h{dwelling}", head_name=head, dwelling_id=dwelling)
    for place in range(rng.choice((1, 1, 2, 3, 3, 4))):
        key = f"r{dwelling}-{place}"
        is_old = rng.random() < 0.2
        tags = sorted({rng.choice(TAGS) for _ in range(rng.choice((0, 0, 0, 1, 2)))})
        yield row(
            "resident", key, name=head if not place else name + rng.choice(GIVEN),
            relation="02" if not place else "20", household_id=f"h{dwelling}", tags=tags,
            born_on=f"{rng.randint(1930, 1945) if is_old else rng.randint(1950, 2015)}-03-04",
            phone="13995130012",
        )  # fmt: skip
        yield row("residence", f"s{key}", resident_id=key, dwelling_id=dwelling)
        if rng.random() < 0.5:
            yield row(
                "visit", f"v{key}", resident_id=key, category="01", way="01", content="一切正常",
                visited_at=f"2026-0{rng.randint(1, 6)}-15T02:00:00Z",
            )  # fmt: skip
        if is_old:
            yield row("aged_care", f"a{key}", resident_id=key, since_on="2026-01-05")


def odd() -> Iterator[Row]:
    """Two entrances of different height, shops, a basement, a duplex, a flat made of two, rooms
    without a floor, two on one place, one that nobody can place."""
    yield row("building", ODD, estate="老城街", name="2号楼", entrance_count=2, floor_count=4)
    plain = [("1", floor, f"{floor}{number:02d}") for floor in (2, 3, 4) for number in (1, 2, 3)]
    plain += [("2", floor, f"{floor}{number:02d}") for floor in (2, 3) for number in (1, 2)]
    for entrance, floor, room in plain:
        if (entrance, room) not in (("1", "302"), ("1", "402"), ("1", "203")):
            yield _odd(f"{entrance}-{room}", room, entrance=entrance, floor=floor, use="01")
    yield _odd("wide", "302", entrance="1", floor=3, position=2, use="02")
    yield _odd("big", "202", entrance="1", floor=2, position=2, span=2, use="01")
    yield _odd("duplex", "401", entrance="2", floor=4, position=1, span=2, storeys=2, use="01")
    yield _odd("cellar", "B1-01", entrance="1", floor=-1, use="99", purpose="05")
    yield _odd("told", "2-303", use="")
    yield _odd("lost", "门房", use="99")
    for number, name in enumerate(("利民超市", "牛肉拉面", "药店"), 1):
        yield _odd(f"shop{number}", name, purpose="02", use="02", position=number)


def _odd(key: str, room: str, **fields: Any) -> Row:
    return row("dwelling", f"odd-{key}", building_id=ODD, room=room,
               address=f"老城街2号楼{room}", **fields)  # fmt: skip
