"""The lead's own classes, calendar and office hours; what a step on the device makes of them."""

import dataclasses
import datetime as dt
from pathlib import Path

import pytest

from sqzl_desktop.base.clock import BEIJING
from sqzl_desktop.base.errors import Invalid, Refused
from sqzl_desktop.domain.kinds.case import Case
from sqzl_desktop.domain.kinds.case_class import CaseClass
from sqzl_desktop.exchange.sheet import read_sheet, write_sheet
from sqzl_desktop.services import (
    case_rules,
    cases,
    class_editing,
    class_sheets,
    elements,
    flow_steps,
    work_calendar,
)
from sqzl_desktop.services.workspace import Workspace
from tests.places import GRID

FRIDAY = dt.date(2026, 7, 3)


def changed(ws: Workspace, which: str, **values: object) -> CaseClass:
    found = case_rules.rules(ws).book.of(which)
    assert found is not None
    return dataclasses.replace(found, **values)  # type: ignore[arg-type]


def filed(ws: Workspace, code: str) -> Case:
    made = cases.report(ws, Case(title="绿地脏乱", grid_id=GRID))
    found = flow_steps.take_step(ws, "case", made.id, "file", {"class_code": code})
    assert isinstance(found, Case)
    return found


def beijing(at: dt.datetime | None) -> str:
    return f"{at.astimezone(BEIJING):%m-%d %H:%M}" if at else ""


def test_step_on_the_device_has_its_limit_at_once(ws: Workspace) -> None:
    case = filed(ws, "06017")  # Tuesday, 30 June, ten o'clock

    assert (beijing(case.due_at), case.class_version) == ("07-07 18:00", 1)


def test_change_is_a_new_version_and_old_cases_keep_theirs(lead: Workspace) -> None:
    old = filed(lead, "06017")

    made = class_editing.save(lead, changed(lead, "06017", phases="1工作日"))

    assert made.version == 2
    assert beijing(filed(lead, "06017").due_at) == "07-01 18:00"
    kept = elements.get(lead, "case", old.id)
    assert isinstance(kept, Case)
    assert beijing(kept.due_at) == "07-07 18:00"
    newest, first = class_editing.versions(lead, "06017")
    assert (newest.by, newest.is_sent, first.record.version) == ("李书记", False, 1)


def test_limit_of_a_filed_case_is_the_lead_s_to_change(ws: Workspace, lead: Workspace) -> None:
    case = filed(ws, "06017")
    urgent = dataclasses.replace(case, urgency="02")

    with pytest.raises(Refused, match="“紧急程度”立案以后只能由社区负责人修改"):
        elements.save(ws, urgent)

    saved = elements.save(lead, urgent)
    assert isinstance(saved, Case)
    assert saved.urgency == "02"


