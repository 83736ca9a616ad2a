import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.city import Made, make_city

SEED = 1  # a city in which something of every sort happens
Rows = list[dict[str, str]]


@pytest.fixture(scope="session")
def city(tmp_path_factory) -> Path:
    """Two small communities and a dirty table."""
    folder = tmp_path_factory.mktemp("city")
    make_city(folder, communities=2, size=600, seed=SEED, with_dirty=True)
    return folder


@pytest.fixture(scope="session")
def made(tmp_path_factory) -> Made:
    """What was counted while one small community was made."""
    return make_city(tmp_path_factory.mktemp("made"), size=600, with_dirty=True)


@pytest.fixture(scope="session")
def table(city) -> Callable[[str], Rows]:
    """The rows of a table of the city."""

    def read(name: str) -> Rows:
        with (city / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return read
