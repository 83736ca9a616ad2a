"""The invented histories find what is broken on purpose: a history that finds each fault.

Written out, so that they stay the same when the dice change; without the fault they are well.
`make torture` also lets the dice search.
"""

from collections.abc import Iterator

import pytest

from tests.sync import faults, histories
from tests.sync.ground import Ground
from tests.sync.world import Step

KNOWN: list[Step] = [("register", 0, 0, 0), ("sync", 0, 0, 0), ("sync", 1, 0, 0)]
BOTH_EDIT: list[Step] = [*KNOWN, ("edit", 0, 0, 0), ("edit", 1, 0, 4)]
FOUND_BY: dict[str, list[Step]] = {
    "cursor_saved_before_data": [*KNOWN, ("edit", 0, 0, 0), ("sync", 0, 0, 0), ("crash", 1, 1, 0)],
    "answers_not_remembered": [
        *KNOWN, ("edit", 0, 0, 0), ("image", 0, 0, 0), ("sync", 0, 0, 0), ("edit", 0, 0, 4),
        ("sync", 0, 0, 0), ("back", 0, 0, 0), ("edit", 0, 0, 8), ("sync", 0, 0, 0),
    ],
    "number_trusted_alone": [
        *KNOWN, ("image", 0, 0, 0), ("edit", 0, 0, 0), ("sync", 0, 0, 0), ("back", 0, 0, 0),
        ("edit", 0, 0, 4),
    ],
    "last_writer_wins": BOTH_EDIT,
    "deletion_undone_by_edit": [*KNOWN, ("delete", 0, 0, 0), ("edit", 1, 0, 0), ("sync", 0, 0, 0)],
    "conflict_not_written": BOTH_EDIT,
    "conflict_forgets_the_edit": [
        *BOTH_EDIT, ("sync", 0, 0, 0), ("sync", 1, 0, 0), ("edit", 0, 0, 8),
    ],
    "held_work_dropped": [*KNOWN, ("edit", 1, 0, 0), ("scope", 1, 0, 0)],
    "gone_row_stays_in_sight": [
        *KNOWN, ("scope", 1, 1, 0), ("sync", 1, 0, 0), ("move", 0, 0, 1), ("sync", 0, 0, 0),
    ],
    "renumbering_changes_ids": [
        *KNOWN, ("image", 0, 0, 0), ("edit", 0, 0, 0), ("sync", 0, 0, 0), ("back", 0, 0, 0),
        ("edit", 0, 0, 4), ("sync", 0, 0, 0),
    ],
    "row_skipped_and_digest_ignored": [("register", 0, 0, 0), ("register", 0, 0, 1)],
    "group_torn_apart": [
        *KNOWN, ("delete", 0, 0, 0), ("sync", 0, 0, 0), ("household", 1, 0, 1), ("scope", 1, 0, 0),
    ],
    "outbox_in_a_second_transaction": [*KNOWN, ("crash", 0, 0, 5)],
    "step_judged_by_the_state_alone": [
        ("case", 0, 0, 24), ("case", 0, 0, 57), ("case", 0, 0, 39), ("sync", 0, 0, 33),
        ("sync", 1, 0, 12), ("case", 0, 0, 9), ("case", 1, 0, 58), ("case", 0, 0, 55),
    ],
    "case_lent_without_what_is_beside": [
        ("case", 0, 0, 55), ("case", 0, 0, 19), ("sync", 0, 0, 6), ("case", 0, 0, 13),
    ],
    "late_words_dropped": [
        ("case", 0, 0, 0), ("sync", 0, 0, 32), ("sync", 1, 0, 30), ("case", 1, 0, 48),
        ("sync", 2, 0, 6), ("case", 2, 0, 45),
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def ground() -> Iterator[Ground]:
    made = Ground()
    yield made
    made.close()


@pytest.mark.parametrize("fault", faults.FAULTS, ids=lambda fault: fault.__name__)
def test_fault_is_found_by_a_short_history(ground: Ground, fault: faults.Fault) -> None:
    steps = FOUND_BY[fault.__name__]

    with faults.planted(fault):
        found = histories.failure(ground, steps)

    assert found
    assert histories.failure(ground, steps) == ""
