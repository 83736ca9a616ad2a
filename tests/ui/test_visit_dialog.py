"""Writing a visit down, by keys alone."""

import datetime as dt
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from sqzl_desktop.domain.kinds.aged_care import AgedCare
from sqzl_desktop.domain.kinds.event import Event
from sqzl_desktop.domain.kinds.policy import POLICY, Policy
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.domain.kinds.visit import Visit
from sqzl_desktop.protocol.messages import Row
from sqzl_desktop.schema.codec import to_fields
from sqzl_desktop.services import elements, people, policies
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import confirmed
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.dialogs.visit import VisitDialog
from sqzl_desktop.ui.main_window import MainWindow
from tests.places import COMMUNITY, NOW
from tests.ui.keys import type_text
from tests.ui.seen import texts

ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
Ask = Callable[..., VisitDialog]


@pytest.fixture
def person(ws: Workspace) -> Resident:
    saved, _ = people.move_in(ws, Resident(name="马奶奶"), dwelling_id="d1", kind_of_stay="01",
                              from_on=dt.date(2020, 1, 1))  # fmt: skip
    elements.save(ws, AgedCare(resident_id=saved.id, reasons=("01",)))
    return saved


@pytest.fixture
def ask(qtbot: QtBot, window: MainWindow) -> Ask:
    def one(kind: str, record_id: str) -> VisitDialog:
        window.desk.bus.visit_requested.emit(kind, record_id)
        tasks.wait_idle()
        (dialog,) = (each for each in window.findChildren(VisitDialog) if each.isVisible())
        with qtbot.waitActive(dialog):
            dialog.activateWindow()
        return dialog

    return one


def only_visit(ws: Workspace) -> Visit:
    (found,) = elements.find(ws, "visit")
    assert isinstance(found, Visit)
    return found


def content(dialog: VisitDialog) -> QPlainTextEdit:
    box = dialog.fields["content"].input()
    assert isinstance(box, QPlainTextEdit)
    return box


def test_ordinary_visit_takes_two_keys(
    qtbot: QtBot, ask: Ask, person: Resident, ws: Workspace
) -> None:
    dialog = ask("resident", person.id)
    assert "登记走访　马奶奶" in texts(dialog)
    assert "没有走访记录" in texts(dialog)
    assert "按30天间隔" in texts(dialog)
    assert content(dialog).hasFocus()

    qtbot.keyClick(dialog, Qt.Key.Key_1, ALT)
    qtbot.keyClick(dialog, Qt.Key.Key_Return, CTRL)
    tasks.wait_idle()

    visit = only_visit(ws)
    assert (visit.resident_id, visit.dwelling_id, visit.visited_at) == (person.id, "d1", NOW)
    assert (visit.category, visit.way, visit.outcome) == ("02", "01", "01")
    assert visit.content == "精神状态良好，饮食起居正常。"
    assert visit.next_on == dt.date(2026, 7, 30)
    assert not dialog.isVisible()


def test_what_was_found_is_reported_as_an_event(
    qtbot: QtBot, ask: Ask, person: Resident, ws: Workspace
) -> None:
    dialog = ask("resident", person.id)
    assert "发现的问题" not in texts(dialog)

    qtbot.keyClick(dialog, Qt.Key.Key_Y, ALT)
    assert "发现的问题" in texts(dialog)
    type_text(qtbot, content(dialog), "入户检查")
    type_text(qtbot, dialog.fields["problem"].input(), "燃气软管老化")
    qtbot.keyClick(dialog, Qt.Key.Key_Return, CTRL)
    tasks.wait_idle()

    visit = only_visit(ws)
    event = elements.get(ws, "event", visit.event_id)
    assert isinstance(event, Event)
    assert (visit.outcome, event.title) == ("02", "马奶奶走访发现异常")
    assert event.description == "燃气软管老化"


