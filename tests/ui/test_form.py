"""The form of a record: what it says while one types, and that it never loses what was typed."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QMessageBox
from pytestqt.qtbot import QtBot

from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.domain.kinds.topic import Topic
from sqzl_desktop.services import elements
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.main_window import MainWindow
from sqzl_desktop.ui.widgets.record_form import RecordForm, may_leave
from tests.places import GRID
from tests.ui.keys import type_text

GOOD, BAD = "640104198302112451", "640104198302112452"


def nobody(_kind: str) -> None:
    return None


@pytest.fixture
def form(qtbot: QtBot, window: MainWindow) -> RecordForm:
    made = RecordForm(window.desk, "resident", nobody)
    qtbot.addWidget(made)
    made.show_record(elements.blank(window.desk.ws, "resident"))
    made.show()
    return made


def line(form: RecordForm, name: str) -> QLineEdit:
    found = form.editors[name].input()
    assert isinstance(found, QLineEdit)
    return found


def type_into(qtbot: QtBot, form: RecordForm, name: str, text: str) -> None:
    line(form, name).clear()
    type_text(qtbot, line(form, name), text)


def test_problem_stands_beside_the_field_while_typing(qtbot: QtBot, form: RecordForm) -> None:
    type_into(qtbot, form, "id_number", BAD)
    assert "校验" in form.notes["id_number"].text()
    assert form.notes["name"].text() == "", "what was not touched yet is not blamed"

    type_into(qtbot, form, "id_number", GOOD)
    assert form.notes["id_number"].text() == ""


def test_sex_against_the_id_number_is_a_doubt(qtbot: QtBot, form: RecordForm) -> None:
    type_into(qtbot, form, "id_number", GOOD)
    combo = form.editors["sex"].input()
    assert isinstance(combo, QComboBox)

    combo.setCurrentText("女性")

    assert form.notes["sex"].text() == "与身份证号不符"


def test_refused_save_keeps_what_was_typed(qtbot: QtBot, form: RecordForm, ws: Workspace) -> None:
    type_into(qtbot, form, "phone", "1541234")

    form.save()
    tasks.wait_idle()

    assert line(form, "phone").text() == "1541234"
    assert "姓名" in form.notes["name"].text()
    assert form.notes["phone"].text()
    assert form.is_dirty
    assert elements.count(ws, "resident") == 0


def test_saved_record_is_in_the_store_and_told(
    qtbot: QtBot, form: RecordForm, ws: Workspace, window: MainWindow
) -> None:
    type_into(qtbot, form, "name", "马小明")
    type_into(qtbot, form, "born_on", "19830211")

    with qtbot.waitSignal(window.desk.bus.changed) as told:
        qtbot.keyClick(form.editors["name"], Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)

    assert told.args == [("resident",)]
    (saved,) = elements.find(ws, "resident")
    assert isinstance(saved, Resident)
    assert (saved.name, str(saved.born_on), saved.grid_id) == ("马小明", "1983-02-11", GRID)
    assert not form.is_dirty


def test_day_that_is_none_is_said(qtbot: QtBot, form: RecordForm) -> None:
    type_into(qtbot, form, "born_on", "1999-02-30")

    assert "不是日期" in form.notes["born_on"].text()


def test_sensitive_field_is_masked_until_revealed(
    qtbot: QtBot, form: RecordForm, ws: Workspace
) -> None:
    person = elements.save(ws, Resident(name="马小明", phone="15412345678", grid_id=GRID))
    form.show_record(person)
    tasks.wait_idle()
    masked = form.masked["phone"]
    assert (masked.is_covered, masked.masked_text) == (True, "154****5678")
    assert not line(form, "phone").isVisible()

    qtbot.mouseClick(masked.reveal_button, Qt.MouseButton.LeftButton)
    tasks.wait_idle()

    assert not masked.is_covered
    assert line(form, "phone").text() == "15412345678"
    with ws.store.read() as tx:
        assert tx.exec_driver_sql("SELECT action, detail FROM audit").all() == [("reveal", "phone")]


def test_saving_another_field_keeps_the_covered_value(
    qtbot: QtBot, form: RecordForm, ws: Workspace
) -> None:
    person = elements.save(ws, Resident(name="马小明", phone="15412345678", grid_id=GRID))
    form.show_record(person)
    type_into(qtbot, form, "employer", "宏达公司")

    form.save()
    tasks.wait_idle()

    found: Any = elements.get(ws, "resident", person.id)
    assert (found.phone, found.employer) == ("15412345678", "宏达公司")


def test_state_of_a_flow_is_not_typed(qtbot: QtBot, window: MainWindow, ws: Workspace) -> None:
    topic = elements.save(ws, Topic(title="停车"))
    form = RecordForm(window.desk, "topic", nobody)
    qtbot.addWidget(form)

    form.show_record(topic)

    assert not form.editors["state"].isEnabled()
    assert form.editors["title"].isEnabled()


@pytest.mark.parametrize(("button", "leaves"), [("Yes", True), ("No", False)])
def test_unsaved_form_is_left_only_when_the_person_says_so(
    qtbot: QtBot, form: RecordForm, monkeypatch: pytest.MonkeyPatch, button: str, leaves: bool
) -> None:
    answer = QMessageBox.StandardButton[button]
    monkeypatch.setattr(QMessageBox, "question", lambda *_words: answer)
    assert may_leave(form)
    type_into(qtbot, form, "name", "马")

    assert may_leave(form) is leaves
    assert form.is_dirty is not leaves
