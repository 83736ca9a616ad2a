"""Charts and tables of a place as of a day."""

from pathlib import Path

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QComboBox, QDateEdit, QTableWidget
from pytestqt.qtbot import QtBot

from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.services import elements, statistics
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs.cases_behind import CasesBehind
from sqzl_desktop.ui.dialogs.print_report import PrintReport
from sqzl_desktop.ui.pages.statistics import StatisticsPage
from sqzl_desktop.ui.widgets.case_month_view import CaseMonthView, Tile
from sqzl_desktop.ui.widgets.chart_view import ChartView
from tests.places import GRID
from tests.ui.seen import cells, listen, texts
from tests.unit.services.test_case_report import put


@pytest.fixture
def page(qtbot: QtBot, ws: Workspace, desk: Desk) -> StatisticsPage:
    elements.save(ws, Resident(name="马小明", grid_id=GRID, sex="1"))
    made = StatisticsPage(desk)
    qtbot.addWidget(made)
    made.resize(1182, 700)
    with qtbot.waitExposed(made):
        made.show()
    made.refresh()
    tasks.wait_idle()
    return made


@pytest.fixture
def months(qtbot: QtBot, page: StatisticsPage, ws: Workspace) -> CaseMonthView:
    """The second tab, over a case that is overdue and one that waits."""
    put(ws, "1")
    put(ws, "2", state="parked", paused_at="2026-06-03T02:00:00Z", park_reason="等产权单位")
    page.open_record("case_month", "")
    tasks.wait_idle()
    qtbot.waitUntil(lambda: "挂账案件库　1" in texts(page))
    return page.months


def table(page: StatisticsPage, title: str) -> QTableWidget:
    (found,) = (each for each in page.findChildren(QTableWidget)
                if each.accessibleName() == f"{title}数据")  # fmt: skip
    return found


def test_every_figure_has_chart_and_table(page: StatisticsPage) -> None:
    charts = [each.accessibleName() for each in page.findChildren(ChartView)]

    assert charts[0] == "年龄结构"
    for title in charts:
        found = table(page, title)
        assert 0 < found.verticalHeader().length() <= found.viewport().height()
    assert cells(table(page, "年龄结构"), 1)[-1] == "1"
    assert "1人" in texts(page)


def test_place_and_day_are_chosen(page: StatisticsPage, ws: Workspace) -> None:
    (place,) = (each for each in page.findChildren(QComboBox) if each.isVisible())
    assert [place.itemText(n) for n in range(place.count())] == [
        "崇安社区居委会（您的1个网格）", "崇安第1网格"
    ]  # fmt: skip
    elements.save(ws, Resident(name="马小红", grid_id=GRID, born_on=ws.today))

    (day,) = page.findChildren(QDateEdit)
    day.setDate(QDate(2026, 6, 29))
    tasks.wait_idle()
    assert "1人" in texts(page)
    day.setDate(QDate(2026, 6, 30))
    tasks.wait_idle()
    assert "2人" in texts(page)


def test_export_and_paper_are_written(
    qtbot: QtBot, page: StatisticsPage, ws: Workspace, desk: Desk, tmp_path: Path
) -> None:
    heard = listen(desk)
    page.save_to(tmp_path / "s.csv")
    tasks.wait_idle()
    assert "年龄结构" in (tmp_path / "s.csv").read_text(encoding="utf-8-sig")
    assert "已导出到" in str(heard)

    dialog = PrintReport(desk, statistics.report(ws), page)
    qtbot.addWidget(dialog)
    dialog.save_to(tmp_path / "s.pdf")
    tasks.wait_idle()
    assert (tmp_path / "s.pdf").read_bytes().startswith(b"%PDF")


def test_the_month_of_cases_is_the_second_tab(page: StatisticsPage, months: CaseMonthView) -> None:
    assert not page.findChild(QDateEdit).isVisible()
    assert cells(table(page, "主要指标"), 1)[:2] == ["2", "0"]
    assert cells(table(page, "按承办单位（效率排名）"), 0) == ["阳光物业"]
    charts = [each.accessibleName() for each in months.findChildren(ChartView)]
    assert charts[-3:] == ["按类别", "按承办单位（效率排名）", "按网格"]


def test_a_figure_leads_to_its_cases(
    qtbot: QtBot, page: StatisticsPage, months: CaseMonthView, desk: Desk
) -> None:
    heard = listen(desk)
    assert months.report is not None
    found = table(page, "主要指标")
    found.setCurrentCell(6, 1)
    found.setFocus()
    qtbot.keyClick(found, Qt.Key.Key_Return)
    tasks.wait_idle()

    dialog = page.findChild(CasesBehind)
    assert dialog is not None
    assert dialog.windowTitle() == "超期的案件（1件）"
    dialog.list.opened.emit("1")
    assert heard.opened == [("case", "1")]

    found.setCurrentCell(7, 1)
    qtbot.keyClick(found, Qt.Key.Key_Return)
    tasks.wait_idle()
    assert ("返工件的案件：没有案件", False) in heard.said


def test_a_tile_leads_to_its_cases(
    qtbot: QtBot, page: StatisticsPage, months: CaseMonthView
) -> None:
    filed, *_ = months.findChildren(Tile)

    qtbot.mouseClick(filed, Qt.MouseButton.LeftButton)
    tasks.wait_idle()
    assert [each.windowTitle() for each in page.findChildren(CasesBehind)] == ["立案的案件（2件）"]

    filed.setFocus()
    qtbot.keyClick(filed, Qt.Key.Key_Space)
    tasks.wait_idle()
    assert len(page.findChildren(CasesBehind)) == 2


def test_a_parked_case_is_opened_and_a_month_without_cases_says_so(
    qtbot: QtBot, page: StatisticsPage, months: CaseMonthView, desk: Desk
) -> None:
    heard = listen(desk)
    (parked,) = (each for each in months.findChildren(QTableWidget)
                 if each.accessibleName() == "挂账案件")  # fmt: skip
    parked.setCurrentCell(0, 0)
    qtbot.keyClick(parked, Qt.Key.Key_Return)
    assert heard.opened == [("case", "2")]

    months.month.setCurrentIndex(5)
    tasks.wait_idle()
    assert "2026年1月没有案件" in texts(page)


def test_the_month_is_written_as_a_sheet(
    page: StatisticsPage, months: CaseMonthView, tmp_path: Path
) -> None:
    assert months.isVisible()
    page.save_to(tmp_path / "m.csv")
    tasks.wait_idle()

    assert "主要指标" in (tmp_path / "m.csv").read_text(encoding="utf-8-sig")
