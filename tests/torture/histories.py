"""Invented histories, 20,000 of them, over two processes."""

import time

from tests.sync import crowd
from tests.torture.figures import Figures

NAME = "histories"
FULL = 20_000


def run(count: int | None, seed: int) -> list[Figures]:
    """Every history converges and every operation is accounted for."""
    count = FULL if count is None else count
    began = time.monotonic()
    failures = crowd.spread(crowd.histories_of, range(seed, seed + count))
    seconds = time.monotonic() - began
    return [Figures("invented histories", count, "histories", seed, seconds, tuple(failures))]
