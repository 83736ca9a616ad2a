"""What a device may ask to find out where it and the server differ."""

import msgspec
import pytest

from sqzl_desktop.base.ids import new_id
from sqzl_desktop.protocol import messages
from sqzl_desktop.protocol.digest import BUCKETS, Sum, bucket, row_hash
from sqzl_desktop.server import repair
from tests.contracts.backend import COMMUNITY, NORTH, SOUTH, resident

PATH = f"/v1/c/{COMMUNITY}"


def get(device, path, expected):
    answer = device.ask("GET", f"{PATH}/{path}")
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=expected)


def ask_rows(device, keys):
    content = messages.encode(messages.Keys(keys))
    return device.ask("POST", f"{PATH}/rows", content=content)


@pytest.fixture
def people(worker):
    made = [worker.put("resident", new_id(), resident()) for _ in range(20)]
    worker.push(*made)
    worker.load_snapshot()
    return [each.record for each in made]


def test_parts_of_a_digest_add_up_and_lead_to_the_rows(worker, people):
    sums = get(worker, f"digests?grid={NORTH}", messages.SubDigests).sums
    part = bucket(people[0])
    listed = get(worker, f"hashes?grid={NORTH}&parts={part}", messages.Hashes).rows
    answer = ask_rows(worker, [("resident", people[0]), ("resident", new_id())])
    found = msgspec.json.decode(answer.content, type=messages.Rows)

    assert len(sums) == BUCKETS
    assert Sum(sum(each[0] for each in sums)).count == worker.digests[NORTH][0]
    mine = worker.rows["resident", people[0]]
    assert ("resident", people[0], row_hash(mine).hex()) in listed
    assert all(bucket(record) == part for _, record, _ in listed)
    assert found.rows == [mine]
    assert mine.last in found.authors


def test_other_grids_stay_out_of_sight(backend, people):
    south = backend.device("王五", SOUTH)

    assert south.ask("GET", f"{PATH}/digests?grid={NORTH}").status_code == 403
    assert south.ask("GET", f"{PATH}/hashes?grid={NORTH}&parts=1").status_code == 403
    answer = ask_rows(south, [("resident", people[0])])
    assert msgspec.json.decode(answer.content, type=messages.Rows).rows == []


@pytest.mark.parametrize(
    "path", ["hashes?grid=", "hashes?grid=&parts=x", "hashes?parts=-1", "digests?grid=../x"]
)
def test_nonsense_is_refused(worker, path):
    assert worker.ask("GET", f"{PATH}/{path}").status_code == 400


def test_too_many_rows_at_once_are_refused(worker):
    assert ask_rows(worker, [("resident", "x")] * (messages.MOST_KEYS + 1)).status_code == 400


def test_divergence_is_listed_for_the_operator(backend, worker, caplog):
    told = messages.encode(messages.Diverged(COMMUNITY, [NORTH, "640104001002001"]))
    for _ in range(2):
        assert worker.ask("POST", "/v1/diverged", content=told).status_code == 200

    (line,) = repair.divergence_lines(backend.database)
    assert line.endswith(f"\t{COMMUNITY}\t{worker.enrolment.device}\t张三的电脑\t{NORTH}")
    assert "diverged" in caplog.text
    elsewhere = messages.encode(messages.Diverged("640104001002", []))
    assert worker.ask("POST", "/v1/diverged", content=elsewhere).status_code == 403
