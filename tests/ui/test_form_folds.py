"""Folded groups of a form: what is in them is kept, counted and checked before they are opened."""

import pytest
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.services import elements
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.record_form import RecordForm
from tests.places import GRID
from tests.ui.keys import type_text
from tests.ui.seen import press, texts

ADDRESS = "宁夏银川市兴庆区中山北街18号"


@pytest.fixture
def person(ws: Workspace) -> Resident:
    saved = elements.save(ws, Resident(
        name="马小明", employer="宏达公司", registered_home=ADDRESS, remark="常年在外",
        grid_id=GRID,
    ))  # fmt: skip
    assert isinstance(saved, Resident)
    return saved


@pytest.fixture
def form(qtbot: QtBot, desk: Desk, person: Resident) -> RecordForm:
    made = RecordForm(desk, "resident", lambda _kind: None)
    qtbot.addWidget(made)
    made.resize(900, 700)
    with qtbot.waitExposed(made):
        made.show()
    made.show_record(person)
    return made


def line(form: RecordForm, name: str) -> QLineEdit:
    found = form.editors[name].input()
    assert isinstance(found, QLineEdit)
    return found


def folds(form: RecordForm) -> list[str]:
    found = [each.text() for each in form.findChildren(QPushButton) if each.isVisible()]
    return [each for each in found if each[:1] in ("▸", "▾")]


def unfold(form: RecordForm, group: str) -> None:
    (text,) = (each for each in folds(form) if each.startswith(f"▸ {group}　"))
    press(form, text)


def test_fold_says_how_much_is_in_it_before_it_has_editors(form: RecordForm) -> None:
    assert "▸ 基本情况　已填1项，共14项" in folds(form)
    assert "▸ 其他　已填1项，共1项" in folds(form)
    assert "employer" not in form.editors.made


def test_what_is_folded_is_kept_when_the_rest_is_saved(
    qtbot: QtBot, form: RecordForm, ws: Workspace, person: Resident
) -> None:
    type_text(qtbot, line(form, "name"), "辉")
    press(form, "保存")

    saved = elements.get(ws, "resident", person.id)
    assert isinstance(saved, Resident)
    assert saved.name != person.name
    assert (saved.employer, saved.remark) == ("宏达公司", "常年在外")
    assert saved.registered_home == ADDRESS
    assert "employer" not in form.editors.made


def test_unfolding_shows_the_values_and_keeps_what_was_typed(
    qtbot: QtBot, form: RecordForm
) -> None:
    type_text(qtbot, line(form, "name"), "辉")
    typed = line(form, "name").text()

    unfold(form, "基本情况")

    assert line(form, "employer").text() == "宏达公司"
    assert line(form, "employer").isVisible()
    assert line(form, "name").text() == typed
    assert form.is_dirty


def test_sensitive_field_is_covered_when_its_group_is_unfolded(form: RecordForm) -> None:
    unfold(form, "户籍")

    assert form.masked["registered_home"].is_covered
    assert ADDRESS not in texts(form)
    assert not line(form, "registered_home").isVisible()


def test_another_record_comes_into_the_groups_that_were_unfolded(
    form: RecordForm, ws: Workspace
) -> None:
    unfold(form, "基本情况")

    form.show_record(elements.blank(ws, "resident"))

    assert line(form, "employer").text() == ""
    unfold(form, "其他")
    assert form.editors["remark"].value() == ""


def test_draft_of_a_folded_sensitive_field_is_open_and_is_saved(
    form: RecordForm, ws: Workspace, person: Resident
) -> None:
    moved = elements.blank(
        ws, "resident", name="马小明", registered_home="吴忠市利通区朝阳街2号", grid_id=GRID
    )
    form.fill(moved, is_draft=True)

    unfold(form, "户籍")
    assert not form.masked["registered_home"].is_covered
    press(form, "保存")

    saved = elements.get(ws, "resident", person.id)
    assert isinstance(saved, Resident)
    assert saved.registered_home == "吴忠市利通区朝阳街2号"


def test_problem_in_a_folded_group_unfolds_it_when_saving(
    form: RecordForm, ws: Workspace, person: Resident
) -> None:
    form.fill(elements.blank(ws, "resident", name="马小明", grid_id=GRID, ethnic="没有这个民族"),
              is_draft=False)  # fmt: skip

    press(form, "保存")

    assert form.editors["ethnic"].isVisible()
    assert form.notes["ethnic"].text()
    assert elements.get(ws, "resident", person.id) == person


def test_field_that_only_a_merged_record_has_takes_no_room_when_unfolded(form: RecordForm) -> None:
    unfold(form, "归属")

    assert not form.editors["merged_into"].isVisible()
