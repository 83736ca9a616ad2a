"""The window of classes, limits and the calendar: what the lead changes, and others read."""

import datetime as dt
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from sqzl_desktop.domain.kinds.case_class import CaseClass
from sqzl_desktop.services import case_rules, class_editing, class_sheets, work_calendar
from sqzl_desktop.services.class_sheets import ClassPlan
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.bus import Bus
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs.case_rules import CaseRules
from sqzl_desktop.ui.pages.settings import SettingsPage
from sqzl_desktop.ui.widgets.class_sheet_buttons import plan_words
from sqzl_desktop.ui.widgets.phase_rows import PhaseRows
from tests.ui.desk_session import LocalSession
from tests.ui.seen import button, buttons, listen, press, texts


@pytest.fixture
def desk(qapp: object, lead: Workspace) -> Desk:  # noqa: ARG001 - it must be there
    return Desk(LocalSession(lead), Bus())


def opened(qtbot: QtBot, desk: Desk) -> CaseRules:
    home = SettingsPage(desk)
    qtbot.addWidget(home)
    made = CaseRules(desk, home)
    qtbot.addWidget(made, before_close_func=drop_changes)
    made.show()
    tasks.wait_idle()
    return made


def drop_changes(rules: CaseRules) -> None:
    """Nobody is there to be asked when a test ends."""
    rules.classes.is_dirty = False


@pytest.fixture
def rules(qtbot: QtBot, desk: Desk) -> CaseRules:
    return opened(qtbot, desk)


def find(rules: CaseRules, words: str) -> None:
    rules.classes.tree.search.setText(words)
    tasks.wait_idle()


def test_class_is_found_by_first_letters_and_shown_with_its_limits(rules: CaseRules) -> None:
    find(rules, "sdlj")

    form = rules.classes.form
    assert (form.code.text(), form.name.text()) == ("06001", "私搭乱建")
    assert form.phases["phases"].text() == "停工 4工作时；处罚 7工作日；拆除 20工作日"
    # Tuesday, 30 June 2026, ten o'clock
    assert "停工：2026年6月30日 16:30" in texts(form)
    assert "程序默认" in texts(rules.classes)
    assert "CJ/T 214 事件 0101 私搭乱建" in texts(form)


