"""I1, I3: the program killed with kill -9 while it saves and syncs, on a real disk."""

import tempfile
import time
from pathlib import Path

from tests.sync import killing
from tests.torture.figures import Figures

NAME = "kill-program"
KILLS = 1000
MOST_CONTROLS = 200


def run(count: int | None, seed: int) -> list[Figures]:
    """One laptop dies again and again; then one that acknowledges before the commit."""
    return [_killed(count or KILLS, seed), _control(seed)]


def _killed(count: int, seed: int) -> Figures:
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="sqzl-kill-", dir="/tmp") as place,
        killing.victim(Path(place)) as subject,
    ):
        wrong = killing.kill(subject, count, seed)
        wrong += subject.end()
        unit = f"kills of the program, {len(subject.saved):,} residents acknowledged"
    return Figures(NAME, count, unit, seed, time.monotonic() - began, tuple(wrong))


def _control(seed: int) -> Figures:
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="sqzl-kill-", dir="/tmp") as place,
        killing.victim(Path(place)) as subject,
    ):
        caught = killing.kill(subject, MOST_CONTROLS, seed, too_soon=True)
    missed = () if caught else ("a program that acknowledges before the commit was not caught",)
    unit = "findings about one that acknowledges too soon (control)"
    return Figures(NAME, len(caught), unit, seed, time.monotonic() - began, missed)
