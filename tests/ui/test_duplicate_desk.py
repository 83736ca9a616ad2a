"""Residents that seem to be registered twice, on the page 待处理."""

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from sqzl_desktop.app import DeviceSession
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.services import elements
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.main_window import MainWindow
from sqzl_desktop.ui.pages.pending import PendingPage
from tests.places import GRID
from tests.ui.seen import cells, listen, press, texts

NUMBER = "64010419900101123X"


@pytest.fixture
def window(qtbot: QtBot, laptops: Callable[..., DeviceSession]) -> Iterator[MainWindow]:
    """Wang's, who has entered the same number for two names."""
    session = laptops("wang")
    for name in ("马小明", "马晓明"):
        elements.save(session.ws, Resident(grid_id=GRID, name=name, id_number=NUMBER))
    session.sync()
    made = MainWindow(session)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    tasks.wait_idle()
    yield made
    made.stop_work()
    tasks.wait_idle()


def page_of(window: MainWindow) -> PendingPage:
    page = window.show_page("pending")
    assert isinstance(page, PendingPage)
    page.tabs.setCurrentWidget(page.duplicates)
    tasks.wait_idle()
    return page


def test_both_records_are_listed_and_can_be_opened(window: MainWindow) -> None:
    page, heard = page_of(window), listen(window.desk)

    assert sorted(cells(page.duplicates.table, 0)) == ["马小明", "马晓明"]
    assert page.tabs.tabText(3) == "疑似重复　2"
    assert window.badge.text() == "疑似重复 2"
    assert NUMBER not in texts(page)
    press(page, "打开马晓明")

    assert [kind for kind, _ in heard.opened] == ["resident"]
    opened = elements.get(window.desk.ws, *heard.opened[0])
    assert getattr(opened, "name", "") == "马晓明"


def test_mark_that_was_looked_at_leaves_the_list_and_the_count(window: MainWindow) -> None:
    page = page_of(window)

    press(page, "已核对")
    assert page.tabs.tabText(3) == "疑似重复　1"
    press(page, "已核对")

    assert "没有疑似重复的居民" in texts(page)
    assert window.badge.text() == "待上报 2"
