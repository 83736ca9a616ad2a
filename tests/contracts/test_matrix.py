"""I9 in short; `make torture` asks for every kind on both databases."""

import pytest

from tests.torture import matrix

SEED = 5


def test_nobody_is_told_of_what_is_not_theirs(sqlite_url, tmp_path):
    told = matrix.walk(sqlite_url, tmp_path, kinds=1, seed=SEED, every=2)

    assert told.leaks == {}
    assert told.asked > 3_000
    assert told.seen > 500


@pytest.mark.parametrize("fault", matrix.FAULTS)
def test_loss_of_a_predicate_is_found(sqlite_url, tmp_path, fault):
    assert matrix.unnoticed(sqlite_url, tmp_path, fault, SEED) == []
