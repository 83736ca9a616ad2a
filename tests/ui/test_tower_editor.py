"""The picture of a building drawn anew: by keys, by dragging, undone, saved at once."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from sqzl_desktop.domain.kinds.building import Building
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.domain.room_numbers import Numbering
from sqzl_desktop.domain.tower_plan import generated
from sqzl_desktop.services import elements, people
from sqzl_desktop.services.tower import tower
from sqzl_desktop.services.tower_saving import save
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs.generate_rooms import GenerateRooms
from sqzl_desktop.ui.pages.building import BuildingPage
from tests.places import GRID
from tests.ui.seen import press, texts

KEYS = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def building(ws: Workspace) -> str:
    return elements.save(ws, Building(estate="阳光家园", name="9号楼", grid_id=GRID)).id


@pytest.fixture
def page(qtbot: QtBot, desk: Desk, building: str) -> BuildingPage:
    save(desk.ws, building, generated(Numbering(1, 2, 2)))
    return opened(qtbot, desk, building)


def opened(qtbot: QtBot, desk: Desk, building: str) -> BuildingPage:
    made = BuildingPage(desk)
    qtbot.addWidget(made)
    made.resize(1180, 720)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.open_record("building", building)
    tasks.wait_idle()
    return made


def drawn(page: BuildingPage) -> list[str]:
    rooms = page.editor.draft.rooms
    return [rooms[each].door.room for each in page.view.in_order()]


def kept(page: BuildingPage, building: str) -> list[str]:
    rooms = tower(page.desk.ws, building).rooms.values()
    return sorted(each.door.room for each in rooms)


def test_rooms_are_added_undone_and_saved(qtbot: QtBot, page: BuildingPage, building: str) -> None:
    page.edit()
    qtbot.keyClick(page.view, KEYS.Key_Insert)
    qtbot.keyClick(page.view, KEYS.Key_Insert)
    assert drawn(page) == ["201", "202", "203", "204", "101", "102"]

    qtbot.keyClick(page.view, KEYS.Key_Z, CTRL)
    assert "未保存：新增1户" in texts(page.editor)
    assert kept(page, building) == ["101", "102", "201", "202"]

    qtbot.keyClick(page.view, KEYS.Key_S, CTRL)
    tasks.wait_idle()
    assert kept(page, building) == ["101", "102", "201", "202", "203"]
    assert page.side.isVisible()
    assert page.tower is not None
    assert page.tower.building.dwelling_count == 5


def test_cell_is_moved_by_keys_and_by_dragging(qtbot: QtBot, page: BuildingPage) -> None:
    page.edit()
    assert drawn(page) == ["201", "202", "101", "102"]
    qtbot.keyClick(page.view, KEYS.Key_Right, CTRL)
    assert drawn(page) == ["202", "201", "101", "102"]

    seat = page.view.current
    target = next(e for e, room in page.editor.draft.rooms.items() if room.door.room == "101")
    begin, end = page.view.box_of(seat).center(), page.view.box_of(target).center()
    qtbot.mousePress(page.view.viewport(), Qt.MouseButton.LeftButton, pos=begin)
    qtbot.mouseMove(page.view.viewport(), begin + QPoint(20, 20))
    qtbot.mouseMove(page.view.viewport(), end)
    qtbot.mouseRelease(page.view.viewport(), Qt.MouseButton.LeftButton, pos=end)
    assert drawn(page) == ["202", "101", "201", "102"]


def test_cells_are_merged_split_and_become_shops(qtbot: QtBot, page: BuildingPage) -> None:
    page.edit()
    qtbot.keyClick(page.view, KEYS.Key_R)
    assert drawn(page) == ["201", "101", "102"]
    qtbot.keyClick(page.view, KEYS.Key_S)
    assert drawn(page) == ["201", "202", "101", "102"]
    qtbot.keyClick(page.view, KEYS.Key_End)
    qtbot.keyClick(page.view, KEYS.Key_P)
    assert page.view.picture.shop_rows == 1


def test_floors_and_entrances_come_whole(page: BuildingPage) -> None:
    page.edit()
    press(page.editor, "加一层")
    press(page.editor, "加一单元")

    assert len(page.editor.draft.rooms) == 12
    assert [each.name for each in page.view.picture.entrances] == ["1", "2"]


def test_room_with_people_cannot_be_removed(
    qtbot: QtBot, page: BuildingPage, ws: Workspace
) -> None:
    people.move_in(ws, Resident(name="马建国"), dwelling_id=page.view.current, kind_of_stay="01",
                   from_on=None)  # fmt: skip
    page.refresh()
    tasks.wait_idle()

    page.edit()
    qtbot.keyClick(page.view, KEYS.Key_Delete)

    assert "201室登记有1人居住，请先办理迁出，再删除" in texts(page.editor)
    assert len(page.editor.draft.rooms) == 4


def test_number_is_typed(qtbot: QtBot, page: BuildingPage) -> None:
    page.edit()
    line = page.editor._number
    line.setText("2A")
    qtbot.keyClick(line, KEYS.Key_Return)

    assert drawn(page)[0] == "2A"
    assert page.view.hasFocus()


def test_what_is_drawn_is_dropped_only_after_asking(
    qtbot: QtBot, page: BuildingPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes]
    monkeypatch.setattr(QMessageBox, "question", lambda *_: answers.pop(0))
    page.edit()
    qtbot.keyClick(page.view, KEYS.Key_Insert)

    qtbot.keyClick(page.view, KEYS.Key_Escape)
    assert page.editor.is_dirty
    qtbot.keyClick(page.view, KEYS.Key_Escape)
    tasks.wait_idle()
    assert page.side.isVisible()
    assert len(page.view.picture.cells) == 4


def test_news_from_elsewhere_wait_while_one_draws(qtbot: QtBot, page: BuildingPage) -> None:
    page.edit()
    qtbot.keyClick(page.view, KEYS.Key_Insert)

    page.desk.bus.changed.emit(("dwelling",))
    tasks.wait_idle()

    assert len(page.view.picture.cells) == 5


def test_rooms_of_a_new_building_are_seen_before_they_are_made(
    qtbot: QtBot, desk: Desk, building: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened(qtbot, desk, building)
    assert "还没有登记房屋" in texts(page)

    def fill(dialog: GenerateRooms) -> int:
        dialog.entrances.setValue(1)
        dialog.floors.setValue(4)
        dialog.rooms.setValue(2)
        dialog.skipped_floors.setText("4")
        dialog.show_preview()
        assert "共 8 户" in texts(dialog) or len(dialog.preview.picture.cells) == 8
        return 1

    monkeypatch.setattr(GenerateRooms, "exec", fill)
    press(page, "生成房屋")
    assert drawn(page)[:2] == ["501", "502"]
    assert kept(page, building) == []

    press(page.editor, "保存")
    assert len(kept(page, building)) == 8


def test_too_many_rooms_are_refused_in_the_form(qtbot: QtBot, desk: Desk, building: str) -> None:
    page = opened(qtbot, desk, building)
    made = elements.get(desk.ws, "building", building)
    assert isinstance(made, Building)
    dialog = GenerateRooms(made, page)

    dialog.entrances.setValue(20)
    dialog.floors.setValue(100)
    dialog.rooms.setValue(40)
    dialog.show_preview()

    assert dialog.draft is None
