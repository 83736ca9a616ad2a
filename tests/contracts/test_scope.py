"""Who sees what: moves between grids, and that nothing of a foreign grid is ever told."""

import concurrent.futures
import threading

import msgspec
import pytest

from sqzl_desktop.base.ids import new_id
from sqzl_desktop.protocol.messages import Problem
from sqzl_desktop.server import accounts
from tests.contracts.backend import COMMUNITY, NORTH, SOUTH, WEST, resident, topic

CANARY = "金丝雀"
CANARY_PHONE = "13895007654"


@pytest.fixture
def lead(backend):
    return backend.device("书记", COMMUNITY, role="community_lead")


@pytest.fixture
def north(backend):
    return backend.device("张三", NORTH)


@pytest.fixture
def south(backend):
    return backend.device("李四", SOUTH)


def problem(answer):
    return answer.status_code, msgspec.json.decode(answer.content, type=Problem)


def everywhere(lead, *devices, grid=NORTH):
    record = new_id()
    assert lead.outcomes(lead.put("resident", record, resident(grid_id=grid))) == ["applied"]
    for device in (lead, *devices):
        device.pull()
    return record


def test_record_is_seen_in_its_grid_and_by_the_community_only(lead, north, south):
    record = everywhere(lead, north, south)

    assert ("resident", record) in north.rows
    assert ("resident", record) in lead.rows
    assert south.rows == {}
    assert south.recomputed() == south.digests


def test_record_common_to_the_community_is_seen_by_all(lead, north, south):
    record = new_id()
    lead.push(lead.put("topic", record, topic()))
    north.pull()
    south.pull()

    assert ("topic", record) in north.rows
    assert ("topic", record) in south.rows


def test_move_is_a_gone_for_one_grid_and_a_put_for_the_other(lead, north, south):
    record = everywhere(lead, north, south)

    assert lead.outcomes(lead.put("resident", record, {"grid_id": SOUTH})) == ["applied"]

    (page,) = north.pull()
    assert [(entry.id, entry.row) for entry in page.entries] == [(record, None)]
    south.pull()
    assert south.rows["resident", record].grid == SOUTH
    for device in (north, south):
        assert device.recomputed() == device.digests


def test_two_moves_in_one_page_are_still_a_gone(lead, north, south):
    record = everywhere(lead, north, south)
    lead.push(lead.put("resident", record, {"grid_id": SOUTH}))
    lead.pull()
    lead.push(lead.put("resident", record, {"grid_id": WEST}))

    (page,) = north.pull()
    assert [(entry.id, entry.row) for entry in page.entries] == [(record, None)]
    (page,) = south.pull()
    assert south.rows == {}
    assert south.recomputed() == page.digests


def test_conflicts_move_along_with_their_record(lead, north, south):
    record = everywhere(lead, north, south)
    clash = north.put("resident", record, {"phone": CANARY_PHONE})
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
        "record_id": record, "name": CANARY, "media_type": "image/jpeg", "size": 1,
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
    clash = north.put("resident", record, {"phone": CANARY_PHONE})
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


def test_work_on_a_record_that_left_the_scope_is_held(lead, north):
    record = everywhere(lead, north)
    late = north.put("resident", record, {"phone": "13895001111"})
    lead.push(lead.put("resident", record, {"grid_id": SOUTH}))

    (answer,) = north.push(late)

    assert (answer.outcome, answer.reason) == ("held", "该记录已不在您负责的网格内")
    assert answer.advice
    lead.pull()
    assert "phone" not in lead.rows["resident", record].fields


@pytest.mark.parametrize("action", ["create", "move", "delete", "restore", "settle"])
def test_nobody_reaches_into_a_foreign_grid(lead, north, south, action):
    record = everywhere(lead, north, grid=NORTH)
    clash = north.put("resident", record, {"phone": "13895002222"})
    lead.push(lead.put("resident", record, {"phone": "13895001111"}))
    north.push(clash)
    north.pull()
    (conflict,) = north.conflicts()
    stranger = south.rows.get(("resident", record))
    assert stranger is None
    operation = {
        "create": lambda: south.put("resident", new_id(), resident(grid_id=NORTH)),
        "move": lambda: south.put("resident", record, {"grid_id": SOUTH}),
        "delete": lambda: south.delete("resident", record),
        "restore": lambda: south.step("resident", record, "restore"),
        "settle": lambda: south.step(
            "conflict", conflict.id, "settle", fields={"choice": "standing"}
        ),
    }[action]()

    assert south.outcomes(operation) == ["held"]
    before = dict(north.rows)
    north.pull()
    # what was tried waits in the box of whoever holds the grid, and changes nothing
    assert {key: row for key, row in north.rows.items() if key[0] != "handover"} == before
    assert len(north.rows) - len(before) == (action != "settle")


