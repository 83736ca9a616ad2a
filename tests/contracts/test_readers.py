"""I7 in short; `make torture` reads a million entries."""

import pytest

from tests.torture import readers

SEED = 7


@pytest.mark.postgres
def test_readers_beside_writers_miss_nothing(postgres_url):
    seen = readers.follow(readers.Plan(postgres_url, 2_000, 500, SEED))

    assert seen == readers.Seen(20_000, 0, 0)


@pytest.mark.postgres
def test_readers_would_miss_what_is_numbered_too_early(postgres_url):
    assert readers.is_caught(readers.follow(readers.control(postgres_url, SEED)))
