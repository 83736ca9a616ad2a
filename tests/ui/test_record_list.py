"""The list of a kind: filters, what it shows of whom, keys and clicks."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.services import elements
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.models.record_table import PIECE
from sqzl_desktop.ui.widgets.record_list import RecordList
from tests.places import GRID
from tests.ui.keys import type_text
from tests.ui.seen import cells, texts

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
    assert "没有符合条件的记录" in texts(shown(qtbot, desk))


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
