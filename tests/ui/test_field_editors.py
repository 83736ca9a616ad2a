"""The editors of fields: what is typed becomes a value, a value is shown as people write it."""

import datetime as dt
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.schema.codec import Unreadable
from sqzl_desktop.ui.widgets.field_editors import FieldEditor, Picker, RefEditor, editor
from tests.ui.keys import type_text
from tests.ui.seen import buttons, press


def nobody(_kind: str) -> None:
    return None


def make(qtbot: QtBot, field: str, pick: Picker = nobody) -> FieldEditor:
    """The editor of a field, written kind.field."""
    kind, name = field.split(".")
    made = editor(BY_NAME[kind].column(name), pick)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.mark.parametrize(
    "typed",
    ["20260701", "2026-07-01", "2026-7-1", "2026/7/1", "2026.07.01", "2026年7月1日", " 20260701 "],
)
def test_day_is_read_however_it_is_written(qtbot: QtBot, typed: str) -> None:
    made = make(qtbot, "resident.born_on")

    type_text(qtbot, made.input(), typed)

    assert made.value() == dt.date(2026, 7, 1)


@pytest.mark.parametrize("typed", ["20260230", "2026", "去年", "01/07/2026"])
def test_what_is_no_day_is_unreadable(qtbot: QtBot, typed: str) -> None:
    made = make(qtbot, "resident.born_on")
    type_text(qtbot, made.input(), typed)

    with pytest.raises(Unreadable, match="不是日期"):
        made.value()


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("resident.name", "马小明", "马小明"),
        ("resident.born_on", dt.date(1983, 2, 11), "1983-02-11"),
        ("consultation.held_at", dt.datetime(2026, 7, 23, 11, 0, tzinfo=dt.UTC),
         "2026-07-23 19:00"),
        ("consultation.invited_count", 0, "0"),
        ("dwelling.area", 89.5, "89.5"),
        ("event.location", (106.25, 38.5), "106.250000, 38.500000"),
    ],
)  # fmt: skip
def test_line_shows_a_value_and_gives_it_back(
    qtbot: QtBot, field: str, value: Any, shown: str
) -> None:
    made = make(qtbot, field)
    line = made.input()
    assert isinstance(line, QLineEdit)

    made.show_value(value)

    assert line.text() == shown
    assert made.value() == value


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("resident.sex", "2"),
        ("resident.sex", ""),
        ("resident.tags", ()),
        ("resident.remark", "第一行\n第二行"),
        ("resident.household_id", "h1"),
    ],
)
def test_editor_gives_back_what_it_was_shown_and_says_nothing(
    qtbot: QtBot, field: str, value: Any
) -> None:
    made = make(qtbot, field)

    with qtbot.assertNotEmitted(made.changed):
        made.show_value(value)

    assert made.value() == value


def test_code_is_found_by_its_name_and_no_other_word_passes(qtbot: QtBot) -> None:
    made = make(qtbot, "resident.sex")
    combo = made.input()
    assert isinstance(combo, QComboBox)

    combo.setEditText("女性")
    assert made.value() == "2"

    combo.setEditText("女士们")
    with pytest.raises(Unreadable, match="不在代码表中"):
        made.value()


def test_code_that_the_list_lacks_stays_in_sight(qtbot: QtBot) -> None:
    made = make(qtbot, "resident.sex")
    combo = made.input()
    assert isinstance(combo, QComboBox)

    made.show_value("7")

    assert combo.currentText() == "7"


def test_wheel_over_a_code_does_not_change_it(qtbot: QtBot) -> None:
    made = make(qtbot, "resident.sex")
    made.show_value("1")
    combo = made.input()
    here = QPointF(combo.rect().center())
    turn = QWheelEvent(
        here, combo.mapToGlobal(here), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip

    QApplication.sendEvent(combo, turn)

    assert made.value() == "1"


def test_tags_are_switched_on_from_the_list_and_off_by_a_click(qtbot: QtBot) -> None:
    made = make(qtbot, "resident.tags")
    combo = made.input()
    assert isinstance(combo, QComboBox)
    made.show_value(())
    name, code = combo.itemText(1), combo.itemData(1)

    with qtbot.waitSignal(made.changed):
        combo.setCurrentIndex(1)
        combo.activated.emit(1)
    assert made.value() == (code,)
    assert combo.findText(name) < 0, "it is not offered a second time"

    with qtbot.waitSignal(made.changed):
        qtbot.waitUntil(lambda: name in buttons(made))
        press(made, name)
    assert made.value() == ()


def test_reference_is_chosen_emptied_and_kept_when_nothing_is_chosen(qtbot: QtBot) -> None:
    answers: list[tuple[str, str] | None] = [("h1", "马家"), None]
    asked: list[str] = []

    def pick(kind: str) -> tuple[str, str] | None:
        asked.append(kind)
        return answers.pop(0)

    made = make(qtbot, "resident.household_id", pick)
    assert isinstance(made, RefEditor)

    press(made, "选择…")
    press(made, "选择…")

    assert asked == ["household", "household"]
    assert (made.value(), made.input().text()) == ("h1", "马家")

    made.show_value("")
    assert (made.value(), made.input().text()) == ("", "")


def test_note_is_left_by_tab(qtbot: QtBot) -> None:
    made = make(qtbot, "resident.remark")

    qtbot.keyClicks(made.input(), "one")
    qtbot.keyClick(made.input(), Qt.Key.Key_Tab)

    assert made.value() == "one"
