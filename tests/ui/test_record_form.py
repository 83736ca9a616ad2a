"""The form of a record: covers, rights, references, keys; `test_form` has what it says in words."""

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from sqzl_desktop.base.errors import Invalid
from sqzl_desktop.domain.access import BUILDING_LEAD, Actor
from sqzl_desktop.domain.kinds.household import Household
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.services import elements
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.bus import Bus
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets import masked_field
from sqzl_desktop.ui.widgets.record_form import RecordForm
from tests.places import COMMUNITY, GRID
from tests.ui.desk_session import LocalSession
from tests.ui.keys import type_text
from tests.ui.seen import button, listen, press, texts

CTRL = Qt.KeyboardModifier.ControlModifier
PHONE = "15412345678"


def nobody(_kind: str) -> None:
    return None


def make(qtbot: QtBot, desk: Desk, kind: str = "resident") -> RecordForm:
    made = RecordForm(desk, kind, nobody)
    qtbot.addWidget(made)
    made.resize(900, 700)
    with qtbot.waitExposed(made):
        made.show()
    tasks.wait_idle()
    return made


@pytest.fixture
def form(qtbot: QtBot, desk: Desk) -> RecordForm:
    made = make(qtbot, desk)
    made.show_record(elements.blank(desk.ws, "resident"))
    return made


@pytest.fixture
def person(ws: Workspace) -> Resident:
    saved = elements.save(ws, Resident(name="马小明", phone=PHONE, grid_id=GRID))
    assert isinstance(saved, Resident)
    return saved


def line(form: RecordForm, name: str) -> QLineEdit:
    found = form.editors[name].input()
    assert isinstance(found, QLineEdit)
    return found


def write(qtbot: QtBot, form: RecordForm, name: str, text: str) -> None:
    line(form, name).clear()
    type_text(qtbot, line(form, name), text)


def audited(ws: Workspace) -> list[tuple[str, ...]]:
    with ws.store.read() as tx:
        found = tx.exec_driver_sql("SELECT action, record, detail FROM audit").all()
    return [tuple(each) for each in found]


def test_form_says_that_something_is_unsaved_until_it_is_saved(
    qtbot: QtBot, form: RecordForm
) -> None:
    assert "未保存" not in texts(form)

    write(qtbot, form, "name", "马小明")
    assert "有未保存的修改" in texts(form)

    qtbot.keyClick(line(form, "name"), Qt.Key.Key_S, CTRL)
    tasks.wait_idle()
    assert "未保存" not in texts(form)


def test_day_typed_in_digits_is_shown_the_usual_way_once_saved(
    qtbot: QtBot, form: RecordForm
) -> None:
    write(qtbot, form, "name", "马小明")
    write(qtbot, form, "born_on", "19830701")

    press(form, "保存")

    assert line(form, "born_on").text() == "1983-07-01"


def test_numbers_are_tidied_when_saved(qtbot: QtBot, form: RecordForm) -> None:
    write(qtbot, form, "name", " 马小明 ")
    write(qtbot, form, "phone", "154 1234 5678")

    press(form, "保存")

    saved = form.shown
    assert isinstance(saved, Resident)
    assert (saved.name, saved.phone) == ("马小明", PHONE)


def test_saving_is_told_once_and_leaves_the_record_in_the_form(
    qtbot: QtBot, form: RecordForm, desk: Desk
) -> None:
    heard = listen(desk)
    write(qtbot, form, "name", "马小明")

    with qtbot.waitSignal(form.saved):
        press(form, "保存")

    assert heard.said == [("已存本机", False)]
    assert heard.changed == [("resident",)]
    assert form.shown.id


def test_second_save_changes_the_same_record(qtbot: QtBot, form: RecordForm, ws: Workspace) -> None:
    write(qtbot, form, "name", "马小明")
    press(form, "保存")
    write(qtbot, form, "name", "马大明")
    press(form, "保存")

    assert [each.name for each in elements.find(ws, "resident")] == ["马大明"]  # type: ignore[attr-defined]


def test_refusal_is_said_and_marks_the_fields(form: RecordForm, desk: Desk, ws: Workspace) -> None:
    heard = listen(desk)

    press(form, "保存")

    ((sentence, is_problem),) = heard.said
    assert is_problem
    assert "请填写姓名" in sentence
    assert line(form, "name").property("wrong") is True
    assert button(form, "保存").isEnabled(), "it can be tried again"
    assert elements.count(ws, "resident") == 0


def test_what_is_no_value_of_its_field_is_not_sent_to_the_store(
    qtbot: QtBot, form: RecordForm, desk: Desk
) -> None:
    write(qtbot, form, "name", "马小明")
    write(qtbot, form, "born_on", "去年")

    with pytest.raises(Invalid, match="不是日期"):
        form.record()
    press(form, "保存")

    assert form.is_dirty
    assert line(form, "born_on").text() == "去年"
    assert elements.count(desk.ws, "resident") == 0


def test_new_record_has_nothing_to_cover(form: RecordForm) -> None:
    assert not any(each.is_covered for each in form.masked.values())


