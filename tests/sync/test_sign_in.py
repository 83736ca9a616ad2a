"""The refresh token on the laptop: followed, told when stolen, renewed with the password."""

import shutil

import pytest
import sqlalchemy as sa

from sqzl_desktop.app import DeviceSession
from sqzl_desktop.base.errors import Offline, SignInNeeded, UserError
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.server.tables import DEVICE, TOKEN
from sqzl_desktop.services import elements
from sqzl_desktop.store import meta
from tests.field import PASSWORD, Field
from tests.places import GRID


def save(session: DeviceSession, name: str) -> None:
    elements.save(session.ws, Resident(name=name, grid_id=GRID))


def names(session: DeviceSession) -> list[str]:
    return sorted(each.name for each in elements.find(session.ws, "resident"))  # type: ignore


def reopened(field: Field, session: DeviceSession) -> DeviceSession:
    """The program was closed and started again."""
    folder = session._store.folder
    session.close()
    return field.opener().unlock(folder, PASSWORD)


def refresh_token(session: DeviceSession) -> str:
    with session._store.read() as tx:
        return meta.get(tx, "secret")


def test_every_start_of_the_program_follows_the_token(field: Field) -> None:
    session = field.laptop("wang")
    seen = {refresh_token(session)}
    for _ in range(5):
        session = reopened(field, session)
        session.sync()
        seen.add(refresh_token(session))

    assert len(seen) == 6


def test_lost_answers_to_the_question_for_a_token_are_nothing(field: Field) -> None:
    session = reopened(field, field.laptop("wang"))
    field.network.answers_lost = 3
    for _ in range(3):
        with pytest.raises(Offline):
            session.sync()

    save(session, "马小明")
    assert session.sync().pushed == 1


def test_access_that_ran_out_is_renewed_within_the_round(field: Field) -> None:
    session = field.laptop("wang")
    for name in ("甲", "乙"):
        field.clock.advance(minutes=16)
        save(session, name)
        assert session.sync().pushed == 1


def test_cloned_laptop_is_found_and_the_password_brings_both_back(field: Field) -> None:
    mine = field.laptop("wang", "A")
    mine.close()
    shutil.copytree(field.folder / "A", field.folder / "clone")
    mine = field.opener().unlock(field.folder / "A", PASSWORD)
    clone = field.opener().unlock(field.folder / "clone", PASSWORD)
    for session in (mine, clone):
        session.sync()
    mine = reopened(field, mine)
    mine.sync()
    clone = reopened(field, clone)
    save(mine, "甲")
    save(clone, "乙")

    with pytest.raises(SignInNeeded, match="请输入密码重新登录"):
        clone.sync()
    with pytest.raises(SignInNeeded):  # who of the two is the thief, nobody knows
        mine.sync()
    assert [each.sync_state().pending for each in (mine, clone)] == [1, 1]

    mine.sign_in(PASSWORD)
    assert mine.sync().pushed == 1
    assert names(mine) == ["甲"]
    with pytest.raises(SignInNeeded):
        clone.sync()
    with pytest.raises(UserError, match="密码"):
        clone.sign_in("not the password")
    clone.sign_in(PASSWORD)
    assert clone.sync().refused == 0
    assert names(clone) == ["乙", "甲"]


def test_device_that_the_server_has_forgotten_signs_in_and_keeps_its_work(field: Field) -> None:
    session = field.laptop("wang")
    code = session.ws.device
    save(session, "马小明")

    def forget(connection: sa.Connection) -> None:
        connection.execute(sa.delete(TOKEN))
        connection.execute(sa.delete(DEVICE))

    field.app.state.database.writing(forget)
    with pytest.raises(SignInNeeded):
        session.sync()

    session.sign_in(PASSWORD)

    assert session.sync().pushed == 1
    assert session.ws.device == code
