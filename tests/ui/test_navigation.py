"""From page to page: by what others ask of the bus, and by the buttons on the left."""

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from sqzl_desktop.domain.kinds.event import Event
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.domain.kinds.topic import Topic
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.services import consultations, elements
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.element_kinds import SHOWN
from sqzl_desktop.ui.main_window import MainWindow
from sqzl_desktop.ui.navigation import PAGES
from sqzl_desktop.ui.pages.building import BuildingPage
from sqzl_desktop.ui.widgets.record_form import RecordForm
from tests.places import GRID
from tests.ui.seen import button, press

EVENT = {"title": "井盖破损", "category": "01", "description": "路口的井盖缺了一角"}


def some(ws: Workspace, kind: str) -> Element:
    """A record of that kind."""
    match kind:
        case "resident":
            return elements.save(ws, Resident(name="马小明", grid_id=GRID))
        case "event":
            return elements.save(ws, Event(**EVENT, grid_id=GRID))
        case "topic":
            return elements.save(ws, Topic(title="停车"))
        case "consultation":
            return consultations.from_topic(ws, elements.save(ws, Topic(title="停车")).id)
        case _:
            return elements.get(ws, kind, {"dwelling": "d1", "building": "b1"}.get(kind, GRID))


@pytest.mark.parametrize(
    ("kind", "page"),
    [
        ("resident", "resident_card"),
        ("dwelling", "elements"),
        ("grid", "elements"),
        ("event", "cases"),
        ("topic", "consultations"),
        ("consultation", "consultations"),
    ],
)
def test_wanted_record_is_shown_on_the_page_of_its_kind(
    window: MainWindow, ws: Workspace, kind: str, page: str
) -> None:
    record = some(ws, kind)

    window.desk.bus.open_requested.emit(kind, record.id)
    tasks.wait_idle()

    view = window.page(page)
    assert view.isVisible()
    shown = [form.shown for form in view.findChildren(RecordForm) if form.isVisible()]
    assert shown == [record]


def test_wanted_building_is_drawn_door_by_door(window: MainWindow) -> None:
    window.desk.bus.open_requested.emit("building", "b1")
    tasks.wait_idle()

    view = window.page("building")
    assert view.isVisible()
    assert isinstance(view, BuildingPage)
    assert view.view.in_order() == ["d1"]


def test_record_that_is_gone_is_said(window: MainWindow) -> None:
    window.desk.bus.open_requested.emit("dwelling", "nowhere")
    tasks.wait_idle()

    assert "找不到这条房屋" in window.said


def test_wanted_page_is_shown_and_marked_on_the_left(window: MainWindow) -> None:
    window.desk.bus.page_requested.emit("places")
    tasks.wait_idle()

    assert window.page("places").isVisible()
    assert button(window, "房屋楼栋").isChecked()
    assert not button(window, "工作台").isChecked()


def test_buttons_on_the_left_go_everywhere(window: MainWindow) -> None:
    for page in PAGES:
        press(window, page.label)
        assert window.page(page.name).isVisible(), page.name


class Windows(QObject):
    """Writes down every widget that is shown as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.shown.append(f"{type(watched).__name__} {watched.property('text') or ''}")
        return False


def test_no_page_flashes_up_as_a_window_of_its_own(window: MainWindow) -> None:
    watch, app = Windows(), QApplication.instance()
    assert app is not None
    app.installEventFilter(watch)

    for page in PAGES:
        window.show_page(page.name)
        tasks.wait_idle()
    for kind in SHOWN:
        window.open_record(kind, "")
        tasks.wait_idle()
    app.removeEventFilter(watch)

    assert watch.shown == []
    assert window.isActiveWindow()


def test_badge_opens_the_page_of_sync(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.mouseClick(window.badge, Qt.MouseButton.LeftButton)
    tasks.wait_idle()

    assert window.page("sync").isVisible()


def test_window_says_who_works_and_where(window: MainWindow) -> None:
    def said(name: str) -> str:
        found = window.findChild(QLabel, name)
        assert isinstance(found, QLabel)
        return found.text()

    assert said("person") == "王网格　网格员"
    assert said("place") == "崇安社区居委会"
