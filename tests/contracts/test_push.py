import pytest

from sqzl_desktop.base.ids import new_id
from tests.contracts.backend import COMMUNITY, NORTH, SOUTH, Device, resident, topic


@pytest.fixture
def worker(backend):
    return backend.device("张三")


@pytest.fixture
def other(backend):
    return backend.device("李四")


def shared_resident(*devices, **fields):
    """A resident that all devices know."""
    record = new_id()
    assert devices[0].outcomes(devices[0].put("resident", record, resident(**fields))) == [
        "applied"
    ]
    for device in devices:
        device.pull()
    return record


def test_push_makes_a_record_that_the_pull_brings_back(worker):
    record = new_id()
    operation = worker.put("resident", record, resident(phone="13895001234"))
    assert worker.outcomes(operation) == ["applied"]
    (page,) = worker.pull()
    (entry,) = page.entries
    assert entry.row.fields == resident(phone="13895001234")
    assert entry.row.writes == {"*": operation.id}
    assert (entry.row.grid, entry.row.rev, entry.row.deleted) == (NORTH, 1, False)
    author = page.authors[operation.id]
    assert (author.name, author.device) == ("张三同志", "张三的电脑")
    assert (author.received_at, author.made_at) == ("2026-07-01T01:00:00Z", "2026-07-01T00:59:00Z")
    assert worker.recomputed() == page.digests
