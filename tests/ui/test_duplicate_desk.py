"""Residents that seem to be registered twice, on the page 待处理."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QPushButton, QRadioButton
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


def test_two_records_are_one_line_side_by_side_and_can_be_opened(window: MainWindow) -> None:
    page, heard = page_of(window), listen(window.desk)

    assert sorted(cells(page.duplicates.table, 0)[0].split("、")) == ["马小明", "马晓明"]
    assert page.tabs.tabText(3) == "疑似重复　1"
    assert window.badge.text() == "疑似重复 1"
    assert NUMBER not in texts(page)
    opening = [each for each in page.findChildren(QPushButton)
               if each.text() == "打开" and each.isVisible()]  # fmt: skip
    opening[0].click()

    assert [kind for kind, _ in heard.opened] == ["resident"]


def test_what_was_looked_at_leaves_the_list_and_the_count(window: MainWindow) -> None:
    page = page_of(window)

    press(page, "已核对")

    assert "没有疑似重复的居民" in texts(page)
    assert window.badge.text() == "待上报 2"


def test_merged_as_chosen_with_the_way_back(window: MainWindow) -> None:
    page, ws = page_of(window), window.desk.ws
    for each in page.findChildren(QRadioButton):
        if each.text() == "马晓明" and each.isVisible():
            each.setChecked(True)

    press(page, "合并（M）")

    assert "没有疑似重复的居民" in texts(page)
    assert window.said == "已合并2条记录，保留一条，已存本机"
    assert elements.count(ws, "resident") == 1
    assert [each.name for each in elements.find(ws, "resident")] == ["马晓明"]  # type: ignore[attr-defined]
    press(window, "撤销（Alt+Z）")
    assert elements.count(ws, "resident") == 2
    assert page.duplicates.table.rowCount() == 1
