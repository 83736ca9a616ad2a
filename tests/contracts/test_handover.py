"""A grid changes hands: what was done in time counts, what came late waits for its new worker."""

import json

import msgspec
import pytest

from sqzl_desktop.base.ids import new_id
from sqzl_desktop.protocol.messages import Problem
from sqzl_desktop.server import accounts
from tests.contracts.backend import COMMUNITY, NORTH, SOUTH, WEST, resident, topic

ELSEWHERE = "640105001001"


@pytest.fixture
def north(backend):
    return backend.device("张三", NORTH, WEST)


@pytest.fixture
def heir(backend):
    return backend.device("李四", NORTH)


def entrust(backend, name, *scope):
    backend.database.writing(
        lambda connection: accounts.entrust(connection, name, scope, backend.clock)
    )


def later(hours, *devices):
    devices[0].backend.clock.advance(hours=hours)
    for device in devices:
        device.connect()


def known(north, heir):
    record = new_id()
    assert north.outcomes(north.put("resident", record, resident())) == ["applied"]
    north.pull()
    heir.pull()
    return record


def boxed(device):
    device.pull()
    return [row for (kind, _), row in device.live().items() if kind == "handover"]


def test_work_done_while_the_grid_was_held_counts_within_the_grace(north, heir):
    record = known(north, heir)
    made_before = north.put("resident", record, {"phone": "13895001111"}, scope=1)
    later(1, north, heir)
    entrust(north.backend, "张三", WEST)
    later(23, north, heir)

    assert north.outcomes(made_before) == ["applied"]
    heir.pull()
    assert heir.rows["resident", record].fields["phone"] == "13895001111"
    assert boxed(heir) == []


@pytest.mark.parametrize(("scope", "hours"), [(2, 1), (0, 1), (1, 25), (7, 1)])
def test_work_made_later_or_sent_too_late_goes_to_the_box(north, heir, scope, hours):
    record = known(north, heir)
    entrust(north.backend, "张三", WEST)
    later(hours, north, heir)

    (answer,) = north.push(north.put("resident", record, {"phone": "13895001111"}, scope=scope))

    assert answer.outcome == "held"
    (row,) = boxed(heir)
    assert row.grid == NORTH
    assert {name: row.fields[name] for name in ("by", "action", "state", "record_id")} == {
        "by": "张三同志", "action": "put", "state": "open", "record_id": record,
    }  # fmt: skip
    assert json.loads(row.fields["values"]) == {"fields": {"phone": "13895001111"}}
    assert "phone" not in heir.rows["resident", record].fields
    assert heir.recomputed() == heir.digests


def test_device_clock_decides_nothing(north, heir):
    record = known(north, heir)
    entrust(north.backend, "张三", WEST)
    late = msgspec.structs.replace(
        north.put("resident", record, {"phone": "1"}, scope=2), made_at="1999-01-01T00:00:00Z"
    )

    assert north.outcomes(late) == ["held"]


def test_grid_lost_long_ago_is_not_regained_by_naming_an_old_version(north, heir):
    record = known(north, heir)
    entrust(north.backend, "张三", WEST)
    later(30, north, heir)
    entrust(north.backend, "张三", SOUTH)

    operations = [north.put("resident", record, {"phone": "13895001111"}, scope=scope)
                  for scope in (1, 2)]  # fmt: skip
    assert north.outcomes(*operations) == ["held", "held"]
    west = north.put("resident", new_id(), resident(grid_id=WEST), scope=2)
    assert north.outcomes(west) == ["applied"]


def test_community_lost_wholly_still_takes_what_was_left_on_the_device(north, heir):
    record = known(north, heir)
    common = new_id()
    north.push(north.put("topic", common, topic()))
    north.pull()
    in_time = north.put("resident", record, {"phone": "13895001111"}, scope=1)
    entrust(north.backend, "张三", ELSEWHERE)

    late = [north.put("resident", record, {"employer": "物业"}, scope=2),
            north.put("topic", common, {"background": "楼道灯坏"}, scope=2)]  # fmt: skip
    assert north.outcomes(in_time, *late) == ["applied", "held", "held"]

    assert {row.grid for row in boxed(heir)} == {NORTH, ""}
    for path in ("pull", "snapshot"):
        answer = north.ask("GET", f"/v1/c/{COMMUNITY}/{path}")
        assert answer.status_code == 403


def test_stranger_of_a_community_may_not_push_into_it(backend, north, heir):
    known(north, heir)
    stranger = backend.device("王五", ELSEWHERE)

    answer = stranger.send(
        stranger.put("resident", new_id(), resident(), scope=1), epoch=north.known_epoch()
    )

    assert answer.status_code == 403
    assert msgspec.json.decode(answer.content, type=Problem).code == "FORBIDDEN"


def test_group_that_fails_goes_to_the_box_member_by_member(north, heir):
    known(north, heir)
    entrust(north.backend, "张三", WEST)
    household, person = new_id(), new_id()
    group = [
        north.put("household", household, {"community_id": COMMUNITY, "grid_id": NORTH}, group="g"),
        north.put("resident", person, resident(household_id=household), group="g"),
    ]

    assert north.outcomes(*group) == ["held", "held"]
    assert {row.fields["record_id"] for row in boxed(heir)} == {household, person}


