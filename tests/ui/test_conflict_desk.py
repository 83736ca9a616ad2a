"""Conflicts: both values side by side; one click chooses, for one or for many, and undoes."""

import dataclasses
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain.access import BUILDING_LEAD, Actor
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.protocol.messages import Row
from sqzl_desktop.services import conflicts, elements
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import confirmed
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.bus import Bus
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.main_window import MainWindow
from sqzl_desktop.ui.navigation import PAGE_KEYS, PAGES
from sqzl_desktop.ui.widgets.conflict_desk import ConflictDesk
from tests.places import COMMUNITY, GRID
from tests.ui.desk_session import LocalSession
from tests.ui.seen import button, cells, listen, press, texts


@pytest.fixture
def person(ws: Workspace) -> Resident:
    found = elements.save(ws, Resident(name="马小明", phone="15411111111", grid_id=GRID))
    assert isinstance(found, Resident)
    return found


def conflict(ws: Workspace, person: Resident, **given: Any) -> None:
    """As the server sends it: ma's phone number came after wang's."""
    fields = {
        "community_id": COMMUNITY, "about": "value", "record_kind": "resident",
        "record_id": person.id, "field": "phone", "state": "open",
        "standing_value": '"15411111111"', "standing_by": "王网格", "standing_device": "电脑A",
        "standing_at": "2026-06-30T01:00:00Z",
        "other_value": '"15422222222"', "other_by": "马网格", "other_device": "电脑B",
        "other_at": "2026-06-30T01:30:00Z",
        **given,
    }  # fmt: skip
    row = Row("conflict", f"c-{fields['field']}", "", 90, fields, {"*": "loaded"}, "loaded")
    with ws.store.write() as tx:
        confirmed.load(tx, COMMUNITY, [row])


def shown(qtbot: QtBot, desk: Desk) -> ConflictDesk:
    page = ConflictDesk(desk)
    desk.bus.changed.connect(lambda _kinds: page.refresh())
    qtbot.addWidget(page)
    page.resize(1100, 700)
    with qtbot.waitExposed(page):
        page.show()
    page.refresh()
    tasks.wait_idle()
    return page


def test_both_sides_are_shown_masked_with_who_when_and_where(
    qtbot: QtBot, desk: Desk, ws: Workspace, person: Resident
) -> None:
    conflict(ws, person)

    seen = texts(shown(qtbot, desk))

    assert "马小明　·　联系电话" in seen
    for value, who in (("154****1111", "王网格　2026年6月30日 09:00　电脑A"),
                       ("154****2222", "马网格　2026年6月30日 09:30　电脑B")):  # fmt: skip
        assert value in seen
        assert who in seen
    assert "15411111111" not in seen
    assert "15422222222" not in seen


def test_values_that_look_alike_are_shown_in_full_on_demand_and_audited(
    qtbot: QtBot, desk: Desk, ws: Workspace, person: Resident
) -> None:
    conflict(ws, person, other_value='"15422221111"')
    page = shown(qtbot, desk)
    assert cells(page.table, 2) == cells(page.table, 3) == ["154****1111"]

    press(page, "显示完整内容")

    seen = texts(page)
    assert "15411111111" in seen
    assert "15422221111" in seen
    with ws.store.read() as tx:
        line = tx.exec_driver_sql("SELECT action, record, detail FROM audit").one()
    assert tuple(line) == ("reveal", person.id, "phone")


@pytest.mark.parametrize(
    ("choice", "phone"), [("保留现值", "15411111111"), ("改用另一值", "15422222222")]
)
def test_choice_settles_and_its_card_goes(
    qtbot: QtBot, desk: Desk, ws: Workspace, person: Resident, choice: str, phone: str
) -> None:
    conflict(ws, person)
    page, heard = shown(qtbot, desk), listen(desk)

    press(page, choice)

    assert "没有待处理的冲突" in texts(page)
    assert heard.said == [("已选定，下次同步时上报", False)]
    assert heard.changed == [("conflict", "resident")]
    found = elements.get(ws, "resident", person.id)
    assert isinstance(found, Resident)
    assert found.phone == phone


def test_one_choice_leaves_the_other_conflicts(
    qtbot: QtBot, desk: Desk, ws: Workspace, person: Resident
) -> None:
    two_conflicts(ws, person)
    page = shown(qtbot, desk)
    assert cells(page.table, 1) == ["姓名", "联系电话"]

    conflicts.settle(ws, "c-phone", "standing")
    desk.bus.changed.emit(("conflict",))
    tasks.wait_idle()

    assert cells(page.table, 1) == ["姓名"]
    assert "马晓明" in texts(page)


def two_conflicts(ws: Workspace, person: Resident) -> None:
    conflict(ws, person)
    conflict(ws, person, field="name", standing_value='"马小明"', other_value='"马晓明"')


def person_now(ws: Workspace, person: Resident) -> tuple[str, str]:
    found = elements.get(ws, "resident", person.id)
    assert isinstance(found, Resident)
    return found.name, found.phone


def test_all_of_one_person_are_settled_at_once_and_taken_back_at_once(
    qtbot: QtBot, desk: Desk, ws: Workspace, person: Resident
) -> None:
    two_conflicts(ws, person)
    page, heard = shown(qtbot, desk), listen(desk)

    press(page, "选中此人全部")
    assert "已选 2 项" in texts(page)
    press(page, "全部改用另一值")
    assert person_now(ws, person) == ("马晓明", "15422222222")
    assert conflicts.open_count(ws) == 0

    press(page, "撤销刚才的选择")

    assert person_now(ws, person) == ("马小明", "15411111111")
    assert conflicts.open_count(ws) == 2
    assert [said for said, _ in heard.said] == [
        "已选定 2 项，下次同步时上报",
        "已撤销，重新列为待处理；下次同步时上报",
    ]


