"""Who keeps house together: relation to the head, sex and age of every member."""

import dataclasses
import random
from collections.abc import Callable, Iterator

from tests.city.chance import Weighted, happens

KINDS = Weighted(
    "single 13 single_elder 7 couple 14 couple_elder 13 nuclear1 24 nuclear2 11 three_gen 8 "
    "single_parent 4 extended 2 tenants 4"
)
_HEAD, _HUSBAND, _WIFE, _SON, _DAUGHTER, _DAUGHTER_IN_LAW = "02", "11", "12", "20", "30", "38"
_GRANDSON, _GRANDDAUGHTER, _STRANGER = "41", "42", "99"
_MALE, _FEMALE = "1", "2"
CHILDREN = (_SON, _DAUGHTER, _GRANDSON, _GRANDDAUGHTER)
_HEAD_AGES = {  # youngest, span
    "couple": (24, 34),
    "couple_elder": (60, 26),
    "three_gen": (32, 18),
    "extended": (48, 22),
}
_USUAL_AGES = (26, 28)


@dataclasses.dataclass(frozen=True)
class Member:
    """One of a household; the head is its first."""

    relation: str
    sex: str
    age: float


def members(rng: random.Random, kind: str) -> list[Member]:
    """The members of a household of this kind."""
    if kind in _WITHOUT_FAMILY:
        return _WITHOUT_FAMILY[kind](rng)
    sex = _MALE if happens(rng, 0.72) else _FEMALE
    youngest, span = _HEAD_AGES.get(kind, _USUAL_AGES)
    head = Member(_HEAD, sex, youngest + rng.random() * span)
    if kind == "single_parent":
        return [head, _child(rng, head.age - 25 - rng.random() * 8)]
    return [head, _spouse(rng, head), *_relatives(rng, kind, head)]


def _single(rng: random.Random) -> list[Member]:
    return [Member(_HEAD, _MALE if happens(rng, 0.55) else _FEMALE, 20 + rng.random() * 38)]


def _single_elder(rng: random.Random) -> list[Member]:
    return [Member(_HEAD, _MALE if happens(rng, 0.35) else _FEMALE, 61 + rng.random() * 32)]


def _tenants(rng: random.Random) -> list[Member]:
    others = rng.choice((1, 1, 2, 3))
    sex = _MALE if happens(rng, 0.72) else _FEMALE
    return [
        Member(_HEAD, sex, 19 + rng.random() * 20),
        *(Member(_STRANGER, rng.choice("12"), 19 + rng.random() * 22) for _ in range(others)),
    ]


_WITHOUT_FAMILY: dict[str, Callable[[random.Random], list[Member]]] = {
    "single": _single,
    "single_elder": _single_elder,
    "tenants": _tenants,
}


def _spouse(rng: random.Random, head: Member) -> Member:
    age = max(20, head.age - 3 + rng.random() * 6)
    return Member(_WIFE, _FEMALE, age) if head.sex == _MALE else Member(_HUSBAND, _MALE, age)


def _child(rng: random.Random, age: float) -> Member:
    is_son = happens(rng, 0.52)
    return Member(_SON if is_son else _DAUGHTER, _MALE if is_son else _FEMALE, max(0, age))


def _relatives(rng: random.Random, kind: str, head: Member) -> Iterator[Member]:
    if kind in ("nuclear1", "three_gen"):
        yield _child(rng, head.age - 25 - rng.random() * 7)
    if kind == "nuclear2":
        yield _child(rng, head.age - 25 - rng.random() * 4)
        yield _child(rng, head.age - 29 - rng.random() * 4)
    if kind == "three_gen":
        yield from _parents(rng, head)
    if kind == "extended":
        yield Member(_SON, _MALE, head.age - 25)
        yield Member(_DAUGHTER_IN_LAW, _FEMALE, max(20, head.age - 26))
        yield _grandchild(rng, head.age - 50)


def _parents(rng: random.Random, head: Member) -> Iterator[Member]:
    # 母亲 or 岳母, 父亲 or 岳父: with the parents of the man of the house
    mother, father = ("52", "51") if head.sex == _MALE else ("56", "55")
    yield Member(mother, _FEMALE, head.age + 22 + rng.random() * 8)
    if happens(rng, 0.5):
        yield Member(father, _MALE, head.age + 24 + rng.random() * 8)


def _grandchild(rng: random.Random, age: float) -> Member:
    is_boy = happens(rng, 0.5)
    relation, sex = (_GRANDSON, _MALE) if is_boy else (_GRANDDAUGHTER, _FEMALE)
    return Member(relation, sex, max(0, age))
