"""A program that is killed while it saves and syncs: what it had acknowledged is there, whole."""

import os
from pathlib import Path

from tests.sync import killing

KILLS = int(os.environ.get("SQZL_KILLS", "12"))


def test_nothing_acknowledged_is_lost_when_the_process_is_killed(tmp_path: Path) -> None:
    with killing.victim(tmp_path) as subject:
        wrong = killing.kill(subject, KILLS, seed=7)
        wrong += subject.ill()
        wrong += subject.end()

    assert wrong == []
    assert subject.saved


def test_a_program_that_acknowledges_too_soon_is_found_out(tmp_path: Path) -> None:
    with killing.victim(tmp_path) as subject:
        assert killing.kill(subject, 100, seed=7, too_soon=True)
