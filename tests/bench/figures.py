"""Timing, and the table that is printed."""

import dataclasses
import statistics
import time
from collections.abc import Callable, Sequence


@dataclasses.dataclass(frozen=True)
class Figure:
    """One measured thing and its floor, in the same unit; `target` is what it must reach."""

    name: str
    ours: float
    floor: float
    unit: str
    floor_name: str
    target: float | None = None

    def line(self) -> str:
        """A row of the table; the ratio says how many times the floor."""
        faster_is_more = self.unit.endswith("/s")
        over, under = (self.floor, self.ours) if faster_is_more else (self.ours, self.floor)
        ratio = f"{over / under:.2f}x" if over and under else ""
        floor = f"{self.floor:,.2f} {self.unit} ({self.floor_name})" if self.floor_name else ""
        target = ""
        if self.target is not None:
            reached = self.ours >= self.target if faster_is_more else self.ours <= self.target
            target = f"{self.target:,g} {self.unit} {'reached' if reached else 'MISSED'}"
        return f"| {self.name} | {self.ours:,.2f} {self.unit} | {floor} | {ratio} | {target} |"


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
    return percentile([seconds(work) for work in works], 0.95) * 1000


def percentile(took: Sequence[float], share: float) -> float:
    """The value that this share of the values does not exceed."""
    return sorted(took)[min(len(took) - 1, int(len(took) * share))]
