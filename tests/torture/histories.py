"""Invented histories, 20,000 of them, over two processes."""

import sys
import time

from tests.sync import crowd
from tests.torture.figures import Figures

NAME = "histories"
FULL = 20_000
PORTION = 1000


def run(count: int | None, seed: int) -> list[Figures]:
    """Every history converges and every operation is accounted for; ends at the first that fails.

    It fails with its shortest form. `done` counts the histories of the portion it was found in.
    """
    count = FULL if count is None else count
    began, done = time.monotonic(), 0
    failures: list[str] = []
    while done < count and not failures:
        some = range(seed + done, seed + min(done + PORTION, count))
        failures = crowd.spread(crowd.histories_of, some)
        done += len(some)
        seconds = time.monotonic() - began
        print(f"{done} of {count}, {seconds:.0f} s, {len(failures)} failures", file=sys.stderr)
    return [Figures("invented histories", done, "histories", seed, seconds, tuple(failures))]
