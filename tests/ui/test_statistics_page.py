"""Charts and tables of a place as of a day."""

from pathlib import Path

import pytest
from PySide6.QtCore import QDate
from PySide6.QtWidgets import QComboBox, QDateEdit, QTableWidget
from pytestqt.qtbot import QtBot

from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.services import elements, statistics
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs.print_report import PrintReport
from sqzl_desktop.ui.pages.statistics import StatisticsPage
from sqzl_desktop.ui.widgets.chart_view import ChartView
from tests.places import GRID
from tests.ui.seen import cells, listen, texts


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
    (place,) = page.findChildren(QComboBox)
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
