"""Invented histories: several laptops at work, with and without a network, end up the same.

Some hundred seeds by our own dice, and some histories by Hypothesis, which shortens what fails.
`make torture` goes on to 20,000.
"""

import os
from collections.abc import Iterator

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from tests.sync import crowd, histories
from tests.sync.ground import Ground
from tests.sync.world import RULES, Step

SEEDS = int(os.environ.get("SQZL_HISTORIES", "500"))

steps = st.tuples(
    st.sampled_from(sorted(RULES)), st.integers(0, 3), st.integers(0, 2), st.integers(0, 59)
)


@pytest.fixture(scope="module")
def ground() -> Iterator[Ground]:
    made = Ground()
    yield made
    made.close()


def test_histories_of_many_seeds_converge_and_account_for_every_operation() -> None:
    assert crowd.spread(crowd.histories_of, range(SEEDS)) == []


def test_histories_by_hypothesis_converge_and_account_for_every_operation(ground: Ground) -> None:
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(steps, max_size=20))
    def lived(some: list[Step]) -> None:
        histories.live(ground, some)

    lived()


def test_the_same_history_gives_the_same_rows(ground: Ground) -> None:
    first, second = (histories.live(ground, histories.invented(7)).picture() for _ in range(2))

    assert first == second


@pytest.mark.parametrize("seed", range(8))
def test_a_clock_wrong_by_years_changes_no_result(ground: Ground, seed: int) -> None:
    steps = [each for each in histories.invented(seed) if each[0] != "clock"]
    wrong: list[Step] = [("clock", by, 0, 20 * (by % 2)) for by in range(3)]

    right = histories.live(ground, steps).picture()

    assert histories.live(ground, [*wrong, *steps]).picture() == right
