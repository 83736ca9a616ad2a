"""The window on the desktop: Ctrl+L locks it, the password opens it again, nothing is lost."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.services import elements
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.app import Shell
from sqzl_desktop.ui.dialogs.login import LoginView
from sqzl_desktop.ui.main_window import MainWindow
from tests.field import PASSWORD, Field
from tests.places import GRID
from tests.ui.keys import type_text

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def shell(qtbot: QtBot, enrolled: Field) -> Iterator[Shell]:
    """Locked, on the laptop of wang."""
    made = Shell(enrolled.opener(), enrolled.folder / "A")
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    drop_what_is_unsaved(made)
    assert made.close()
    made.deleteLater()


def drop_what_is_unsaved(shell: Shell) -> None:
    window = shell.centralWidget()
    if isinstance(window, MainWindow):
        form = window.page("resident_card").form  # type: ignore[attr-defined]
        form.show_record(form.shown)


def unlock(qtbot: QtBot, shell: Shell) -> MainWindow:
    view = shell.centralWidget()
    assert isinstance(view, LoginView)
    qtbot.keyClicks(view.password(), PASSWORD)
    qtbot.keyClick(view.password(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(shell.centralWidget(), MainWindow))
    tasks.wait_idle()
    window = shell.centralWidget()
    assert isinstance(window, MainWindow)
    return window


def begin_a_resident(qtbot: QtBot, window: MainWindow) -> None:
    window.open_record("resident", "")
    tasks.wait_idle()
    form = window.page("resident_card").form  # type: ignore[attr-defined]
    type_text(qtbot, form.editors["name"].input(), "马小明")


def test_ctrl_l_locks_and_the_password_opens_it_with_everything_in_it(
    qtbot: QtBot, shell: Shell
) -> None:
    window = unlock(qtbot, shell)
    person = elements.save(window.desk.ws, Resident(name="马小明", grid_id=GRID))

    qtbot.keyClick(window, Qt.Key.Key_L, CTRL)
    view = shell.centralWidget()
    assert isinstance(view, LoginView)
    assert view.password().text() == ""
    qtbot.waitUntil(view.password().hasFocus)

    window = unlock(qtbot, shell)
    assert elements.get(window.desk.ws, "resident", person.id) == person


def test_unlocking_begins_a_round_of_sync(qtbot: QtBot, shell: Shell) -> None:
    window = unlock(qtbot, shell)
    qtbot.waitUntil(lambda: window.badge.text() == "已同步")

    assert "同步完成" in window.page("sync").told  # type: ignore[attr-defined]


@pytest.mark.parametrize(("answer", "stays"), [("No", True), ("Yes", False)])
def test_locking_asks_before_it_drops_what_was_typed(
    qtbot: QtBot, shell: Shell, monkeypatch: pytest.MonkeyPatch, answer: str, stays: bool
) -> None:
    window = unlock(qtbot, shell)
    begin_a_resident(qtbot, window)
    button = QMessageBox.StandardButton[answer]
    monkeypatch.setattr(QMessageBox, "question", lambda *_words: button)

    qtbot.keyClick(window, Qt.Key.Key_L, CTRL)

    assert isinstance(shell.centralWidget(), MainWindow) is stays
    if stays:
        form = window.page("resident_card").form  # type: ignore[attr-defined]
        assert form.record().name == "马小明"


def test_closing_stays_open_when_something_is_to_be_saved_first(
    qtbot: QtBot, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin_a_resident(qtbot, unlock(qtbot, shell))
    button = QMessageBox.StandardButton.No
    monkeypatch.setattr(QMessageBox, "question", lambda *_words: button)

    assert not shell.close()
    assert shell.isVisible()
