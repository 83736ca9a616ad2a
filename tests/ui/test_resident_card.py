"""The card of a resident: household, dwelling, visits and history on one page."""

import datetime as dt

import pytest
from PySide6.QtWidgets import QMessageBox, QTableWidget, QTabWidget
from pytestqt.qtbot import QtBot

from sqzl_desktop.domain.kinds.household import Household
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.domain.kinds.visit import Visit
from sqzl_desktop.protocol.messages import Row
from sqzl_desktop.services import elements, people
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs.move_in import MoveIn
from sqzl_desktop.ui.pages.resident_card import ResidentCardPage
from tests.arriving import arrive
from tests.places import GRID
from tests.ui.keys import type_text
from tests.ui.seen import button, buttons, cells, listen, press, texts

HOME = "北京路12号阳光家园3号楼2单元501室"
PERSON = {"name": "马小明", "sex": "1", "phone": "15412345678", "born_on": dt.date(1983, 7, 1)}


@pytest.fixture
def page(qtbot: QtBot, desk: Desk) -> ResidentCardPage:
    made = ResidentCardPage(desk)
    qtbot.addWidget(made)
    made.resize(1200, 800)
    with qtbot.waitExposed(made):
        made.show()
    return made


@pytest.fixture
def person(ws: Workspace) -> Resident:
    home = elements.save(ws, Household(head_name="马大明", number="7", grid_id=GRID))
    family = {"household_id": home.id, "grid_id": GRID}
    saved = elements.save(ws, Resident(**PERSON, relation="20", **family))  # type: ignore[arg-type]
    elements.save(ws, Resident(name="马大明", relation="02", **family))
    assert isinstance(saved, Resident)
    return saved


def opened(page: ResidentCardPage, record_id: str) -> ResidentCardPage:
    page.open_record("resident", record_id)
    tasks.wait_idle()
    return page


def tab(page: ResidentCardPage, name: str) -> QTableWidget:
    tabs = page.findChild(QTabWidget)
    (place,) = (each for each in range(tabs.count()) if tabs.tabText(each) == name)
    tabs.setCurrentIndex(place)
    tasks.wait_idle()
    found = tabs.widget(place).findChild(QTableWidget)
    assert isinstance(found, QTableWidget)
    return found


def test_without_a_person_it_says_how_to_find_one(page: ResidentCardPage) -> None:
    assert "选中居民即可打开居民卡" in texts(page)
    assert not button(page, "登记走访").isEnabled()
    assert not button(page, "迁入登记").isEnabled()


def test_card_says_who_this_is_and_masks_the_numbers(
    page: ResidentCardPage, person: Resident
) -> None:
    seen = texts(opened(page, person.id))

    assert "居民卡　马小明" in seen
    assert "男性　1983-07-01　42岁" in seen, "the birthday is tomorrow"
    assert "未上报" in seen
    assert "154****5678" in seen
    assert "15412345678" not in seen


def test_household_stands_head_first_and_leads_to_the_others(
    page: ResidentCardPage, person: Resident, desk: Desk
) -> None:
    opened(page, person.id)
    heard = listen(desk)
    assert "同户人员　2" in texts(page)
    members = [each for each in buttons(page) if each.startswith("马")]
    assert [each.split("　")[0] for each in members] == ["马大明", "马小明"]
    assert not button(page, members[1]).isEnabled(), "that is the person who is shown"

    press(page, members[0])

    ((kind, record_id),) = heard.opened
    assert kind == "resident"
    assert elements.titles(desk.ws, "resident", [record_id]) == {record_id: "马大明"}


def test_dwelling_is_shown_with_since_when(
    page: ResidentCardPage, person: Resident, ws: Workspace
) -> None:
    people.move_in(ws, person, dwelling_id="d1", kind_of_stay="01", from_on=dt.date(2020, 1, 1))

    seen = texts(opened(page, person.id))

    assert HOME in seen
    assert "2020-01-01 起" in seen


def test_history_says_who_changed_what_and_masks_it(
    page: ResidentCardPage, person: Resident, ws: Workspace
) -> None:
    elements.save(ws, Resident(**{**vars(person), "phone": "15487654321"}))

    history = tab(opened(page, person.id), "变更历史")

    line = next(row for row, old in enumerate(cells(history, 3)) if old == "154****5678")
    shown = [cells(history, column)[line] for column in range(1, 7)]
    assert shown == ["王网格", "联系电话", "154****5678", "154****4321", "未上报", "本机"]


