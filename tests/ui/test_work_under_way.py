"""What happens while somebody is at work: others' changes arrive, keys are pressed twice."""

import dataclasses
import io

import pypdf
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QTreeWidget
from pytestqt.qtbot import QtBot

from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.domain.kinds.building import Building
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.domain.kinds.visit import Visit
from sqzl_desktop.services import elements
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.dialogs.edit_record import EditRecord
from sqzl_desktop.ui.dialogs.pick_record import PickRecord
from sqzl_desktop.ui.main_window import MainWindow
from sqzl_desktop.ui.widgets.pdf_view import PdfView
from sqzl_desktop.ui.widgets.record_desk import RecordDesk
from sqzl_desktop.ui.widgets.record_form import RecordForm
from sqzl_desktop.ui.widgets.record_list import RecordList
from tests.places import GRID
from tests.ui.keys import type_text


def nobody(_kind: str) -> None:
    return None


def form_of(qtbot: QtBot, window: MainWindow, record: Resident) -> RecordForm:
    form = RecordForm(window.desk, "resident", nobody)
    qtbot.addWidget(form)
    form.show_record(record)
    form.show()
    tasks.wait_idle()
    return form


def line(form: RecordForm, name: str) -> QLineEdit:
    found = form.editors[name].input()
    assert isinstance(found, QLineEdit)
    return found


def saved(ws: Workspace, **values: object) -> Resident:
    made = elements.save(ws, Resident(grid_id=GRID, **{"name": "马小明", **values}))  # type: ignore[arg-type]
    assert isinstance(made, Resident)
    return made


def named(ws: Workspace, name: str) -> int:
    return elements.count(ws, "resident", filters=[Filter("name", "=", name)])


def test_change_of_another_person_survives_the_save_of_an_older_form(
    qtbot: QtBot, window: MainWindow, ws: Workspace
) -> None:
    person = saved(ws, employer="一中")
    form = form_of(qtbot, window, person)
    elements.save(ws, dataclasses.replace(person, employer="二中"))

    line(form, "name").clear()
    type_text(qtbot, line(form, "name"), "马晓明")
    form.save()
    tasks.wait_idle()

    kept = elements.get(ws, "resident", person.id)
    assert (getattr(kept, "name"), getattr(kept, "employer")) == ("马晓明", "二中")  # noqa: B009


def test_same_field_changed_meanwhile_is_shown_before_it_is_replaced(
    qtbot: QtBot, window: MainWindow, ws: Workspace
) -> None:
    person = saved(ws, employer="一中")
    form = form_of(qtbot, window, person)
    elements.save(ws, dataclasses.replace(person, employer="二中"))
    line(form, "employer").clear()
    type_text(qtbot, line(form, "employer"), "三中")

    form.save()
    tasks.wait_idle()
    assert "二中" in form.notes["employer"].text()
    assert line(form, "employer").text() == "三中"
    assert getattr(elements.get(ws, "resident", person.id), "employer") == "二中"  # noqa: B009

    form.save()
    tasks.wait_idle()
    assert getattr(elements.get(ws, "resident", person.id), "employer") == "三中"  # noqa: B009


def test_saving_twice_in_a_row_makes_one_record(
    qtbot: QtBot, window: MainWindow, ws: Workspace
) -> None:
    form = form_of(qtbot, window, elements.blank(ws, "resident"))  # type: ignore[arg-type]
    type_text(qtbot, line(form, "name"), "马小明")

    form.save()
    form.save()
    tasks.wait_idle()

    assert named(ws, "马小明") == 1


def test_what_is_typed_while_a_save_is_under_way_is_kept(
    qtbot: QtBot, window: MainWindow, ws: Workspace
) -> None:
    form = form_of(qtbot, window, elements.blank(ws, "resident"))  # type: ignore[arg-type]
    type_text(qtbot, line(form, "name"), "马小明")

    form.save()
    type_text(qtbot, line(form, "employer"), "一中")
    tasks.wait_idle()

    assert line(form, "employer").text() == "一中"
    assert form.is_dirty
    form.save()
    tasks.wait_idle()
    assert named(ws, "马小明") == 1
    assert getattr(elements.get(ws, "resident", form.shown.id), "employer") == "一中"  # noqa: B009


def test_enter_in_the_search_of_a_chooser_chooses(
    qtbot: QtBot, window: MainWindow, ws: Workspace
) -> None:
    person = saved(ws)
    dialog = PickRecord(window.desk, "resident", window)
    qtbot.addWidget(dialog)
    dialog.show()
    tasks.wait_idle()
    search = dialog.findChildren(QLineEdit)[0]
    qtbot.keyClicks(search, "mxm")
    qtbot.waitUntil(lambda: dialog.findChildren(RecordList)[0].model.rowCount() == 1)

    qtbot.keyClick(search, Qt.Key.Key_Return)
    tasks.wait_idle()

    assert dialog.result() == QDialog.DialogCode.Accepted
    assert dialog.chosen() == person.id