def test_default_comes_back_as_a_version(lead: Workspace) -> None:
    class_editing.save(lead, changed(lead, "06017", phases="1工作日"))

    class_editing.restore(lead, "06017")

    book = case_rules.rules(lead).book
    assert book.version("06017") == 3
    assert class_editing.is_same(changed(lead, "06017"), book.versions("06017")[-1])


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "没有改动"),
        ({"code": "噪声"}, "类别代码“噪声”不对"),
        ({"parent": "Q77"}, "没有找到上级类别"),
        ({"is_retired": True, "replaced_by": "06017"}, "不能归入它自己"),
    ],
)
def test_change_that_says_nothing_or_leads_nowhere_is_refused(
    lead: Workspace, values: dict[str, object], sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        class_editing.save(lead, changed(lead, "06017", **values))


def test_limit_nobody_can_count_is_refused_at_its_field(lead: Workspace) -> None:
    with pytest.raises(Invalid) as refused:
        class_editing.save(lead, changed(lead, "06017", phases="尽快"))

    assert "phases" in refused.value.problems


def test_grid_worker_changes_neither_classes_nor_calendar(ws: Workspace) -> None:
    with pytest.raises(Refused):
        class_editing.save(ws, changed(ws, "06017", phases="1工作日"))
    with pytest.raises(Refused):
        work_calendar.set_day(ws, FRIDAY, is_workday=False, name="停电")
    with pytest.raises(Refused):
        work_calendar.reset_day(ws, FRIDAY)


def test_new_class_gets_a_code_nobody_uses(lead: Workspace) -> None:
    book = case_rules.rules(lead).book
    code = class_editing.next_code(book, "Q")
    assert code == "Q06"

    new = CaseClass(code=code, name="燃气报警器缺失", parent="Q", phases="3工作日", is_local=True)
    class_editing.save(lead, new)

    book = case_rules.rules(lead).book
    assert (book.version("Q06"), book.search("rqbjq")[0].code) == (1, "Q06")
    assert class_editing.next_code(book, "Q") == "Q07"
    assert class_editing.next_code(book, "06") == "06053"
    with pytest.raises(Refused, match="没有默认内容"):
        class_editing.restore(lead, "Q06")


def test_preview_tells_every_phase_for_every_urgency(lead: Workspace) -> None:
    rules = case_rules.rules(lead)
    start = dt.datetime(2026, 7, 1, 15, 0, tzinfo=BEIJING)

    found = class_editing.preview(changed(lead, "06001"), rules.calendar, start)

    assert found[0] == (
        "一般",
        "停工：2026年7月2日 09:30；处罚：2026年7月13日 18:00；拆除：2026年8月10日 18:00",
    )
    assert [name for name, _ in found] == ["一般", "紧急", "特急"]


def test_classes_go_out_as_a_sheet_and_come_back_changed(lead: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "类别.xlsx"
    count = class_sheets.export(lead, path)
    sheet = read_sheet(path)
    assert len(sheet.rows) == count + 1
    untouched = class_sheets.plan(lead, path)
    assert (untouched.changed, untouched.new, untouched.same, untouched.problems) == (
        (),
        (),
        count,
        (),
    )

    headings = ["类别代码", "类别名称", "上级类别", "一般时限", "责任单位"]
    city = [
        ["06017", "绿地脏乱", "", "3工作日", "园林中心"],
        ["", "噪声扰民", "", "1工作日", ""],
        ["06053", "新的事项", "06", "2工作日", "街道"],
        ["06012", "道路不洁", "", "马上", ""],
        ["", "没有听说过", "", "1工作日", ""],
    ]
    write_sheet(path, headings, city)
    planned = class_sheets.plan(lead, path)

    assert [each.code for each in planned.changed] == ["06017", "06028"]
    assert [each.code for each in planned.new] == ["06053"]
    assert len(planned.problems) == 2
    assert planned.problems[0].startswith("第5行：时限“马上”无法识别")
    assert class_sheets.apply(lead, planned) == 3
    book = case_rules.rules(lead).book
    assert str(book.phases("06028")[0]) == "1工作日"
    assert (book.name("06053"), book.version("06053")) == ("新的事项", 1)
    kept = book.of("06017")
    assert kept is not None
    assert (kept.handler, kept.closing_condition) == (
        "园林中心",
        "问题清除，现场恢复整洁，有处置后照片",
    )


def test_day_is_set_seen_and_taken_back(lead: Workspace) -> None:
    work_calendar.set_day(lead, FRIDAY, is_workday=False, name="停电检修")

    day = next(e for week in work_calendar.month(lead, 2026, 7) for e in week if e.on == FRIDAY)
    assert (day.is_workday, day.name, day.is_adjusted) == (False, "停电检修", True)
    assert beijing(filed(lead, "06017").due_at) == "07-08 18:00"

    work_calendar.set_day(lead, FRIDAY, is_workday=True)
    assert work_calendar.adjusted(lead) == []
    assert beijing(filed(lead, "06017").due_at) == "07-07 18:00"


def test_month_shows_national_holidays_and_days_made_up(ws: Workspace) -> None:
    weeks = work_calendar.month(ws, 2026, 2)
    days = {each.on.day: each for week in weeks for each in week if each.on.month == 2}

    assert [len(week) for week in weeks] == [7] * len(weeks)
    assert (days[14].is_workday, days[14].name) == (True, "调休上班")
    assert (days[17].is_workday, days[17].name) == (False, "春节")
    assert (days[15].is_workday, days[15].name) == (False, "")


def test_office_hours_are_set_from_a_day_and_dropped(lead: Workspace) -> None:
    work_calendar.set_hours(lead, dt.date(2026, 6, 1), "8:00－12:00，15:00－18:30")

    (kept,) = work_calendar.hours(lead)
    assert kept.hours == "08:00-12:00,15:00-18:30"
    assert beijing(filed(lead, "06017").due_at) == "07-07 18:30"

    work_calendar.drop_hours(lead, kept.id)
    assert beijing(filed(lead, "06017").due_at) == "07-07 18:00"
    with pytest.raises(Refused, match="从哪一天起"):
        work_calendar.set_hours(lead, None, "08:00-12:00")


def test_open_cases_are_counted(lead: Workspace) -> None:
    filed(lead, "06017")

    assert work_calendar.open_cases(lead) == 1
