"""Bad input in short; `make torture` sends a hundred thousand requests."""

import pytest

from tests.torture import fuzz

SEED = 11


def test_every_bad_request_gets_a_sentence(sqlite_url, tmp_path):
    told = fuzz.attack(sqlite_url, tmp_path, 1_000, SEED)

    assert told.failures == []
    assert told.refused > 500


@pytest.mark.parametrize("fault", ["believing", "greedy"])
def test_broken_server_is_found_out(sqlite_url, tmp_path, fault):
    told = fuzz.attack(sqlite_url, tmp_path, 500, SEED, fault=fault)

    assert told.failures
