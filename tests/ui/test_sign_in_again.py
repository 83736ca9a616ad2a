"""The server wants the password again, or has had the data destroyed: what the person sees."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from sqzl_desktop.app import DeviceSession
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.server import commands
from sqzl_desktop.services import elements
from sqzl_desktop.store import meta
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.app import Shell
from sqzl_desktop.ui.dialogs.login import LoginView
from sqzl_desktop.ui.dialogs.sign_in_again import SignInAgain
from sqzl_desktop.ui.main_window import MainWindow
from tests.field import PASSWORD, Field
from tests.places import GRID
from tests.ui.keys import type_text
from tests.ui.seen import button, buttons, press, texts


@pytest.fixture
def shell(qtbot: QtBot, field: Field) -> Iterator[Shell]:
    """The window over a laptop of wang, locked."""
    field.laptop("wang", "A").close()
    made = Shell(field.opener(), field.folder / "A")
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    yield made
    assert made.close()
    made.deleteLater()


def opened(shell: Shell, field: Field) -> tuple[MainWindow, DeviceSession]:
    """Unlocked, with something unsent, under a token that the server does not take any more."""
    session = field.opener().unlock(field.folder / "A", PASSWORD)
    with session.ws.store.write() as tx:
        meta.put(tx, "secret", "of-an-old-backup")
    elements.save(session.ws, Resident(name="马小明", grid_id=GRID))
    shell.unlock(session)
    window = shell.centralWidget()
    assert isinstance(window, MainWindow)
    return window, session


def dialogs(window: MainWindow) -> list[SignInAgain]:
    return [each for each in window.findChildren(SignInAgain) if each.isVisible()]


def test_password_given_in_the_dialog_lets_sync_go_on(
    qtbot: QtBot, shell: Shell, field: Field
) -> None:
    window, session = opened(shell, field)
    qtbot.waitUntil(lambda: session.sync_state().needs_password)
    tasks.wait_idle()
    assert window.badge.text() == "请重新登录　待上报 1"
    assert dialogs(window) == []  # the round was nobody's wish: nobody is interrupted
    assert "请重新登录" in window.said

    qtbot.keyClick(window, Qt.Key.Key_F5)
    tasks.wait_idle()
    (dialog,) = dialogs(window)
    assert "请重新登录" in texts(dialog)
    assert "还没有上报的修改都原样保留" in texts(dialog)

    type_text(qtbot, dialog.password, "wrong")
    press(dialog, "登录")
    assert dialog.isVisible()
    assert "密码" in dialog.problem
    type_text(qtbot, dialog.password, PASSWORD)
    qtbot.keyClick(dialog.password, Qt.Key.Key_Return)
    tasks.wait_idle()

    assert dialogs(window) == []
    assert "上报 1 项" in window.page("sync").told  # type: ignore[attr-defined]
    assert window.badge.text() == "已同步"
    assert "重新登录" not in buttons(window.page("sync"))


def test_later_leaves_the_work_and_a_button(qtbot: QtBot, shell: Shell, field: Field) -> None:
    window, session = opened(shell, field)
    qtbot.waitUntil(lambda: session.sync_state().needs_password)
    window.show_page("sync")
    tasks.wait_idle()

    press(window.page("sync"), "重新登录")
    press(dialogs(window)[0], "以后再说")

    assert dialogs(window) == []
    assert button(window.page("sync"), "重新登录").isEnabled()
    assert session.sync_state().pending == 1


def destroyed(field: Field) -> None:
    database = field.app.state.database
    device = next(iter(commands.device_lines(database, field.clock))).split("\t")[0]
    commands.revoke_device(database, device, field.clock, wipe=True)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What message boxes said."""
    found: list[str] = []
    monkeypatch.setattr(QMessageBox, "critical", lambda *words: found.append(words[2]))
    return found


def test_order_to_destroy_is_told_and_the_program_ends(
    qtbot: QtBot, shell: Shell, field: Field, told: list[str]
) -> None:
    session = field.opener().unlock(field.folder / "A", PASSWORD)
    elements.save(session.ws, Resident(name="马小明", grid_id=GRID))
    destroyed(field)

    shell.unlock(session)
    qtbot.waitUntil(lambda: bool(told))

    assert "按单位的指令销毁了本机数据" in told[0]
    assert not shell.isVisible()
    assert list((field.folder / "A").iterdir()) == []


def test_order_to_destroy_that_comes_at_unlocking_is_told_too(
    qtbot: QtBot, shell: Shell, field: Field, told: list[str]
) -> None:
    field.clock.advance(days=31)
    destroyed(field)
    view = shell.centralWidget()
    assert isinstance(view, LoginView)

    qtbot.keyClicks(view.password(), PASSWORD)
    qtbot.keyClick(view.password(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(told))

    assert len(told) == 1
    assert not shell.isVisible()
