"""Open cases are seen where their person or dwelling is, and in the navigation when late."""

import datetime as dt

import pytest

from sqzl_desktop.domain.kinds.case import CASE, Case
from sqzl_desktop.domain.kinds.case_party import CaseParty
from sqzl_desktop.domain.kinds.residence import Residence
from sqzl_desktop.protocol.messages import Row
from sqzl_desktop.schema.codec import to_fields
from sqzl_desktop.services import elements, flow_steps
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import confirmed
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.main_window import MainWindow
from sqzl_desktop.ui.widgets.dwelling_side import DwellingSide
from sqzl_desktop.ui.widgets.open_cases import OpenCases
from tests.factories import make_resident
from tests.places import COMMUNITY, GRID, NOW
from tests.ui.seen import buttons, listen, press, texts


@pytest.fixture
def leak(ws: Workspace) -> Case:
    """An open case at the dwelling, an hour late."""
    made = Case(id="c0", title="楼上漏水", state="filed", grid_id=GRID, community_id=COMMUNITY,
                dwelling_id="d1", due_at=NOW - dt.timedelta(hours=1))  # fmt: skip
    row = Row("case", made.id, GRID, 9, to_fields(CASE, made), {"*": "x"}, "x")
    with ws.store.write() as tx:
        confirmed.load(tx, COMMUNITY, [row])
    return made


def test_dwelling_shows_what_is_open_there(window: MainWindow, leak: Case) -> None:
    side = DwellingSide(window.desk)
    side.setParent(window)
    side.show()
    side.show_dwelling("d1")
    tasks.wait_idle()
    heard = listen(window.desk)

    assert "在办案件　1" in texts(side)
    assert "超1小时" in texts(side)
    press(side, leak.title)
    assert heard.opened[0] == ("case", leak.id)


@pytest.mark.parametrize("lives_there", [True, False])
def test_card_shows_what_is_open_about_the_person_or_at_their_home(
    window: MainWindow, ws: Workspace, leak: Case, lives_there: bool
) -> None:
    person = elements.save(ws, make_resident(id="", name="马小明"))
    if lives_there:
        elements.save(ws, Residence(resident_id=person.id, dwelling_id="d1", grid_id=GRID,
                                    from_on=dt.date(2020, 1, 1)))  # fmt: skip
    else:
        elements.save(ws, CaseParty(case_id=leak.id, resident_id=person.id, role="01"))
    window.open_record("resident", person.id)
    tasks.wait_idle()

    (shown,) = window.page("resident_card").findChildren(OpenCases)
    assert "在办案件　1" in texts(shown)
    assert leak.title in buttons(shown)


def test_what_is_done_disappears(window: MainWindow, ws: Workspace, leak: Case) -> None:
    shown = OpenCases(window.desk)
    shown.setParent(window)
    shown.show_about(dwellings=["d1"])
    tasks.wait_idle()
    assert not shown.isHidden()

    flow_steps.take_step(ws, "case", leak.id, "handle_on_spot", {"measures": "已修好"})
    window.desk.bus.changed.emit(("case",))
    tasks.wait_idle()

    assert shown.isHidden()


def test_navigation_counts_late_cases(window: MainWindow, leak: Case) -> None:  # noqa: ARG001
    window.show_sync_state()
    tasks.wait_idle()

    assert "事件案件　1" in buttons(window)
