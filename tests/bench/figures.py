"""Timing, and the table that is printed."""

import dataclasses
import statistics
import time
from collections.abc import Callable


@dataclasses.dataclass(frozen=True)
class Figure:
    """One measured thing and its floor, in the same unit."""

    name: str
    ours: float
    floor: float
    unit: str
    floor_name: str

    def line(self) -> str:
        """A row of the table; the ratio says how many times the floor."""
        faster_is_more = self.unit.endswith("/s")
        ratio = (self.floor / self.ours if faster_is_more else self.ours / self.floor) or 0
        return (
            f"| {self.name} | {self.ours:,.2f} {self.unit} | {self.floor:,.2f} {self.unit}"
            f" ({self.floor_name}) | {ratio:.2f}x |"
        )


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def median_ms(work: Callable[[], object], times: int) -> float:
    """The median of several calls, in milliseconds."""
    return statistics.median(seconds(work) for _ in range(times)) * 1000


def p95_ms(works: list[Callable[[], object]]) -> float:
    """The 95th percentile over different calls, in milliseconds."""
    took = sorted(seconds(work) for work in works)
    return took[int(len(took) * 0.95)] * 1000
