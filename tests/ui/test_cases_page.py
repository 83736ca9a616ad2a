"""The page of cases: boxes, keys, board, many at once, events that become cases."""

import dataclasses
import datetime as dt

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from sqzl_desktop.domain.access import COMMUNITY_LEAD, Actor
from sqzl_desktop.domain.case_boxes import STAGES
from sqzl_desktop.domain.kinds.case import CASE, Case
from sqzl_desktop.domain.kinds.event import Event
from sqzl_desktop.protocol.messages import Row
from sqzl_desktop.schema.codec import to_fields
from sqzl_desktop.services import cases, elements, flow_steps
from sqzl_desktop.services.case_inbox import PAGE
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import confirmed
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs.case_step import CaseStep
from sqzl_desktop.ui.dialogs.case_steps import CaseSteps
from sqzl_desktop.ui.main_window import MainWindow
from sqzl_desktop.ui.pages.cases import CasesPage
from sqzl_desktop.ui.pages.statistics import StatisticsPage
from tests.places import COMMUNITY, GRID, NOW, OTHER_GRID
from tests.ui.desk_session import LocalSession
from tests.ui.keys import type_text
from tests.ui.seen import buttons, cells, press, texts

HOUR = dt.timedelta(hours=1)
TITLES = 1


def load(ws: Workspace, *some: Case) -> list[Case]:
    """Cases as a round of sync brings them: c0, c1, …"""
    named = [dataclasses.replace(each, id=f"c{n}", grid_id=GRID, community_id=COMMUNITY,
                                 number=f"案2026-{n}") for n, each in enumerate(some)]  # fmt: skip
    with ws.store.write() as tx:
        confirmed.load(tx, COMMUNITY, [
            Row("case", each.id, GRID, 9, to_fields(CASE, each), {"*": "x"}, "x") for each in named
        ])  # fmt: skip
    return named


@pytest.fixture
def some(ws: Workspace) -> list[Case]:
    """One late, one in time, one that somebody else is to check, one done."""
    return load(
        ws,
        Case(title="路灯不亮", state="handling", due_at=NOW + 90 * HOUR, handler="供电所"),
        Case(title="楼道堆物", state="filed", due_at=NOW - 50 * HOUR, class_code="06036"),
        Case(title="噪声扰民", state="fed_back", collector="ma", due_at=NOW + 2 * HOUR),
        Case(title="旧案", state="closed", closed_at=NOW - HOUR),
    )


@pytest.fixture
def page(window: MainWindow, some: list[Case]) -> CasesPage:  # noqa: ARG001 - they must be there
    made = window.show_page("cases")
    tasks.wait_idle()
    assert isinstance(made, CasesPage)
    return made


def titles(page: CasesPage) -> list[str]:
    return cells(page.inbox.table, TITLES)


def of(ws: Workspace, case_id: str) -> Case:
    case = elements.get(ws, "case", case_id)
    assert isinstance(case, Case)
    return case


def dialog(page: CasesPage) -> CaseSteps:
    (found,) = (each for each in page.findChildren(CaseSteps) if each.isVisible())
    return found


def test_page_begins_with_what_waits_for_the_person_the_latest_chosen(page: CasesPage) -> None:
    assert titles(page) == ["楼道堆物", "路灯不亮"]
    assert cells(page.inbox.table, 0) == ["超8小时30分", "剩3个工作日"]
    assert page.inbox.table.selected_ids() == ["c1"]
    assert "共 2 件" in texts(page)
    assert {"待我办理　2", "即将到期　1", "已超期　1", "全部在办　3"} <= set(buttons(page))


