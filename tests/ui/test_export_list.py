"""导出: the list as it is shown, or the rows that are selected, masked unless there is a reason."""

from pathlib import Path

import pytest

from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.services import elements
from sqzl_desktop.services.exports import Wanted
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.dialogs.export_list import ExportList
from sqzl_desktop.ui.main_window import MainWindow
from sqzl_desktop.ui.pages.elements import ElementsPage
from tests.factories import make_resident
from tests.ui.seen import press, texts


@pytest.fixture
def three(ws: Workspace) -> list[str]:
    people = [make_resident(id="", name=name, phone="15412345678") for name in "甲乙丙"]
    return [each.id for each in elements.save_all(ws, people)]


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8-sig").splitlines()


def test_list_is_exported_with_its_filter_and_columns(
    window: MainWindow, three: list[str], tmp_path: Path
) -> None:
    wanted = Wanted("resident", ("name", "phone"), (Filter("name", "!=", "甲"),))
    dialog = ExportList(window.desk, wanted, 2, (), window)
    dialog.show()

    dialog.write(tmp_path / "list.csv")
    tasks.wait_idle()

    found = lines(tmp_path / "list.csv")
    assert (found[0], sorted(found[1:3])) == ("姓名,联系电话", ["丙,154****5678", "乙,154****5678"])
    assert window.said == f"已导出 2 条到 {tmp_path / 'list.csv'}"
    assert len(three) == 3


def test_selected_rows_in_clear_need_a_reason(
    window: MainWindow, three: list[str], tmp_path: Path
) -> None:
    dialog = ExportList(window.desk, Wanted("resident", ("name", "phone")), 3, three[:2], window)
    dialog.show()
    dialog.ask_clear("")
    dialog.write(tmp_path / "list.csv")
    tasks.wait_idle()
    assert "请写明事由" in texts(dialog)

    dialog.ask_clear("街道核查")
    dialog.write(tmp_path / "list.csv")
    tasks.wait_idle()

    assert sorted(lines(tmp_path / "list.csv")[1:3]) == ["乙,15412345678", "甲,15412345678"]
    assert not dialog.isVisible()


def test_page_hands_over_what_it_shows(window: MainWindow, three: list[str]) -> None:
    page = window.show_page("elements")
    assert isinstance(page, ElementsPage)
    tasks.wait_idle()
    page.desk_of_kind().list.table.selectAll()

    press(page, "导出")

    (dialog,) = page.findChildren(ExportList)
    assert {Filter("id", "in", dialog.wanted.filters[0].value)} == set(dialog.wanted.filters)
    assert set(dialog.wanted.filters[0].value) == set(three)  # type: ignore[arg-type]
    dialog.reject()
