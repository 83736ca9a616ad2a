"""The morning in short, without a clock: whatever is acknowledged is there once."""

import random

import pytest

from tests.served import served
from tests.torture import morning


@pytest.mark.postgres
def test_morning_of_some_workers_loses_and_doubles_nothing(postgres_url, tmp_path):
    workers = morning.people(postgres_url, 45)
    with served(postgres_url, tmp_path) as server:
        city = morning.City(server, postgres_url, workers, rate=20, chance=random.Random(1))
        seen = city.slice(1, 2).seen

    assert seen.failures == []
    assert set(seen.outcomes) == {"applied"}
    assert len(seen.acknowledged) > 400
    assert seen.rows == len(seen.acknowledged) // 40 * 200
    assert list(morning.miscounted(city)) == []