def test_keys_choose_and_take_back(
    qtbot: QtBot, desk: Desk, ws: Workspace, person: Resident
) -> None:
    two_conflicts(ws, person)
    page, heard = shown(qtbot, desk), listen(desk)
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.table.setFocus()

    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert heard.opened == [("resident", person.id)]
    qtbot.keyClick(page.table, Qt.Key.Key_Down)
    qtbot.keyClick(page.table, Qt.Key.Key_G)
    tasks.wait_idle()
    assert person_now(ws, person) == ("马小明", "15422222222")
    qtbot.keyClick(page.table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    tasks.wait_idle()
    assert person_now(ws, person) == ("马小明", "15411111111")
    qtbot.keyClick(page.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(page.table, Qt.Key.Key_B)
    tasks.wait_idle()

    assert conflicts.open_count(ws) == 0


def test_settled_ones_say_who_chose_what_and_can_be_taken_back(
    qtbot: QtBot, desk: Desk, ws: Workspace, person: Resident
) -> None:
    conflict(ws, person, state="settled", choice="standing", settled_by="李书记",
             settled_at="2026-06-30T01:40:00Z")  # fmt: skip
    page = shown(qtbot, desk)
    assert "没有待处理的冲突" in texts(page)

    page.show_settled(True)
    tasks.wait_idle()
    assert "李书记于2026年6月30日 09:40选择：保留现值" in texts(page)
    press(page, "撤销这个选择")

    page.show_settled(False)
    tasks.wait_idle()
    assert cells(page.table, 1) == ["联系电话"]


def test_choice_whose_value_was_edited_since_is_not_taken_back(
    ws: Workspace, person: Resident
) -> None:
    conflict(ws, person)
    conflicts.settle(ws, "c-phone", "other")
    edited = elements.get(ws, "resident", person.id)
    elements.save(ws, dataclasses.replace(edited, phone="15433333333"))

    with pytest.raises(Refused, match="又被修改过"):
        conflicts.undo(ws, ["c-phone"])

    assert person_now(ws, person) == ("马小明", "15433333333")


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ("edit_after_delete", ("保持删除", "恢复并采用修改")),
        ("stale_delete", ("保留记录", "确认删除")),
    ],
)
def test_choices_about_deleting_say_what_they_do(
    qtbot: QtBot, desk: Desk, ws: Workspace, person: Resident, about: str, words: tuple[str, str]
) -> None:
    conflict(ws, person, about=about)

    page = shown(qtbot, desk)

    assert all(button(page, each).isEnabled() for each in words)


def test_record_in_question_can_be_opened(
    qtbot: QtBot, desk: Desk, ws: Workspace, person: Resident
) -> None:
    conflict(ws, person)
    page, heard = shown(qtbot, desk), listen(desk)

    press(page, "打开记录")

    assert heard.opened == [("resident", person.id)]


def test_somebody_who_may_not_choose_only_looks(
    qtbot: QtBot, ws: Workspace, person: Resident
) -> None:
    conflict(ws, person)
    onlooker = dataclasses.replace(ws, actor=Actor("bai", "白楼长", BUILDING_LEAD, (GRID,)))

    page = shown(qtbot, Desk(LocalSession(onlooker), Bus()))

    assert "154****1111" in texts(page)
    assert not button(page, "保留现值").isEnabled()
    assert not button(page, "改用另一值").isEnabled()


def test_number_of_conflicts_stands_in_the_navigation_until_they_are_settled(
    window: MainWindow, ws: Workspace, person: Resident
) -> None:
    conflict(ws, person)
    window.desk.bus.changed.emit(("conflict",))
    tasks.wait_idle()
    assert "冲突 1" in window.badge.text()

    press(window, "待处理　1")
    press(window.page("pending"), "保留现值")

    assert button(window, "待处理").isChecked()
    assert "冲突" not in window.badge.text()


def test_only_conflict_is_chosen_and_taken_back_by_keys_alone(
    qtbot: QtBot, window: MainWindow, ws: Workspace, person: Resident
) -> None:
    conflict(ws, person)
    key = PAGE_KEYS[[page.name for page in PAGES].index("pending")]
    qtbot.keyClick(window, Qt.Key(ord(key)), Qt.KeyboardModifier.AltModifier)
    tasks.wait_idle()

    def press_key(key: Qt.Key, held: Qt.KeyboardModifier) -> None:
        focused = QApplication.focusWidget()
        assert focused is not None
        qtbot.keyClick(focused, key, held)
        tasks.wait_idle()

    press_key(Qt.Key.Key_B, Qt.KeyboardModifier.NoModifier)
    assert conflicts.open_conflicts(ws) == []

    press_key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(conflicts.open_conflicts(ws)) == 1


def test_focus_does_not_jump_to_the_navigation_when_the_list_is_left(
    window: MainWindow, ws: Workspace, person: Resident
) -> None:
    conflict(ws, person)
    window.show_page("pending")
    tasks.wait_idle()

    window.open_record("resident", person.id)
    tasks.wait_idle()

    focused = QApplication.focusWidget()
    assert not isinstance(focused, QPushButton), focused.text()
