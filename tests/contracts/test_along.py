"""What lies beside a record, and what is of a person or a case, goes along to another grid."""

import concurrent.futures
import threading

import pytest

from sqzl_desktop.base.ids import new_id
from tests.contracts.backend import COMMUNITY, NORTH, SOUTH, WEST, everywhere, resident


@pytest.fixture
def lead(backend):
    return backend.device("书记", COMMUNITY, role="community_lead")


@pytest.fixture
def north(backend):
    return backend.device("张三", NORTH)


@pytest.fixture
def south(backend):
    return backend.device("李四", SOUTH)


def test_conflicts_move_along_with_their_record(lead, north, south):
    record = everywhere(lead, north, south)
    clash = north.put("resident", record, {"phone": "13895007654"})
    lead.push(lead.put("resident", record, {"phone": "13895001111"}))
    assert north.outcomes(clash) == ["conflict_kept"]
    north.pull()
    lead.pull()
    assert len(north.conflicts()) == 1

    lead.push(lead.put("resident", record, {"grid_id": SOUTH}))

    north.pull()
    south.pull()
    assert north.rows == {}
    assert [row.grid for row in south.conflicts()] == [SOUTH]
    for device in (north, south):
        assert device.recomputed() == device.digests


def test_visits_and_care_of_a_resident_move_along_and_what_comes_late_follows(lead, north, south):
    record = everywhere(lead, north, south)
    fields = {"community_id": COMMUNITY, "grid_id": NORTH, "resident_id": record}
    visit = {**fields, "visited_at": "2026-06-01T02:00:00Z", "category": "01", "content": "在家"}
    ids = [new_id() for _ in range(3)]
    assert north.outcomes(north.put("visit", ids[0], visit),
                          north.put("aged_care", ids[1], fields)) == ["applied"] * 2  # fmt: skip

    lead.push(lead.put("resident", record, {"grid_id": SOUTH}))
    assert north.outcomes(north.put("visit", ids[2], visit)) == ["applied"]

    south.pull()
    found = {key: row.grid for key, row in south.live().items() if key[1] in ids}
    assert found == {
        ("visit", ids[0]): SOUTH,
        ("aged_care", ids[1]): SOUTH,
        ("visit", ids[2]): SOUTH,
    }
    assert south.rows["visit", ids[0]].fields["content"] == "在家"
    north.pull()
    assert not any(key[1] in ids for key in north.live())
    for device in (north, south):
        assert device.recomputed() == device.digests


def photo_of(device, kind, record):
    """The operation that adds a photo to a record of the north."""
    fields = {
        "community_id": COMMUNITY, "grid_id": NORTH, "record_kind": kind,
        "record_id": record, "name": "门口.jpg", "media_type": "image/jpeg", "size": 1,
        "sha256": "0" * 64,
    }  # fmt: skip
    return device.put("attachment", new_id(), fields)


def visit_to(device, resident):
    """The operation that tells of a visit in the north."""
    fields = {
        "community_id": COMMUNITY, "grid_id": NORTH, "resident_id": resident,
        "visited_at": "2026-06-01T02:00:00Z", "category": "01", "content": "在家",
    }  # fmt: skip
    return device.put("visit", new_id(), fields)


def grids_of(device, *operations):
    """Where the records of those operations lie, as a device sees them."""
    device.pull()
    assert device.recomputed() == device.digests
    live = device.live()
    return [live[each.kind, each.record].grid for each in operations]


def test_resident_visited_and_moved_in_one_push_is_followed_by_all_of_it(lead, south):
    person = lead.put("resident", new_id(), resident(grid_id=NORTH))
    visit = visit_to(lead, person.record)
    photos = [photo_of(lead, each.kind, each.record) for each in (person, visit)]
    saw = {"grid_id": person.id}
    move = lead.put("resident", person.record, {"grid_id": SOUTH}, saw=saw)

    assert lead.outcomes(person, visit, *photos, move) == ["applied"] * 5

    assert grids_of(south, person, visit, *photos) == [SOUTH] * 4


