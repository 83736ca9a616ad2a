import dataclasses

import pytest

from sqzl_desktop.base.errors import KnownError
from sqzl_desktop.domain.kinds.building import BUILDING
from sqzl_desktop.exchange.headings import find_headings, key, match, repeats, targets
from sqzl_desktop.exchange.residents import RESIDENT_TARGETS
from sqzl_desktop.exchange.sheet import Sheet


def found(labels):
    return {labels[column]: field for column, field in match(labels, RESIDENT_TARGETS).items()}


def test_headings_are_matched_by_label_and_by_other_words():
    labels = [
        "序号",
        "楼栋",
        "单元",
        "房号",
        "姓名",
        "身份证号码",
        "出生年月",
        "户主关系",
        "手机",
        "户籍详址",
    ]

    assert found(labels) == {
        "楼栋": "building",
        "单元": "unit",
        "房号": "room",
        "姓名": "name",
        "身份证号码": "id_number",
        "出生年月": "born_on",
        "户主关系": "relation",
        "手机": "phone",
        "户籍详址": "registered_home",
    }


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("姓 名", "name"),
        ("*姓名（必填）", "name"),
        ("身份证号（18位）", "id_number"),
        ("联系\n电话", "phone"),
        ("公民身份证号码", "id_number"),
        ("与户主的关系", "relation"),
        ("　民族：", "ethnic"),
    ],
)
def test_headings_are_matched_forgivingly(label, field):
    assert match([label], RESIDENT_TARGETS) == {0: field}


@pytest.mark.parametrize("label", ["户主姓名", "登记日期", "", "备用", "年龄", "所属网格", "序号"])
def test_other_headings_are_left_alone(label):
    assert match([label], RESIDENT_TARGETS) == {}


def test_a_field_is_taken_by_one_column():
    assert match(["电话", "联系电话", "电话"], RESIDENT_TARGETS) == {0: "phone"}


def test_heading_row_is_found_under_titles_and_groups():
    sheet = Sheet(
        "x",
        (
            ("2026年居民台账", "", ""),
            ("", "", ""),
            ("房屋信息", "", "人员信息"),
            ("楼号", "室号", "姓名"),
            ("1", "101", "陈凯"),
        ),
    )

    headings = find_headings(sheet, RESIDENT_TARGETS)

    assert (headings.first, headings.last) == (4, 4)
    assert headings.above == ("title", "blank", "group_header")
    assert headings.mapping == {0: "building", 1: "room", 2: "name"}
    assert headings.label("room") == "室号"
    assert headings.label("phone") == ""


def test_headings_over_two_rows_are_joined():
    sheet = Sheet(
        "x", (("姓名", "房屋", "", "电话"), ("", "楼号", "室号", ""), ("陈凯", "1", "101", "1"))
    )

    headings = find_headings(sheet, RESIDENT_TARGETS)

    assert (headings.first, headings.last) == (1, 2)
    assert headings.mapping == {0: "name", 1: "building", 2: "room", 3: "phone"}


def test_sheet_without_headings_is_refused():
    with pytest.raises(KnownError, match="找不到表头"):
        find_headings(Sheet("x", (("陈凯", "男"), ("王婷", "女"))), RESIDENT_TARGETS)


def test_repeated_headings_are_known_again():
    headings = find_headings(Sheet("x", (("楼号", "室号", "姓名"),)), RESIDENT_TARGETS)

    assert repeats(headings, ("楼 号", "室号", "姓名"))
    assert not repeats(headings, ("1", "101", "姓名"))
    assert not repeats(headings, ())


def test_mapping_can_be_corrected():
    headings = find_headings(Sheet("x", (("楼号", "室号", "姓名", "联系"),)), RESIDENT_TARGETS)

    mended = dataclasses.replace(headings, mapping={**headings.mapping, 3: "phone"})

    assert mended.label("phone") == "联系"
    assert repeats(mended, ("楼号", "室号", "姓名", "联系"))


def test_every_kind_has_targets():
    labels = ["小区", "楼栋号", "层数"]
    assert match(labels, targets(BUILDING)) == {0: "estate", 1: "name", 2: "floor_count"}
    assert "estate" not in {target.field for target in targets(BUILDING, leave=("estate",))}


def test_key_of_a_label_made_of_remarks_is_not_empty():
    assert key("（室）") == "室"