def test_changed_limit_is_previewed_and_saved_as_a_version(
    qtbot: QtBot, rules: CaseRules, lead: Workspace, desk: Desk
) -> None:
    heard = listen(desk)
    find(rules, "06017")
    limit = rules.classes.form.phases["phases"]
    amount = limit._rows[0][1].amount
    amount.clear()
    qtbot.keyClicks(amount, "2")
    tasks.wait_idle()
    assert "2026年7月2日 18:00" in texts(rules.classes.form)

    qtbot.keyClick(amount, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    tasks.wait_idle()

    assert [str(e) for e in case_rules.rules(lead).book.phases("06017")] == ["2工作日"]
    assert heard.said[-1][0].startswith("已存本机：绿地脏乱第2版")
    assert "李书记" in texts(rules.classes)

    press(rules, "恢复默认")
    assert [str(e) for e in case_rules.rules(lead).book.phases("06017")] == ["5工作日"]
    assert "第3版" in texts(rules.classes)


def test_limit_nobody_can_count_is_told_beside_it(qtbot: QtBot, rules: CaseRules) -> None:
    find(rules, "06017")
    amount = rules.classes.form.phases["phases"]._rows[0][1].amount

    qtbot.keyClicks(amount, "x")
    tasks.wait_idle()

    assert "无法识别" in texts(rules.classes.form)
    assert "时限填写正确后显示" in texts(rules.classes.form)


def test_phases_are_added_and_dropped_line_by_line(qtbot: QtBot) -> None:
    rows = PhaseRows("一般时限", "不限")
    qtbot.addWidget(rows)
    rows.show()
    rows.show_text("停工 4工作时")
    press(rows, "加一个阶段")
    name, limit, _ = rows._rows[1]
    name.setText("拆除")
    limit.amount.setText("20")
    limit.unit.setCurrentText("工作日")
    assert rows.text() == "停工 4工作时；拆除 20工作日"

    rows._rows[0][2].click()

    assert rows.text() == "拆除 20工作日"


def test_unsaved_change_is_asked_about(rules: CaseRules, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes]
    monkeypatch.setattr(QMessageBox, "question", lambda *_: answers.pop(0))
    find(rules, "06017")
    rules.classes.form.handler.setText("园林所")
    rules.classes.form.handler.textEdited.emit("园林所")

    find(rules, "06028")
    assert rules.classes.form.code.text() == "06017"

    rules.close()
    assert not rules.isVisible()


def test_new_class_begins_under_the_major_in_sight(rules: CaseRules, lead: Workspace) -> None:
    find(rules, "Q05")
    press(rules, "新增类别")
    form = rules.classes.form
    assert form.code.text() == "Q06"
    form.name.setText("报警器缺失")

    press(rules, "保存为新版本")

    made = case_rules.rules(lead).book.of("Q06")
    assert made is not None
    assert (made.name, made.parent, made.handler) == ("报警器缺失", "Q", "燃气企业")


def test_retired_class_leaves_the_tree_unless_wanted(rules: CaseRules, lead: Workspace) -> None:
    find(rules, "06012")
    rules.classes.form.retired.setChecked(True)
    press(rules, "保存为新版本")
    book = case_rules.rules(lead).book
    assert "06012" not in [each.code for each in book.leaves()]

    find(rules, "")
    assert not rules.classes.tree.point_at("06012")
    rules.classes.tree.retired.setChecked(True)
    assert rules.classes.tree.point_at("06012")


def test_earlier_version_is_taken_up_again(rules: CaseRules, lead: Workspace) -> None:
    find(rules, "06017")
    rules.classes.form.handler.setText("园林所")
    rules.classes.form.handler.textEdited.emit("园林所")
    press(rules, "保存为新版本")
    first = class_editing.versions(lead, "06017")[-1].record

    rules.classes.take_up(first)
    press(rules, "保存为新版本")

    newest = case_rules.rules(lead).book.of("06017")
    assert newest is not None
    assert (newest.version, newest.handler) == (3, first.handler)


def test_sheet_of_the_city_is_told_before_it_is_taken(rules: CaseRules, lead: Workspace) -> None:
    book = case_rules.rules(lead).book
    one = book.of("06017")
    assert one is not None
    changed = CaseClass(**{**vars(one), "phases": "1工作日"})
    planned = ClassPlan((changed,), (), 3, ("第5行：时限“马上”无法识别",))
    assert plan_words(planned).splitlines() == [
        "修改 1 个类别，新增 0 个，3 个没有变化。",
        "有 1 行不能导入：",
        "第5行：时限“马上”无法识别",
    ]

    rules.classes.sheets.take_in(planned)
    tasks.wait_idle()

    assert [str(e) for e in case_rules.rules(lead).book.phases("06017")] == ["1工作日"]


def test_classes_are_exported_from_the_window(
    rules: CaseRules, lead: Workspace, tmp_path: Path
) -> None:
    path = tmp_path / "类别.xlsx"
    rules.classes.sheets.export(path)
    tasks.wait_idle()

    assert class_sheets.plan(lead, path).problems == ()


def test_day_is_changed_by_space_and_taken_back(
    qtbot: QtBot, rules: CaseRules, lead: Workspace
) -> None:
    rules.tabs.setCurrentIndex(1)
    tasks.wait_idle()
    calendar = rules.calendar
    assert "6月30日 星期二 上班" in texts(calendar)

    qtbot.keyClick(calendar.grid, Qt.Key.Key_Space)
    tasks.wait_idle()
    (day,) = work_calendar.adjusted(lead)
    assert (day.on, day.is_workday) == (dt.date(2026, 6, 30), False)
    assert "6月30日 星期二 休息，本社区调整" in texts(calendar)

    calendar.name.setText("停电检修")
    qtbot.keyClick(calendar.name, Qt.Key.Key_Return)
    tasks.wait_idle()
    assert work_calendar.adjusted(lead)[0].name == "停电检修"

    press(rules, "恢复国家日历")
    assert work_calendar.adjusted(lead) == []


def test_months_are_turned_and_holidays_named(rules: CaseRules) -> None:
    rules.tabs.setCurrentIndex(1)
    tasks.wait_idle()
    for _ in range(4):
        press(rules, "下个月")

    assert "2026年10月" in texts(rules.calendar)
    assert "10月1日 星期四 休息 国庆节" in texts(rules.calendar)
    assert "还没有" not in texts(rules.calendar)

    rules.calendar.show_month(dt.date(2060, 10, 1))
    tasks.wait_idle()
    assert "还没有2060年国务院公布的放假调休安排" in texts(rules.calendar)


def test_office_hours_are_added_and_dropped(rules: CaseRules, lead: Workspace, desk: Desk) -> None:
    heard = listen(desk)
    rules.tabs.setCurrentIndex(1)
    tasks.wait_idle()
    hours = rules.calendar.hours
    hours.from_on.show_value(dt.date(2026, 6, 1))
    hours.hours.setText("8:00-12:00,15:00-18:30")
    press(hours, "增加")
    assert [each.hours for each in work_calendar.hours(lead)] == ["08:00-12:00,15:00-18:30"]
    assert "现行" in texts(hours)

    hours.from_on.show_value(dt.date(2026, 6, 2))
    hours.hours.setText("上午")
    press(hours, "增加")
    assert heard.said[-1][1]

    press(hours, "删除")
    assert work_calendar.hours(lead) == []


def test_grid_worker_reads_only(qtbot: QtBot, ws: Workspace) -> None:
    shown = opened(qtbot, Desk(LocalSession(ws), Bus()))

    assert "只有社区负责人可以修改" in texts(shown)
    assert not {"保存为新版本", "新增类别", "恢复默认", "导入表格"} & set(buttons(shown))
    find(shown, "06017")
    assert shown.classes.form.name.isReadOnly()
    shown.tabs.setCurrentIndex(1)
    tasks.wait_idle()
    qtbot.keyClick(shown.calendar.grid, Qt.Key.Key_Space)
    tasks.wait_idle()
    assert work_calendar.adjusted(ws) == []


def test_settings_lead_there(qtbot: QtBot, desk: Desk) -> None:
    page = SettingsPage(desk)
    qtbot.addWidget(page)
    page.show()

    button(page, "查看和修改").click()
    tasks.wait_idle()

    (shown,) = page.findChildren(CaseRules)
    assert shown.isVisible()
    shown.close()
