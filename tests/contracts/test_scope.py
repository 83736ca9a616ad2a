"""Who sees what: moves between grids, and that nothing of a foreign grid is ever told."""

import msgspec
import pytest

from sqzl_desktop.base.ids import new_id
from sqzl_desktop.protocol.messages import Problem
from sqzl_desktop.server import accounts
from tests.contracts.backend import COMMUNITY, NORTH, SOUTH, WEST, everywhere, resident, topic

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
