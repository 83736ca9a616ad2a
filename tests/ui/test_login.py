"""Login: what it says, where the keyboard is afterwards, and that it opens one session."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLineEdit
from pytestqt.qtbot import QtBot

from sqzl_desktop.services.session import Session
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.dialogs.login import LoginView
from tests.field import PASSWORD, Field
from tests.ui.seen import button, press, texts

ENTER = Qt.Key.Key_Return
Show = Callable[[str], LoginView]


@pytest.fixture
def opened() -> Iterator[list[Session]]:
    """The sessions that were opened; closed in the end."""
    found: list[Session] = []
    yield found
    tasks.wait_idle()
    for session in found:
        session.close()


@pytest.fixture
def login(qtbot: QtBot, enrolled: Field, opened: list[Session]) -> Show:
    """Shows the login of a folder."""

    def show(folder: str) -> LoginView:
        view = LoginView(enrolled.opener(), enrolled.folder / folder)
        qtbot.addWidget(view)
        view.opened.connect(opened.append)
        with qtbot.waitExposed(view):
            view.show()
        view.activateWindow()
        qtbot.waitUntil(view.isActiveWindow)
        return view

    return show


def line(view: LoginView, name: str) -> QLineEdit:
    (found,) = (each for each in view.findChildren(QLineEdit) if each.accessibleName() == name)
    return found


def test_enrolled_folder_asks_for_the_password_alone(login: Show) -> None:
    view = login("A")

    assert [each.accessibleName() for each in view.findChildren(QLineEdit)] == ["密码"]
    assert view.password().hasFocus()
    assert "账号 wang" in texts(view)


def test_wrong_password_keeps_the_focus_and_is_typed_over(
    qtbot: QtBot, login: Show, opened: list[Session]
) -> None:
    view = login("A")

    qtbot.keyClicks(view.password(), "wrong-one-7")
    qtbot.keyClick(view.password(), ENTER)
    tasks.wait_idle()
    assert "密码不正确" in view.problem
    assert view.password().hasFocus()
    assert opened == []

    qtbot.keyClicks(view.password(), PASSWORD)
    assert view.password().text() == PASSWORD
    press(view, "解锁")
    assert [each.ws.actor.account for each in opened] == ["wang"]


def test_enter_twice_opens_one_session(qtbot: QtBot, login: Show, opened: list[Session]) -> None:
    view = login("A")
    qtbot.keyClicks(view.password(), PASSWORD)

    qtbot.keyClick(view.password(), ENTER)
    qtbot.keyClick(view.password(), ENTER)
    tasks.wait_idle()

    assert len(opened) == 1


def test_password_is_hidden_unless_the_person_wants_to_see_it(login: Show) -> None:
    view = login("A")
    assert view.password().echoMode() == QLineEdit.EchoMode.Password

    view.findChild(QCheckBox).setChecked(True)

    assert view.password().echoMode() == QLineEdit.EchoMode.Normal


def test_first_start_begins_with_the_server_and_goes_to_what_is_empty(
    qtbot: QtBot, login: Show
) -> None:
    view = login("new")
    assert line(view, "服务器地址").hasFocus()
    assert line(view, "这台电脑的名称").text(), "the name of the machine is known"

    qtbot.keyClicks(line(view, "服务器地址"), "http://server")
    qtbot.keyClick(line(view, "服务器地址"), ENTER)

    assert view.problem == "请把每一项都填上"
    assert line(view, "账号").hasFocus()


def test_account_of_spaces_is_an_empty_one(login: Show) -> None:
    view = login("new")
    view.fill(server="http://server", account="   ", password=PASSWORD, label="新电脑")

    press(view, "登录")

    assert view.problem == "请把每一项都填上"


def test_refused_enrolment_keeps_what_was_filled_in(
    login: Show, enrolled: Field, opened: list[Session]
) -> None:
    view = login("new")
    view.fill(server=" http://server ", account="wang", password="wrong-one-7", label="新电脑")

    press(view, "登录")

    assert view.problem
    assert button(view, "登录").isEnabled()
    assert line(view, "账号").text() == "wang"
    assert line(view, "密码").hasFocus()
    assert not (enrolled.folder / "new" / "device.json").exists()
    assert opened == []


def test_enrolment_without_a_network_says_so(login: Show, enrolled: Field) -> None:
    view = login("new")
    view.fill(server="http://server", account="wang", password=PASSWORD, label="新电脑")
    enrolled.network.is_up = False
    try:
        press(view, "登录")
    finally:
        enrolled.network.is_up = True

    assert "服务器" in view.problem
    assert button(view, "登录").isEnabled()


def test_enter_twice_enrols_once(
    qtbot: QtBot, login: Show, enrolled: Field, opened: list[Session]
) -> None:
    view = login("once")
    view.fill(server="http://server", account="ma", password=PASSWORD, label="新电脑")

    qtbot.keyClick(view.password(), ENTER)
    qtbot.keyClick(view.password(), ENTER)
    tasks.wait_idle()

    assert view.problem == ""
    assert [each.ws.actor.account for each in opened] == ["ma"]
    folder: Path = enrolled.folder / "once"
    assert [each.name for each in folder.glob("store.db.*")] == [], "nothing was set aside"