def test_photos_of_a_visit_go_where_the_visit_goes(lead, north, south):
    record = everywhere(lead, north, south)
    visit = visit_to(north, record)
    early, late = (photo_of(north, "visit", visit.record) for _ in range(2))
    assert north.outcomes(visit, early) == ["applied"] * 2

    lead.push(lead.put("resident", record, {"grid_id": SOUTH}))
    after = visit_to(north, record)
    of_after = photo_of(north, "visit", after.record)
    assert north.outcomes(late, after, of_after) == ["applied"] * 3

    assert grids_of(south, visit, early, late, after, of_after) == [SOUTH] * 5
    north.pull()
    assert not any(key[0] in ("visit", "attachment") for key in north.live())


def test_what_a_case_consists_of_lies_where_the_case_does(lead, north, south):
    person = everywhere(lead, north, grid=NORTH)
    case = north.put("case", new_id(), {
        "community_id": COMMUNITY, "grid_id": NORTH, "title": "楼道堆物"})  # fmt: skip
    step = north.step("case", case.record, "file", fields={"class_code": "06010"})
    party = north.put("case_party", new_id(), {
        "community_id": COMMUNITY, "grid_id": NORTH, "case_id": case.record,
        "role": "01", "resident_id": person})  # fmt: skip
    photo = photo_of(north, "case", case.record)
    assert north.outcomes(case, step, party, photo) == ["applied"] * 4
    lead.pull()

    lead.push(lead.put("resident", person, {"grid_id": WEST}))
    assert grids_of(north, case, party, photo) == [NORTH] * 3
    lead.push(lead.put("case", case.record, {"grid_id": SOUTH}))

    assert grids_of(south, case, party, photo) == [SOUTH] * 3
    assert [key[0] for key in south.live()].count("case_step") == 1
    north.pull()
    assert not any(key[0].startswith("case") for key in north.live())


def test_visit_told_of_at_the_moment_of_a_move_is_not_left_behind(lead, north):
    record = everywhere(lead, north)
    visits = [visit_to(north, record) for _ in range(20)]
    moves = [lead.put("resident", record, {"grid_id": SOUTH})]
    for n in range(19):
        saw = {"grid_id": moves[-1].id}
        moves.append(lead.put("resident", record, {"grid_id": (NORTH, SOUTH)[n % 2]}, saw=saw))
    together = threading.Barrier(2)

    def send(device, operations):
        device.known_epoch()
        for each in operations:
            together.wait(30)
            assert device.outcomes(each) == ["applied"]

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        list(pool.map(send, (north, lead), (visits, moves)))

    lead.pull()
    lies = lead.rows["resident", record].grid
    assert grids_of(lead, *visits) == [lies] * 20


def settled_conflict(lead, north):
    """A record in the north with a conflict that was settled; known to the lead."""
    record = everywhere(lead, north)
    clash = north.put("resident", record, {"phone": "13895007654"})
    lead.push(lead.put("resident", record, {"phone": "13895001111"}))
    assert north.outcomes(clash) == ["conflict_kept"]
    north.pull()
    (conflict,) = north.conflicts()
    settle = north.step("conflict", conflict.id, "settle", fields={"choice": "standing"})
    return record, conflict.id, settle


def test_settled_conflicts_and_attachments_move_along_too(lead, north, south):
    record, conflict, settle = settled_conflict(lead, north)
    photo = photo_of(north, "resident", record)
    assert north.outcomes(settle, photo) == ["applied", "applied"]
    lead.pull()
    north.pull()
    assert ("attachment", photo.record) in north.rows

    lead.push(lead.put("resident", record, {"grid_id": SOUTH}))

    north.pull()
    south.pull()
    assert north.rows == {}
    for key in (("conflict", conflict), ("attachment", photo.record)):
        row = south.rows[key]
        assert (row.grid, row.fields["grid_id"]) == (SOUTH, SOUTH)
    assert south.rows["conflict", conflict].fields["state"] == "settled"
    for device in (lead, north, south):
        device.pull()
        assert device.recomputed() == device.digests


def test_conflict_settled_in_the_push_that_moves_its_record_moves_too(lead, north, south):
    record, conflict, _ = settled_conflict(lead, north)
    lead.pull()
    settle = lead.step("conflict", conflict, "settle", fields={"choice": "standing"})
    move = lead.put("resident", record, {"grid_id": SOUTH})

    assert lead.outcomes(settle, move) == ["applied", "applied"]

    north.pull()
    south.pull()
    assert north.rows == {}
    assert south.rows["conflict", conflict].grid == SOUTH
    for device in (north, south):
        assert device.recomputed() == device.digests
