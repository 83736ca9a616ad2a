"""The page of places: grid, building, dwelling, and the people behind the door."""

import datetime as dt
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLineEdit, QListWidget, QTabWidget, QTreeWidget
from pytestqt.qtbot import QtBot

from sqzl_desktop.domain.kinds.building import Building
from sqzl_desktop.domain.kinds.dwelling import Dwelling
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.services import attachments, elements, people
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs.edit_record import EditRecord
from sqzl_desktop.ui.pages.places import PlacesPage
from sqzl_desktop.ui.widgets.dwelling_side import DwellingSide
from sqzl_desktop.ui.widgets.history_panel import HistoryPanel
from tests.places import GRID
from tests.ui.keys import type_text
from tests.ui.seen import buttons, cells, listen, press, texts

HOME = "北京路12号阳光家园3号楼2单元501室"


def move_in(ws: Workspace, name: str) -> Resident:
    resident, _stay = people.move_in(
        ws, Resident(name=name, born_on=dt.date(1983, 2, 11)), dwelling_id="d1",
        kind_of_stay="01", from_on=dt.date(2020, 1, 1),
    )  # fmt: skip
    return resident


def shown(qtbot: QtBot, desk: Desk) -> PlacesPage:
    page = PlacesPage(desk)
    qtbot.addWidget(page)
    page.resize(1200, 700)
    with qtbot.waitExposed(page):
        page.show()
    page.refresh()
    tasks.wait_idle()
    return page


def tree(page: PlacesPage) -> QTreeWidget:
    found = page.findChild(QTreeWidget)
    assert isinstance(found, QTreeWidget)
    return found


def doors(page: PlacesPage) -> list[str]:
    found = page.findChild(QListWidget)
    assert isinstance(found, QListWidget)
    return [found.item(row).text() for row in range(found.count())]


def branches(page: PlacesPage) -> dict[str, list[str]]:
    tops = [tree(page).topLevelItem(row) for row in range(tree(page).topLevelItemCount())]
    return {
        top.text(0): [top.child(row).text(0) for row in range(top.childCount())] for top in tops
    }


def test_buildings_stand_under_their_grid_by_number(
    qtbot: QtBot, desk: Desk, ws: Workspace
) -> None:
    for name in ("10号楼", "2号楼"):
        elements.save(ws, Building(estate="阳光家园", name=name, grid_id=GRID))

    page = shown(qtbot, desk)

    assert branches(page) == {
        "崇安第1网格　3栋": ["阳光家园 2号楼", "阳光家园 3号楼", "阳光家园 10号楼"]
    }, "a grid without buildings is left out"


def test_first_dwelling_is_shown_with_its_people(qtbot: QtBot, desk: Desk, ws: Workspace) -> None:
    move_in(ws, "马小明")

    page = shown(qtbot, desk)

    assert doors(page) == ["2单元 501室　状态未登记　"]
    assert HOME in texts(page)
    assert "现住人员　1" in texts(page)
    assert "马小明　1983年生" in buttons(page)


def test_empty_dwelling_says_what_to_do(qtbot: QtBot, desk: Desk) -> None:
    assert "没有登记现住人员" in texts(shown(qtbot, desk))


def test_another_building_shows_its_own_dwellings(qtbot: QtBot, desk: Desk, ws: Workspace) -> None:
    other = elements.save(ws, Building(estate="阳光家园", name="4号楼", grid_id=GRID))
    for room in ("101", "102"):
        elements.save(ws, Dwelling(building_id=other.id, entrance="1", room=room, grid_id=GRID,
                                   address=f"北京路12号阳光家园4号楼1单元{room}室"))  # fmt: skip
    page = shown(qtbot, desk)

    tree(page).setCurrentItem(tree(page).topLevelItem(0).child(1))
    tasks.wait_idle()

    assert "阳光家园 4号楼" in texts(page)
    assert [each.split("　")[0] for each in doors(page)] == ["1单元 101室", "1单元 102室"]


