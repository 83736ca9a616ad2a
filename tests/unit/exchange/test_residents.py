import csv
import datetime as dt
from pathlib import Path

import pytest

from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.exchange.headings import find_headings
from sqzl_desktop.exchange.residents import RESIDENT_TARGETS, plan_residents
from sqzl_desktop.exchange.rows import counts
from sqzl_desktop.exchange.sheet import Sheet, read_sheet

SAMPLES = Path(__file__).parents[2] / "data"
TODAY = dt.date(2026, 6, 30)
NAMES = {"birth_date": "born_on", "hukou_address": "registered_home"}
HEAD = (
    "楼号",
    "单元",
    "室号",
    "姓名",
    "性别",
    "身份证号",
    "出生日期",
    "与户主关系",
    "电话",
    "备注",
)
MAN, WOMAN = "640104198503024511", "640105194805045084"


def plan(*rows, head=HEAD):
    sheet = Sheet("x", (head, *rows))
    headings = find_headings(sheet, RESIDENT_TARGETS)
    return plan_residents(sheet, headings, lists=code_list, today=TODAY)[1:]


def person(**cells):
    usual = {"楼号": "1", "单元": "1", "室号": "101", "姓名": "陈凯", "身份证号": MAN}
    return tuple((usual | cells).get(heading, "") for heading in HEAD)


def planned(**cells):
    return plan(person(**cells))[0]


def truth():
    with (SAMPLES / "dirty_truth.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def as_text(value):
    return "" if value is None else str(value)


def expected_and_planned(row, wanted):
    expected = {"line": wanted["line"], "action": wanted["action"], "reason": wanted["reason"]}
    got = {"line": str(row.number), "action": row.action, "reason": row.reason}
    if wanted["action"] in ("accept", "review"):
        for field in list(wanted)[3:-1]:
            expected[field] = wanted[field]
            got[field] = as_text(row.values.get(NAMES.get(field, field)))
        expected["warnings"], got["warnings"] = wanted["warnings"], "|".join(row.warnings)
    return expected, got


def test_dirty_register_is_planned_as_the_truth_says():
    sheet = read_sheet(SAMPLES / "dirty_residents.csv")
    rows = plan_residents(
        sheet, find_headings(sheet, RESIDENT_TARGETS), lists=code_list, today=TODAY
    )
    pairs = [expected_and_planned(*each) for each in zip(rows, truth(), strict=True)]

    assert [got for _, got in pairs] == [expected for expected, _ in pairs]
    assert counts(rows) == {"skip": 32, "accept": 262, "reject": 42, "review": 7}


def test_every_refusal_and_question_says_what_to_do():
    sheet = read_sheet(SAMPLES / "dirty_residents.csv")
    rows = plan_residents(
        sheet, find_headings(sheet, RESIDENT_TARGETS), lists=code_list, today=TODAY
    )

    for row in rows:
        if row.action in ("reject", "review"):
            assert all(problem.column in sheet.rows[3] for problem in row.problems)
            assert all("，" in each.sentence or "请" in each.sentence for each in row.problems)
            assert row.problems


def test_id_number_gives_sex_and_birth_where_they_are_not_written():
    row = planned()

    assert row.action == "accept"
    assert row.values["sex"] == "1"
    assert row.values["born_on"] == dt.date(1985, 3, 2)
    assert row.values["id_type"] == "111"


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("6.40104E+17", "id_precision_lost"),
        ("640104198503024000", "id_precision_lost"),
        (MAN[:17], "id_length"),
        (MAN[:17] + "5", "id_checksum"),
        (MAN[:17] + "Y", "id_format"),
        ("640199198503021237", "id_area"),
        ("640104199902301234", "id_birth"),
        ("H12345678", "id_other"),
    ],
)
def test_wrong_id_numbers_are_rejected_by_their_mistake(number, reason):
    row = planned(身份证号=number)

    assert (row.action, row.reason) == ("reject", reason)
    assert row.problems[0].column == "身份证号"
    assert row.problems[0].value == number


@pytest.mark.parametrize("number", ["", "无", "待补", "/"])
def test_person_without_id_number_is_accepted_with_a_warning(number):
    row = planned(身份证号=number, 出生日期="1985.3.2", 性别="男")

    assert (row.action, row.warnings) == ("accept", ("id_missing",))
    assert row.values["id_number"] == ""
    assert row.values["born_on"] == dt.date(1985, 3, 2)


def test_withdrawn_area_is_a_warning():
    row = planned(身份证号="642101196503121235", 姓名="李文")

    assert (row.action, row.warnings) == ("accept", ("id_doubtful",))


def test_partial_birth_that_agrees_with_the_number_is_no_question():
    assert planned(出生日期="1985.3").action == "accept"
    assert planned(出生日期="1985.4").reason == "birth_invalid_use_id"


