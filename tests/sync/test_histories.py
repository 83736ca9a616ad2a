"""Invented histories: several laptops at work, with and without a network, end up the same.

Some hundred seeds by our own dice, and some histories by Hypothesis, which shortens what fails.
`make torture` goes on to 20,000.
"""

import json
import os
from collections.abc import Iterator
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from tests.sync import crowd, histories
from tests.sync.ground import Ground
from tests.sync.rules import RULES
from tests.sync.world import Step

SEEDS = int(os.environ.get("SQZL_HISTORIES", "500"))

steps = st.tuples(
    st.sampled_from(sorted(RULES)), st.integers(0, 3), st.integers(0, 2), st.integers(0, 59)
)


KNOWN: list[Step] = [("register", 0, 0, 3), ("sync", 0, 0, 0), ("sync", 1, 0, 0)]
ONCE_FAILED: dict[str, list[Step]] = {
    "a file is added where its record does not lie any more": [
        *KNOWN, ("move", 0, 0, 30), ("attach", 1, 0, 14),
    ],
    "a file goes along with its record": [*KNOWN, ("move", 1, 0, 40), ("attach", 0, 0, 53)],
    "a bad disk leaves search texts of a row that is not registered": [
        *KNOWN, ("register", 3, 0, 54), ("spoil", 0, 0, 49),
    ],
    "a bad disk leaves search texts of a row that comes anew": [
        ("register", 0, 0, 2), *KNOWN[1:], ("household", 0, 1, 42), ("move", 1, 0, 51),
        ("sync", 3, 1, 59), ("spoil", 1, 0, 31),
    ],
    "a bad disk keeps a record of a lost grid in sight": [
        ("register", 0, 0, 2), ("sync", 0, 0, 0), ("scope", 0, 0, 34), ("spoil", 0, 0, 13),
    ],
    "news arrive for a row that cannot be read": [
        ("register", 0, 0, 2), *KNOWN[1:], ("household", 1, 0, 51), ("stick", 1, 0, 39),
        ("spoil", 0, 0, 3),
    ],
    "the scope changes after a restore, before the device was heard": [
        ("register", 0, 0, 0), ("fall_back", 1, 0, 5), ("scope", 0, 0, 58), ("attach", 3, 0, 50),
    ],
    "a record that a restored server has forgotten is tagged, then deleted": [
        ("register", 0, 0, 1), *KNOWN[1:], ("fall_back", 1, 0, 13), ("tag", 1, 0, 9),
        ("sync", 1, 0, 13), ("delete", 1, 0, 22),
    ],
    "a twin's work is judged otherwise after a restore": [
        ("register", 0, 0, 0), ("sync", 0, 0, 0), ("move", 0, 1, 51), ("clone", 0, 0, 33),
        ("fall_back", 0, 1, 13), ("scope", 0, 0, 18),
    ],
    "who changes what was refused offers it anew": [
        ("register", 0, 0, 3), ("lose", 3, 2, 29), ("household", 0, 0, 32), ("sync", 3, 0, 36),
        ("household", 3, 0, 4),
    ],
    "who deletes what was refused has decided": [
        ("register", 0, 0, 3), ("sync", 0, 0, 0), ("household", 0, 0, 14), ("scope", 0, 1, 30),
        ("spoil", 3, 0, 59), ("delete", 0, 0, 14),
    ],
    "a file is left of a record that a restored server has forgotten": [
        ("register", 0, 0, 1), *KNOWN[1:], ("attach", 1, 0, 13), ("fall_back", 1, 0, 29),
        ("lose", 3, 0, 17),
    ],
    "a visit that comes late waits in the grid it was made in": [
        ("register", 0, 0, 2), ("move", 0, 2, 31), ("lose", 0, 0, 22), ("visit", 3, 2, 39),
        ("clone", 1, 0, 24), ("scope", 3, 2, 28),
    ],
    "a resident, a visit and a move arrive in one push": [
        ("register", 0, 0, 0), ("visit", 3, 0, 53), ("move", 0, 0, 55),
    ],
    "a file of a visit goes along with the person who was visited": [
        *KNOWN, ("visit", 0, 0, 5), ("attach", 0, 0, 5), ("sync", 0, 0, 0), ("move", 1, 0, 40),
    ],
    "a visit comes to a restored server before its person, who moves on in the push that comes": [
        ("register", 0, 0, 0), ("sync", 0, 0, 0), ("sync", 2, 0, 0), ("fall_back", 1, 0, 11),
        ("move", 3, 0, 33), ("visit", 2, 0, 4), ("sync", 2, 0, 40),
    ],
    "a restore by hand takes a change of the scope back": [
        ("register", 0, 0, 2), ("scope", 0, 1, 40), ("register", 2, 1, 28), ("sync", 0, 0, 9),
        ("fall_back", 3, 0, 32), ("sync", 2, 1, 33),
    ],
    "a step of a case is offered again where another was faster, by a clock set back": [
        ("case", 0, 0, 0), ("sync", 0, 0, 0), ("sync", 1, 0, 0), ("fall_back", 2, 0, 36),
        ("case", 1, 0, 37), ("case", 3, 1, 47), ("sync", 1, 0, 1), ("clock", 1, 0, 44),
    ],
    "what was late goes along when its case is lent": [
        ("case", 0, 0, 0), ("sync", 0, 0, 0), ("sync", 2, 0, 0), ("case", 2, 0, 9),
        ("case", 3, 0, 9), ("case", 0, 0, 57), ("crash", 2, 0, 33), ("sync", 0, 0, 34),
        ("case", 0, 1, 15),
    ],
    "a twin hears what a server laid back twice has judged otherwise": [
        ("case", 0, 0, 0), ("sync", 0, 0, 0), ("sync", 1, 0, 0), ("case", 1, 1, 22),
        ("sync", 1, 0, 42), ("case", 3, 1, 32), ("fall_back", 2, 1, 18), ("clone", 1, 0, 27),
        ("crash", 0, 1, 50), ("case", 0, 1, 23), ("fall_back", 0, 1, 44),
    ],
    "the scope changes after a restore by hand": [
        ("register", 0, 0, 0), ("sync", 0, 0, 0), ("fall_back", 3, 1, 12), ("scope", 0, 2, 58),
    ],
}  # fmt: skip


CLAIMS = ("made_at", "discovered_at", "number")  # a number holds the year


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


@pytest.mark.parametrize("steps", ONCE_FAILED.values(), ids=ONCE_FAILED.keys())
def test_history_that_failed_once_is_well(ground: Ground, steps: list[Step]) -> None:
    histories.live(ground, steps)


def test_the_same_history_gives_the_same_rows(ground: Ground) -> None:
    first, second = (histories.live(ground, histories.invented(7)).picture() for _ in range(2))

    assert first == second


def without_claims(picture: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The rows without what a device's clock said of itself, and the hash over that."""
    found = []
    for *key, fields, writes, last, _ in picture:
        told = {name: value for name, value in json.loads(fields).items() if name not in CLAIMS}
        found.append((*key, told, writes, last))
    return found


@pytest.mark.parametrize("seed", range(8))
def test_a_clock_wrong_by_years_changes_no_result(ground: Ground, seed: int) -> None:
    steps = [each for each in histories.invented(seed) if each[0] != "clock"]
    wrong: list[Step] = [("clock", by, 0, 20 * (by % 2)) for by in range(3)]

    right = without_claims(histories.live(ground, steps).picture())

    assert without_claims(histories.live(ground, [*wrong, *steps]).picture()) == right
