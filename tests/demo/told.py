"""What the demo prints: numbered steps, a progress bar, what was counted and how long it took."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

PASSWORD = "Demo-2026-yinchuan"  # of every account and laptop of the demo
WIDTH = 30


class Teller:
    """Prints the walk as it goes and remembers its times for the summary."""

    def __init__(self) -> None:
        self.times: list[tuple[str, float]] = []
        self.counts: list[tuple[str, object]] = []

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """One step of the walk, timed."""
        print(f"\n▶ {title}", flush=True)
        began = time.perf_counter()
        yield
        took = time.perf_counter() - began
        self.times.append((title, took))
        print(f"  ✓ {took:.2f} s", flush=True)

    def say(self, text: str) -> None:
        """One line."""
        print(f"  {text}", flush=True)

    def count(self, name: str, value: object) -> None:
        """One figure of the summary."""
        self.counts.append((name, value))
        self.say(f"{name}：{value}")

    def progress(self, text: str, done: int, total: int) -> None:
        """The bar of a sync: redrawn on a terminal, first and last state elsewhere."""
        share = min(done / total, 1.0) if total else 0.0
        bar = ("█" * int(share * WIDTH)).ljust(WIDTH, "░")
        line = f"  {text} {bar} {done}/{total or '?'}"
        if sys.stdout.isatty():
            print(f"\r{line}   ", end="" if share < 1 else "\n", flush=True)
        elif share in (0.0, 1.0):
            print(line, flush=True)

    def summary(self) -> None:
        """Counts and times, last of all."""
        print("\n―― 小结 ――")
        for name, value in self.counts:
            print(f"  {name}：{value}")
        for title, took in self.times:
            print(f"  {took:6.2f} s  {title}")
