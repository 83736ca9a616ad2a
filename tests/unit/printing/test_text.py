import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sqzl_desktop.printing.text import (
    NO_END,
    NO_START,
    break_lines,
    clean,
    justify,
)

WIDTH = 28

words = st.text(
    alphabet="社区居民委员会协商停车位划线收益公示阳光家园楼栋长", min_size=1, max_size=9
)
closing = st.sampled_from(["，", "。", "、", "；", "：", "？", "！", "……", "——", "。”", "）。"])
opening = st.sampled_from(["", "", "", "（", "“", "《"])
latin = st.sampled_from(
    ["", "", "2026年", "0951-0000000", "12", "第2", "50%", " WeChat ", "https://a.gov.cn/x"]
)
prose = st.lists(st.tuples(opening, words, latin, closing), min_size=1, max_size=25).map(
    lambda parts: "".join("".join(part) for part in parts)
)


def cells(text):
    return [0.5 if char.isascii() else 1.0 for char in text]


def broken(text, **options):
    lines = break_lines(text, cells(text), limit=WIDTH, **options)
    return [text[line.start : line.end] for line in lines]


@settings(deadline=None)
@given(prose)
def test_breaking_keeps_every_character(text):
    assert "".join(broken(text, indent=2)) == text


@settings(deadline=None)
@given(prose)
def test_no_line_starts_or_ends_with_forbidden_punctuation(text):
    lines = broken(text, indent=2)

    assert not [line for line in lines[1:] if line[0] in NO_START]
    assert not [line for line in lines[:-1] if line.rstrip()[-1] in NO_END]


@settings(deadline=None)
@given(st.one_of(prose, st.text(max_size=200)))
@example("，" * 90)
@example("a" * 200)
def test_no_line_is_wider_than_the_measure(text):
    text = clean(text).replace("\n", " ")
    widths = cells(text)

    for line in break_lines(text, widths, limit=WIDTH, indent=2):
        room = WIDTH - (2 if line.start == 0 else 0)
        places = justify(text, widths, line, limit=room)
        assert sum(place.advance for place in places) <= room + 1e-6
        assert all(place.advance >= 0 for place in places)


@settings(deadline=None)
@given(prose)
def test_lines_but_the_last_are_flush_unless_that_would_tear_them_apart(text):
    widths = cells(text)
    for line in break_lines(text, widths, limit=WIDTH)[:-1]:
        places = justify(text, widths, line, limit=WIDTH)
        natural = sum(widths[line.start : line.end])
        set_width = sum(place.advance for place in places)
        assert set_width == pytest.approx(WIDTH) or WIDTH - natural > 2


def test_plain_text_fills_the_grid():
    assert [len(line) for line in broken("社" * 84, indent=2)] == [26, 28, 28, 2]


def test_soft_signs_give_way_for_a_closing_sign_at_the_line_end():
    text = "社" * 10 + "，" + "区" * 10 + "，" + "民" * 6 + "。" + "完"

    assert broken(text) == [text[:-1], "完"]


def test_the_last_sign_of_a_line_gives_way_first_and_opening_ones_move_left():
    text = "社" * 10 + "（" + "区" * 10 + "，" + "民" * 6 + "。" + "完"
    line = break_lines(text, cells(text), limit=WIDTH)[0]

    places = justify(text, cells(text), line, limit=WIDTH)

    assert places[-1].advance == 0.5
    assert [(places[at].advance, places[at].shift) for at in (10, 21)] == [
        (pytest.approx(0.75), pytest.approx(-0.25)),
        (pytest.approx(0.75), 0.0),
    ]


def test_without_soft_signs_the_last_character_goes_down_with_its_sign():
    text = "社" * 28 + "，" + "区"

    assert broken(text) == ["社" * 27, "社，区"]


@pytest.mark.parametrize(
    "kept", ["2026年", "0951-0000000", "第2", "12345@a.cn", "3.5元", "——", "……", "50%"]
)
def test_numbers_and_pairs_are_never_torn(kept):
    for before in range(20, 32):
        lines = broken("社" * before + kept + "区" * 30)
        assert [line for line in lines if kept in line]


def test_a_long_address_is_cut_only_after_its_own_signs():
    address = "https://www.example.gov.cn/chongan/2026/parking-plan/annex-one"

    lines = broken("详见" + address + "。")

    assert lines[0].endswith(("/", "-", "."))
    assert "".join(lines) == "详见" + address + "。"


def test_clean_removes_controls_and_direction_signs_but_keeps_line_ends():
    text = "甲\x00\x1b\u202e乙\u2066\u200b丙\ufeff\r\n丁\u2028戊\t己\ufe0f\xad"

    assert clean(text) == "甲乙丙\n丁\n戊 己"


def test_clean_leaves_names_alone():
    assert clean("䶮㛃𬭚𠮷·㐂") == "䶮㛃𬭚𠮷·㐂"
