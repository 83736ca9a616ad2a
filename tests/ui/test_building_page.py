"""The building door by door: walking with the keyboard, asking, doing what is to be done."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.services import elements, people
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import confirmed
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs.edit_record import EditRecord
from sqzl_desktop.ui.dialogs.move import MoveDialog
from sqzl_desktop.ui.pages.building import BuildingPage
from sqzl_desktop.ui.widgets.record_form import RecordForm
from tests import towers
from tests.places import COMMUNITY
from tests.towers import HIGH, ODD
from tests.ui.seen import press, texts

KEYS = Qt.Key


@pytest.fixture
def page(qtbot: QtBot, desk: Desk) -> BuildingPage:
    with desk.ws.store.write() as tx:
        confirmed.load(tx, COMMUNITY, [*towers.high(2, 6, 3), *towers.odd()])
    made = BuildingPage(desk)
    qtbot.addWidget(made)
    made.resize(1180, 700)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.open_record("building", HIGH)
    tasks.wait_idle()
    return made


def walk(qtbot: QtBot, page: BuildingPage, *keys: Qt.Key) -> str:
    for key in keys:
        qtbot.keyClick(page.view, key)
    tasks.wait_idle()
    return page.view.current


def test_keyboard_walks_the_doors_and_the_panel_follows(qtbot: QtBot, page: BuildingPage) -> None:
    assert page.view.hasFocus()
    assert page.view.current == "1-601"

    assert walk(qtbot, page, KEYS.Key_Right, KEYS.Key_Down) == "1-502"
    assert "北京路12号阳光家园8号楼1单元502室" in texts(page.side)

    assert walk(qtbot, page, KEYS.Key_Right, KEYS.Key_Right) == "2-501"
    assert walk(qtbot, page, KEYS.Key_End) == "2-103"
    assert walk(qtbot, page, KEYS.Key_Down) == "2-103"
    assert "103室" in page.view.accessibleDescription()


def test_click_chooses_a_door(qtbot: QtBot, page: BuildingPage) -> None:
    middle = page.view.box_of("2-302").center()
    qtbot.mouseClick(page.view.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    tasks.wait_idle()

    assert page.view.current == "2-302"
    assert "8号楼2单元302室" in texts(page.side)


def test_question_dims_the_others_and_keys_go_from_hit_to_hit(
    qtbot: QtBot, page: BuildingPage
) -> None:
    assert page.tower is not None
    vacant = [each for each in page.view.in_order() if page.tower.rooms[each].use == "03"]
    assert vacant[0] == "1-601"

    page.filters.toggle("vacant")

    assert f"符合 {len(vacant)} 户" in texts(page.filters)
    assert walk(qtbot, page, KEYS.Key_F3) == vacant[1]
    qtbot.keyClick(page.view, KEYS.Key_F3, Qt.KeyboardModifier.ShiftModifier)
    assert page.view.current == vacant[0]
    qtbot.keyClick(page.view, KEYS.Key_Escape)
    assert "符合" not in texts(page.filters)


def test_two_questions_are_asked_together(page: BuildingPage) -> None:
    page.filters.toggle("vacant")
    page.filters.toggle("rented")

    assert "符合 0 户" in texts(page.filters)


def test_question_stays_asked_in_the_next_building(page: BuildingPage, qtbot: QtBot) -> None:
    page.filters.toggle("unknown")
    qtbot.keyClick(page.view, KEYS.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    tasks.wait_idle()

    assert page.tower is not None
    assert page.tower.building.id != HIGH
    assert "符合" in texts(page.filters)


def test_odd_places_are_told_in_a_sentence(page: BuildingPage) -> None:
    page.open_record("building", ODD)
    tasks.wait_idle()

    said = texts(page)
    assert "1 户没有登记楼层，按室号放置（虚线框）" in said
    assert "1 户未定位，放在最下方" in said
    assert "1 处两户占同一格（202和202）" in said


def test_building_is_found_by_part_of_its_name(page: BuildingPage) -> None:
    choice = page.choice.box
    assert [choice.itemText(place) for place in range(choice.count())] == [
        "老城街 2号楼", "阳光家园 3号楼", "阳光家园 8号楼",
    ]  # fmt: skip


def test_person_written_down_at_a_door_lives_there(
    qtbot: QtBot, page: BuildingPage, ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill(dialog: QDialog) -> int:
        assert isinstance(dialog, EditRecord)
        form = dialog.findChild(RecordForm)
        assert isinstance(form, RecordForm)
        form.editors["name"].show_value("马小明")
        form.save()
        tasks.wait_idle()
        return dialog.result()

    before = len(people.living_in(ws, "1-601"))
    monkeypatch.setattr(EditRecord, "exec", fill)
    qtbot.keyClick(page.view, KEYS.Key_Insert)
    tasks.wait_idle()

    living = [each.name for each in people.living_in(ws, "1-601")]
    assert len(living) == before + 1
    assert "马小明" in living
    assert page.tower is not None
    assert page.tower.rooms["1-601"].people == before + 1


def test_visit_at_a_door_is_of_that_dwelling(qtbot: QtBot, page: BuildingPage) -> None:
    asked: list[tuple[str, str]] = []
    page.desk.bus.visit_requested.connect(lambda kind, record: asked.append((kind, record)))

    qtbot.keyClick(page.view, KEYS.Key_V)

    assert asked == [("dwelling", "1-601")]


def test_somebody_registered_is_moved_in_at_a_door(
    qtbot: QtBot, page: BuildingPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []
    monkeypatch.setattr(MoveDialog, "exec", lambda self: begun.append(self.windowTitle()) or 0)

    qtbot.keyClick(page.view, KEYS.Key_M)
    tasks.wait_idle()

    assert len(begun) == 1


def test_what_changes_elsewhere_is_drawn(page: BuildingPage, ws: Workspace) -> None:
    people.move_in(ws, Resident(name="马小明"), dwelling_id="1-601", kind_of_stay="01",
                   from_on=None)  # fmt: skip
    assert page.tower is not None
    before = page.tower.rooms["1-601"].people

    page.desk.bus.changed.emit(("residence",))
    tasks.wait_idle()

    assert page.tower.rooms["1-601"].people == before + 1
    assert page.view.current == "1-601"


def test_zoom_is_kept_within_what_one_can_read(page: BuildingPage) -> None:
    fitting = page.view.scale.width
    for _ in range(20):
        page.view.zoom(1)
    assert page.view.scale.width == pytest.approx(fitting * 2)
    for _ in range(20):
        page.view.zoom(-1)
    assert page.view.scale.width < fitting
    page.view.zoom(0)
    assert page.view.scale.width == fitting


def test_entrances_and_floors_are_captioned(page: BuildingPage) -> None:
    page.view.choose("1-101")
    head = [text for _, text in page.view.head.said()]
    assert head == ["1单元", "2单元"]
    assert "1层" in [text for _, text in page.view.side.said()]


def test_dwelling_can_be_edited_in_place(
    page: BuildingPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(EditRecord, "exec", lambda _self: 0)
    press(page, "修改房屋")
    assert elements.get(page.desk.ws, "dwelling", "1-601")
