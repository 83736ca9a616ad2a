"""The windows of moves, from the card and the dwelling, and the way back."""

import dataclasses
import datetime as dt

import pytest
from PySide6.QtWidgets import QComboBox, QTabWidget, QWidget
from pytestqt.qtbot import QtBot

from sqzl_desktop.domain.kinds.household import Household
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.services import elements, moves, people
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs import house_moves, person_moves
from sqzl_desktop.ui.dialogs.move_in import MoveIn
from sqzl_desktop.ui.dialogs.moves_menu import DWELLING, PERSON, MovesButton
from sqzl_desktop.ui.main_window import MainWindow
from sqzl_desktop.ui.widgets.history_panel import HistoryPanel
from tests.places import GRID
from tests.ui.seen import button, listen, press, texts

TODAY = dt.date(2026, 6, 30)


@pytest.fixture
def family(ws: Workspace) -> list[str]:
    """Head, wife and child in d1; their ids."""
    home = elements.save(ws, Household(head_name="马建国", dwelling_id="d1", grid_id=GRID))
    ids = []
    for name, sex, relation in (("马建国", "1", "02"), ("哈兰", "2", "12"), ("马小明", "1", "20")):
        person = Resident(name=name, sex=sex, relation=relation, household_id=home.id)
        saved, _ = people.move_in(
            ws, person, dwelling_id="d1", kind_of_stay="01", from_on=dt.date(2020, 1, 1)
        )
        ids.append(saved.id)
    assert isinstance(home, Household)
    elements.save(ws, dataclasses.replace(home, head_id=ids[0]))
    return ids


def resident(ws: Workspace, record_id: str) -> Resident:
    found = elements.get(ws, "resident", record_id)
    assert isinstance(found, Resident)
    return found


@pytest.fixture
def over(qtbot: QtBot) -> QWidget:
    """What the windows stand over."""
    made = QWidget()
    qtbot.addWidget(made)
    return made


def shown(dialog: QWidget) -> QWidget:
    dialog.show()
    tasks.wait_idle()
    return dialog


def test_death_of_the_head_asks_for_the_next_one_and_says_what_was_done(
    over: QWidget, desk: Desk, ws: Workspace, family: list[str]
) -> None:
    dialog = person_moves.death(desk, moves.around(ws, family[0]), over)
    shown(dialog)
    done: list[str] = []
    desk.bus.done.connect(lambda sentence, _group: done.append(sentence))

    press(dialog, "登记")
    assert "请在留下的人中选择新的户主" in texts(dialog)
    choice = next(each for each in dialog.findChildren(QComboBox) if each.isVisible())
    choice.setCurrentIndex(choice.findData(family[1]))
    press(dialog, "登记")

    assert not dialog.isVisible()
    assert done == ["已登记马建国死亡"]
    assert resident(ws, family[1]).relation == "02"


def test_next_head_is_asked_only_when_the_head_leaves_and_others_stay(
    over: QWidget, desk: Desk, ws: Workspace, family: list[str]
) -> None:
    dialog = person_moves.moving_out(desk, moves.around(ws, family[2]), over)
    shown(dialog)

    assert "新的户主" not in texts(dialog)
    press(dialog, "登记")

    assert (resident(ws, family[2]).state, resident(ws, family[2]).moved_out_on) == ("02", TODAY)


def test_child_is_registered_without_a_name(
    over: QWidget, desk: Desk, ws: Workspace, family: list[str]
) -> None:
    dialog = person_moves.birth(desk, moves.around(ws, family[1]), over)
    shown(dialog)

    press(dialog, "登记")

    names = {each.name for each in people.living_in(ws, "d1")}
    assert names == {"马建国", "哈兰", "马小明", "哈兰之婴"}