def test_owner_is_masked(qtbot: QtBot, desk: Desk, ws: Workspace) -> None:
    home = elements.get(ws, "dwelling", "d1")
    owner = {"owner_name": "马大明", "owner_phone": "15412345678"}
    elements.save(ws, Dwelling(**{**vars(home), **owner}))

    seen = texts(shown(qtbot, desk))

    assert "154****5678" in seen
    assert "15412345678" not in seen


def test_person_is_opened_on_their_card(qtbot: QtBot, desk: Desk, ws: Workspace) -> None:
    resident = move_in(ws, "马小明")
    page, heard = shown(qtbot, desk), listen(desk)

    press(page, "马小明　1983年生")

    assert heard.opened == [("resident", resident.id)]


def test_dwelling_is_edited_where_it_is_shown(
    qtbot: QtBot, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown_in: list[object] = []
    monkeypatch.setattr(EditRecord, "exec", lambda self: shown_in.append(self.form.shown.id) or 0)

    press(shown(qtbot, desk), "修改房屋")

    assert shown_in == ["d1"]


def test_building_is_opened_door_by_door(qtbot: QtBot, desk: Desk) -> None:
    page, heard = shown(qtbot, desk), listen(desk)

    press(page, "逐户查看")

    assert heard.opened == [("building", "b1")]


def test_somebody_who_moved_in_meanwhile_is_there_when_one_comes_back(
    qtbot: QtBot, desk: Desk, ws: Workspace
) -> None:
    page = shown(qtbot, desk)
    move_in(ws, "马小明")

    page.refresh()
    tasks.wait_idle()

    assert "马小明　1983年生" in buttons(page)


def test_building_that_came_meanwhile_is_there_when_one_comes_back(
    qtbot: QtBot, desk: Desk, ws: Workspace
) -> None:
    page = shown(qtbot, desk)
    elements.save(ws, Building(estate="阳光家园", name="1号楼", grid_id=GRID))

    page.refresh()
    tasks.wait_idle()

    assert "阳光家园 1号楼" in branches(page)["崇安第1网格　2栋"]
    assert HOME in texts(page), "what was open stays open"


def test_dwelling_shows_how_far_it_is_its_photos_and_its_history(
    qtbot: QtBot, desk: Desk, ws: Workspace, tmp_path: Path
) -> None:
    home = elements.get(ws, "dwelling", "d1")
    elements.save(ws, Dwelling(**{**vars(home), "owner_name": "马大明"}))
    photo = QImage(40, 30, QImage.Format.Format_RGB32)
    photo.fill(0)
    assert photo.save(str(tmp_path / "门口.png"))
    attachments.add(ws, "dwelling", "d1", tmp_path / "门口.png")

    page = shown(qtbot, desk)
    assert "未上报" in texts(page)
    assert "附件　1" in texts(page)

    tabs = page.findChild(QTabWidget)
    assert isinstance(tabs, QTabWidget)
    tabs.setCurrentIndex(1)
    tasks.wait_idle()
    (panel,) = page.findChildren(HistoryPanel)
    assert "马大明" in cells(panel.table, 4)


def test_people_of_another_day_are_shown(qtbot: QtBot, desk: Desk, ws: Workspace) -> None:
    move_in(ws, "马小明")
    page = shown(qtbot, desk)
    (side,) = page.findChildren(DwellingSide)
    line = side._on.input()
    assert isinstance(line, QLineEdit)

    line.selectAll()
    type_text(qtbot, line, "20191231")
    tasks.wait_idle()
    assert "2019-12-31住在这里的人　0" in texts(page)
    assert "这一天没有登记的住户" in texts(page)

    line.selectAll()
    type_text(qtbot, line, "20200101")
    tasks.wait_idle()
    assert "2020-01-01住在这里的人　1" in texts(page)
    assert "马小明　1983年生" in buttons(page)
