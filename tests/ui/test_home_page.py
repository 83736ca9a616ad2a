"""The first page of the morning: greeting, figures, what is due."""

import datetime as dt

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget
from pytestqt.qtbot import QtBot

from sqzl_desktop.domain.kinds.aged_care import AgedCare
from sqzl_desktop.domain.kinds.case import CASE, Case
from sqzl_desktop.domain.kinds.event import Event
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.domain.kinds.visit import Visit
from sqzl_desktop.protocol.messages import Row
from sqzl_desktop.schema.codec import to_fields
from sqzl_desktop.services import elements, quality
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import confirmed
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.pages.home import HomePage
from tests.places import COMMUNITY, GRID, NOW
from tests.ui.seen import listen, press, texts

EVENT = {"title": "井盖破损", "category": "01", "description": "路口的井盖缺了一角"}


@pytest.fixture
def page(qtbot: QtBot, desk: Desk) -> HomePage:
    made = HomePage(desk)
    qtbot.addWidget(made)
    made.resize(1200, 700)
    with qtbot.waitExposed(made):
        made.show()
    made.refresh()
    tasks.wait_idle()
    return made


def lines(page: HomePage, name: str) -> list[str]:
    return [found.text() for found in items(page, name)]


def items(page: HomePage, name: str):  # type: ignore[no-untyped-def]
    (found,) = (each for each in page.findChildren(QListWidget) if each.accessibleName() == name)
    return [found.item(row) for row in range(found.count())]


def test_person_is_greeted_with_the_day(page: HomePage) -> None:
    assert page.heading.text() == "早上好，王网格　·　6月30日 星期二"


def test_nothing_due_is_said_in_every_list(page: HomePage) -> None:
    assert lines(page, "到期走访") == ["没有到期的走访"]
    assert lines(page, "案件") == ["没有等您办理的案件，也没有超期的"]
    assert not items(page, "到期走访")[0].flags() & Qt.ItemFlag.ItemIsEnabled


def test_due_visit_is_listed_counted_and_leads_to_the_person(
    page: HomePage, ws: Workspace, desk: Desk
) -> None:
    person = elements.save(ws, Resident(name="马小明", grid_id=GRID))
    elements.save(ws, Visit(resident_id=person.id, visited_at=NOW - dt.timedelta(days=30),
                            category="01", content="在家", next_on=dt.date(2026, 6, 29),
                            grid_id=GRID))  # fmt: skip
    heard = listen(desk)
    desk.bus.changed.emit(("visit",))
    tasks.wait_idle()

    (line,) = items(page, "到期走访")
    assert line.text().startswith("06-29　马小明")
    assert "到期走访　1" in texts(page)

    line.listWidget().itemActivated.emit(line)
    assert heard.opened == [("resident", person.id)]


def test_visit_that_was_paid_since_is_no_longer_due(
    page: HomePage, ws: Workspace, desk: Desk
) -> None:
    person = elements.save(ws, Resident(name="马小明", grid_id=GRID))
    for days, next_on in ((60, dt.date(2026, 5, 30)), (20, dt.date(2026, 7, 30))):
        elements.save(ws, Visit(resident_id=person.id, visited_at=NOW - dt.timedelta(days=days),
                                category="01", content="在家", next_on=next_on,
                                grid_id=GRID))  # fmt: skip

    desk.bus.changed.emit(("visit",))
    tasks.wait_idle()

    assert lines(page, "到期走访") == ["没有到期的走访"]


def test_reported_event_waits_on_the_page(page: HomePage, ws: Workspace, desk: Desk) -> None:
    elements.save(ws, Event(**EVENT, grid_id=GRID))  # type: ignore[arg-type]

    desk.bus.changed.emit(("event",))
    tasks.wait_idle()

    assert "井盖破损" in lines(page, "新上报的事件")[0]


def test_late_cases_and_what_waits_for_the_person_lead_to_the_inbox(
    page: HomePage, ws: Workspace, desk: Desk
) -> None:
    late = Case(id="c0", title="楼道堆物", state="handling", place="3号楼", grid_id=GRID,
                community_id=COMMUNITY, due_at=NOW - dt.timedelta(hours=3))  # fmt: skip
    with ws.store.write() as tx:
        fields = to_fields(CASE, late)
        confirmed.load(tx, COMMUNITY, [Row("case", late.id, GRID, 9, fields, {"*": "x"}, "x")])
    heard = listen(desk)
    desk.bus.changed.emit(("case",))
    tasks.wait_idle()

    assert lines(page, "案件") == ["待我办理　1", "已超期　1", "超1小时30分　楼道堆物　3号楼"]
    for item in items(page, "案件")[1:]:
        item.listWidget().itemActivated.emit(item)
    assert heard.opened == [("case_box", "overdue"), ("case", "c0")]


@pytest.mark.parametrize(
    ("text", "kind"),
    [("登记居民", "resident"), ("上报案件", "case"), ("上报事件", "event"), ("登记走访", "visit")],
)
def test_new_record_is_asked_for(page: HomePage, desk: Desk, text: str, kind: str) -> None:
    heard = listen(desk)

    press(page, text)

    assert heard.opened == [(kind, "")]


def test_what_is_wrong_and_coming_leads_to_its_list(
    page: HomePage, ws: Workspace, desk: Desk
) -> None:
    elements.save(ws, Resident(name="马小明", grid_id=GRID, born_on=dt.date(1946, 7, 1)))
    quality.keep(ws, quality.panel(ws))
    heard = listen(desk)
    desk.bus.changed.emit(("resident",))
    tasks.wait_idle()

    assert lines(page, "今天") == ["下月满80周岁　1"]
    assert "居民没有住处　1" in lines(page, "数据质量")
    (coming,) = items(page, "今天")
    coming.listWidget().itemClicked.emit(coming)
    assert heard.opened == [("quality", "turns_80")]


def test_visits_that_are_late_lead_to_the_page_of_care(
    page: HomePage, ws: Workspace, desk: Desk
) -> None:
    person = elements.save(ws, Resident(name="马小明", grid_id=GRID))
    elements.save(ws, AgedCare(resident_id=person.id, grid_id=GRID))
    quality.keep(ws, quality.panel(ws))
    asked: list[str] = []
    desk.bus.page_requested.connect(asked.append)
    desk.bus.changed.emit(("aged_care",))
    tasks.wait_idle()

    (late,) = items(page, "今天")
    assert late.text() == "关爱与重点对象到期未访　1"
    late.listWidget().itemActivated.emit(late)
    assert asked == ["care"]
