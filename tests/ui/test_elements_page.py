"""The registers: the list of a kind, and beside it the form of the chosen record."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QMessageBox
from pytestqt.qtbot import QtBot

from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.services import elements
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.element_kinds import SHOWN
from sqzl_desktop.ui.main_window import MainWindow
from sqzl_desktop.ui.pages.elements import ElementsPage
from sqzl_desktop.ui.widgets.record_desk import RecordDesk
from tests.places import GRID
from tests.ui.keys import type_text
from tests.ui.seen import button, buttons, press, texts

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(window: MainWindow) -> ElementsPage:
    found = window.show_page("elements")
    assert isinstance(found, ElementsPage)
    tasks.wait_idle()
    return found


def choose(page: ElementsPage, kind: str) -> RecordDesk:
    chooser = page.findChild(QComboBox)
    chooser.setCurrentIndex(chooser.findData(kind))
    tasks.wait_idle()
    assert page.kind == kind
    return page.desk_of_kind()


def answer(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    button = QMessageBox.StandardButton[name]
    monkeypatch.setattr(QMessageBox, "question", lambda *_words: button)


def test_every_kind_has_a_list_that_can_be_shown(page: ElementsPage) -> None:
    for kind in SHOWN:
        assert choose(page, kind).list.isVisible(), kind


@pytest.mark.parametrize(
    ("kind", "may_make", "may_import"),
    [
        ("resident", True, True),
        ("dwelling", True, True),
        ("notice", False, True),
        ("grid", False, False),
        ("staff", False, False),
    ],
)
def test_only_what_one_may_write_is_offered(
    page: ElementsPage, kind: str, may_make: bool, may_import: bool
) -> None:
    choose(page, kind)

    assert ("新建" in buttons(page)) is may_make
    assert ("导入表格" in buttons(page)) is may_import


def test_new_record_is_made_by_key_and_is_in_the_list(
    qtbot: QtBot, page: ElementsPage, window: MainWindow, ws: Workspace
) -> None:
    chosen = choose(page, "resident")

    qtbot.keyClick(window, Qt.Key.Key_N, CTRL)
    qtbot.waitUntil(lambda: "新建居民" in texts(page))
    type_text(qtbot, chosen.form.editors["name"].input(), "马小明")
    chosen.form.save()
    tasks.wait_idle()

    assert "共 1 条" in texts(page)
    assert "未上报" in texts(page)
    assert elements.count(ws, "resident") == 1


def test_esc_closes_the_form(qtbot: QtBot, page: ElementsPage, window: MainWindow) -> None:
    choose(page, "resident").blank()
    assert "新建居民" in texts(page)

    qtbot.keyClick(window, Qt.Key.Key_Escape)

    qtbot.waitUntil(lambda: "新建居民" not in texts(page))


def test_esc_in_the_search_closes_its_list_and_leaves_the_form(
    qtbot: QtBot, page: ElementsPage, window: MainWindow
) -> None:
    chosen = choose(page, "resident")
    chosen.blank()
    window.search.setFocus()
    qtbot.keyClicks(window.search, "yg")
    window.search.ask_now()
    tasks.wait_idle()
    assert window.search.popup().isVisible()

    qtbot.keyClick(window.search, Qt.Key.Key_Escape)

    qtbot.waitUntil(lambda: not window.search.popup().isVisible())
    assert chosen.form.isVisible()


@pytest.mark.parametrize(("word", "left"), [("Yes", 0), ("No", 1)])
def test_record_is_deleted_only_when_the_person_says_so(
    page: ElementsPage, ws: Workspace, monkeypatch: pytest.MonkeyPatch, word: str, left: int
) -> None:
    person = elements.save(ws, Resident(name="马小明", grid_id=GRID))
    chosen = choose(page, "resident")
    chosen.refresh()
    chosen.open(person.id)
    tasks.wait_idle()
    answer(monkeypatch, word)

    press(page, "删除")

    assert elements.count(ws, "resident") == left
    assert f"共 {left} 条" in texts(page)
    assert chosen.form.isVisible() is bool(left)


def test_selected_row_is_shown_and_leads_to_the_card(
    page: ElementsPage, window: MainWindow, ws: Workspace
) -> None:
    elements.save(ws, Resident(name="马小明", grid_id=GRID))
    chosen = choose(page, "resident")
    chosen.refresh()
    tasks.wait_idle()
    chosen.list.select_row(0)
    tasks.wait_idle()
    assert chosen.form.editors["name"].value() == "马小明"

    press(page, "打开居民卡")

    assert "居民卡　马小明" in texts(window.page("resident_card"))


def test_unsaved_form_stays_when_another_row_is_selected(
    qtbot: QtBot, page: ElementsPage, ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    elements.save_all(ws, [Resident(name=name, grid_id=GRID) for name in ("马一", "马二")])
    chosen = choose(page, "resident")
    chosen.refresh()
    tasks.wait_idle()
    chosen.list.select_row(0)
    tasks.wait_idle()
    type_text(qtbot, chosen.form.editors["name"].input(), "新")
    typed = chosen.form.editors["name"].value()
    answer(monkeypatch, "No")

    chosen.list.select_row(1)
    tasks.wait_idle()

    assert chosen.form.editors["name"].value() == typed


def test_grid_is_read_but_not_deleted_by_a_grid_worker(page: ElementsPage) -> None:
    chosen = choose(page, "grid")
    chosen.open(GRID)
    tasks.wait_idle()

    assert "崇安第1网格" in texts(page)
    assert "删除" not in buttons(page)
    assert not button(page, "保存").isEnabled()


def test_opening_a_sensitive_register_is_audited(page: ElementsPage, ws: Workspace) -> None:
    choose(page, "drug_use")
    page.refresh()
    tasks.wait_idle()

    with ws.store.read() as tx:
        lines = tx.exec_driver_sql("SELECT action, kind FROM audit").all()
    assert lines == [("open", "drug_use")]
