"""What devices say of themselves, on both databases: purge receipts, last uploads, leases."""

import msgspec
import pytest

from sqzl_desktop.base.ids import new_id
from sqzl_desktop.protocol import messages
from sqzl_desktop.protocol.messages import LastUpload, Left, Problem, PurgeReceipt, Removed
from sqzl_desktop.protocol.wipe import is_genuine
from sqzl_desktop.server import accounts, commands, purges
from tests.contracts.backend import COMMUNITY, NORTH, SOUTH, resident


@pytest.fixture
def north(backend):
    return backend.device("张三", NORTH, SOUTH)


def lose_south(backend):
    backend.clock.advance(minutes=1)
    backend.database.writing(
        lambda connection: accounts.entrust(connection, "张三", (NORTH,), backend.clock)
    )


def receipt(device, version, *removed):
    content = messages.encode(PurgeReceipt(version, list(removed)))
    return device.ask("POST", "/v1/purged", content=content)


def overdue(backend, days=0):
    with backend.database.reading() as connection:
        return [each.account for each in purges.overdue(connection, backend.clock, days)]


def test_receipt_ends_the_waiting_and_may_come_twice(backend, north):
    assert overdue(backend) == []
    lose_south(backend)
    assert overdue(backend) == ["张三"]
    assert overdue(backend, days=1) == []
    told = PurgeReceipt(2, [Removed(COMMUNITY, [SOUTH], 12)])

    for _ in range(2):
        answer = receipt(north, told.scope_version, *told.removed)
        assert (answer.status_code, answer.json()) == (200, {"scope_version": 2})

    assert overdue(backend) == []


def test_waiting_counts_in_days_and_the_operator_sees_it(backend, north):
    lose_south(backend)
    receipt(north, 1)  # of the version before: does not count
    backend.clock.advance(days=3)

    (line,) = commands.overdue_lines(backend.database, backend.clock, 3)
    assert line.split("\t")[1] == "张三"
    assert "第2版范围，已等3天" in line
    (line,) = commands.device_lines(backend.database, backend.clock)
    assert "范围调整后3天未确认清除" in line


def test_device_of_after_the_change_and_a_revoked_one_owe_nothing(backend, north):
    lose_south(backend)
    backend.clock.advance(minutes=1)
    type(north)(backend, "张三")
    commands.revoke_device(backend.database, north.enrolment.device, backend.clock)

    assert overdue(backend) == []


@pytest.mark.parametrize("removed", [Removed("a/b", [], 1), Removed(COMMUNITY, ["\n"], 1)])
def test_receipt_of_nonsense_is_refused(north, removed):
    assert receipt(north, 1, removed).status_code == 400
    assert receipt(north, 7).status_code == 400  # a version that never was


def left(device, **fields):
    return Left(COMMUNITY, "life", device.put("resident", new_id(), resident(**fields)))


def hand_in(device, upload, *, secret=""):
    words = f"Device {device.enrolment.device} {secret or device.enrolment.secret}"
    content = messages.encode(upload)
    return device.ask("POST", "/v1/quarantine", content=content, headers={"Authorization": words})


def test_revoked_device_hands_in_once_whatever_is_sent_twice(backend, north):
    some = LastUpload([left(north, name="金丝雀"), left(north)], last=False)
    commands.revoke_device(backend.database, north.enrolment.device, backend.clock)

    for _ in range(2):
        answer = hand_in(north, some)
        assert (answer.status_code, answer.json()) == (200, {"kept": 2, "order": None})

    lines = list(commands.quarantine_lines(backend.database))
    assert len(lines) == 2
    assert "金丝雀" not in "".join(lines)


def test_order_comes_with_the_last_only_and_is_genuine_for_this_device(backend, north):
    device = north.enrolment.device
    commands.revoke_device(backend.database, device, backend.clock, wipe=True)

    first = hand_in(north, LastUpload([left(north)], last=False))
    assert first.json()["order"] is None
    last = hand_in(north, LastUpload([], last=True))

    order = msgspec.json.decode(last.content, type=messages.Quarantined).order
    assert order is not None
    assert is_genuine(order, device, north.enrolment.order_key)
    assert not is_genuine(order, "another", north.enrolment.order_key)
    later = msgspec.structs.replace(order, ordered_at="2030-01-01T00:00:00Z")
    assert not is_genuine(later, device, north.enrolment.order_key)


@pytest.mark.parametrize("attempt", ["in use", "wrong secret", "unknown", "no words", "malformed"])
def test_quarantine_is_for_revoked_devices_that_know_their_secret(backend, north, attempt):
    device = north.enrolment.device
    if attempt != "in use":
        commands.revoke_device(backend.database, device, backend.clock)
    upload = LastUpload([], last=True)
    asked = {
        "in use": lambda: hand_in(north, upload),
        "wrong secret": lambda: hand_in(north, upload, secret="guessed"),
        "unknown": lambda: north.ask(
            "POST", "/v1/quarantine", content=messages.encode(upload),
            headers={"Authorization": f"Device {new_id()} {north.enrolment.secret}"},
        ),
        "no words": lambda: north.ask("POST", "/v1/quarantine", content=messages.encode(upload)),
        "malformed": lambda: hand_in(
            north, LastUpload([Left("x y", "life", left(north).operation)], last=True)
        ),
    }[attempt]()  # fmt: skip

    code = msgspec.json.decode(asked.content, type=Problem).code
    assert code == {"in use": "IN_USE", "malformed": "MALFORMED"}.get(attempt, "DEVICE")
    assert list(commands.quarantine_lines(backend.database)) == []


def test_lease_is_what_the_operator_says(backend, north):
    assert north.connect().person.lease_days == 30
    assert "离线期限已改为7天" in commands.set_lease(backend.database, 7)

    assert north.connect().person.lease_days == 7
