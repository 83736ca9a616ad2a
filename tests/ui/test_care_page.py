"""The page of the registers: groups, who is due, and what is done from the list."""

import datetime as dt

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from sqzl_desktop.domain.kinds.aged_care import AgedCare
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.domain.kinds.visit import Visit
from sqzl_desktop.services import elements
from sqzl_desktop.services.newest import save_over
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs.end_care import EndCare
from sqzl_desktop.ui.pages.care import FILTERS, CarePage
from tests.places import GRID, NOW
from tests.ui.seen import button, cells, listen, press, texts


@pytest.fixture
def ids(ws: Workspace) -> dict[str, str]:
    """Three old people: long overdue, due soon, never visited and nobody knows since when."""
    found: dict[str, str] = {}
    for name, since in (("甲奶奶", "2026-01-01"), ("乙奶奶", "2026-06-03"), ("丙奶奶", None)):
        person = elements.save(ws, Resident(name=name, grid_id=GRID))
        on = dt.date.fromisoformat(since) if since else None
        save_over(ws, AgedCare(), AgedCare(resident_id=person.id, since_on=on, reasons=("01",)))
        found[name] = person.id
    return found


@pytest.fixture
def page(qtbot: QtBot, desk: Desk, ids: dict[str, str]) -> CarePage:
    assert ids
    made = CarePage(desk)
    qtbot.addWidget(made)
    made.resize(1150, 640)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.refresh()
    tasks.wait_idle()
    return made


def names(page: CarePage) -> list[str]:
    tasks.wait_idle()
    return cells(page.table, 0)


def choose(page: CarePage, which: str) -> None:
    page.filters.setCurrentIndex([each for each, _ in FILTERS].index(which))  # type: ignore[arg-type]
    tasks.wait_idle()


def test_group_that_waits_is_opened_first_and_the_longest_overdue_stands_above(
    page: CarePage,
) -> None:
    item = page.groups.currentItem()
    assert item is not None
    assert item.text() == "关爱老人　3人　超期1　未访1"
    assert names(page) == ["甲奶奶", "乙奶奶", "丙奶奶"]
    assert cells(page.table, 1) == ["超期150天", "3天后应访", "从未走访"]


@pytest.mark.parametrize(
    ("which", "who"),
    [
        ("overdue", ["甲奶奶"]),
        ("soon", ["乙奶奶"]),
        ("never", ["甲奶奶", "乙奶奶", "丙奶奶"]),
        ("ended", []),
    ],
)
def test_filters_show_who_is_meant(page: CarePage, which: str, who: list[str]) -> None:
    choose(page, which)

    assert names(page) == who
    assert f"共 {len(who)} 人" in texts(page)
    assert ("没有撤出的人员" in texts(page)) is (which == "ended")


def test_keys_open_the_card_and_write_a_visit(
    qtbot: QtBot, page: CarePage, desk: Desk, ids: dict[str, str]
) -> None:
    heard = listen(desk)
    asked: list[tuple[str, str]] = []
    desk.bus.visit_requested.connect(lambda kind, record: asked.append((kind, record)))

    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    qtbot.keyClick(page.table, Qt.Key.Key_Down)
    qtbot.keyClick(page.table, Qt.Key.Key_V)

    assert heard.opened == [("resident", ids["甲奶奶"])]
    assert asked == [("resident", ids["乙奶奶"])]


def test_visit_takes_a_person_off_the_overdue(
    page: CarePage, desk: Desk, ids: dict[str, str], ws: Workspace
) -> None:
    choose(page, "overdue")
    elements.save(ws, Visit(resident_id=ids["甲奶奶"], visited_at=NOW, category="02", way="01",
                            content="正常"))  # fmt: skip
    desk.bus.changed.emit(("visit",))

    assert names(page) == []
    item = page.groups.currentItem()
    assert item is not None
    assert item.text() == "关爱老人　3人　未访1"


def test_person_leaves_the_group_from_the_list(page: CarePage, ws: Workspace) -> None:
    button(page, "撤出").click()
    (dialog,) = page.findChildren(EndCare)
    press(dialog, "撤出")

    assert names(page) == ["乙奶奶", "丙奶奶"], "the list is read anew"
    choose(page, "ended")
    assert names(page) == ["甲奶奶"]
    assert not button(page, "登记走访").isEnabled()
    assert elements.count(ws, "aged_care") == 3


def test_sensitive_register_is_audited_when_it_is_opened(page: CarePage, ws: Workspace) -> None:
    for place in range(page.groups.count()):
        item = page.groups.item(place)
        if item.text().startswith("严重精神障碍"):
            page.groups.setCurrentRow(place)
    tasks.wait_idle()
    page.refresh()
    tasks.wait_idle()

    with ws.store.read() as tx:
        lines = tx.exec_driver_sql("SELECT action, kind FROM audit").all()
    assert lines == [("open", "mental_illness")]