def test_foreign_community_is_refused_everywhere(lead):
    everywhere(lead)
    stranger = lead.backend.device("王五", "640105001001")
    epoch = lead.known_epoch()
    asked = [
        stranger.ask("GET", f"/v1/c/{COMMUNITY}/pull", params={"epoch": epoch, "scope": 1}),
        stranger.ask("GET", f"/v1/c/{COMMUNITY}/snapshot"),
        stranger.ask("GET", f"/v1/c/{COMMUNITY}/history/resident/x"),
        stranger.send(epoch=epoch),
    ]

    assert [problem(answer)[0] for answer in asked] == [403] * 4


def test_canary_of_a_foreign_grid_is_in_no_answer(lead, north, south):
    record = new_id()
    secret = resident(name=CANARY, phone=CANARY_PHONE, remark=CANARY)
    lead.push(lead.put("resident", record, secret))
    north.pull()
    clash = north.put("resident", record, {"phone": "13895001111", "remark": CANARY * 2})
    lead.pull()
    lead.push(lead.put("resident", record, {"phone": "13895004567", "remark": CANARY * 3}))
    assert north.outcomes(clash) == ["conflict_kept"]
    north.pull()
    secret_piece = next(piece for piece in north.offer().pieces if piece.grid == NORTH)
    history = f"/v1/c/{COMMUNITY}/history/resident/{record}"
    query = {"since": 0, "scope": 1, "epoch": lead.known_epoch()}
    probe = south.put("resident", record, {"phone": "13895003333"})
    answers = [
        south.ask("GET", f"/v1/c/{COMMUNITY}/pull", params=query),
        south.ask("GET", f"/v1/c/{COMMUNITY}/snapshot"),
        south.ask("GET", f"/v1/snapshots/{secret_piece.id}"),
        south.ask("GET", history),
        south.ask("GET", "/v1/me"),
        south.send(probe, zstd=False),
    ]

    told = b"".join(answer.content for answer in answers)
    told += south.everything()
    for trace in (CANARY, CANARY_PHONE, record, NORTH):
        assert trace.encode() not in told
    assert [answer.status_code for answer in answers] == [200, 200, 404, 404, 200, 200]
    # the same questions do find it where it may be seen
    assert CANARY.encode() in north.everything()
    assert north.ask("GET", history).status_code == 200


def test_changed_scope_is_told_before_anything_else(lead, north):
    everywhere(lead, north)

    def entrust(connection):
        return accounts.entrust(connection, "张三", (SOUTH,), north.backend.clock)

    version = north.backend.database.writing(entrust)
    query = {"since": north.cursor, "scope": 1, "epoch": north.known_epoch()}
    status, refusal = problem(north.ask("GET", f"/v1/c/{COMMUNITY}/pull", params=query))

    assert (status, refusal.code, refusal.expected) == (409, "SCOPE", version)
    north.scope_version = version
    north.load_snapshot()
    assert north.rows == {}
    assert north.recomputed() == north.digests


def test_post_without_the_right_is_rejected(backend):
    building_lead = backend.device("楼长", NORTH, role="building_lead")

    (answer,) = building_lead.push(building_lead.put("resident", new_id(), resident()))

    assert (answer.outcome, answer.reason) == ("rejected", "“楼栋长”岗位不能修改居民")


def test_history_tells_who_changed_which_fields(lead, north):
    record = everywhere(lead, north)
    north.backend.clock.advance(minutes=1)
    north.push(north.put("resident", record, {"phone": "13895001111"}))

    answer = north.ask("GET", f"/v1/c/{COMMUNITY}/history/resident/{record}")

    events = answer.json()["events"]
    assert [(each["author"], each["fields"], each["outcome"]) for each in events] == [
        ("书记同志", ["community_id", "grid_id", "name"], "applied"),
        ("张三同志", ["phone"], "applied"),
    ]
    assert events[1]["values"] == {"phone": "13895001111"}


def test_history_keeps_what_had_no_effect_to_itself(lead, north):
    record = everywhere(lead, north)
    north.backend.clock.advance(minutes=1)
    wrong = north.put("resident", record, {"sex": "7"})
    assert north.outcomes(wrong) == ["rejected"]

    answer = north.ask("GET", f"/v1/c/{COMMUNITY}/history/resident/{record}")

    last = answer.json()["events"][-1]
    assert (last["outcome"], last["fields"], last["values"]) == ("rejected", ["sex"], {})