def test_abnormal_visit_need_not_be_reported(
    qtbot: QtBot, ask: Ask, person: Resident, ws: Workspace
) -> None:
    dialog = ask("resident", person.id)
    qtbot.keyClick(dialog, Qt.Key.Key_Y, ALT)
    type_text(qtbot, content(dialog), "血压偏高")
    dialog.report.setChecked(False)

    dialog.save()
    tasks.wait_idle()

    assert (only_visit(ws).outcome, only_visit(ws).event_id) == ("02", "")
    assert elements.count(ws, "event") == 0


def test_nobody_at_home_says_so_and_comes_again_soon(
    qtbot: QtBot, ask: Ask, person: Resident, ws: Workspace
) -> None:
    dialog = ask("resident", person.id)

    qtbot.keyClick(dialog, Qt.Key.Key_W, ALT)
    assert not dialog.outcome.isEnabled()
    qtbot.keyClick(dialog, Qt.Key.Key_S, CTRL)
    tasks.wait_idle()

    visit = only_visit(ws)
    assert (visit.way, visit.outcome, visit.next_on) == ("04", "03", dt.date(2026, 7, 3))
    assert visit.content == "敲门无人应答，已留便民联系卡。"


def test_next_day_that_was_typed_stays(
    qtbot: QtBot, ask: Ask, person: Resident, ws: Workspace
) -> None:
    dialog = ask("resident", person.id)
    type_text(qtbot, content(dialog), "住院，三个月后回来")
    line = dialog.fields["next_on"].input()
    line.selectAll()  # type: ignore[attr-defined]
    type_text(qtbot, line, "20261001")
    qtbot.keyClick(dialog, Qt.Key.Key_D, ALT)

    dialog.save()
    tasks.wait_idle()

    assert (only_visit(ws).way, only_visit(ws).next_on) == ("02", dt.date(2026, 10, 1))


def test_empty_visit_is_not_saved_and_says_why(ask: Ask, person: Resident, ws: Workspace) -> None:
    dialog = ask("resident", person.id)

    dialog.save()
    tasks.wait_idle()

    assert "请填写走访情况" in texts(dialog)
    assert elements.count(ws, "visit") == 0
    assert dialog.isVisible()


def test_patrol_of_a_building_has_its_own_texts(
    qtbot: QtBot, ask: Ask, person: Resident, ws: Workspace
) -> None:
    assert person
    dialog = ask("building", "b1")
    assert "登记巡查　阳光家园 3号楼" in texts(dialog)
    assert not dialog.way.isVisible()

    qtbot.keyClick(dialog, Qt.Key.Key_1, ALT)
    qtbot.keyClick(dialog, Qt.Key.Key_Return, CTRL)
    tasks.wait_idle()

    visit = only_visit(ws)
    assert (visit.building_id, visit.category, visit.way) == ("b1", "04", "")
    assert visit.content == "消防通道畅通，灭火器在有效期内。"


def test_policies_of_the_day_are_told_with_the_visit(
    ask: Ask, person: Resident, ws: Workspace, qtbot: QtBot
) -> None:
    with ws.store.write() as tx:
        policy = Policy(id="p1", title="高龄津贴", content="满80岁可领", community_id=COMMUNITY)
        fields = to_fields(POLICY, policy)
        confirmed.load(tx, COMMUNITY, [Row("policy", "p1", "", 9, fields, {"*": "x"}, "x")])
    dialog = ask("resident", person.id)
    assert [each.text() for each in dialog.policies.boxes] == ["高龄津贴"]

    qtbot.keyClick(dialog, Qt.Key.Key_W, ALT)
    assert not dialog.policies.isEnabled(), "nobody was met"
    qtbot.keyClick(dialog, Qt.Key.Key_D, ALT)
    qtbot.keyClick(dialog, Qt.Key.Key_G, ALT)
    qtbot.keyClick(dialog, Qt.Key.Key_1, ALT)
    qtbot.keyClick(dialog, Qt.Key.Key_Return, CTRL)
    tasks.wait_idle()

    (told,) = policies.told_of(ws, person.id)
    assert (told.policy_id, told.way) == ("p1", "02")
    dialog = ask("resident", person.id)
    assert not dialog.policies.isVisible()
