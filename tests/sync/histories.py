"""Inventing histories, living through them, and making a failing one short.

20,000 histories are too many for Hypothesis, whose own bookkeeping would cost more than they do:
here a seed is a history. Hypothesis draws from the same steps in `test_histories.py`.
"""

import gc
import random
from collections.abc import Iterator, Sequence

from tests.sync import oracle
from tests.sync.ground import Ground
from tests.sync.rules import WEIGHTS, take
from tests.sync.world import Step, World

LONGEST = 20
_NAMES = [rule.__name__ for rule in WEIGHTS]
_OFTEN = list(WEIGHTS.values())


def invented(seed: int) -> list[Step]:
    """The history of a seed: mostly one person or one record at a time, as in life."""
    chance = random.Random(seed)
    count = chance.randint(4, LONGEST)
    people = chance.choice((1, 2, 3))
    steps: list[Step] = []
    for name in chance.choices(_NAMES, _OFTEN, k=count):
        steps.append((name, chance.randrange(4), chance.randrange(people), chance.randrange(60)))
    return [("register", 0, 0, chance.randrange(4)), ("sync", 0, 0, 0), ("sync", 1, 0, 0), *steps]


def live(ground: Ground, steps: Sequence[Step]) -> World:
    """Go through a history and see that all is well; AssertionError or worse where it is not."""
    with ground.first_day():
        world = World(ground)
        for step in steps:
            take(world, step)
        world.heal()
        oracle.check(world)
        return world


def failure(ground: Ground, steps: Sequence[Step]) -> str:
    """What went wrong in a history, "" when nothing did."""
    try:
        live(ground, steps)
    except Exception as error:  # whatever it is, it is the finding
        return f"{type(error).__name__}: {error}".splitlines()[0][:300]
    return ""


def shortened(ground: Ground, steps: Sequence[Step]) -> list[Step]:
    """A failing history without the steps that it does not need."""
    short = list(steps)
    for size in (8, 4, 2, 1, 1):
        at = 0
        while at < len(short):
            without = short[:at] + short[at + size :]
            if failure(ground, without):
                short = without
            else:
                at += size
    return short


def failures(ground: Ground, seeds: Sequence[int]) -> Iterator[str]:
    """A line for every seed whose history fails: the seed, what went wrong, the shortest way."""
    gc.disable()  # the collector would walk through SQLAlchemy again and again
    for seed in seeds:
        if seed % 50 == 0:
            gc.collect()
        wrong = failure(ground, invented(seed))
        if wrong:
            yield f"seed {seed}: {wrong}: {shortened(ground, invented(seed))}"
    gc.enable()
