"""The data opens without the server for a while; then the server is asked, and nothing is lost."""

from collections.abc import Callable

import pytest

from sqzl_desktop.app import DeviceSession
from sqzl_desktop.base.errors import KnownError, Locked
from sqzl_desktop.domain.kinds.topic import Topic
from sqzl_desktop.server import commands
from sqzl_desktop.services import elements
from sqzl_desktop.store import meta
from sqzl_desktop.sync.transport import ServerRefusal
from tests.field import PASSWORD, Field

TOO_LONG = "太久没有连接服务器"


@pytest.fixture
def unlock(field: Field) -> Callable[[], DeviceSession]:
    """A laptop with unsent work, locked and without network; unlocks it."""
    session = field.laptop("wang", "A")
    elements.save(session.ws, Topic(title="楼道灯"))
    session.close()
    field.network.is_up = False
    return lambda: field.opener().unlock(field.folder / "A", PASSWORD)


def open_and_close(unlock: Callable[[], DeviceSession]) -> None:
    unlock().close()


def test_data_opens_for_thirty_days_then_the_server_is_asked(
    field: Field, unlock: Callable[[], DeviceSession]
) -> None:
    field.clock.advance(days=29, hours=23)
    open_and_close(unlock)
    field.clock.advance(hours=2)

    with pytest.raises(Locked, match=TOO_LONG):
        unlock()
    with pytest.raises(Locked, match=TOO_LONG):  # trying again does not help
        unlock()

    field.network.is_up = True
    session = unlock()
    assert session.sync_state().pending == 1  # the outbox is as it was
    session.sync()
    assert session.sync_state().pending == 0
    session.close()
    field.network.is_up = False
    open_and_close(unlock)


def test_clock_set_back_does_not_lengthen_it(
    field: Field, unlock: Callable[[], DeviceSession]
) -> None:
    field.clock.advance(days=20)
    open_and_close(unlock)
    field.clock.advance(days=-300)
    open_and_close(unlock)
    field.clock.advance(days=11)

    with pytest.raises(Locked, match=TOO_LONG):
        unlock()


def test_sync_under_a_clock_ahead_and_set_back_then_does_not_lengthen_it(field: Field) -> None:
    field.clock.advance(days=3650)
    field.laptop("wang", "A").close()
    field.network.is_up = False
    field.clock.advance(days=-3650)
    field.opener().unlock(field.folder / "A", PASSWORD).close()
    field.clock.advance(days=31)

    with pytest.raises(Locked, match=TOO_LONG):
        field.opener().unlock(field.folder / "A", PASSWORD)


def test_clock_wrong_by_years_locks_nobody_out_for_ever(
    field: Field, unlock: Callable[[], DeviceSession]
) -> None:
    field.clock.advance(days=3650)
    with pytest.raises(Locked, match=TOO_LONG):
        unlock()
    field.clock.advance(days=-3650)
    field.network.is_up = True
    open_and_close(unlock)
    field.network.is_up = False
    field.clock.advance(days=29)

    open_and_close(unlock)


def test_password_opens_what_the_lease_closed_where_the_token_is_taken_no_more(
    field: Field, unlock: Callable[[], DeviceSession]
) -> None:
    session = unlock()
    with session.ws.store.write() as tx:
        meta.put(tx, "secret", "of-an-old-backup")
    session.close()
    field.clock.advance(days=31)
    field.network.is_up = True

    session = unlock()

    assert session.sync_state().pending == 1
    session.sync()
    assert session.sync_state().pending == 0
    session.close()


def test_server_says_how_long(field: Field, unlock: Callable[[], DeviceSession]) -> None:
    commands.set_lease(field.app.state.database, 3)
    field.network.is_up = True
    session = unlock()
    session.sync()
    session.close()
    field.network.is_up = False
    field.clock.advance(days=4)

    with pytest.raises(Locked, match=TOO_LONG):
        unlock()


def test_revoked_device_is_not_opened_after_its_lease(
    field: Field, unlock: Callable[[], DeviceSession]
) -> None:
    ((device, *_),) = (line.split("\t") for line in lines(field))
    commands.revoke_device(field.app.state.database, device, field.clock)
    field.network.is_up = True
    open_and_close(unlock)  # within the lease its data and its unsent work can be seen
    field.clock.advance(days=31)

    with pytest.raises(ServerRefusal, match="已被停用"):
        unlock()
    assert issubclass(ServerRefusal, KnownError)


def lines(field: Field) -> list[str]:
    return list(commands.device_lines(field.app.state.database, field.clock))
