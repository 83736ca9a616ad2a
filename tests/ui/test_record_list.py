"""The list of a kind: filters, what it shows of whom, keys and clicks."""

import datetime as dt

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.services import elements, lists, views
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.models.record_table import PIECE
from sqzl_desktop.ui.widgets.column_chooser import ColumnChooser
from sqzl_desktop.ui.widgets.condition_strip import ConditionStrip
from sqzl_desktop.ui.widgets.field_editors import LineEditor
from sqzl_desktop.ui.widgets.record_list import RecordList
from tests.places import GRID
from tests.ui.keys import type_text
from tests.ui.seen import buttons, cells, listen, press, texts

PEOPLE = (
    ("马小明", "1", ("K04",)),
    ("马小红", "2", ()),
    ("王秀英", "2", ("K04",)),
)


@pytest.fixture
def residents(qtbot: QtBot, desk: Desk, ws: Workspace) -> RecordList:
    """Three people."""
    elements.save_all(
        ws,
        [
            Resident(name=name, sex=sex, tags=tags, phone=f"1541234567{n}", grid_id=GRID)
            for n, (name, sex, tags) in enumerate(PEOPLE)
        ],
    )
    return shown(qtbot, desk)


def shown(qtbot: QtBot, desk: Desk) -> RecordList:
    made = RecordList(desk, "resident")
    qtbot.addWidget(made)
    made.resize(1200, 500)
    with qtbot.waitExposed(made):
        made.show()
    made.refresh()
    tasks.wait_idle()
    return made


def quick(some: RecordList) -> QLineEdit:
    box = some.focusProxy()
    assert isinstance(box, QLineEdit)
    return box


def column(some: RecordList, field: str) -> int:
    return [each.name for each in some.model.columns].index(field)


def names(some: RecordList) -> list[str]:
    return cells(some.table, column(some, "name"))


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("mxm", ["马小明"]),
        ("mx", ["马小明", "马小红"]),
        ("马小", ["马小明", "马小红"]),
        ("wangxiuying", ["王秀英"]),
        ("5671", ["马小红"]),
    ],
)
def test_list_is_narrowed_by_pinyin_name_and_number(
    qtbot: QtBot, residents: RecordList, typed: str, found: list[str]
) -> None:
    type_text(qtbot, quick(residents), typed)

    qtbot.waitUntil(lambda: sorted(names(residents)) == sorted(found))
    assert f"共 {len(found)} 条" in texts(residents)


def test_emptied_box_shows_everybody_again(qtbot: QtBot, residents: RecordList) -> None:
    type_text(qtbot, quick(residents), "mxm")
    qtbot.waitUntil(lambda: names(residents) == ["马小明"])

    quick(residents).clear()

    qtbot.waitUntil(lambda: len(names(residents)) == 3)


def choose(some: RecordList, label: str, position: int) -> None:
    (combo,) = (each for each in some.findChildren(QComboBox)
                if each.itemText(0) == f"{label}：全部")  # fmt: skip
    combo.setCurrentIndex(position)
    tasks.wait_idle()


def test_list_is_narrowed_by_codes_together_with_the_box(
    qtbot: QtBot, residents: RecordList
) -> None:
    (combo,) = (each for each in residents.findChildren(QComboBox)
                if each.itemText(0) == "性别：全部")  # fmt: skip
    choose(residents, "性别", combo.findData("2"))
    assert names(residents) == ["王秀英", "马小红"] or names(residents) == ["马小红", "王秀英"]

    type_text(qtbot, quick(residents), "mx")
    qtbot.waitUntil(lambda: names(residents) == ["马小红"])

    choose(residents, "性别", 0)
    assert sorted(names(residents)) == ["马小明", "马小红"]


def test_numbers_in_a_list_are_masked(residents: RecordList) -> None:
    shown_phones = cells(residents.table, column(residents, "phone"))

    assert sorted(shown_phones) == ["154****5670", "154****5671", "154****5672"]


def test_list_says_when_it_is_empty(qtbot: QtBot, desk: Desk) -> None:
    assert "还没有居民" in texts(shown(qtbot, desk))


def test_list_that_is_narrowed_to_nothing_leads_back(qtbot: QtBot, residents: RecordList) -> None:
    type_text(qtbot, quick(residents), "没有这个人")
    qtbot.waitUntil(lambda: "没有符合条件的记录" in texts(residents))

    press(residents, "清空筛选")

    assert len(names(residents)) == 3


def born(residents: RecordList, text: str) -> None:
    """Put the condition 出生日期 不早于."""
    press(residents, "筛选")
    strip = residents.findChild(ConditionStrip)
    assert strip is not None
    fields, choices = strip.findChildren(QComboBox)[:2]
    fields.setCurrentIndex(fields.findData("born_on"))
    choices.setCurrentIndex(choices.findText("不早于"))
    (editor,) = (each for each in strip.findChildren(LineEditor) if each.isVisible())
    editor.input().setText(text)  # type: ignore[attr-defined]
    press(residents, "添加条件")