def test_enter_in_a_form_of_its_own_opens_nothing(
    qtbot: QtBot, window: MainWindow, ws: Workspace
) -> None:
    person = saved(ws)
    visit = elements.blank(ws, "visit", resident_id=person.id, grid_id=GRID)
    dialog = EditRecord(window.desk, visit, "登记走访", window)
    qtbot.addWidget(dialog)
    dialog.show()
    tasks.wait_idle()
    opened: list[str] = []

    def close_chooser() -> None:
        found = QApplication.activeModalWidget()
        if isinstance(found, PickRecord):
            opened.append(found.windowTitle())
            found.reject()

    watch = QTimer(interval=10)
    watch.timeout.connect(close_chooser)
    watch.start()
    moment = dialog.form.editors["visited_at"].input()
    moment.setFocus()

    qtbot.keyClick(moment, Qt.Key.Key_Return)
    tasks.wait_idle()

    watch.stop()
    assert opened == []
    assert dialog.isVisible()
    assert "请填写" in dialog.form.notes["content"].text()


def test_list_keeps_its_place_when_news_arrive(
    qtbot: QtBot, window: MainWindow, ws: Workspace
) -> None:
    elements.save_all(ws, [Resident(grid_id=GRID, name=f"丁{n:03d}") for n in range(60)])
    found = RecordList(window.desk, "resident")
    qtbot.addWidget(found)
    found.resize(800, 400)
    found.show()
    found.refresh()
    tasks.wait_idle()
    found.select_row(40)
    chosen, place = found.selected_id(), found.table.verticalScrollBar().value()
    assert chosen
    assert place > 0

    elements.save(ws, Resident(grid_id=GRID, name="丁999"))
    window.desk.bus.changed.emit(("resident",))
    tasks.wait_idle()

    assert found.selected_id() == chosen
    assert found.table.verticalScrollBar().value() == place


def test_visit_that_was_kept_cannot_be_typed_over(
    qtbot: QtBot, window: MainWindow, ws: Workspace
) -> None:
    person = saved(ws)
    visit = elements.save(
        ws,
        Visit(grid_id=GRID, resident_id=person.id, visited_at=ws.clock.now(), category="01",
              content="一切都好"),
    )  # fmt: skip
    form = RecordForm(window.desk, "visit", nobody)
    qtbot.addWidget(form)

    form.show_record(visit)

    assert not form.editors["content"].isEnabled()


def test_search_results_go_when_the_keyboard_goes_elsewhere(
    window: MainWindow, ws: Workspace, qtbot: QtBot
) -> None:
    saved(ws)
    qtbot.keyClicks(window.search, "mxm")
    window.search.ask_now()
    tasks.wait_idle()
    assert window.search.popup().isVisible()

    # a click into a table gives it the keyboard; the window itself sees no click
    gone = QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.MouseFocusReason)
    QApplication.sendEvent(window.search, gone)

    assert not window.search.popup().isVisible()


def test_untouched_form_shows_what_others_changed(window: MainWindow, ws: Workspace) -> None:
    person = saved(ws, employer="一中")
    window.show_page("elements")
    desk = next(each for each in window.findChildren(RecordDesk) if each.kind == "resident")
    desk.open(person.id)
    tasks.wait_idle()

    elements.save(ws, dataclasses.replace(person, employer="二中"))
    window.desk.bus.changed.emit(("resident",))
    tasks.wait_idle()

    assert line(desk.form, "employer").text() == "二中"


def test_places_show_a_building_that_came_later(window: MainWindow, ws: Workspace) -> None:
    window.show_page("places")
    tasks.wait_idle()
    tree = window.page("places").findChildren(QTreeWidget)[0]
    before = tree.currentItem().text(0)

    elements.save(ws, Building(grid_id=GRID, estate="新苑", name="99号楼"))
    window.desk.bus.changed.emit(("building",))
    tasks.wait_idle()

    found = tree.findItems("新苑 99号楼", Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive)
    assert len(found) == 1
    assert tree.currentItem().text(0) == before


def test_missing_field_of_a_folded_group_is_led_to(qtbot: QtBot, window: MainWindow) -> None:
    form = RecordForm(window.desk, "consultation", nobody)
    qtbot.addWidget(form)
    form.resize(700, 500)
    form.show()
    window.activateWindow()
    form.activateWindow()
    assert not form.editors["posted_from"].isVisible()

    form.fields.go_to("posted_from")

    assert form.editors["posted_from"].isVisible()
    qtbot.waitUntil(form.editors["posted_from"].input().hasFocus)


def test_paper_is_enlarged_and_fitted_again(window: MainWindow, qtbot: QtBot) -> None:
    view = PdfView(window.desk)
    qtbot.addWidget(view)
    view.resize(700, 500)
    view.show()
    paper = io.BytesIO()
    drawn = pypdf.PdfWriter()
    drawn.add_blank_page(595, 842)
    drawn.write(paper)

    view.show_pdf(paper.getvalue())
    tasks.wait_idle()
    fitted = view.page_widths()
    view.zoom(1)
    tasks.wait_idle()
    larger = view.page_widths()
    view.zoom(0)
    tasks.wait_idle()

    assert larger[0] > fitted[0]
    assert view.page_widths() == fitted