def test_saved_number_is_covered_at_once(qtbot: QtBot, form: RecordForm) -> None:
    write(qtbot, form, "name", "马小明")
    write(qtbot, form, "phone", PHONE)
    press(form, "保存")

    assert form.masked["phone"].is_covered
    assert form.masked["phone"].masked_text == "154****5678"
    assert not form.masked["id_number"].is_covered, "there is no number to hide"


@pytest.fixture
def briefly(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is revealed is covered again after a blink."""
    monkeypatch.setattr(masked_field, "REVEAL_MS", 30)


@pytest.mark.usefixtures("briefly")
def test_revealed_number_is_covered_again_by_itself(
    qtbot: QtBot, desk: Desk, person: Resident, ws: Workspace
) -> None:
    form = make(qtbot, desk)
    form.show_record(person)
    shown: list[bool] = []
    form.masked["phone"].reveal_button.clicked.connect(lambda: shown.append(True))  # type: ignore[attr-defined]

    press(form.masked["phone"], "显示")
    qtbot.waitUntil(lambda: form.masked["phone"].is_covered)

    assert shown == [True]
    assert audited(ws) == [("reveal", person.id, "phone")]
    assert not form.is_dirty


@pytest.mark.usefixtures("briefly")
def test_revealed_number_stays_while_it_is_being_changed(
    qtbot: QtBot, desk: Desk, person: Resident, ws: Workspace
) -> None:
    form = make(qtbot, desk)
    form.show_record(person)
    timer = form.masked["phone"].findChild(QTimer)
    with qtbot.waitSignal(timer.timeout):
        form.masked["phone"].reveal()
        write(qtbot, form, "phone", "15487654321")

    assert not form.masked["phone"].is_covered
    press(form, "保存")

    found = elements.get(ws, "resident", person.id)
    assert isinstance(found, Resident)
    assert found.phone == "15487654321"
    assert form.masked["phone"].masked_text == "154****4321"


@pytest.fixture
def onlooker(ws: Workspace) -> Iterator[Desk]:
    """Somebody who leads a building: neither writes residents nor sees numbers."""
    actor = Actor("bai", "白楼长", BUILDING_LEAD, (GRID,))
    yield Desk(LocalSession(Workspace(actor, ws.store, ws.clock, (COMMUNITY,), "24")), Bus())
    tasks.wait_idle()


def test_form_of_somebody_who_may_not_write_is_only_read(
    qtbot: QtBot, onlooker: Desk, person: Resident
) -> None:
    form = make(qtbot, onlooker)
    form.show_record(person)

    assert not button(form, "保存").isEnabled()
    assert not any(each.isEnabled() for each in form.editors.values())


def test_number_stays_covered_for_somebody_who_may_not_see_it(
    qtbot: QtBot, onlooker: Desk, person: Resident, ws: Workspace
) -> None:
    heard = listen(onlooker)
    form = make(qtbot, onlooker)
    form.show_record(person)

    press(form.masked["phone"], "显示")

    assert form.masked["phone"].is_covered
    assert heard.said == [("您的岗位不能查看完整信息，请联系社区负责人", True)]
    assert audited(ws) == []


def test_key_saves_nothing_for_somebody_who_may_not_write(
    qtbot: QtBot, onlooker: Desk, person: Resident, ws: Workspace
) -> None:
    form = make(qtbot, onlooker)
    form.show_record(person)
    heard = listen(onlooker)

    qtbot.keyClick(form, Qt.Key.Key_S, CTRL)
    tasks.wait_idle()

    assert [is_problem for _, is_problem in heard.said] in ([], [True])
    assert elements.get(ws, "resident", person.id) == person


def test_reference_is_shown_by_its_title(form: RecordForm, ws: Workspace) -> None:
    home = elements.save(ws, Household(head_name="马家", number="7", grid_id=GRID))
    form.show_record(elements.save(ws, Resident(name="马小明", household_id=home.id, grid_id=GRID)))
    tasks.wait_idle()

    assert line(form, "household_id").text() == "马家 7"


def test_group_is_folded_until_it_is_wanted(form: RecordForm) -> None:
    assert not form.editors["ethnic"].isVisible()

    press(form, "▸ 基本情况　已填0项，共14项")
    assert form.editors["ethnic"].isVisible()

    press(form, "▾ 基本情况　已填0项，共14项")
    assert not form.editors["ethnic"].isVisible()


def test_what_is_typed_while_it_is_saved_is_not_lost(
    qtbot: QtBot, form: RecordForm, ws: Workspace
) -> None:
    write(qtbot, form, "name", "马小明")
    begun, go_on = threading.Event(), threading.Event()

    def hold_the_store() -> None:
        with ws.store.write():
            begun.set()
            go_on.wait()

    tasks.run(hold_the_store, lambda _none: None, owner=form, failed=lambda _error: None)
    qtbot.waitUntil(begun.is_set)
    form.save()
    write(qtbot, form, "employer", "宏达公司")
    go_on.set()
    tasks.wait_idle()

    assert line(form, "employer").text() == "宏达公司"
    assert form.is_dirty
    press(form, "保存")
    (found,) = elements.find(ws, "resident")
    assert isinstance(found, Resident)
    assert (found.name, found.employer) == ("马小明", "宏达公司")
