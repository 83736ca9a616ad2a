import pytest
from hypothesis import given
from hypothesis import strategies as st

from sqzl_desktop.base import text


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("\ufeff陈凯\u200b ", "陈凯"),
        ("　陈 凯　", "陈 凯"),
        ("'640104", "640104"),
        ("１００Ｘ", "100X"),
        ("备注：住（二）楼，有狗", "备注：住（二）楼，有狗"),
        ("一\r\n二\t三\x07", "一\n二 三"),
        ("", ""),
        (None, ""),
    ],
)
def test_clean_takes_away_what_nobody_means(typed, cleaned):
    assert text.clean(typed) == cleaned


def test_line_puts_everything_on_one_line():
    assert text.line(" 1号楼\r\n 2单元　") == "1号楼 2单元"


def test_fold_makes_width_and_case_equal():
    assert text.fold("Ａ座（二）") == text.fold("a座(二)")
    assert text.fold("身份证 号") != text.fold("姓名")


@pytest.mark.parametrize(
    ("value", "format", "masked"),
    [
        ("640104198503024511", "id_number", "640*************11"),
        ("15412345678", "phone", "154****5678"),
        ("0951-6012345", "phone", "095*****2345"),
        ("95598", "phone", "*****"),
        ("黄河西路303号佳苑A区1号楼2单元301室", "address", "黄河西路303号佳苑A区1号楼****"),
        ("隆德县东街25号", "address", "隆德县东街****"),
        ("某处", "address", "**"),
        ("李", "", "**"),
        ("马志刚", "", "***"),
        ("", "phone", ""),
        (None, "id_number", ""),
    ],
)  # fmt: skip
def test_mask_hides_what_identifies(value, format, masked):
    assert text.mask(value, format) == masked


def test_mask_never_shows_the_birth_date():
    for length in range(1, 19):
        shown = text.mask("640104198503024511"[:length], "id_number")
        assert set(shown[3:-2]) <= {"*"}


@given(st.text())
def test_clean_line_and_fold_are_stable(typed):
    for form in (text.clean, text.line, text.fold):
        assert form(form(typed)) == form(typed)


@given(st.text(min_size=2), st.sampled_from(["id_number", "phone", "address", "", "uscc"]))
def test_mask_hides_something_of_every_value(value, format):
    masked = text.mask(value, format)
    assert masked
    if format in ("id_number", "phone", ""):
        assert "**" in masked