@pytest.fixture
def ages(qtbot: QtBot, desk: Desk, ws: Workspace) -> RecordList:
    """One old person and two young ones."""
    days = (dt.date(1940, 1, 1), dt.date(1990, 1, 1), dt.date(2001, 1, 1))
    elements.save_all(ws, [Resident(name=f"马{n}", born_on=day, grid_id=GRID)
                           for n, day in zip("一二三", days, strict=True)])  # fmt: skip
    return shown(qtbot, desk)


def test_condition_is_put_shown_and_taken_away(ages: RecordList) -> None:
    born(ages, "1990-01-01")
    assert sorted(names(ages)) == ["马三", "马二"]

    press(ages, "出生日期 不早于 1990-01-01　×")

    assert len(names(ages)) == 3


def test_condition_without_a_value_is_refused(ages: RecordList, desk: Desk) -> None:
    heard = listen(desk)

    born(ages, "")

    assert heard.said == [("请填写出生日期的内容，再添加条件", True)]
    assert len(names(ages)) == 3


def test_filter_is_kept_under_a_name_and_used_again(
    qtbot: QtBot, ages: RecordList, desk: Desk
) -> None:
    born(ages, "1990-01-01")
    strip = ages.findChild(ConditionStrip)
    assert strip is not None
    strip.keep_wanted.emit("年轻人")
    tasks.wait_idle()

    later = shown(qtbot, desk)
    assert len(names(later)) == 3
    press(later, "年轻人")
    assert sorted(names(later)) == ["马三", "马二"]

    press(later, "删除这个筛选")
    assert len(names(later)) == 3
    assert "年轻人" not in buttons(shown(qtbot, desk))


def test_columns_are_chosen_and_remembered(
    qtbot: QtBot, residents: RecordList, desk: Desk, ws: Workspace
) -> None:
    press(residents, "列")
    (chooser,) = residents.findChildren(ColumnChooser)
    wanted = {"姓名", "民族"}
    for place in range(chooser.list.count()):
        item = chooser.list.item(place)
        on = item.text() in wanted
        item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
    chooser.apply()
    tasks.wait_idle()

    assert [each.label for each in residents.model.columns] == ["姓名", "民族"]
    assert len(names(residents)) == 3
    assert [each.label for each in shown(qtbot, desk).model.columns] == ["姓名", "民族"]

    views.choose_columns(ws, "resident", ())
    assert views.columns(ws, "resident") == views.usual_columns(BY_NAME["resident"])


def test_selected_rows_are_copied_masked(
    residents: RecordList, qtbot: QtBot, ws: Workspace
) -> None:
    residents.table.selectAll()

    qtbot.keyClick(residents.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    tasks.wait_idle()

    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].startswith("姓名\t性别")
    assert len(lines) == 4
    assert "154****5670" in lines[1] + lines[2] + lines[3]
    ids = lists.ids(ws, "resident", residents.selected_keys())
    assert len(set(ids)) == 3


def test_new_record_appears_when_it_is_told(residents: RecordList, desk: Desk) -> None:
    elements.save(desk.ws, Resident(name="哈小兰", grid_id=GRID))
    desk.bus.changed.emit(("dwelling",))
    tasks.wait_idle()
    assert "哈小兰" not in names(residents), "that was about something else"

    desk.bus.changed.emit(("visit", "resident"))
    tasks.wait_idle()
    assert "哈小兰" in names(residents)


def test_double_click_opens(qtbot: QtBot, residents: RecordList) -> None:
    record = residents.model.record(1)
    assert record is not None
    index = residents.model.index(1, 0)
    place = residents.table.visualRect(index).center()
    qtbot.mouseClick(residents.table.viewport(), Qt.MouseButton.LeftButton, pos=place)

    with qtbot.waitSignal(residents.opened) as opened:
        qtbot.mouseDClick(residents.table.viewport(), Qt.MouseButton.LeftButton, pos=place)

    assert opened.args == [record.id]


def test_enter_without_a_row_opens_nothing(qtbot: QtBot, residents: RecordList) -> None:
    with qtbot.assertNotEmitted(residents.opened):
        qtbot.keyClick(residents.table, Qt.Key.Key_Return)


def test_arrows_select_row_by_row(qtbot: QtBot, residents: RecordList) -> None:
    residents.select_row(0)

    qtbot.keyClick(residents.table, Qt.Key.Key_Down)

    record = residents.model.record(1)
    assert record is not None
    assert residents.selected_id() == record.id


def test_rows_come_in_pieces_as_one_scrolls_down(qtbot: QtBot, desk: Desk, ws: Workspace) -> None:
    elements.save_all(ws, [Resident(name=f"居民{n:03d}", grid_id=GRID) for n in range(520)])
    made = shown(qtbot, desk)
    held = [row for row in range(520) if made.model.record(row) is not None]
    assert len(held) == PIECE

    made.table.scrollToBottom()
    made.table.viewport().repaint()
    tasks.wait_idle()

    held = [row for row in range(520) if made.model.record(row) is not None]
    assert held == [*range(PIECE), *range(2 * PIECE, 520)]
    assert names(made)[519] == "居民519"
