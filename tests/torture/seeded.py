"""Seeded faults: each version broken on purpose must be found by the dice alone."""

import time
from collections.abc import Sequence

from tests.sync import crowd, faults, histories
from tests.sync.ground import Ground
from tests.torture.figures import Figures

NAME = "faults"
MOST = 1000  # histories until a fault counts as not found


def hunted(numbers: Sequence[int]) -> list[str]:
    """For every fault of these numbers: how soon it was found, or that it was not."""
    ground = Ground()
    try:
        return [_hunt(ground, faults.FAULTS[number]) for number in numbers]
    finally:
        ground.close()


def _hunt(ground: Ground, fault: faults.Fault) -> str:
    for seed in range(MOST):
        with faults.planted(fault):
            wrong = histories.failure(ground, histories.invented(seed))
        if wrong and not histories.failure(ground, histories.invented(seed)):
            return f"found: {fault.__name__} after {seed + 1} histories: {wrong}"
    return f"{fault.__name__} was not found in {MOST} histories"


def run(count: int | None, seed: int) -> list[Figures]:
    """All of the faults (or the first `count`), over two processes."""
    began = time.monotonic()
    some = range(len(faults.FAULTS))[:count]
    lines = crowd.spread(hunted, some)
    missed = tuple(line for line in lines if not line.startswith("found: "))
    for line in lines:
        print(line, flush=True)
    seconds = time.monotonic() - began
    return [Figures("seeded faults", len(some), "faults found", seed, seconds, missed)]