def test_edit_of_a_record_that_waits_itself_waits_beside_it(north, heir):
    known(north, heir)
    entrust(north.backend, "张三", WEST)
    record = new_id()
    first = north.put("resident", record, resident())
    second = north.put("resident", record, {"phone": "13895001111"})
    third = north.put("resident", record, {"employer": "物业"})

    assert north.outcomes(first, second) == ["held", "held"]
    assert north.outcomes(third) == ["held"]

    assert [row.grid for row in boxed(heir)] == [NORTH] * 3


def test_handover_goes_along_with_its_record(backend, north, heir):
    record = known(north, heir)
    lead = backend.device("书记", COMMUNITY, role="community_lead")
    south = backend.device("赵六", SOUTH)
    entrust(backend, "张三", WEST)
    north.push(north.put("resident", record, {"phone": "13895001111"}))
    assert len(boxed(heir)) == 1
    lead.pull()

    lead.push(lead.put("resident", record, {"grid_id": SOUTH}))

    assert boxed(heir) == []
    assert [row.fields["grid_id"] for row in boxed(south)] == [SOUTH]
    for device in (heir, south):
        assert device.recomputed() == device.digests


def test_handover_that_was_decided_goes_along_too(backend, north, heir):
    record, handover = one_handover(north, heir)
    lead = backend.device("书记", COMMUNITY, role="community_lead")
    assert heir.outcomes(heir.step("handover", handover, "decline")) == ["applied"]
    lead.pull()

    lead.push(lead.put("resident", record, {"grid_id": SOUTH}))

    heir.pull()
    lead.pull()
    assert ("handover", handover) not in heir.live()
    assert lead.rows["handover", handover].grid == SOUTH
    for device in (heir, lead):
        assert device.recomputed() == device.digests


def one_handover(north, heir):
    record = known(north, heir)
    entrust(north.backend, "张三", WEST)
    north.push(north.put("resident", record, {"phone": "13895001111"}))
    (row,) = boxed(heir)
    return record, row.id


def test_accepted_with_the_write_it_implies_in_one_group(north, heir):
    record, handover = one_handover(north, heir)

    group = [
        heir.step("handover", handover, "accept", state="open", group="g"),
        heir.put("resident", record, {"phone": "13895001111"}, group="g"),
    ]
    assert heir.outcomes(*group) == ["applied", "applied"]

    heir.pull()
    assert heir.rows["resident", record].fields["phone"] == "13895001111"
    decided = heir.rows["handover", handover].fields
    assert (decided["state"], decided["decided_by"]) == ("accepted", "李四同志")


def test_first_decision_stands_and_the_second_is_told(backend, north, heir):
    record, handover = one_handover(north, heir)
    lead = backend.device("书记", COMMUNITY, role="community_lead")
    lead.pull()
    decline = lead.step("handover", handover, "decline", fields={"reason": "已核实，不改"})
    assert lead.outcomes(decline) == ["applied"]

    answers = heir.push(
        heir.step("handover", handover, "accept", group="g"),
        heir.put("resident", record, {"phone": "13895001111"}, group="g"),
    )

    assert {each.outcome for each in answers} == {"rejected"}
    assert answers[0].reason == "这项移交已由书记同志处理：已谢绝"
    heir.pull()
    assert "phone" not in heir.rows["resident", record].fields
    assert heir.rows["handover", handover].fields["reason"] == "已核实，不改"
    again = lead.step("handover", handover, "decline", fields={"reason": "已核实，不改"})
    assert lead.outcomes(again) == ["noop"]


@pytest.mark.parametrize("attempt", ["put", "delete", "settle", "foreign", "post"])
def test_handover_changes_by_its_decisions_only(backend, north, heir, attempt):
    _, handover = one_handover(north, heir)
    operation = {
        "put": lambda: (heir, heir.put("handover", handover, {"state": "accepted"})),
        "delete": lambda: (heir, heir.delete("handover", handover)),
        "settle": lambda: (heir, heir.step("handover", handover, "settle")),
        "foreign": lambda: (north, north.step("handover", handover, "accept")),
        "post": lambda: step_by_post(backend, handover),
    }[attempt]
    device, tried = operation()

    assert device.outcomes(tried) == ["held" if attempt == "foreign" else "rejected"]
    (row,) = boxed(heir)
    assert row.fields["state"] == "open"


def step_by_post(backend, handover):
    building_lead = backend.device("楼长", NORTH, role="building_lead")
    return building_lead, building_lead.step("handover", handover, "accept")


def test_pushing_late_work_twice_makes_one_handover(north, heir):
    record = known(north, heir)
    entrust(north.backend, "张三", WEST)
    late = north.put("resident", record, {"phone": "13895001111"})
    answers = north.push(late)

    assert north.push(late) == answers
    assert len(boxed(heir)) == 1
