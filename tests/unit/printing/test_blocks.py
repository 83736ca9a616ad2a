import pytest
from reportlab.lib.units import mm

from sqzl_desktop.printing import blocks, tables
from sqzl_desktop.printing.fonts import BUNDLED
from sqzl_desktop.printing.ink import Bar, Ring, Rule, Run, Span
from sqzl_desktop.printing.page import LEADING, PITCH, WIDTH


def texts(strips):
    return ["".join(mark.text for mark in strip.marks if isinstance(mark, Run)) for strip in strips]


def fonts_in(strip):
    return [(mark.text, mark.font.split("-")[0]) for mark in strip.marks if isinstance(mark, Run)]


@pytest.mark.parametrize(
    ("number", "said"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (23, "二十三")]
)
def test_numerals_are_written_as_headings_write_them(number, said):
    assert blocks.numeral(number) == said


def test_section_headings_are_hei_and_points_are_kai():
    section = fonts_in(blocks.section(1, "议题", "停车", BUNDLED)[0])
    point = fonts_in(blocks.point(2, "划线：南侧", BUNDLED)[0])

    assert section == [("一、议题：", "NotoSansSC_700Bold"), ("停车", "FandolFang")]
    assert point == [("（二）划线：", "LXGWWenKai"), ("南侧", "FandolFang")]


def test_paragraphs_are_indented_two_characters_and_run_on_flush_left():
    first, second = blocks.lines([Span("社" * 30)], BUNDLED)

    assert first.marks[0].x == pytest.approx(2 * PITCH)
    assert second.marks[0].x == pytest.approx(0)


def test_long_attachment_names_hang_under_their_first_line():
    strips = blocks.attachments(("现状" * 20, "方案"), BUNDLED)

    assert texts(strips)[:2] == ["", "附件：1. " + "现状" * 10 + "现"]
    first = next(mark for mark in strips[1].marks if mark.text.startswith("现"))
    second = strips[2].marks[0]
    assert second.x == pytest.approx(first.x)


def test_a_single_attachment_has_no_number():
    assert texts(blocks.attachments(("停车现状表",), BUNDLED)) == ["", "附件：停车现状表"]


@pytest.mark.parametrize("issuer", ["崇安社区居民委员会", "银川市金凤区满城北街街道崇安社区居委会"])
def test_the_signature_is_one_strip_with_the_name_centred_on_the_date(issuer):
    (strip,) = blocks.signature(issuer, "2026年7月17日", BUNDLED, shows_ring=False)

    name, date = ([m for m in strip.marks if m.text[0] in start] for start in (issuer[0], "2"))
    middle = name[0].x + len(issuer) * PITCH / 2
    # 2026年7月17日 is seven digits and three characters: six and a half cells.
    assert middle == pytest.approx(date[0].x + 6.5 * PITCH / 2, abs=1)
    assert middle + len(issuer) * PITCH / 2 <= WIDTH - 2 * PITCH + 1
    if len(issuer) < 10:
        assert date[0].x + 6.5 * PITCH == pytest.approx(WIDTH - 4 * PITCH, abs=1)


def test_no_seal_is_ever_drawn_and_its_place_only_when_asked():
    (plain,) = blocks.signature("居委会", "2026年7月1日", BUNDLED, shows_ring=False)
    (marked,) = blocks.signature("居委会", "2026年7月1日", BUNDLED, shows_ring=True)

    assert not [mark for mark in plain.marks if isinstance(mark, Ring)]
    assert [mark.radius for mark in marked.marks if isinstance(mark, Ring)] == [
        pytest.approx(21 * mm, abs=0.5)
    ]
    assert "盖章处" in "".join(texts([marked]))


def test_the_check_mark_is_drawn_as_rectangles_with_its_code_below():
    marks = blocks.check_mark("CA-1 7K3F", "7K3F", BUNDLED)

    bars = [mark for mark in marks if isinstance(mark, Bar)]
    assert len(bars) > 50
    assert "".join(mark.text for mark in marks if isinstance(mark, Run)) == "核对码 7K3F"
    assert min(bar.x for bar in bars) == 0


def test_a_table_wraps_its_cells_and_keeps_its_heading_with_the_first_row():
    strips = tables.table(
        ("序号", "议题"), [("1", "停车位划线" * 12), ("2", "")], BUNDLED, shares=(0.2, 0.8)
    )

    assert [strip.keeps_next for strip in strips] == [True, False, False]
    assert strips[1].height > strips[2].height
    assert "停车位划线" * 12 in "".join(texts(strips))
    rules = [mark for mark in strips[1].marks if isinstance(mark, Rule)]
    assert max(rule.x2 for rule in rules) == pytest.approx(WIDTH)


def test_the_title_leaves_what_follows_on_the_line_grid():
    for words in ("通知", "崇安社区关于召开阳光家园停车协商会议的通知", "社" * 55):
        rows = sum(strip.height for strip in blocks.title(words, BUNDLED)) / LEADING
        assert rows == pytest.approx(round(rows))
