"""The history beside a record of any kind, and how far its changes have come."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTabWidget
from pytestqt.qtbot import QtBot

from sqzl_desktop.app import DeviceSession
from sqzl_desktop.domain.kinds.facility import Facility
from sqzl_desktop.services import elements
from sqzl_desktop.services.histories import FROM_THE_BEGINNING
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.main_window import MainWindow
from sqzl_desktop.ui.widgets.history_panel import HistoryPanel
from sqzl_desktop.ui.widgets.record_desk import RecordDesk
from sqzl_desktop.ui.widgets.state_chip import StateChip
from tests.field import Field
from tests.places import GRID
from tests.refusing import refuse
from tests.ui.seen import cells


@pytest.fixture
def online(qtbot: QtBot, laptops: Callable[..., DeviceSession]) -> Iterator[MainWindow]:
    made = MainWindow(laptops("wang"))
    qtbot.addWidget(made)
    made.resize(1366, 768)
    with qtbot.waitExposed(made):
        made.show()
    tasks.wait_idle()
    yield made
    made.stop_work()
    tasks.wait_idle()


def open_history(window: MainWindow, record_id: str) -> HistoryPanel:
    window.open_record("facility", record_id)
    tasks.wait_idle()
    desk = next(each for each in window.page("elements").findChildren(RecordDesk)
                if each.isVisible())  # fmt: skip
    tabs = desk.findChild(QTabWidget)
    assert isinstance(tabs, QTabWidget)
    tabs.setCurrentIndex([tabs.tabText(n) for n in range(tabs.count())].index("变更历史"))
    tasks.wait_idle()
    return desk.history


def test_every_kind_shows_its_history_and_says_how_far_it_goes(
    online: MainWindow, field: Field
) -> None:
    made = elements.save(online.desk.ws, Facility(name="路灯", category="01004", grid_id=GRID))
    online.desk.session.sync()

    panel = open_history(online, made.id)
    assert panel.note == FROM_THE_BEGINNING
    assert cells(panel.table, 2) == ["登记"]
    assert cells(panel.table, 5) == ["已上报"]

    field.network.is_up = False
    panel.show_record("facility", made.id)
    tasks.wait_idle()

    assert "只显示本机知道的部分" in panel.note


def test_chip_says_why_a_change_was_refused_and_leads_to_the_ways_out(
    online: MainWindow, qtbot: QtBot
) -> None:
    session = online.desk.session
    assert isinstance(session, DeviceSession)
    made = elements.save(session.ws, Facility(name="路灯", category="01004", grid_id=GRID))
    refuse(session, "类别不对", "请核对类别")
    online.open_record("facility", made.id)
    tasks.wait_idle()
    chip = next(each for each in online.page("elements").findChildren(StateChip)
                if each.isVisible())  # fmt: skip

    assert chip.text() == "被退回：类别不对"
    assert "请核对类别" in chip.toolTip()
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    tasks.wait_idle()

    assert online.page("pending").isVisible()