def test_visits_are_listed(page: ResidentCardPage, person: Resident, ws: Workspace) -> None:
    at = dt.datetime(2026, 6, 29, 2, 0, tzinfo=dt.UTC)
    elements.save(ws, Visit(resident_id=person.id, visited_at=at, category="01",
                            content="在家，情况正常", grid_id=GRID))  # fmt: skip

    visits = tab(opened(page, person.id), "走访记录")

    assert cells(visits, 0) == ["2026-06-29 10:00"]
    assert cells(visits, 4) == ["在家，情况正常"]


def test_saving_on_the_card_shows_the_new_name(
    qtbot: QtBot, page: ResidentCardPage, person: Resident
) -> None:
    opened(page, person.id)
    line = page.form.editors["name"].input()
    line.clear()  # type: ignore[attr-defined]
    type_text(qtbot, line, "马晓明")

    page.form.save()
    tasks.wait_idle()

    assert "居民卡　马晓明" in texts(page)


def test_second_new_resident_begins_with_an_empty_form(
    qtbot: QtBot, page: ResidentCardPage, ws: Workspace
) -> None:
    for name in ("马一", "马二"):
        opened(page, "")
        assert page.form.editors["name"].value() == ""
        assert not button(page, "登记走访").isEnabled()
        type_text(qtbot, page.form.editors["name"].input(), name)
        page.form.save()
        tasks.wait_idle()
        assert f"居民卡　{name}" in texts(page)

    assert elements.count(ws, "resident") == 2


def test_card_of_somebody_who_is_gone_is_said(page: ResidentCardPage, desk: Desk) -> None:
    heard = listen(desk)

    opened(page, "nobody")

    ((sentence, is_problem),) = heard.said
    assert is_problem
    assert "找不到这条居民" in sentence


def test_unsaved_card_is_not_left_without_asking(
    qtbot: QtBot,
    page: ResidentCardPage,
    person: Resident,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened(page, "")
    type_text(qtbot, page.form.editors["name"].input(), "哈小兰")
    no = QMessageBox.StandardButton.No
    monkeypatch.setattr(QMessageBox, "question", lambda *_words: no)

    opened(page, person.id)

    assert page.form.editors["name"].value() == "哈小兰"


def test_change_from_elsewhere_does_not_wipe_what_is_typed(
    qtbot: QtBot, page: ResidentCardPage, person: Resident, desk: Desk
) -> None:
    opened(page, person.id)
    type_text(qtbot, page.form.editors["name"].input(), "（大）")
    typed = page.form.editors["name"].value()

    desk.bus.changed.emit(("resident",))
    tasks.wait_idle()

    assert page.form.editors["name"].value() == typed


@pytest.fixture
def moving(qtbot: QtBot, page: ResidentCardPage, person: Resident, desk: Desk) -> MoveIn:
    opened(page, person.id)
    made = MoveIn(desk, person, page)
    qtbot.addWidget(made)
    made.show()
    return made


def test_moving_in_wants_a_dwelling(moving: MoveIn, ws: Workspace) -> None:
    press(moving, "登记")

    assert "请选择房屋" in texts(moving)
    assert elements.count(ws, "residence") == 0


def test_moving_in_is_on_the_card_at_once(
    moving: MoveIn, page: ResidentCardPage, ws: Workspace
) -> None:
    moving.dwelling.show_value("d1")
    moving.stay.show_value("01")

    press(moving, "登记")

    assert not moving.isVisible()
    assert HOME in texts(page)
    assert "2026-06-30 起" in texts(page)
    assert elements.count(ws, "residence") == 1


def test_day_of_moving_in_that_is_none_is_said(qtbot: QtBot, moving: MoveIn, ws: Workspace) -> None:
    moving.dwelling.show_value("d1")
    moving.since.input().clear()  # type: ignore[attr-defined]
    type_text(qtbot, moving.since.input(), "20260231")

    press(moving, "登记")

    assert "不是日期" in texts(moving)
    assert elements.count(ws, "residence") == 0


def test_number_that_is_shared_is_said_and_can_be_looked_at(
    page: ResidentCardPage, ws: Workspace, person: Resident, desk: Desk
) -> None:
    other = elements.save(ws, Resident(name="马晓明", grid_id=GRID))
    marks = [
        Row("duplicate", f"d{each.id}", GRID, 9,
            {"community_id": person.community_id, "grid_id": GRID, "token": "t",
             "record_id": each.id, "state": "open"}, {"*": "o"}, "o")
        for each in (person, other)
    ]  # fmt: skip
    arrive(ws, person.community_id, *marks)
    heard = listen(desk)

    opened(page, person.id)
    assert "疑似重复：与马晓明的身份证号相同，请核对" in texts(page)
    press(page, "打开马晓明")
    assert heard.opened == [("resident", other.id)]

    press(page, "已核对")
    assert "疑似重复" not in texts(page)
    assert heard.said == [("已存本机，待服务器确认", False)]
