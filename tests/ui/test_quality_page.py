"""The panel of what is wrong or due, and the lists behind its lines."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox
from pytestqt.qtbot import QtBot

from sqzl_desktop.domain.kinds.aged_care import AgedCare
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.services import elements
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.pages.quality import QualityPage
from sqzl_desktop.ui.widgets.record_list import RecordList
from tests.places import GRID
from tests.ui.seen import listen, press, texts


@pytest.fixture
def page(qtbot: QtBot, ws: Workspace, desk: Desk) -> QualityPage:
    elements.save(ws, Resident(name="马小明", grid_id=GRID, phone="13909510001"))
    made = QualityPage(desk)
    qtbot.addWidget(made)
    made.resize(1182, 700)
    with qtbot.waitExposed(made):
        made.show()
    made.refresh()
    tasks.wait_idle()
    return made


def labels(page: QualityPage) -> list[str]:
    return [str(page.table.index(row, 0).data()) for row in range(page.table.rowCount())]


def shown(page: QualityPage, label: str) -> list[str]:
    row = labels(page).index(label)
    return [str(page.table.index(row, n).data()) for n in range(page.table.columnCount())]


def test_lines_tell_what_is_wrong_in_which_grid(page: QualityPage) -> None:
    assert shown(page, "居民没有住处") == ["居民没有住处", "1", "无记录", "1"]
    assert "身份证号重复登记" not in labels(page)
    assert page.table.headerData(3, Qt.Orientation.Horizontal) == "第1网格"


def test_sound_lines_are_shown_when_wanted(page: QualityPage) -> None:
    page.findChildren(QCheckBox)[0].click()

    assert shown(page, "身份证号重复登记")[1] == "0"


def test_enter_opens_the_list_and_escape_goes_back(
    qtbot: QtBot, page: QualityPage, ws: Workspace, desk: Desk
) -> None:
    heard = listen(desk)
    page.view.selectRow(labels(page).index("居民没有住处"))
    qtbot.keyClick(page.view, Qt.Key.Key_Return)
    tasks.wait_idle()

    (found,) = page.findChildren(RecordList)
    assert found.isVisible()
    assert found.model.rowCount() == 1
    found.select_row(0)
    qtbot.keyClick(found.table, Qt.Key.Key_Return)
    (person,) = elements.find(ws, "resident")
    assert heard.opened == [("resident", person.id)]

    press(page, "返回")
    tasks.wait_idle()
    assert page.view.isVisible()


def test_what_was_mended_leaves_the_list(page: QualityPage, ws: Workspace, desk: Desk) -> None:
    page.open_record("quality", "no_home")
    tasks.wait_idle()
    (found,) = page.findChildren(RecordList)
    assert "居民没有住处" in texts(page)

    (person,) = elements.find(ws, "resident")
    elements.delete(ws, "resident", person.id)
    desk.bus.changed.emit(("resident",))
    tasks.wait_idle()

    assert found.model.rowCount() == 0


def test_cell_of_a_grid_opens_what_lies_in_it(page: QualityPage) -> None:
    row = labels(page).index("居民没有住处")
    page.view.clicked.emit(page.table.index(row, 3))
    tasks.wait_idle()

    assert "居民没有住处　崇安第1网格" in texts(page)
    (found,) = page.findChildren(RecordList)
    assert found.model.rowCount() == 1


def test_record_about_a_person_opens_the_card_of_the_person(
    qtbot: QtBot, page: QualityPage, ws: Workspace, desk: Desk
) -> None:
    (person,) = elements.find(ws, "resident")
    elements.save(ws, AgedCare(resident_id=person.id, grid_id=GRID))
    heard = listen(desk)
    page.open_record("quality", "late_aged_care")
    tasks.wait_idle()

    (found,) = page.findChildren(RecordList)
    found.select_row(0)
    qtbot.keyClick(found.table, Qt.Key.Key_Return)
    tasks.wait_idle()
    assert heard.opened == [("resident", person.id)]


def test_counting_again_before_it_is_done_counts_once(page: QualityPage) -> None:
    for _ in range(3):
        page.count()
    tasks.wait_idle()

    assert shown(page, "居民没有住处")[1] == "1"
    assert "检查了41项" in texts(page)
