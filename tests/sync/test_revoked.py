"""A device that is shut out: its unsent work is taken in first; only a signed order destroys."""

import base64

import msgspec
import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sqzl_desktop.app import DeviceSession
from sqzl_desktop.base.errors import KnownError, Locked, Offline, WipeOrdered
from sqzl_desktop.domain.kinds.topic import Topic
from sqzl_desktop.protocol.messages import Problem, Quarantined, WipeOrder
from sqzl_desktop.protocol.wipe import order_text
from sqzl_desktop.server import commands
from sqzl_desktop.services import elements
from sqzl_desktop.store import meta
from sqzl_desktop.sync import revoked
from sqzl_desktop.sync.transport import ServerRefusal
from tests.field import PASSWORD, Field

SHUT_OUT = "已被停用"


@pytest.fixture
def session(field: Field) -> DeviceSession:
    """A laptop with work that was never sent."""
    opened = field.laptop("wang", "A")
    for title in ("楼道灯", "停车位"):
        elements.save(opened.ws, Topic(title=title))
    return opened


def revoke(field: Field, *, wipe: bool = False) -> None:
    database = field.app.state.database
    device = next(iter(commands.device_lines(database, field.clock))).split("\t")[0]
    commands.revoke_device(database, device, field.clock, wipe=wipe)


def in_quarantine(field: Field) -> list[tuple[str, str]]:
    found = [each.split("\t") for each in commands.quarantine_lines(field.app.state.database)]
    return [(each[1], each[5]) for each in found]


def files(field: Field) -> set[str]:
    return {path.name for path in (field.folder / "A").iterdir()}


def test_shut_out_device_hands_in_what_was_unsent_and_keeps_everything(
    field: Field, session: DeviceSession
) -> None:
    revoke(field)

    for _ in range(2):
        with pytest.raises(ServerRefusal, match=SHUT_OUT):
            session.sync()

    assert in_quarantine(field) == [("wang", "topic")] * 2
    assert session.sync_state().pending == 2
    assert {"store.db", "store.key", "device.json"} <= files(field)
    session.close()


def test_signed_order_destroys_key_and_data_after_the_last_upload(
    field: Field, session: DeviceSession
) -> None:
    revoke(field, wipe=True)

    with pytest.raises(WipeOrdered, match="未上报的内容已先交到服务器"):
        session.sync()

    assert in_quarantine(field) == [("wang", "topic")] * 2
    assert files(field) == set()
    with pytest.raises(Locked, match="已按单位的指令销毁"):
        elements.count(session.ws, "topic")
    with pytest.raises(KnownError), session.ws.store.write():
        pass
    with pytest.raises(KnownError):
        session.sync()
    assert files(field) == set()  # nothing brings an empty store back
    assert field.opener().profile(field.folder / "A") is None


def test_order_may_follow_the_shutting_out(field: Field, session: DeviceSession) -> None:
    revoke(field)
    with pytest.raises(ServerRefusal, match=SHUT_OUT):
        session.sync()
    revoke(field, wipe=True)

    with pytest.raises(WipeOrdered):
        session.sync()


def test_order_reaches_a_device_whose_lease_is_over(field: Field, session: DeviceSession) -> None:
    session.close()
    revoke(field, wipe=True)
    field.clock.advance(days=31)

    with pytest.raises(WipeOrdered):
        field.opener().unlock(field.folder / "A", PASSWORD)

    assert in_quarantine(field) == [("wang", "topic")] * 2
    assert files(field) == set()


def test_nothing_is_destroyed_while_the_last_upload_does_not_arrive(
    field: Field, session: DeviceSession
) -> None:
    revoke(field, wipe=True)
    session._engine._person = None
    answered = session._transport.hand_in

    def lost(*asked: object) -> object:
        field.network.answers_lost = 1
        return answered(*asked)  # type: ignore[arg-type]

    session._transport.hand_in = lost  # type: ignore[method-assign,assignment]
    with pytest.raises(Offline):
        session.sync()
    assert {"store.db", "store.key", "device.json"} <= files(field)
    assert session.sync_state().pending == 2
    session.close()


