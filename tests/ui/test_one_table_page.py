"""一张表: choose an outside form, match its columns, see its rows, write it."""

import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.services import one_table, people
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.main_window import MainWindow
from sqzl_desktop.ui.pages.one_table import OneTablePage
from tests.ui.seen import press


@pytest.fixture
def page(window: MainWindow, ws: Workspace, tmp_path: Path) -> OneTablePage:
    """Somebody lives here, and a form was chosen."""
    people.move_in(
        ws,
        Resident(name="马小明", born_on=dt.date(1940, 1, 1), phone="15412345678"),
        dwelling_id="d1", kind_of_stay="", from_on=None,
    )  # fmt: skip
    book = openpyxl.Workbook()
    book.active.append(["姓名", "年龄", "电话", "签字"])
    book.save(tmp_path / "花名册.xlsx")
    found = window.show_page("one_table")
    assert isinstance(found, OneTablePage)
    tasks.wait_idle()
    found.begin(tmp_path / "花名册.xlsx")
    tasks.wait_idle()
    return found


def rows(page: OneTablePage, column: int) -> list[str]:
    model = page.preview.model
    return [str(model.index(row, column).data()) for row in range(model.rowCount())]


def test_form_is_saved_and_shows_its_rows(page: OneTablePage, ws: Workspace) -> None:
    assert page.mapping.form.columns == {0: "name", 1: "=age", 2: "phone"}
    assert page.tabs.currentIndex() == 1
    page.mapping.choose(3, "=head")

    press(page, "保存")

    assert one_table.names(ws) == [("花名册", "")]
    assert page.tabs.currentIndex() == 0
    assert (rows(page, 1), rows(page, 3)) == (["马小明"], ["154****5678"])
    assert page.preview.summary == ("共 1 行。与上次上报相比：新增 1，变更 0，不变 0，已不在 0。")


def test_written_form_is_what_the_next_time_is_compared_with(
    page: OneTablePage, window: MainWindow, tmp_path: Path
) -> None:
    press(page, "保存")

    page.preview.ask_clear("街道月报")
    page.preview.write(tmp_path / "out.xlsx")
    tasks.wait_idle()

    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    assert [cell.value for cell in sheet[2]][:3] == ["马小明", 86, "15412345678"]
    assert window.said == f"已填 1 行，保存到 {tmp_path / 'out.xlsx'}"
    assert "不变 1" in page.preview.summary


def test_refusal_is_said_and_nothing_is_written(
    page: OneTablePage, window: MainWindow, tmp_path: Path
) -> None:
    press(page, "保存")

    page.preview.ask_clear("")
    page.preview.write(tmp_path / "out.xlsx")
    tasks.wait_idle()

    assert window.said == "导出完整的证件号码、电话等信息，请写明事由"
    assert not (tmp_path / "out.xlsx").exists()


def test_saved_form_is_renamed_and_keeps_what_was_handed_in(
    page: OneTablePage, ws: Workspace, tmp_path: Path
) -> None:
    press(page, "保存")
    page.preview.write(tmp_path / "out.xlsx")
    tasks.wait_idle()
    page.tabs.setCurrentIndex(1)

    page.mapping._name.setText("老年人月报")
    press(page, "保存")

    assert [name for name, _ in one_table.names(ws)] == ["老年人月报"]
    assert "不变 1" in page.preview.summary
