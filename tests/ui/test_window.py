"""The main window: pages and search by key, the badge, locking, a server out of reach."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.services import elements
from sqzl_desktop.services.session import SyncState
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.app import Shell
from sqzl_desktop.ui.dialogs.login import LoginView
from sqzl_desktop.ui.main_window import MainWindow
from sqzl_desktop.ui.navigation import PAGE_KEYS, PAGES, page_of
from sqzl_desktop.ui.pages.sync import SyncPage
from sqzl_desktop.ui.ready import get_ready
from sqzl_desktop.ui.widgets.page import PageView
from sqzl_desktop.ui.widgets.sync_badge import badge_text
from tests.field import PASSWORD, Field
from tests.places import GRID, NOW
from tests.ui.keys import type_text

ALT = Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier


def texts(widget: object) -> str:
    labels = widget.findChildren(QLabel)  # type: ignore[attr-defined]
    return "\n".join(each.text() for each in labels if each.isVisible())


@pytest.mark.parametrize("place", range(len(PAGES)))
def test_alt_and_its_key_opens_the_page(qtbot: QtBot, window: MainWindow, place: int) -> None:
    qtbot.keyClick(window, Qt.Key(ord(PAGE_KEYS[place])), ALT)
    tasks.wait_idle()

    assert window.page(PAGES[place].name).isVisible()


def test_pages_most_wanted_are_made_behind_the_one_in_front(window: MainWindow) -> None:
    get_ready(window)
    tasks.wait_idle()

    made = {type(each).__name__: each.isVisible() for each in window.findChildren(PageView)}
    assert made == {"HomePage": True, "ElementsPage": False, "ResidentCardPage": False}


def test_nothing_is_made_any_more_once_the_window_locks(window: MainWindow) -> None:
    get_ready(window)
    window.stop_work()
    tasks.wait_idle()

    assert [type(each).__name__ for each in window.findChildren(PageView)] == ["HomePage"]


def test_every_page_has_a_key() -> None:
    assert len(PAGES) <= len(PAGE_KEYS)


def test_every_kind_that_search_finds_has_a_page() -> None:
    from sqzl_desktop.ui.widgets.hit_list import ICONS

    assert [kind for kind in ICONS if page_of(kind) is None] == []


def test_search_is_done_by_keyboard_alone(qtbot: QtBot, window: MainWindow, ws: Workspace) -> None:
    person = elements.save(ws, Resident(name="马小明", grid_id=GRID))
    qtbot.keyClick(window, Qt.Key.Key_K, CTRL)
    assert window.search.hasFocus()

    qtbot.keyClicks(window.search, "mxm")
    qtbot.waitUntil(lambda: window.search.results.count() > 0)
    assert window.search.results.item(0).text() == "居民"
    qtbot.keyClick(window.search, Qt.Key.Key_Return)
    tasks.wait_idle()

    assert window.page("resident_card").isVisible()
    assert "居民卡　马小明" in texts(window.page("resident_card"))
    assert person.id


def test_search_says_when_nothing_is_found(qtbot: QtBot, window: MainWindow) -> None:
    type_text(qtbot, window.search, "没有这个人")
    qtbot.waitUntil(lambda: window.search.results.count() > 0)

    assert "没有找到" in window.search.results.item(0).text()
    qtbot.keyClick(window.search, Qt.Key.Key_Escape)
    assert not window.search.popup().isVisible()


def state(**given: object) -> SyncState:
    usual = {"pending": 0, "conflicts": 0, "refused": 0, "last_at": NOW, "online": True,
             "running": False}  # fmt: skip
    return SyncState(**{**usual, **given})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "look", "words"),
    [
        ({}, "ok", "已同步"),
        ({"last_at": None}, "offline", "尚未同步"),
        ({"pending": 3}, "pending", "待上报 3"),
        ({"online": False}, "offline", "离线"),
        ({"online": False, "pending": 2}, "offline", "离线　待上报 2"),
        ({"problem": "服务器的证书已过期", "pending": 2}, "offline", "同步受阻　待上报 2"),
        ({"conflicts": 1, "pending": 2}, "conflict", "冲突 1　待上报 2"),
        ({"refused": 4}, "conflict", "被退回 4"),
        ({"running": True}, "pending", "正在同步…"),
    ],
)
def test_badge_says_where_the_device_stands(
    given: dict[str, object], look: str, words: str
) -> None:
    assert badge_text(state(**given)) == (look, words)


def test_badge_counts_what_is_saved(window: MainWindow, ws: Workspace) -> None:
    elements.save(ws, Resident(name="马小明", grid_id=GRID))

    window.desk.bus.changed.emit(("resident",))
    tasks.wait_idle()

    assert window.badge.text() == "待上报 1"


def test_sync_without_a_server_says_so_and_loses_nothing(
    qtbot: QtBot, window: MainWindow, ws: Workspace
) -> None:
    elements.save(ws, Resident(name="马小明", grid_id=GRID))

    qtbot.keyClick(window, Qt.Key.Key_F5)
    tasks.wait_idle()

    page = window.page("sync")
    assert isinstance(page, SyncPage)
    assert "连不上服务器" in page.told
    tasks.wait_idle()
    assert window.badge.text() == "离线　待上报 1"


def test_wrong_password_is_said_and_the_right_one_opens(qtbot: QtBot, field: Field) -> None:
    field.laptop("wang", "A").close()
    shell = Shell(field.opener(), field.folder / "A")
    qtbot.addWidget(shell)
    shell.show()
    view = shell.centralWidget()
    assert isinstance(view, LoginView)

    qtbot.keyClicks(view.password(), "wrong-one-7")
    qtbot.keyClick(view.password(), Qt.Key.Key_Return)
    tasks.wait_idle()
    assert "密码不正确" in view.problem

    qtbot.keyClicks(view.password(), PASSWORD)
    qtbot.keyClick(view.password(), Qt.Key.Key_Return)
    tasks.wait_idle()
    window = shell.centralWidget()
    assert isinstance(window, MainWindow)

    window.lock_requested.emit()
    assert isinstance(shell.centralWidget(), LoginView)
    shell.close()


def test_first_start_asks_for_everything_and_enrols(qtbot: QtBot, field: Field) -> None:
    view = LoginView(field.opener(), field.folder / "new")
    qtbot.addWidget(view)
    view.show()
    qtbot.keyClick(view.password(), Qt.Key.Key_Return)
    assert view.problem == "请把每一项都填上"

    view.fill(server="http://server", account="wang", password=PASSWORD, label="新电脑")
    with qtbot.waitSignal(view.opened, timeout=10_000) as opened:
        qtbot.keyClick(view.password(), Qt.Key.Key_Return)

    session = opened.args[0]
    assert session.ws.actor.name == "王网格"
    session.close()