def test_work_saved_during_the_last_upload_goes_too_before_anything_is_destroyed(
    field: Field, session: DeviceSession
) -> None:
    revoke(field, wipe=True)
    answered, todo = session._transport.hand_in, [Topic(title="最后一条")]

    def meanwhile(*asked: object) -> object:
        answer = answered(*asked)  # type: ignore[arg-type]
        if asked[-1].last and todo:  # type: ignore[attr-defined]
            elements.save(session.ws, todo.pop())
        return answer

    session._transport.hand_in = meanwhile  # type: ignore[method-assign,assignment]
    with pytest.raises(ServerRefusal, match=SHUT_OUT):
        session.sync()
    with pytest.raises(WipeOrdered):
        session.sync()

    assert len(in_quarantine(field)) == 3


def order(device: str, key: Ed25519PrivateKey, *, meant_for: str = "") -> WipeOrder:
    text = order_text(meant_for or device, "2026-07-01T00:00:00Z")
    signature = base64.b64encode(key.sign(text)).decode()
    return WipeOrder(meant_for or device, "2026-07-01T00:00:00Z", signature)


@pytest.mark.parametrize("forged", ["other key", "other device", "no signature", "no key known"])
def test_forged_order_destroys_nothing(field: Field, session: DeviceSession, forged: str) -> None:
    revoke(field)
    with session.ws.store.write() as tx:
        device = meta.get(tx, "device")
        if forged == "no key known":
            meta.put(tx, "order_key", "")
    with field.app.state.database.reading() as connection:
        private = connection.scalar(sa.text("SELECT value FROM meta WHERE name = 'order_private'"))
    ours = Ed25519PrivateKey.from_private_bytes(base64.b64decode(str(private)))
    given = {
        "other key": lambda: order(device, Ed25519PrivateKey.generate()),
        "other device": lambda: order(device, ours, meant_for="another"),
        "no signature": lambda: msgspec.structs.replace(order(device, ours), signature=""),
        "no key known": lambda: order(device, ours),
    }[forged]()
    session._transport.hand_in = lambda *_: Quarantined(0, given)  # type: ignore

    with pytest.raises(ServerRefusal, match=SHUT_OUT):
        revoked_twice(session)

    assert {"store.db", "store.key", "device.json"} <= files(field)
    assert session.sync_state().pending == 2
    session.close()


def revoked_twice(session: DeviceSession) -> None:
    with pytest.raises(ServerRefusal):
        session.sync()
    session.sync()


def test_genuine_order_given_the_same_way_does_destroy(
    field: Field, session: DeviceSession
) -> None:
    """The control of the test above."""
    revoke(field)
    with session.ws.store.read() as tx:
        device = meta.get(tx, "device")
    with field.app.state.database.reading() as connection:
        private = connection.scalar(sa.text("SELECT value FROM meta WHERE name = 'order_private'"))
    ours = Ed25519PrivateKey.from_private_bytes(base64.b64decode(str(private)))
    session._transport.hand_in = lambda *_: Quarantined(0, order(device, ours))  # type: ignore
    with pytest.raises(WipeOrdered):
        session.sync()


@pytest.mark.parametrize(
    ("status", "code"),
    [(401, "TOKEN"), (401, "DEVICE"), (403, "FORBIDDEN"), (403, "DISABLED"), (403, "REVOKED")],
)
def test_no_refusal_alone_destroys_anything(
    field: Field, session: DeviceSession, status: int, code: str
) -> None:
    def refuse(*_asked: object, **_named: object) -> object:
        raise ServerRefusal(Problem(code, "拒绝"), status)

    for name in ("token", "push", "pull", "snapshot", "hand_in"):
        setattr(session._transport, name, refuse)

    with pytest.raises(ServerRefusal):
        session.sync()

    assert {"store.db", "store.key", "device.json"} <= files(field)
    assert session.sync_state().pending == 2
    session.close()


def test_quarantine_takes_from_a_revoked_device_that_knows_its_secret_only(
    field: Field, session: DeviceSession
) -> None:
    with pytest.raises(ServerRefusal, match="没有停用"):
        revoked.hand_in(session.ws.store, session._transport)
    revoke(field)
    with session.ws.store.write() as tx:
        meta.put(tx, "secret", "guessed")
    with pytest.raises(ServerRefusal) as refused:
        revoked.hand_in(session.ws.store, session._transport)

    assert refused.value.code == "DEVICE"
    assert in_quarantine(field) == []
    session.close()
