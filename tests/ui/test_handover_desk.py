"""Handovers on the page 待处理: said in full, accepted or declined."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QInputDialog
from pytestqt.qtbot import QtBot

from sqzl_desktop.app import DeviceSession
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.services import elements
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.main_window import MainWindow
from sqzl_desktop.ui.pages.pending import PendingPage
from tests.field import Field, take_away
from tests.places import OTHER_GRID
from tests.ui.seen import button, cells, press, texts


@pytest.fixture
def online(
    qtbot: QtBot, field: Field, laptops: Callable[..., DeviceSession]
) -> Iterator[MainWindow]:
    """The window of ha, to whose grid wang brought a new resident too late."""
    wang, ha = laptops("wang", "A"), laptops("ha", "B")
    elements.save(wang.ws, Resident(name="马小明", grid_id=OTHER_GRID, phone="15411111111"))
    take_away(field, "wang", OTHER_GRID)
    field.clock.advance(hours=30)
    wang.sync()
    ha.sync()
    made = MainWindow(ha)
    qtbot.addWidget(made)
    made.resize(1366, 768)
    with qtbot.waitExposed(made):
        made.show()
    made.show_page("pending")
    tasks.wait_idle()
    yield made
    made.stop_work()
    tasks.wait_idle()


def page_of(window: MainWindow) -> PendingPage:
    found = window.page("pending")
    assert isinstance(found, PendingPage)
    found.tabs.setCurrentWidget(found.handovers)
    tasks.wait_idle()
    return found


def test_handover_is_said_in_full_and_accepted(online: MainWindow) -> None:
    page = page_of(online)
    assert page.tabs.tabText(2) == "移交箱　1"
    assert button(online, "待处理　1").isChecked()
    assert cells(page.handovers.table, 0) == ["马小明"]
    seen = texts(page)
    assert all(each in seen for each in ("登记居民", "王网格", "154****1111"))

    press(page, "接受")

    assert "移交箱是空的" in texts(page)
    online.desk.session.sync()
    assert elements.count(online.desk.ws, "resident") == 1


def test_handover_is_declined_with_a_reason(
    online: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = page_of(online)
    monkeypatch.setattr(QInputDialog, "getText", lambda *_words: ("重复登记", True))

    press(page, "谢绝")

    assert "移交箱是空的" in texts(page)
    online.desk.session.sync()
    assert elements.count(online.desk.ws, "resident") == 0
