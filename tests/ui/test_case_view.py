"""One case in full: its steps, what they need, and that nothing typed is lost."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QPlainTextEdit
from pytestqt.qtbot import QtBot

from sqzl_desktop.domain.kinds.case import Case
from sqzl_desktop.domain.kinds.case_class import CaseClass
from sqzl_desktop.services import case_reporting, case_work, class_choice, elements, flow_steps
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.bus import Bus
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.main_window import MainWindow
from sqzl_desktop.ui.pages.grid_map import GridMapPage
from sqzl_desktop.ui.widgets.case_view import CaseView
from tests.places import COMMUNITY, OTHER_GRID
from tests.ui.desk_session import LocalSession
from tests.ui.keys import type_text
from tests.ui.seen import buttons, listen, press, texts

CTRL = Qt.KeyboardModifier.ControlModifier
Shown = Callable[..., CaseView]


@pytest.fixture
def shown(qtbot: QtBot, desk: Desk) -> Shown:
    def one(case: Case, ws: Workspace | None = None) -> CaseView:
        view = CaseView(Desk(LocalSession(ws), Bus()) if ws else desk)
        qtbot.addWidget(view)
        view.resize(640, 600)
        with qtbot.waitActive(view):
            view.show()
            view.activateWindow()
        view.show_case(case.id)
        tasks.wait_idle()
        return view

    return one


def reported(ws: Workspace, **values: str) -> Case:
    given = {"title": "楼道堆物", "dwelling_id": "d1", **values}
    return case_reporting.report(ws, case_reporting.first(ws, given))


def filed(ws: Workspace, **values: str) -> Case:
    case = reported(ws, **values)
    code = class_choice.hits(ws, "楼道堆物")[0].id
    return case_work.step(ws, case.id, "file", {"class_code": code})


def now(ws: Workspace, case: Case) -> Case:
    found = elements.get(ws, "case", case.id)
    assert isinstance(found, Case)
    return found


def box(view: CaseView, name: str) -> QPlainTextEdit:
    assert view.panel.fields is not None
    found = view.panel.fields.editors[name].input()
    assert isinstance(found, QPlainTextEdit)
    return found


def put(view: CaseView, **values: str) -> None:
    assert view.panel.fields is not None
    for name, value in values.items():
        view.panel.fields.editors[name].show_value(value)
        view.panel.fields.editors[name].changed.emit()


def take(qtbot: QtBot, view: CaseView) -> None:
    assert view.panel.fields is not None
    qtbot.keyClick(view.panel.fields, Qt.Key.Key_Return, CTRL)
    tasks.wait_idle()


def test_head_says_state_urgency_and_what_is_left(shown: Shown, ws: Workspace) -> None:
    view = shown(filed(ws, urgency="02"))

    said = texts(view.head)
    assert "已立案" in said
    assert "紧急" in said
    assert "剩" in said
    assert buttons(view.buttons) == ["派遣", "自办自结"]


def test_each_step_of_the_table_opens_with_exactly_its_fields(
    shown: Shown, lead: Workspace
) -> None:
    view = shown(filed(lead), lead)

    for transition in view.buttons.steps:
        view.begin_step(transition.step)
        tasks.wait_idle()
        assert view.panel.fields is not None
        assert tuple(view.panel.fields.editors) == transition.brings
        assert view.panel.step == transition.step


def test_missing_field_is_named_and_the_step_not_taken(
    qtbot: QtBot, shown: Shown, ws: Workspace
) -> None:
    case = filed(ws)
    view = shown(case)
    press(view.buttons, "派遣")

    take(qtbot, view)

    assert view.panel.problem.text() == "“派遣”之前请先填写：承办类型、承办单位或人员"
    assert now(ws, case).state == "filed"


def test_step_is_taken_by_keys_and_awaits_the_server(
    qtbot: QtBot, shown: Shown, ws: Workspace, desk: Desk
) -> None:
    heard = listen(desk)
    case = filed(ws)
    view = shown(case)
    press(view.buttons, "派遣")
    put(view, handler_kind="02", handler="阳光物业")
    qtbot.keyClick(box(view, "dispatch_note"), Qt.Key.Key_1, CTRL)
    take(qtbot, view)

    after = now(ws, case)
    assert (after.state, after.handler) == ("dispatched", "阳光物业")
    assert after.dispatch_note == "当日处置，恢复原状，回传处置前后照片。"
    assert heard.said == [("“派遣”已存本机，待服务器确认", False)]
    assert "待服务器确认" in texts(view.tabs.timeline)
    assert "承办单位或人员：阳光物业" in texts(view.tabs.timeline)
    assert "楼道堆物" in texts(view.tabs.timeline)
    assert not view.panel.isVisible()
    assert buttons(view.buttons)[0] == "接办处置"


def test_other_grid_is_chosen_and_named(qtbot: QtBot, shown: Shown, lead: Workspace) -> None:
    case = filed(lead)
    view = shown(case, lead)
    press(view.buttons, "派遣")
    put(view, handler_kind="04")
    tasks.wait_idle()
    take(qtbot, view)
    assert "承办网格" in view.panel.problem.text()

    put(view, handler_grid_id=OTHER_GRID)
    take(qtbot, view)

    after = now(lead, case)
    assert (after.handler, after.handler_grid_id) == ("崇安第2网格", OTHER_GRID)


def test_what_was_typed_stays_when_the_panel_is_closed(
    shown: Shown, ws: Workspace, tmp_path: Path
) -> None:
    case, other = filed(ws), reported(ws, title="积水")
    view = shown(case)
    view.begin_step("handle_on_spot")
    tasks.wait_idle()
    box(view, "measures").setPlainText("已清理一半")
    box(view, "outcome").setPlainText("还差一车")
    Image.new("RGB", (60, 40), "red").save(tmp_path / "one.jpg")
    view.panel.photos.add([tmp_path / "one.jpg"])
    tasks.wait_idle()
    view.show_case(other.id)
    tasks.wait_idle()

    view.show_case(case.id)
    tasks.wait_idle()
    view.begin_step("handle_on_spot")
    tasks.wait_idle()

    assert box(view, "measures").toPlainText() == "已清理一半"
    assert box(view, "outcome").toPlainText() == "还差一车"
    assert len(view.panel.photos.files) == 1
    assert "已恢复上次写的内容" in view.panel.problem.text()


def test_step_that_somebody_else_made_impossible_keeps_what_was_typed(
    shown: Shown, ws: Workspace, desk: Desk
) -> None:
    case = filed(ws)
    view = shown(case)
    view.begin_step("dispatch")
    tasks.wait_idle()
    box(view, "dispatch_note").setPlainText("请今天清理")

    flow_steps.take_step(ws, "case", case.id, "handle_on_spot", {"measures": "已清理"})
    desk.bus.changed.emit(("case",))
    tasks.wait_idle()

    assert "案件已办理为“已结案”，不能再“派遣”；没有提交" in view.panel.problem.text()
    assert box(view, "dispatch_note").toPlainText() == "请今天清理"


def test_escape_closes_the_panel_and_loses_nothing(
    qtbot: QtBot, shown: Shown, ws: Workspace
) -> None:
    view = shown(filed(ws))
    view.begin_step("handle_on_spot")
    tasks.wait_idle()
    type_text(qtbot, box(view, "measures"), "清理一半")

    qtbot.keyClick(box(view, "measures"), Qt.Key.Key_Escape)
    tasks.wait_idle()
    assert not view.panel.isVisible()

    view.begin_step("handle_on_spot")
    tasks.wait_idle()
    assert box(view, "measures").toPlainText() == "清理一半"


def test_people_are_linked_masked_and_told_when_minors(shown: Shown, ws: Workspace) -> None:
    view = shown(filed(ws))
    view.tabs.setCurrentIndex(1)
    view.tabs.people.name.line.setText("李某某")
    view.tabs.people.phone.setText("13995123456")
    view.tabs.people.is_minor.setChecked(True)

    press(view.tabs.people, "添加")

    said = texts(view.tabs.people)
    assert "李某某" in said
    assert "未成年人" in said
    assert "139****3456" in said
    assert "13995123456" not in said
    press(view.tabs.people, "显示")
    assert "13995123456" in texts(view.tabs.people)


def test_case_of_the_same_is_offered_to_be_merged(
    qtbot: QtBot, shown: Shown, lead: Workspace
) -> None:
    kept, again = filed(lead), filed(lead)
    view = shown(again, lead)
    press(view.alike, "并入该案")
    assert view.panel.step == "merge"

    take(qtbot, view)

    after = now(lead, again)
    assert (after.state, after.merged_into) == ("merged", kept.id)


def test_form_is_made_when_wanted_and_saves(shown: Shown, ws: Workspace) -> None:
    case = filed(ws)
    view = shown(case)
    assert view.tabs.form is None
    view.tabs.setCurrentIndex(3)
    tasks.wait_idle()
    assert view.tabs.form is not None
    title = view.tabs.form.editors["title"]
    title.show_value("五楼楼道堆物")
    title.changed.emit()

    view.tabs.form.save()
    tasks.wait_idle()

    assert now(ws, case).title == "五楼楼道堆物"
    assert "五楼楼道堆物" in texts(view.head)


def test_whoever_may_only_look_is_told_who_may_act(shown: Shown, ws: Workspace) -> None:
    import dataclasses

    case = filed(ws)
    clerk = dataclasses.replace(ws, actor=dataclasses.replace(ws.actor, role="clerk"))
    view = shown(case, clerk)

    assert buttons(view.buttons) == []
    assert "您的岗位只能查看" in texts(view.buttons)


def test_typing_with_the_keyboard_goes_into_the_first_empty_field(
    qtbot: QtBot, shown: Shown, ws: Workspace
) -> None:
    view = shown(reported(ws))
    view.begin_step("confirm")
    tasks.wait_idle()

    type_text(qtbot, box(view, "confirm_note"), "属实")
    take(qtbot, view)

    assert view.case is not None
    assert (view.case.state, view.case.confirm_note) == ("confirmed", "属实")


def test_rest_of_the_steps_is_in_a_menu(shown: Shown, lead: Workspace) -> None:
    view = shown(filed(lead), lead)

    (menu,) = view.buttons.findChildren(QMenu)
    assert [each.text()[3:] for each in menu.actions()] == ["挂账", "作废", "合并"]


def test_next_phase_is_offered_where_there_is_one(shown: Shown, lead: Workspace) -> None:
    elements.save(lead, CaseClass(code="Z01", version=1, name="违法搭建", community_id=COMMUNITY,
                                  phases="停工 4工作时；拆除 20工作日"))  # fmt: skip
    case = case_work.step(lead, reported(lead).id, "file", {"class_code": "Z01"})
    case_work.step(lead, case.id, "dispatch", {"handler_kind": "01", "handler": "综合执法队"})
    case_work.step(lead, case.id, "handle", {})
    view = shown(case, lead)
    assert "第1阶段 停工，共2阶段" in texts(view.tabs.facts)
    assert "进入下一阶段" in buttons(view.buttons)

    case_work.step(lead, case.id, "next_phase", {})
    view.refresh()
    tasks.wait_idle()

    assert "第2阶段 拆除，共2阶段" in texts(view.tabs.facts)
    assert "进入下一阶段" not in buttons(view.buttons)


def test_text_that_was_written_is_kept_for_the_next_time(shown: Shown, ws: Workspace) -> None:
    view = shown(reported(ws))
    view.begin_step("confirm")
    tasks.wait_idle()
    box(view, "confirm_note").setPlainText("五楼楼道确有杂物")

    press(view.panel, "存为常用语")

    assert "1　五楼楼道确有杂物" in buttons(view.panel)


def test_building_is_shown_on_the_map(shown: Shown, ws: Workspace, desk: Desk) -> None:
    heard = listen(desk)
    view = shown(filed(ws))

    press(view.tabs, "看地图")

    assert heard.opened == [("on_map", "b1")]


def test_map_picks_the_building_that_somebody_asks_for(window: MainWindow) -> None:
    window.desk.bus.open_requested.emit("on_map", "b1")
    tasks.wait_idle()

    page = window.show_page("grid_map")
    assert isinstance(page, GridMapPage)
    assert page.canvas.selected == ("building", "b1")
