"""The same ID number in two records is marked, in each grid for itself; nothing is refused."""

import concurrent.futures
import json
import threading

from sqzl_desktop.base.ids import new_id
from tests.contracts.backend import NORTH, SOUTH, WEST, Device, resident

ZHANG, LI = "64010419900101123X", "640104198505052348"


def marks(device):
    """The marks in sight: resident to (grid, token, state)."""
    return {
        row.fields["record_id"]: (row.grid, row.fields["token"], row.fields["state"])
        for (kind, _), row in device.live().items()
        if kind == "duplicate"
    }


def add(device, grid=NORTH, number=ZHANG, **fields):
    record = new_id()
    put = device.put("resident", record, resident(grid_id=grid, id_number=number, **fields))
    assert device.outcomes(put) == ["applied"]
    device.pull()
    return record


def test_same_number_is_marked_in_both_and_not_refused(worker, other):
    first = add(worker)
    assert marks(worker) == {}
    second = add(other, SOUTH)

    worker.pull()
    (one, two) = (marks(worker)[each] for each in (first, second))
    assert (one[0], two[0]) == (NORTH, SOUTH)
    assert one[1] == two[1]
    assert worker.recomputed() == worker.digests


def test_grid_learns_of_its_own_resident_only(backend, worker):
    north = backend.device("王五", NORTH)
    south = backend.device("赵六", SOUTH)
    first = add(north)
    second = add(south, SOUTH, name="不可外泄")
    north.pull()

    assert marks(north).keys() == {first}
    assert marks(south).keys() == {second}
    page = north.ask(
        "GET", "/v1/c/640104001001/pull",
        params={"since": 0, "limit": 2000, "scope": 1, "epoch": north.known_epoch()},
    )  # fmt: skip
    for hidden in (second, "不可外泄", "赵六", SOUTH):
        assert hidden not in page.text
    worker.pull()
    assert marks(worker).keys() == {first, second}


def test_mark_goes_when_the_number_changes_and_comes_again(worker):
    first, second = add(worker), add(worker, SOUTH)

    worker.push(worker.put("resident", second, {"id_number": LI}))
    worker.pull()
    assert marks(worker) == {}

    worker.push(worker.put("resident", second, {"id_number": ZHANG}))
    worker.pull()
    assert marks(worker).keys() == {first, second}
    assert worker.recomputed() == worker.digests


def test_mark_goes_when_one_of_two_is_deleted_and_stays_with_two_of_three(worker):
    first, second, third = add(worker), add(worker, SOUTH), add(worker, WEST)
    assert marks(worker).keys() == {first, second, third}

    worker.push(worker.delete("resident", third))
    worker.pull()
    assert marks(worker).keys() == {first, second}

    worker.push(worker.delete("resident", first))
    worker.pull()
    assert marks(worker) == {}
    assert worker.recomputed() == worker.digests


def test_mark_follows_its_resident_to_another_grid(worker):
    first, second = add(worker), add(worker)

    worker.push(worker.put("resident", second, {"grid_id": SOUTH}))
    worker.pull()

    assert {each: mark[0] for each, mark in marks(worker).items()} == {first: NORTH, second: SOUTH}
    assert worker.recomputed() == worker.digests


def test_fifteen_digits_and_eighteen_are_the_same_number(worker):
    old = add(worker, number="640104900101123")
    new = add(worker, SOUTH, number="64010419900101123X")

    assert marks(worker).keys() == {old, new}


def test_number_of_another_sort_of_document_is_another_number(worker):
    add(worker, number="E12345678", id_type="113")
    add(worker, number="E12345678", id_type="114")

    assert marks(worker) == {}


def test_import_in_one_push_is_marked_too(worker):
    ids = [new_id() for _ in range(4)]
    numbers = (ZHANG, LI, ZHANG, LI)
    puts = [
        worker.put("resident", each, resident(id_number=number))
        for each, number in zip(ids, numbers, strict=True)
    ]

    assert worker.outcomes(*puts) == ["applied"] * 4
    worker.pull()

    found = marks(worker)
    assert found.keys() == set(ids)
    assert found[ids[0]][1] == found[ids[2]][1] != found[ids[1]][1]


def test_number_written_by_two_at_the_same_moment_is_marked(backend):
    devices = [backend.device(f"网格员{n}") for n in range(4)]
    for device in devices:
        device.known_epoch()
    together = threading.Barrier(4)

    def write(device: Device):
        for _ in range(5):
            together.wait(30)
            put = device.put("resident", new_id(), resident(id_number=ZHANG))
            assert device.outcomes(put) == ["applied"]

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(write, devices))

    devices[0].pull()
    assert len(marks(devices[0])) == 20
    assert len({token for _, token, _ in marks(devices[0]).values()}) == 1
    assert devices[0].recomputed() == devices[0].digests


def test_mark_that_was_looked_at_says_who_did(worker):
    add(worker)
    add(worker, SOUTH)
    mark = next(key[1] for key in worker.live() if key[0] == "duplicate")

    steps = [worker.step("duplicate", mark, "dismiss", state="open") for _ in range(2)]
    assert worker.outcomes(*steps) == ["applied", "noop"]
    worker.pull()

    fields = worker.rows["duplicate", mark].fields
    assert (fields["state"], fields["dismissed_by"]) == ("dismissed", "张三同志")
    assert worker.outcomes(worker.put("duplicate", mark, {"state": "open"})) == ["rejected"]


def test_mark_of_another_grid_is_not_looked_at(backend, worker):
    south = backend.device("赵六", SOUTH)
    add(worker)
    add(worker, SOUTH)
    mark = next(
        key[1] for key, row in worker.live().items() if key[0] == "duplicate" and row.grid == NORTH
    )

    assert south.outcomes(south.step("duplicate", mark, "dismiss", state="open")) == ["held"]


def test_mark_holds_no_number(worker):
    add(worker)
    add(worker, SOUTH)

    for (kind, _), row in worker.live().items():
        if kind == "duplicate":
            assert ZHANG not in json.dumps(row.fields)
