"""Calling back: grades by key, why not, nobody reached, done again at once; the drawn lots."""

import dataclasses
import datetime as dt

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from sqzl_desktop.domain.kinds.case import CASE, Case
from sqzl_desktop.protocol.messages import Row
from sqzl_desktop.schema.codec import to_fields
from sqzl_desktop.services import case_inbox, elements
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import confirmed
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.dialogs.call_back import CallBack
from sqzl_desktop.ui.dialogs.call_sample import CallSample
from sqzl_desktop.ui.main_window import MainWindow
from sqzl_desktop.ui.pages.cases import CasesPage
from tests.places import COMMUNITY, GRID, NOW
from tests.ui.keys import type_text
from tests.ui.seen import buttons, cells, press, texts

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
PHONE = "13995370001"


@pytest.fixture
def page(window: MainWindow, ws: Workspace) -> CasesPage:
    """Three that were closed yesterday, the box of who is to be called."""
    plain = Case(state="closed", close_kind="closed", grid_id=GRID, community_id=COMMUNITY,
                 reporter_name="马女士", reporter_phone=PHONE)  # fmt: skip
    some = [dataclasses.replace(plain, id=f"c{n}", title=title, number=f"案2026-{n}",
                                closed_at=NOW - dt.timedelta(days=1, hours=n))
            for n, title in enumerate(("路灯不亮", "楼道堆物", "噪声扰民"))]  # fmt: skip
    with ws.store.write() as tx:
        confirmed.load(tx, COMMUNITY, [
            Row("case", each.id, GRID, 9, to_fields(CASE, each), {"*": "x"}, "x") for each in some
        ])  # fmt: skip
    made = window.show_page("cases")
    assert isinstance(made, CasesPage)
    made.open_record("case_box", case_inbox.TO_CALL)
    tasks.wait_idle()
    return made


def begin(page: CasesPage, qtbot: QtBot) -> CallBack:
    qtbot.keyClick(page.inbox.table, Qt.Key.Key_Return)
    tasks.wait_idle()
    (found,) = (each for each in page.findChildren(CallBack) if each.isVisible())
    return found


def case_of(ws: Workspace, case_id: str) -> Case:
    found = elements.get(ws, "case", case_id)
    assert isinstance(found, Case)
    return found


def test_a_grade_takes_one_key_and_the_next_case_waits(
    page: CasesPage, ws: Workspace, qtbot: QtBot
) -> None:
    assert cells(page.inbox.table, 1) == ["路灯不亮", "楼道堆物", "噪声扰民"]
    dialog = begin(page, qtbot)
    assert PHONE not in texts(dialog)
    assert "139****0001" in texts(dialog)

    qtbot.keyClick(dialog.grades.focusProxy(), Qt.Key.Key_2)
    qtbot.keyClick(dialog, Qt.Key.Key_Return, CTRL)
    tasks.wait_idle()

    assert case_of(ws, "c0").satisfaction == "01"
    assert cells(page.inbox.table, 1) == ["楼道堆物", "噪声扰民"]
    assert page.inbox.table.selected_ids() == ["c1"]


def test_who_is_not_content_says_why_and_has_it_done_again(
    page: CasesPage, ws: Workspace, qtbot: QtBot
) -> None:
    dialog = begin(page, qtbot)
    assert not dialog.reason.isVisible()

    qtbot.keyClick(dialog.grades.focusProxy(), Qt.Key.Key_4)
    qtbot.keyClick(dialog, Qt.Key.Key_Return, CTRL)
    assert "请先填写原因" in texts(dialog)
    type_text(qtbot, dialog.reason, "又不亮了3")
    qtbot.keyClick(dialog, Qt.Key.Key_Return, CTRL)
    tasks.wait_idle()
    assert dialog.rework_reason.toPlainText() == "回访不满意：又不亮了3"
    press(dialog, "返工")

    again = case_of(ws, "c0")
    assert (again.state, again.satisfaction_before) == ("handling", "03")
    assert again.rework_reason == "回访不满意：又不亮了3"


def test_nobody_reached_is_kept_and_told_the_next_time(
    page: CasesPage, ws: Workspace, qtbot: QtBot
) -> None:
    qtbot.keyClick(begin(page, qtbot), Qt.Key.Key_W, ALT)
    tasks.wait_idle()
    assert case_of(ws, "c0").callback_missed == 1

    page.inbox.choose_case("c0")
    page.view.show_case("c0")
    page.take_step("callback", ["c0"])
    tasks.wait_idle()
    (again,) = (each for each in page.findChildren(CallBack) if each.isVisible())
    assert "未接通" in texts(again)
    assert "还可再访2次" in texts(again)


def test_lots_of_a_month_lead_to_the_call(page: CasesPage) -> None:
    press(page, "回访抽查")
    (drawn,) = (each for each in page.findChildren(CallSample) if each.isVisible())
    drawn.months.setCurrentIndex(0)
    drawn.each.setValue(2)
    tasks.wait_idle()

    assert "抽到 2 件" in texts(drawn)
    drawn.list.opened.emit("c0")
    tasks.wait_idle()
    (call,) = (each for each in drawn.findChildren(CallBack) if each.isVisible())
    assert "保存" in buttons(call)
