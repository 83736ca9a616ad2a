"""While one types: fields that fill each other, what is offered, what is there already."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.services import elements
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.main_window import MainWindow
from sqzl_desktop.ui.widgets.field_editors import FieldEditor
from sqzl_desktop.ui.widgets.record_form import RecordForm
from tests.places import GRID
from tests.ui.keys import type_text
from tests.ui.seen import buttons, listen, press, texts

NUMBER, OTHER = "640104198302112451", "640104195710288225"
HOME = "北京路12号阳光家园3号楼2单元501室"
Open = Callable[..., RecordForm]


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow) -> Open:
    """Opens the form of a kind, empty or with a record."""

    def one(kind: str, record: Any = None) -> RecordForm:
        form = RecordForm(window.desk, kind, lambda _kind: None)
        qtbot.addWidget(form)
        form.resize(620, 560)
        form.show_record(record or elements.blank(window.desk.ws, kind))
        with qtbot.waitActive(form):
            form.show()
            form.activateWindow()
        tasks.wait_idle()
        return form

    return one


def line(form: RecordForm, name: str) -> QLineEdit:
    found = form.editors[name].input()
    assert isinstance(found, QLineEdit)
    return found


def write(qtbot: QtBot, form: RecordForm, name: str, text: str) -> None:
    line(form, name).setFocus()
    line(form, name).selectAll()
    type_text(qtbot, line(form, name), text)
    tasks.wait_idle()


def test_id_number_fills_birth_and_sex_at_once_and_says_so(qtbot: QtBot, opened: Open) -> None:
    form = opened("resident")

    write(qtbot, form, "id_number", NUMBER)

    assert form.editors["born_on"].value() == dt.date(1983, 2, 11)
    assert form.editors["sex"].value() == "1"
    assert form.notes["born_on"].text() == "由身份证号填写"
    write(qtbot, form, "born_on", "19830212")
    assert form.notes["born_on"].text() == "与身份证号不符：身份证上是1983-02-11"


def test_what_a_person_typed_is_doubted_and_stays(qtbot: QtBot, opened: Open) -> None:
    form = opened("resident")
    write(qtbot, form, "born_on", "19900101")

    write(qtbot, form, "id_number", NUMBER)

    assert form.editors["born_on"].value() == dt.date(1990, 1, 1)
    assert "与身份证号不符" in form.notes["born_on"].text()


def test_folds_count_what_is_in_them(qtbot: QtBot, opened: Open) -> None:
    person = Resident(id="r1", name="马小明", ethnic="03", registered_home="新平村", grid_id=GRID)

    form = opened("resident", person)

    assert "▸ 基本情况　已填1项，共14项" in buttons(form)
    assert "▸ 户籍　已填1项，共9项" in buttons(form), "a covered value counts, too"
    write(qtbot, form, "employer", "宏达公司")
    assert "▸ 基本情况　已填2项，共14项" in buttons(form)


def test_probable_duplicate_is_seen_while_typing_and_can_be_opened(
    qtbot: QtBot, opened: Open, ws: Workspace, window: MainWindow
) -> None:
    known = elements.save(ws, Resident(name="马小明", id_number=NUMBER, sex="1", grid_id=GRID))
    form = opened("resident")

    write(qtbot, form, "id_number", NUMBER)
    form.aids.look_now()
    tasks.wait_idle()

    assert "可能已经登记过" in texts(form)
    assert "马小明　证件号码相同" in texts(form)
    assert "仍然保存" not in buttons(form), "nothing was refused yet"
    heard = listen(window.desk)
    press(form, "打开已有")
    assert heard.opened == [("resident", known.id)]


def test_probable_duplicate_is_not_saved_until_the_person_says_so(
    qtbot: QtBot, opened: Open, ws: Workspace
) -> None:
    elements.save(ws, Resident(name="马小明", born_on=dt.date(1983, 2, 11), grid_id=GRID))
    form = opened("resident")
    write(qtbot, form, "name", "马小明")
    write(qtbot, form, "born_on", "19830211")

    form.save()
    tasks.wait_idle()
    assert "还没有保存：可能已经登记过" in texts(form)
    assert elements.count(ws, "resident") == 1

    press(form, "仍然保存")
    assert elements.count(ws, "resident") == 2
    assert "可能已经登记过" not in texts(form)
    assert not form.is_dirty


def test_another_field_of_a_known_twin_is_saved_without_asking(
    qtbot: QtBot, opened: Open, ws: Workspace
) -> None:
    twins = [elements.save(ws, Resident(name=name, id_number=NUMBER, sex="1", grid_id=GRID))
             for name in ("马小明", "马晓明")]  # fmt: skip
    form = opened("resident", twins[0])
    write(qtbot, form, "employer", "宏达公司")

    form.save()
    tasks.wait_idle()

    assert not form.is_dirty


def test_resident_without_a_number_is_saved(qtbot: QtBot, opened: Open, ws: Workspace) -> None:
    form = opened("resident")
    write(qtbot, form, "name", "古丽巴哈尔·阿不都热依木")

    form.save()
    tasks.wait_idle()

    assert elements.count(ws, "resident") == 1


def test_dwelling_gets_its_address_from_its_building(
    qtbot: QtBot, opened: Open, ws: Workspace
) -> None:
    form = opened("dwelling", elements.blank(ws, "dwelling", building_id="b1"))

    write(qtbot, form, "entrance", "2")
    write(qtbot, form, "room", "601")

    assert line(form, "address").text() == "阳光家园3号楼2单元601室"
    assert form.editors["floor"].value() == 6
    assert form.notes["address"].text() == "由楼栋、单元和室号填写"


def offered(form: RecordForm, name: str) -> FieldEditor:
    editor = form.editors[name]
    assert editor.offering is not None
    editor.offering.ask_now()
    tasks.wait_idle()
    return editor


def test_door_typed_into_an_address_offers_the_dwelling(qtbot: QtBot, opened: Open) -> None:
    form = opened("event")
    write(qtbot, form, "place", "3号楼2单元501")

    editor = offered(form, "place")
    assert editor.offering is not None
    assert [hit.title for hit in editor.offering.hits] == [HOME]

    editor.offering.take(0)
    assert line(form, "place").text() == HOME


def test_record_is_typed_and_picked_by_keys_alone(
    qtbot: QtBot, opened: Open, ws: Workspace
) -> None:
    person = elements.save(ws, Resident(name="马小明", grid_id=GRID))
    form = opened("household")
    write(qtbot, form, "head_id", "mxm")
    offered(form, "head_id")

    qtbot.keyClick(QApplication.activePopupWidget(), Qt.Key.Key_Return)
    tasks.wait_idle()

    editor = form.editors["head_id"]
    assert editor.value() == person.id
    assert line(form, "head_id").text() == "马小明"
    assert line(form, "head_name").text() == "马小明", "the head gives the household its name"


def test_typed_name_that_was_not_picked_is_said(qtbot: QtBot, opened: Open, ws: Workspace) -> None:
    form = opened("household")
    write(qtbot, form, "head_id", "不存在的人")

    form.save()
    tasks.wait_idle()

    assert "没有选定户主“不存在的人”" in form.notes["head_id"].text()
    assert elements.count(ws, "household") == 0
    assert line(form, "head_id").text() == "不存在的人"


@pytest.mark.parametrize("name", ["王", "买买提·艾力", "𬭚玥", "欧阳" + "明" * 28])
def test_any_name_is_taken(qtbot: QtBot, opened: Open, ws: Workspace, name: str) -> None:
    form = opened("resident")
    write(qtbot, form, "name", name)

    form.save()
    tasks.wait_idle()

    assert elements.titles(ws, "resident", [form.shown.id]) == {form.shown.id: name}


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("born_on", "20270101", "出生日期晚于今天，请核对年份"),
        ("id_number", "640104202712112451", "身份证号里的出生日期晚于今天"),
        ("id_number", "64010419830211245", "身份证号应为18位，现为17位"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(
    qtbot: QtBot, opened: Open, ws: Workspace, field: str, text: str, sentence: str
) -> None:
    form = opened("resident")
    write(qtbot, form, "name", "马小明")
    write(qtbot, form, field, text)

    form.save()
    tasks.wait_idle()

    assert sentence in form.notes[field].text()
    assert line(form, field).text() == text
    assert elements.count(ws, "resident") == 0
