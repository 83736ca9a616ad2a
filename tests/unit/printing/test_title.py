import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sqzl_desktop.printing.title import break_title


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("关于召开阳光家园停车协商会议的通知", ("关于召开阳光家园停车协商会议的通知",)),
        (
            "崇安社区关于召开阳光家园停车协商会议的通知",
            ("崇安社区关于召开阳光家园", "停车协商会议的通知"),
        ),
        (
            "崇安社区关于召开《崇安社区居民公约》修订协商会议的通知",
            ("崇安社区关于召开", "《崇安社区居民公约》", "修订协商会议的通知"),
        ),
        ("崇安社区\n关于召开停车协商会议的通知", ("崇安社区", "关于召开停车协商会议的通知")),
    ],
)
def test_titles_break_where_their_meaning_allows(title, lines):
    assert break_title(title, 20) == lines


@settings(deadline=None)
@given(st.text(alphabet="社区关于召开停车协商会议的通知、阳光家园", min_size=1, max_size=80))
def test_titles_keep_their_text_and_width_and_strand_nothing(title):
    lines = break_title(title, 20)

    assert "".join(lines) == title
    assert all(len(line) <= 20 for line in lines)
    assert len(lines) == 1 or all(len(line) >= 4 for line in lines)


def test_a_title_never_becomes_an_hourglass_or_a_block():
    lines = break_title("社" * 50, 20)

    lengths = [len(line) for line in lines]
    assert len(set(lengths)) > 1
    assert not (lengths[1] < lengths[0] and lengths[1] < lengths[2])


def test_a_title_strands_no_short_line_even_to_spare_a_quotation():
    lines = break_title("修订《" + "社" * 18 + "》", 20)

    assert min(len(line) for line in lines) >= 4
