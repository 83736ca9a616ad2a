"""Names of people, as their birth year, sex and people make likely."""

import random

from tests.city.chance import happens
from tests.city.name_words import (
    COHORTS,
    ETHNIC,
    GIVEN,
    HAN,
    HUI,
    HUI_GIVEN,
    RARE,
    TWO_CHARACTER_SURNAMES,
    WHOLE_NAMES,
)

_HUI_PEOPLES = ("03", "26")


def person_name(rng: random.Random, *, sex: str, year: int, ethnic: str, surname: str = "") -> str:
    """A name; with the surname of the family where one is given."""
    if ethnic in WHOLE_NAMES and happens(rng, 0.8):
        return rng.choice(WHOLE_NAMES[ethnic])
    surname = surname or (HUI if ethnic in _HUI_PEOPLES else HAN).pick(rng)
    if ethnic == "03" and happens(rng, 0.1):
        return surname + rng.choice(HUI_GIVEN[sex])
    return surname + _given_name(rng, sex, year)


def anybody(rng: random.Random, *, first_year: int, last_year: int) -> str:
    """The name of somebody who is no resident: an owner, a contact."""
    sex, year = rng.choice("12"), rng.randint(first_year, last_year)
    return person_name(rng, sex=sex, year=year, ethnic=ETHNIC.pick(rng))


def surname_of(name: str) -> str:
    """The surname that the children of a person of this name carry."""
    return name[:2] if name[:2] in TWO_CHARACTER_SURNAMES else name[0]


def _given_name(rng: random.Random, sex: str, year: int) -> str:
    cohort = max(first for first in COHORTS if first <= max(year, COHORTS[0]))
    name = rng.choice(GIVEN[cohort, sex])
    if happens(rng, 0.35):
        name = _mixed(rng, name, rng.choice(GIVEN[cohort, sex]))
    if happens(rng, 0.004):
        name = name[:-1] + rng.choice(RARE)
    return name


def _mixed(rng: random.Random, name: str, other: str) -> str:
    if happens(rng, 0.7):
        return name[0] + other[-1]
    return name[-1] if len(name) > 1 and happens(rng, 0.2) else name
