"""Choices with weights."""

import random
from itertools import accumulate


class Weighted:
    """A choice among words, written as "word weight word weight ..."."""

    def __init__(self, spec: str) -> None:
        parts = spec.split()
        self._words = parts[::2]
        self._sums = list(accumulate(float(weight) for weight in parts[1::2]))

    @property
    def words(self) -> tuple[str, ...]:
        """What there is to choose from, the first said first."""
        return tuple(self._words)

    def pick(self, rng: random.Random) -> str:
        """One of the words."""
        return rng.choices(self._words, cum_weights=self._sums)[0]


def happens(rng: random.Random, share: float) -> bool:
    """True in this share of all cases."""
    return rng.random() < share


def words(text: str) -> tuple[str, ...]:
    """The words of a text that is written with spaces between them."""
    return tuple(text.split())