def test_other_documents_need_their_type():
    head = ("姓名", "证件类型", "证件号码", "性别", "出生日期")
    rows = plan(
        ("JOHN SMITH", "护照", "P1234567A", "男", "1985-03-02"),
        ("黄大文", "港澳通行证", "H1234567", "男", "1985-03-02"),
        head=head,
    )

    assert rows[0].action == "accept"
    assert rows[0].values["id_type"] == "414"
    assert rows[0].values["sex"] == "1"
    assert (rows[1].action, rows[1].reason) == ("reject", "id_document")


@pytest.mark.parametrize(
    ("phone", "stored", "warnings"),
    [
        ("154 1234 5678", "15412345678", ()),
        ("无", "", ()),
        ("15412345678/19412345678", "15412345678", ("phone_first_of_two",)),
        ("1541234", "", ("phone_invalid",)),
    ],
)
def test_phones_are_read_or_left_out_with_a_warning(phone, stored, warnings):
    row = planned(电话=phone)

    assert (row.action, row.values["phone"], row.warnings) == ("accept", stored, warnings)


def test_dwelling_is_taken_from_the_row_above():
    rows = plan(
        person(楼号="1号楼", 单元="一单元", 室号="101室", 与户主关系="户主"),
        person(楼号="", 单元="", 室号="", 姓名="王婷", 身份证号=WOMAN, 与户主关系="妻"),
        person(楼号="", 单元="", 室号="102", 姓名="赵志", 身份证号="", 与户主关系="户主"),
        person(楼号="2", 单元="", 室号="201", 姓名="李龙", 身份证号="", 与户主关系="户主"),
        person(楼号="", 单元="", 室号="", 姓名="马昊", 身份证号="", 与户主关系="户主"),
    )

    places = [tuple(row.values[level] for level in ("building", "unit", "room")) for row in rows]
    assert places == [
        ("1", "1", "101"), ("1", "1", "101"), ("1", "1", "102"), ("2", "", "201"), ("2", "", "201"),
    ]  # fmt: skip
    assert "place_from_above" in rows[4].warnings


def test_one_column_can_hold_the_whole_dwelling():
    (row,) = plan(("1-2-302", "陈凯", MAN), head=("楼栋单元室", "姓名", "身份证号"))

    assert [row.values[level] for level in ("building", "unit", "room")] == ["1", "2", "302"]


def test_row_without_any_dwelling_is_warned_of():
    assert planned(楼号="", 单元="", 室号="").warnings == ("place_missing",)


def test_ditto_repeats_the_row_above_and_says_when_there_is_nothing():
    rows = plan(
        person(电话="15412345678"),
        person(姓名="王婷", 身份证号=WOMAN, 电话="同上"),
        person(姓名="赵志", 身份证号="", 电话=""),
        person(姓名="李龙", 身份证号="", 电话="〃"),
    )

    assert [row.values["phone"] for row in rows] == ["15412345678", "15412345678", "", ""]
    assert rows[3].warnings == ("nothing_above", "id_missing")


def test_the_same_person_twice_is_rejected_the_second_time():
    rows = plan(
        person(电话="15412345678"),
        person(电话="15412345678"),
        person(电话="19412345678"),
        person(姓名="王婷", 身份证号="", 出生日期="1990-1-1"),
        person(姓名="王婷", 身份证号="", 出生日期="1990-1-1"),
    )

    assert [row.reason for row in rows] == [
        "", "duplicate_in_file", "duplicate_conflict_phone", "", "duplicate_in_file",
    ]  # fmt: skip
    assert "第2行" in rows[1].problems[0].sentence


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("",) * 10, "blank"),
        (("合 计", "60人"), "summary"),
        (("本页小计：", "60人"), "summary"),
        (("填表人：", "", "审核人："), "footer"),
        (("注：以上信息由住户提供",), "footer"),
        (("第 2 页",), "footer"),
        (HEAD, "repeated_header"),
        (("3", "1", "101", "空户"), "vacant_marker"),
        (("3", "1", "101", ""), "vacant_marker"),
        (("3", "1", "101", "", "", "", "", "", "", "空置"), "vacant_marker"),
    ],
)
def test_rows_without_a_person_are_passed_over(row, reason):
    rows = plan(person(), row)

    assert (rows[1].action, rows[1].reason) == ("skip", reason)
    assert rows[1].number == 3


def test_a_person_in_the_total_row_position_is_still_read():
    rows = plan(person(楼号="", 单元="", 室号="", 姓名="何计"))

    assert rows[0].values["name"] == "何计"


def test_unknown_words_are_left_out_with_a_warning():
    row = planned(与户主关系="远房表叔")

    assert (row.action, row.values["relation"]) == ("accept", "")
    assert row.warnings == ("relation_unknown",)
    assert row.problems[0].value == "远房表叔"


def test_text_that_no_field_can_hold_is_left_out():
    row = planned(备注="长" * 20_001)

    assert row.values["remark"] == ""
    assert row.warnings == ("remark_dropped",)
