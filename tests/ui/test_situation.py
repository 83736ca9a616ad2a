"""What is special about a resident, on the card: blocks, groups, homes; a new one with a home."""

import datetime as dt

import pytest
from PySide6.QtWidgets import QTabWidget
from pytestqt.qtbot import QtBot

from sqzl_desktop.domain.kinds.mental_illness import MentalIllness
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.services import elements, people
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs.edit_record import EditRecord
from sqzl_desktop.ui.dialogs.end_care import EndCare
from sqzl_desktop.ui.pages.resident_card import ResidentCardPage
from sqzl_desktop.ui.widgets.new_home import NewHome
from tests.places import GRID
from tests.ui.keys import type_text
from tests.ui.seen import button, buttons, press, texts

HOME = "北京路12号阳光家园3号楼2单元501室"


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
    saved = elements.save(ws, Resident(name="马小明", grid_id=GRID))
    assert isinstance(saved, Resident)
    return saved


def opened(page: ResidentCardPage, record_id: str) -> ResidentCardPage:
    page.open_record("resident", record_id)
    tasks.wait_idle()
    return page


def special(page: ResidentCardPage, record_id: str) -> str:
    tabs = opened(page, record_id).findChild(QTabWidget)
    assert isinstance(tabs, QTabWidget)
    tabs.setCurrentIndex(1)
    tasks.wait_idle()
    return texts(page)


def test_block_that_the_population_asks_for_is_offered_and_shown(
    qtbot: QtBot, page: ResidentCardPage, ws: Workspace
) -> None:
    saved = elements.save(ws, Resident(name="马小明", population_type="20", grid_id=GRID))
    assert "没有登记专项信息" in special(page, saved.id)

    button(page, "补登流动人口信息").click()
    (dialog,) = page.findChildren(EditRecord)
    region = dialog.form.editors["from_region"].input()
    type_text(qtbot, region, "甘肃省兰州市")
    dialog.form.save()
    tasks.wait_idle()

    assert "甘肃省兰州市" in texts(page)
    assert "补登流动人口信息" not in buttons(page)


def test_listing_and_leaving_a_group_from_the_card(
    page: ResidentCardPage, ws: Workspace, person: Resident
) -> None:
    assert "关爱老人" not in special(page, person.id)
    page._add("aged_care")
    (dialog,) = page.findChildren(EditRecord)
    dialog.form.editors["reasons"].show_value(("01",))
    dialog.form.save()
    tasks.wait_idle()
    assert "关爱老人" in texts(page)
    assert "独居老人" in texts(page), "the tag is on the resident at once"
    assert "下次走访" in texts(page) or "天后应访" in texts(page)

    press(page, "撤出")
    (ending,) = page.findChildren(EndCare)
    press(ending, "撤出")

    assert "已撤出" in texts(page)
    assert "独居老人" not in texts(page)
    found = elements.get(ws, "resident", person.id)
    assert getattr(found, "tags", None) == ()


def test_card_says_whether_one_lives_where_one_is_registered(
    page: ResidentCardPage, ws: Workspace
) -> None:
    saved = elements.save(ws, Resident(name="马小明", registered_home="兰州市城关区3号楼1单元101室",
                                       grid_id=GRID))  # fmt: skip
    assert isinstance(saved, Resident)
    people.move_in(ws, saved, dwelling_id="d1", kind_of_stay="02", from_on=None)

    assert "人在户不在" in texts(opened(page, saved.id))


def test_homes_of_before_stand_below_with_their_days(
    page: ResidentCardPage, person: Resident, ws: Workspace
) -> None:
    _, stay = people.move_in(ws, person, dwelling_id="d1", kind_of_stay="01",
                             from_on=dt.date(2015, 1, 1))  # fmt: skip
    elements.save(ws, type(stay)(**{**vars(stay), "until_on": dt.date(2019, 12, 31)}))

    seen = texts(opened(page, person.id))

    assert "还没有登记住房" in seen
    assert "住过的房屋" in seen
    assert "自住　2015-01-01 起　2019-12-31 止" in seen


def test_new_resident_is_registered_with_the_home(
    qtbot: QtBot, page: ResidentCardPage, ws: Workspace
) -> None:
    page.open_record("resident", "")
    tasks.wait_idle()
    (home,) = page.findChildren(NewHome)
    assert home.isVisible()
    page.form.editors["population_type"].show_value("10")
    type_text(qtbot, page.form.editors["name"].input(), "马小明")
    line = home.fields["dwelling_id"].input()
    type_text(qtbot, line, "3-2-501")
    page.form.save()
    tasks.wait_idle()
    assert elements.count(ws, "resident") == 0, "a home that was typed must be picked"

    offering = home.fields["dwelling_id"].offering
    assert offering is not None
    offering.ask_now()
    tasks.wait_idle()
    offering.take(0)
    tasks.wait_idle()
    registered = page.form.editors["registered_home"].input()
    assert registered.text() == HOME  # type: ignore[attr-defined]
    page.form.save()
    tasks.wait_idle()

    (saved,) = elements.find(ws, "resident")
    assert isinstance(saved, Resident)
    assert [each.id for each in people.living_in(ws, "d1")] == [saved.id]
    assert not home.isVisible()
    assert "人户一致" in texts(page)


def test_new_resident_without_a_home_is_saved_alone(
    qtbot: QtBot, page: ResidentCardPage, ws: Workspace
) -> None:
    page.open_record("resident", "")
    type_text(qtbot, page.form.editors["name"].input(), "马小明")

    page.form.save()
    tasks.wait_idle()

    assert elements.count(ws, "resident") == 1
    assert elements.count(ws, "residence") == 0


def test_sensitive_record_is_shown_when_it_is_asked_for_and_audited(
    page: ResidentCardPage, ws: Workspace, person: Resident
) -> None:
    elements.save(ws, MentalIllness(resident_id=person.id, hospital="宁安医院"))
    assert "严重精神障碍患者" in special(page, person.id)
    assert "宁安医院" not in texts(page)

    press(page, "查看")

    assert "宁安医院" in texts(page)
    with ws.store.read() as tx:
        assert tx.exec_driver_sql("SELECT action, kind FROM audit").all() == [
            ("open", "mental_illness")
        ]