def test_boxes_are_chosen_by_key_and_say_when_they_are_empty(page: CasesPage, qtbot: QtBot) -> None:
    qtbot.keyClick(page, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    tasks.wait_idle()
    assert "没有等您到现场核查的案件。" in texts(page)

    qtbot.keyClick(page, Qt.Key.Key_8, Qt.KeyboardModifier.ControlModifier)
    tasks.wait_idle()
    assert titles(page) == ["旧案"]


def test_j_and_k_go_down_and_up(page: CasesPage, qtbot: QtBot) -> None:
    table = page.inbox.table

    qtbot.keyClick(table, Qt.Key.Key_J)
    assert page.inbox.table.selected_ids() == ["c0"]
    qtbot.keyClick(table, Qt.Key.Key_K)
    assert page.inbox.table.selected_ids() == ["c1"]


def test_slash_leads_to_the_search_which_narrows_the_box(page: CasesPage, qtbot: QtBot) -> None:
    qtbot.keyClick(page.inbox.table, Qt.Key.Key_Slash)
    assert page.inbox.bar.text.hasFocus()

    type_text(qtbot, page.inbox.bar.text, "路灯")
    qtbot.waitUntil(lambda: titles(page) == ["路灯不亮"])
    type_text(qtbot, page.inbox.bar.text, "没有这个")
    qtbot.waitUntil(lambda: "没有符合条件的案件" in texts(page))
    press(page, "清空筛选")
    assert len(titles(page)) == 2


def test_filter_offers_what_there_is_and_is_kept_by_name(page: CasesPage) -> None:
    press(page, "筛选")
    combo = page.inbox.bar.choices.combos["handler"]
    combo.setCurrentIndex(combo.findText("供电所"))
    tasks.wait_idle()
    assert titles(page) == ["路灯不亮"]

    page.inbox.bar._strip._name.setText("电")
    press(page, "保存筛选")
    assert "承办单位或人员 供电所　×" in buttons(page)
    press(page, "清空")
    assert len(titles(page)) == 2
    press(page, "电")
    assert titles(page) == ["路灯不亮"]


def test_letter_takes_a_step_after_asking_what_it_needs(
    page: CasesPage, qtbot: QtBot, ws: Workspace
) -> None:
    qtbot.keyClick(page.inbox.table, Qt.Key.Key_D)
    tasks.wait_idle()
    panel = page.view.panel
    press(panel, "派遣（Ctrl+回车）")
    assert "请先填写：承办类型、承办单位或人员" in texts(panel)

    assert panel.fields is not None
    panel.fields.editors["handler_kind"].show_value("02")
    panel.fields.editors["handler"].show_value("阳光物业")
    press(panel, "派遣（Ctrl+回车）")

    assert (of(ws, "c1").state, of(ws, "c1").handler) == ("dispatched", "阳光物业")
    assert titles(page) == ["楼道堆物", "路灯不亮"], "now it is to be taken in hand"
    assert page.inbox.table.hasFocus()


def test_keys_of_frequent_texts_write_in_a_step_and_change_boxes_elsewhere(
    page: CasesPage, qtbot: QtBot
) -> None:
    qtbot.keyClick(page.inbox.table, Qt.Key.Key_D)
    tasks.wait_idle()
    fields = page.view.panel.fields
    assert fields is not None

    box = fields.editors["handler"].input()
    qtbot.keyClick(box, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert fields.editors["dispatch_note"].value() == "请先做好安全防护，再行处置。"
    assert page.inbox.boxes.box == "mine_to_do"

    qtbot.keyClick(page.inbox.table, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert page.inbox.boxes.box == "mine_to_check"


def test_step_that_is_refused_keeps_what_was_typed(
    page: CasesPage, qtbot: QtBot, ws: Workspace
) -> None:
    qtbot.keyClick(page.inbox.table, Qt.Key.Key_D)
    tasks.wait_idle()
    panel = page.view.panel
    flow_steps.take_step(ws, "case", "c1", "dispatch", {"handler_kind": "02", "handler": "快的人"})
    assert panel.fields is not None
    panel.fields.editors["handler_kind"].show_value("01")
    panel.fields.editors["handler"].show_value("慢的人")

    press(panel, "派遣（Ctrl+回车）")

    assert "只有“已立案、已退单”时才能“派遣”" in texts(panel)
    assert panel.fields.editors["handler"].value() == "慢的人"


def test_many_are_dispatched_at_once_and_each_refusal_is_told(
    page: CasesPage, ws: Workspace
) -> None:
    page.inbox.table.selectAll()
    press(page, "批量派遣")
    asked = dialog(page)
    press(asked, "派遣2件")
    assert "请先填写：承办类型、承办单位或人员" in texts(asked)
    asked.fields.editors["handler_kind"].show_value("02")
    asked.fields.editors["handler"].show_value("阳光物业")

    press(asked, "派遣2件")

    assert "1件已派遣，1件没有办成" in texts(asked)
    assert asked._results.item(0, 0).text() == "路灯不亮 案2026-0"  # type: ignore[union-attr]
    assert "处置中" in asked._results.item(0, 1).text()  # type: ignore[union-attr]
    assert of(ws, "c1").state == "dispatched"


def test_all_of_a_box_are_selected_also_those_further_down(
    window: MainWindow, qtbot: QtBot, ws: Workspace
) -> None:
    load(ws, *(Case(title=f"堆物{n}", state="filed") for n in range(PAGE + 5)))
    page = window.show_page("cases")
    assert isinstance(page, CasesPage)
    tasks.wait_idle()
    assert page.inbox.model.rowCount() == PAGE

    qtbot.keyClick(page.inbox.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    tasks.wait_idle()

    assert f"已选 {PAGE + 5} 件" in texts(page)


def test_rows_further_down_come_when_somebody_goes_there(window: MainWindow, ws: Workspace) -> None:
    load(ws, *(Case(title=f"堆物{n}", state="filed") for n in range(PAGE + 5)))
    page = window.show_page("cases")
    assert isinstance(page, CasesPage)
    tasks.wait_idle()

    page.inbox.table.scrollToBottom()
    tasks.wait_idle()

    assert page.inbox.model.rowCount() == PAGE + 5
    assert len(set(titles(page))) == PAGE + 5


def test_step_for_one_is_not_taken_for_many(page: CasesPage, qtbot: QtBot) -> None:
    said: list[str] = []
    page.desk.bus.said.connect(lambda sentence, _is_problem: said.append(sentence))
    page.inbox.table.selectAll()

    qtbot.keyClick(page.inbox.table, Qt.Key.Key_F)

    assert said == ["“立案”要逐件办理，请只选一件"]


def test_what_sync_brings_comes_into_the_list_and_the_choice_stays(
    page: CasesPage, ws: Workspace
) -> None:
    flow_steps.take_step(ws, "case", "c0", "feed_back", {"measures": "换灯", "feedback": "已亮"})
    page.desk.bus.changed.emit(("case",))
    tasks.wait_idle()

    assert titles(page) == ["楼道堆物"]
    assert page.inbox.table.selected_ids() == ["c1"]
    assert "待我办理　1" in buttons(page)


def test_several_stay_selected_when_the_list_is_read_anew(
    page: CasesPage, qtbot: QtBot, ws: Workspace
) -> None:
    qtbot.keyClick(page.inbox.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    tasks.wait_idle()
    assert "已选 2 件" in texts(page)

    cases.report(ws, Case(title="新来的", grid_id=GRID))
    page.desk.bus.changed.emit(("case",))
    tasks.wait_idle()

    assert len(titles(page)) == 3
    assert page.inbox.table.selected_ids() == ["c1", "c0"]
    assert "已选 2 件" in texts(page)


def test_place_in_the_list_stays_when_it_is_read_anew(window: MainWindow, ws: Workspace) -> None:
    load(ws, *(Case(title=f"堆物{n}", state="filed") for n in range(40)))
    page = window.show_page("cases")
    assert isinstance(page, CasesPage)
    tasks.wait_idle()
    bar = page.inbox.table.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    before = bar.value()

    page.desk.bus.changed.emit(("case",))
    tasks.wait_idle()

    assert before > 0
    assert bar.value() == before


def test_board_shows_every_open_case_and_its_steps(
    page: CasesPage, qtbot: QtBot, ws: Workspace
) -> None:
    page._tabs.setCurrentIndex(1)
    tasks.wait_idle()
    heads = texts(page.board)
    assert {"待派遣　1", "处置中　1", "待核查　1"} <= set(heads.splitlines())

    column = page.board._columns["to_dispatch"].list
    column.setFocus()
    column.setCurrentRow(0)
    tasks.wait_idle()
    assert buttons(page)[buttons(page).index("打开") + 1] == "派遣"

    qtbot.keyClick(column, Qt.Key.Key_Right)
    tasks.wait_idle()
    assert page.board.chosen == "c0"
    press(page._steps, "反馈")
    (asked,) = page.findChildren(CaseStep)
    assert asked.panel.fields is not None
    asked.panel.fields.editors["measures"].show_value("换灯")
    asked.panel.fields.editors["feedback"].show_value("已亮")
    press(asked, "反馈（Ctrl+回车）")
    assert of(ws, "c0").state == "fed_back"
    assert "待核查　2" in texts(page.board)


def test_card_is_opened_beside_the_inbox(page: CasesPage) -> None:
    page._tabs.setCurrentIndex(1)
    tasks.wait_idle()
    column = page.board._columns["fed_back"].list
    column.setCurrentRow(0)
    column.itemActivated.emit(column.item(0))
    tasks.wait_idle()

    assert page.view.isVisible()
    assert "噪声扰民" in " ".join(each.text() for each in page.view.findChildren(QLabel))


def test_box_is_opened_from_elsewhere(page: CasesPage) -> None:
    page.desk.bus.open_requested.emit("case_box", "at_risk")
    tasks.wait_idle()

    assert titles(page) == ["噪声扰民"]


def test_event_becomes_a_case_that_is_shown(page: CasesPage, ws: Workspace) -> None:
    event = cases.report_event(
        ws, Event(title="井盖破损", category="01", description="缺了一角", grid_id=GRID)
    )
    page.open_record("event", event.id)
    tasks.wait_idle()
    page.events.list.select_row(0)
    tasks.wait_idle()

    press(page, "转为案件")

    (made,) = (each for each in elements.find(ws, "case", limit=9)
               if getattr(each, "event_id", "") == event.id)  # fmt: skip
    assert page.inbox.isVisible()
    assert isinstance(made, Case)
    assert made.number in " ".join(each.text() for each in page.view.findChildren(QLabel))


def test_lead_grants_what_was_asked(qtbot: QtBot, ws: Workspace) -> None:
    load(ws, Case(title="路灯不亮", state="handling", extension_state="asked"))
    lead = dataclasses.replace(ws, actor=Actor("li", "李书记", COMMUNITY_LEAD, (COMMUNITY,)))
    page = CasesPage(Desk(LocalSession(lead), MainWindow(LocalSession(lead)).desk.bus))
    qtbot.addWidget(page)
    page.show()
    tasks.wait_idle()

    assert titles(page) == ["路灯不亮"]


def test_the_month_of_cases_is_one_press_away(page: CasesPage, window: MainWindow) -> None:
    press(page, "月报")

    statistics = window.findChild(StatisticsPage)
    assert statistics is not None
    assert statistics.months.isVisible()


def test_rest_of_a_column_is_listed_in_the_inbox(page: CasesPage) -> None:
    page.board.more_wanted.emit(STAGES[1])
    tasks.wait_idle()

    assert titles(page) == ["楼道堆物"]
    assert "状态 已立案、已退单　×" in buttons(page)


def test_board_of_several_grids_is_narrowed_to_one(window: MainWindow, ws: Workspace) -> None:
    load(ws, Case(title="这里", state="filed"))
    with ws.store.write() as tx:
        there = Case(title="那里", state="filed", grid_id=OTHER_GRID, community_id=COMMUNITY)
        confirmed.load(tx, COMMUNITY, [
            Row("case", "there", OTHER_GRID, 9, to_fields(CASE, there), {"*": "x"}, "x")
        ])  # fmt: skip
    page = window.show_page("cases")
    assert isinstance(page, CasesPage)
    assert not page.board.grids.isVisible()
    page._tabs.setCurrentIndex(1)
    tasks.wait_idle()
    assert "待派遣　2" in texts(page.board)

    page.board.grids.setCurrentIndex(page.board.grids.findText("崇安第2网格"))
    tasks.wait_idle()

    assert "待派遣　1" in texts(page.board)
