"""What the server did not take, on the page 待处理: said in full, decided by keys or mouse."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from sqzl_desktop.app import DeviceSession
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.services import elements, pending
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.dialogs.edit_record import EditRecord
from sqzl_desktop.ui.main_window import MainWindow
from sqzl_desktop.ui.pages.pending import PendingPage
from tests.places import GRID
from tests.refusing import refuse
from tests.ui.keys import type_text
from tests.ui.seen import button, buttons, cells, press, texts


@pytest.fixture
def online(qtbot: QtBot, laptops: Callable[..., DeviceSession]) -> Iterator[MainWindow]:
    """The window of wang, of whose two new residents the server refused one action each."""
    session = laptops("wang")
    for name in ("马小明", "马小红"):
        elements.save(session.ws, Resident(name=name, grid_id=GRID, phone="15411111111"))
    refuse(session, "号码不对", "请核对号码")
    made = MainWindow(session)
    qtbot.addWidget(made)
    made.resize(1366, 768)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.show_page("pending")
    tasks.wait_idle()
    yield made
    made.stop_work()
    tasks.wait_idle()


def page_of(window: MainWindow) -> PendingPage:
    found = window.page("pending")
    assert isinstance(found, PendingPage)
    found.tabs.setCurrentWidget(found.refused)
    found.refused.table.setFocus()
    return found


def answer_yes(monkeypatch: pytest.MonkeyPatch) -> None:
    yes = QMessageBox.StandardButton.Yes
    monkeypatch.setattr(QMessageBox, "question", lambda *_words: yes)


def test_everything_is_said_and_counted(online: MainWindow) -> None:
    page = page_of(online)

    assert page.tabs.tabText(1) == "被退回　2"
    assert cells(page.refused.table, 0) == ["马小红", "马小明"]
    seen = texts(page)
    for words in (
        "登记　马小红",
        "154****1111",
        "原因：号码不对",
        "办法：请核对号码",
        "在本机填写",
    ):
        assert words in seen
    assert {"修改后重报", "重新上报", "放弃", "打开记录"} <= set(buttons(page))
    assert button(online, "待处理　2").isChecked()


def test_correcting_opens_the_form_filled_in_and_offers_what_was_saved(
    online: MainWindow, qtbot: QtBot
) -> None:
    page = page_of(online)

    def correct() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, EditRecord):
            watch.stop()
            line = dialog.form.editors["name"].input()
            line.clear()  # type: ignore[attr-defined]
            type_text(qtbot, line, "马晓红")
            dialog.form.save()

    watch = QTimer(interval=10)
    watch.timeout.connect(correct)
    watch.start()
    press(page, "修改后重报")

    assert cells(page.refused.table, 0) == ["马小明"]
    online.desk.session.sync()
    titles = [each.name for each in elements.find(online.desk.ws, "resident")]  # type: ignore[attr-defined]
    assert sorted(titles) == ["马小明", "马晓红"]
    assert len(pending.entries(online.desk.ws)) == 1


def test_keys_offer_again_give_up_and_take_back(
    online: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_yes(monkeypatch)
    page = page_of(online)
    table = page.refused.table

    qtbot.keyClick(table, Qt.Key.Key_F)
    tasks.wait_idle()
    assert cells(table, 0) == ["马小明"]
    qtbot.keyClick(table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    tasks.wait_idle()
    assert cells(table, 0) == ["马小红", "马小明"]
    qtbot.keyClick(table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    tasks.wait_idle()
    assert "已选 2 项" in texts(page)
    qtbot.keyClick(table, Qt.Key.Key_Down)
    qtbot.keyClick(table, Qt.Key.Key_Up)
    qtbot.keyClick(table, Qt.Key.Key_C)
    tasks.wait_idle()

    assert cells(table, 0) == ["马小明"]
    assert online.desk.session.sync().pushed == 1
    assert online.said == "已重新列入待上报，下次同步时上报"


def test_nothing_is_given_up_without_a_yes(
    online: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    no = QMessageBox.StandardButton.No
    monkeypatch.setattr(QMessageBox, "question", lambda *_words: no)
    page = page_of(online)

    press(page, "放弃")

    assert len(pending.entries(online.desk.ws)) == 2
