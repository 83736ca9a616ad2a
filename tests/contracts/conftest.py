"""The same contract on both databases: every test here runs on SQLite and on PostgreSQL."""

import pytest

from tests import postgres
from tests.contracts.backend import Backend, background_loop


@pytest.fixture(scope="session")
def cluster():
    if postgres.binaries() is None:
        pytest.skip(f"no PostgreSQL programs under {postgres.BINARIES}")
    with postgres.cluster() as running:
        yield running


@pytest.fixture(scope="session")
def loop():
    with background_loop() as running:
        yield running


@pytest.fixture
def sqlite_url(tmp_path):
    return f"sqlite:///{tmp_path / 'server.db'}"


@pytest.fixture
def postgres_url(cluster):
    return cluster.emptied()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request):
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture
def backend(database_url, tmp_path, loop):
    with Backend(database_url, tmp_path / "cache", loop) as running:
        yield running


@pytest.fixture
def worker(backend):
    return backend.device("张三")


@pytest.fixture
def other(backend):
    return backend.device("李四")