def test_moving_in_offers_the_family_and_the_households_behind_the_door(
    over: QWidget, desk: Desk, ws: Workspace, family: list[str]
) -> None:
    newcomer = elements.save(ws, Resident(name="丁一", grid_id=GRID))
    assert isinstance(newcomer, Resident)
    dialog = MoveIn(desk, newcomer, over)
    shown(dialog)
    dialog.dwelling.show_value("d1")
    dialog.dwelling.changed.emit()
    tasks.wait_idle()

    assert dialog.household.itemText(2) == "加入马建国的户"
    dialog.household.setCurrentIndex(2)
    press(dialog, "登记")

    assert resident(ws, newcomer.id).household_id == resident(ws, family[0]).household_id


def test_tenant_nobody_knew_is_registered_with_the_letting(
    over: QWidget, desk: Desk, ws: Workspace
) -> None:
    dialog = house_moves.letting(desk, moves.behind(ws, "d1"), over)
    shown(dialog)
    press(dialog, "登记")
    assert "请选择承租人，或填写姓名" in texts(dialog)
    lines = {each.accessibleName(): each for each in dialog.findChildren(QWidget)}
    assert lines  # the editors are there

    fields = [each for each in dialog.findChildren(QWidget) if hasattr(each, "show_value")]
    name = next(each for each in fields if each.column.name == "name")
    name.show_value("丁一")
    press(dialog, "登记")

    (tenant,) = people.living_in(ws, "d1")
    assert (tenant.name, tenant.population_type) == ("丁一", "20")
    assert elements.count(ws, "migrant") == 1


@pytest.mark.parametrize(("text", "make"), PERSON[1:])
def test_every_window_of_a_person_opens(  # type: ignore[no-untyped-def]
    over: QWidget, desk: Desk, ws: Workspace, family: list[str], text: str, make
) -> None:
    dialog = shown(make(desk, moves.around(ws, family[1]), over))

    assert button(dialog, "登记").isEnabled(), text


@pytest.mark.parametrize(("text", "make"), DWELLING)
def test_every_window_of_a_dwelling_opens(  # type: ignore[no-untyped-def]
    over: QWidget, desk: Desk, ws: Workspace, text: str, make
) -> None:
    dialog = shown(make(desk, moves.behind(ws, "d1"), over))

    assert button(dialog, "登记").isEnabled(), text


def test_menu_is_there_for_a_person_and_digits_choose(
    window: MainWindow, family: list[str]
) -> None:
    window.open_record("resident", family[0])
    tasks.wait_idle()
    menu = next(each for each in window.page("resident_card").findChildren(MovesButton))

    assert menu.isEnabled()
    assert [each.text()[:2] for each in menu.menu().actions()] == [f"&{n}" for n in range(1, 8)]


def test_undo_in_the_toast_brings_everything_back(
    window: MainWindow, ws: Workspace, family: list[str]
) -> None:
    done = moves.moved_out(ws, family, on=TODAY, to="金凤区", mark_vacant=True)
    window.desk.bus.done.emit(done.sentence, done.group)
    assert window.said == "已登记3人迁出，房屋已标为空置，已存本机"

    press(window, "撤销（Alt+Z）")

    assert window.said == "已撤销，恢复为变动以前的内容"
    assert {each.state for each in people.living_in(ws, "d1")} == {"01"}


def test_undo_in_the_history_of_the_record(
    window: MainWindow, ws: Workspace, family: list[str]
) -> None:
    moves.died(ws, family[2], on=TODAY)
    window.open_record("resident", family[2])
    tasks.wait_idle()
    tabs = window.page("resident_card").findChild(QTabWidget)
    assert isinstance(tabs, QTabWidget)
    tabs.setCurrentIndex(tabs.count() - 1)
    tasks.wait_idle()
    panel = window.page("resident_card").findChild(HistoryPanel)
    assert isinstance(panel, HistoryPanel)
    heard = listen(window.desk)

    panel.table.selectRow(0)
    tasks.wait_idle()
    press(panel, "撤销所选变动")

    assert heard.said == [("已撤销，恢复为变动以前的内容", False)]
    assert resident(ws, family[2]).died_on is None
