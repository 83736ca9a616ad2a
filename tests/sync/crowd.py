"""The same work in several processes, each with seeds of its own."""

import concurrent.futures
import itertools
import multiprocessing
import os
from collections.abc import Callable, Sequence

from tests.sync import histories
from tests.sync.ground import Ground

PROCESSES = 2


def spread(
    work: Callable[[Sequence[int]], list[str]], seeds: range, processes: int = PROCESSES
) -> list[str]:
    """What `work` finds over all seeds. It is called in new processes, so it must be importable."""
    os.environ["SQZL_KEYRING"] = "off"
    context = multiprocessing.get_context("spawn")
    shares = [seeds[number::processes] for number in range(processes)]
    with concurrent.futures.ProcessPoolExecutor(processes, mp_context=context) as pool:
        return [line for found in pool.map(work, shares) for line in found]


def histories_of(seeds: Sequence[int]) -> list[str]:
    """The first failure among the histories of these seeds, if there is one."""
    ground = Ground()
    try:
        return list(itertools.islice(histories.failures(ground, seeds), 1))
    finally:
        ground.close()
