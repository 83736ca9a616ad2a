"""The buttons of a case are those of the table; two people at one case: one wins, both are told."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QPushButton
from pytestqt.qtbot import QtBot

from sqzl_desktop.app import DeviceSession
from sqzl_desktop.domain.access import CLERK, COMMUNITY_LEAD, GRID_WORKER, Actor
from sqzl_desktop.domain.case_flow import CASE_FLOW
from sqzl_desktop.domain.kinds.case import Case
from sqzl_desktop.protocol.messages import Row
from sqzl_desktop.server import steps
from sqzl_desktop.services import attachments, cases, elements, flow_steps
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import confirmed
from sqzl_desktop.store.engine import Store
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.bus import Bus
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.case_view import CaseView
from tests.case_table import STATES, rules
from tests.places import COMMUNITY, GRID
from tests.ui.desk_session import LocalSession
from tests.ui.seen import press, texts

SCOPES = {GRID_WORKER: (GRID,), COMMUNITY_LEAD: (COMMUNITY,), CLERK: (COMMUNITY,)}
# nobody asked, there is one phase, and a call in vain is put down in the dialog of the call
NO_BUTTONS = ("grant", "deny", "next_phase", "call_missed")
FIELDS = {"close": "outcome", "rework": "rework_reason", "dispatch": "dispatch_note",
          "return": "return_reason", "feed_back": "feedback"}  # fmt: skip


def viewed(qtbot: QtBot, session: Any, case_id: str) -> CaseView:
    view = CaseView(Desk(session, Bus()))
    qtbot.addWidget(view)
    view.resize(760, 700)
    with qtbot.waitExposed(view):
        view.show()
    view.show_case(case_id)
    tasks.wait_idle()
    return view


@pytest.mark.parametrize("role", SCOPES)
def test_buttons_in_every_state_are_those_of_the_table(
    qtbot: QtBot, store: Store, ws: Workspace, role: str
) -> None:
    fields = {"community_id": COMMUNITY, "grid_id": GRID, "title": "楼道堆物", "collector": role}
    rows = [Row("case", f"c-{state}", GRID, 90, {**fields, "state": state}, {"*": "x"}, "x")
            for state in STATES]  # fmt: skip
    with store.write() as tx:
        confirmed.load(tx, COMMUNITY, rows)
    actor = Actor(role, role, role, SCOPES[role])
    session = LocalSession(Workspace(actor, store, ws.clock, ws.communities, ws.device))
    view = viewed(qtbot, session, f"c-{STATES[0]}")

    for state in STATES:
        view.show_case(f"c-{state}")
        tasks.wait_idle()
        said = {step for step, (sources, _, posts) in rules().items()
                if state in sources and role in posts and step not in NO_BUTTONS}  # fmt: skip
        labels = {CASE_FLOW.transition(step).label for step in said}
        assert (state, pressable(view)) == (state, labels)


def pressable(view: CaseView) -> set[str]:
    """What can be pressed: the buttons, and the lines of the menu beside them."""
    found = [each for each in view.buttons.findChildren(QPushButton) if not each.isHidden()]
    lines = [line.text().split("　")[1] for each in found if isinstance(each.menu(), QMenu)
             for line in each.menu().actions()]  # fmt: skip
    return {each.text() for each in found if each.menu() is None} | set(lines)


@pytest.fixture
def desks(laptops: Callable[..., DeviceSession]) -> dict[str, DeviceSession]:
    return {account: laptops(account) for account in ("wang", "ma")}


def shared_case(desks: dict[str, DeviceSession], *way: tuple[str, dict[str, Any]]) -> str:
    """A case that both have, after these steps."""
    first = desks["wang"]
    case = cases.report(first.ws, Case(title="楼道堆物", grid_id=GRID))
    for step, values in way:
        flow_steps.take_step(first.ws, "case", case.id, step, values)
    for session in desks.values():
        session.sync()
    return case.id


DISPATCHED = (("file", {"class_code": "06010"}),
              ("dispatch", {"handler_kind": "01", "handler": "城管中队"}))  # fmt: skip
HANDLING = (*DISPATCHED, ("handle", {}))
CHECKED = (*HANDLING, ("feed_back", {"measures": "清", "feedback": "清"}), ("verify", {}))
RACES = {
    "both close": (CHECKED, "close", "close"),
    "one closes, the other wants it done again": (CHECKED, "close", "rework"),
    "both send it on": (DISPATCHED[:1], "dispatch", "dispatch"),
    "one returns it, the other has done it": (HANDLING, "return", "feed_back"),
}


def fill_in(qtbot: QtBot, view: CaseView, step: str, text: str) -> None:
    """Press the button of a step, write, and hand it in by the keyboard."""
    with qtbot.waitActive(view):
        view.activateWindow()
    view.begin_step(step)
    tasks.wait_idle()
    assert view.panel.fields is not None
    needed = {"handler_kind": "01", "handler": "城管中队", "measures": "已清运"}
    given = {name: value for name, value in needed.items() if name in view.panel.fields.editors}
    for name, value in {**given, FIELDS[step]: text}.items():
        view.panel.fields.editors[name].show_value(value)
        view.panel.fields.editors[name].changed.emit()
    qtbot.keyClick(view.panel.fields, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    tasks.wait_idle()


def raced(qtbot: QtBot, desks: dict[str, DeviceSession], race: str) -> dict[str, CaseView]:
    """Both take their step offline, each in the own window; then both meet the server."""
    way, *taken = RACES[race]
    case_id = shared_case(desks, *way)
    views = {account: viewed(qtbot, session, case_id) for account, session in desks.items()}
    for (account, view), step in zip(views.items(), taken, strict=True):
        attachments.add(desks[account].ws, "case", case_id, f"%PDF-1.7 {account}".encode())
        fill_in(qtbot, view, step, f"{account}写的话")
        assert "待服务器确认" in texts(view.road)
    for session in (*desks.values(), desks["wang"]):
        session.sync()
    for view in views.values():
        view.refresh()
        tasks.wait_idle()
    return views


def faults(desks: dict[str, DeviceSession], views: dict[str, CaseView], race: str) -> list[str]:
    """What is untrue, or not to be seen, at either desk. The first desk came first."""
    _, won, lost = RACES[race]
    first, second = (CASE_FLOW.transition(each) for each in (won, lost))
    case_id = str(views["ma"].case and views["ma"].case.id)
    said = texts(views["ma"].notes)
    lines = [texts(view.tabs.timeline) for view in views.values()]
    states = {getattr(elements.get(each.ws, "case", case_id), "state", "")
              for each in desks.values()}  # fmt: skip
    checks = {
        "the first is not in the time line": all("wang写的话" in each for each in lines),
        "the second is in the time line as if it had won": all(
            "ma写的话" not in each.partition("补充说明")[0] for each in lines
        ),
        "the state is not the winner's": states == {first.target},
        "something still waits": all("待服务器确认" not in texts(v.road) for v in views.values()),
        "the second is not told who was first": "案件已由王网格于" in said,
        "the second is not told what was not done": f"您的“{second.label}”" in said,
        "the first is told something else": "您的“" not in texts(views["wang"].notes),
        "the words of the second are gone": all(
            f"马网格拟办“{second.label}”" in texts(v.notes) and "ma写的话" in texts(v.notes)
            for v in views.values()
        ),
        "a file is gone": all(
            len(attachments.of(each.ws, "case", case_id)) == 2 for each in desks.values()
        ),
    }
    return [fault for fault, is_well in checks.items() if not is_well]


@pytest.mark.parametrize("race", RACES)
def test_one_wins_and_both_desks_say_so(
    qtbot: QtBot, desks: dict[str, DeviceSession], race: str
) -> None:
    views = raced(qtbot, desks, race)

    assert faults(desks, views, race) == []

    press(views["ma"].notes, "知道了")
    tasks.wait_idle()
    assert "案件已由王网格于" not in texts(views["ma"].notes)
    assert "ma写的话" in texts(views["ma"].notes)


def test_server_that_lets_the_last_step_win_is_seen_at_the_desks(
    qtbot: QtBot, desks: dict[str, DeviceSession], monkeypatch: pytest.MonkeyPatch
) -> None:
    def last_wins(desk: Any, flow: Any, row: Any, operation: Any) -> Any:
        reopened = msgspec.structs.replace(
            row, fields={**row.fields, "state": operation.state},
            writes={**row.writes, "state": operation.saw["state"]},
        )  # fmt: skip
        return steps._advance(desk, flow, reopened, operation)

    monkeypatch.setattr(steps, "_late", last_wins)
    race = "one closes, the other wants it done again"

    views = raced(qtbot, desks, race)

    assert "the second is not told who was first" in faults(desks, views, race)
