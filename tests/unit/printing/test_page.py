from dataclasses import replace

import pypdfium2
import pytest
from reportlab.lib.units import mm

from sqzl_desktop.printing import blocks
from sqzl_desktop.printing.fonts import BUNDLED
from sqzl_desktop.printing.ink import Rule, Span
from sqzl_desktop.printing.page import (
    LEADING,
    OFFICIAL,
    PITCH,
    ROWS,
    WORKING,
    Imprint,
    Strip,
    compose,
    keep_tail,
    paginate,
)

IMPRINT = Imprint("标题", "署名")


def boxes(pdf, page=0):
    """Characters of a page with the left and bottom of the place they are set at."""
    text = pypdfium2.PdfDocument(pdf)[page].get_textpage()
    found = []
    for index in range(text.count_chars()):
        char = text.get_text_range(index, 1)
        if char.strip():
            found.append((char, *text.get_charbox(index, loose=True)))
    return found


def strips(count):
    return [Strip((Rule(0, number, 1, 1),)) for number in range(count)]


def test_a_full_page_has_22_lines_of_28_characters_in_the_type_area():
    body = blocks.lines([Span("社" * (28 * 30))], BUNDLED, blocks.FLUSH)

    placed = [box for box in boxes(compose(body, IMPRINT, BUNDLED)) if box[0] == "社"]

    rows = sorted({round(box[2], 1) for box in placed}, reverse=True)
    columns = sorted({round(box[1], 1) for box in placed})
    assert (len(rows), len(columns), len(placed)) == (22, 28, 22 * 28)
    assert columns[0] == pytest.approx(28 * mm, abs=0.5)
    assert columns[-1] + PITCH == pytest.approx(28 * mm + 156 * mm, abs=0.5)
    assert (rows[0] - rows[-1]) / 21 == pytest.approx(225 * mm / 22, abs=0.05)


def test_characters_stand_within_the_type_area():
    body = blocks.lines([Span("社" * (28 * 22))], BUNDLED, blocks.FLUSH)

    placed = [box for box in boxes(compose(body, IMPRINT, BUNDLED)) if box[0] == "社"]

    assert max(box[4] for box in placed) <= (297 - 37) * mm
    assert min(box[2] for box in placed) >= 35 * mm
    assert max(box[3] for box in placed) <= (28 + 156) * mm + 0.5


@pytest.mark.parametrize(("page", "is_right"), [(0, True), (1, False), (2, True)])
def test_page_numbers_stand_outside_and_7_mm_below(page, is_right):
    body = blocks.lines([Span("社" * (28 * 60))], BUNDLED, blocks.FLUSH)

    folio = [box for box in boxes(compose(body, IMPRINT, BUNDLED), page) if box[0] != "社"]

    assert "".join(box[0] for box in folio) == f"—{page + 1}—"
    if is_right:
        assert folio[-1][3] == pytest.approx(184 * mm - 14, abs=1)
    else:
        assert folio[0][1] == pytest.approx(28 * mm + 14, abs=1)
    middle = (folio[1][2] + folio[1][4]) / 2
    assert middle == pytest.approx(35 * mm - 7 * mm, abs=2)


def test_pages_hold_22_strips():
    assert [len(page) for page in paginate(strips(50))] == [ROWS, ROWS, 6]


def test_tied_strips_move_together_and_blank_ones_do_not_open_a_page():
    body = keep_tail(strips(21), lines=2)
    closing = Strip((Rule(0, 0, 1, 1),), 5 * LEADING)

    pages = paginate([*body, closing])

    assert [len(page) for page in pages] == [19, 3]
    assert paginate([*strips(22), blocks.BLANK, closing])[1] == (closing,)


def test_a_tie_longer_than_a_page_is_cut_rather_than_lost():
    pages = paginate(keep_tail(strips(30), lines=30))

    assert [len(page) for page in pages] == [22, 8]


def test_equal_strips_give_equal_bytes_without_names_of_machine_or_folder():
    body = blocks.lines([Span("社区协商")], BUNDLED)

    once, twice = (compose(body, IMPRINT, BUNDLED) for _ in range(2))

    assert once == twice
    assert b"resources" not in once
    assert b"/work" not in once


def test_a_strip_that_starts_a_page_is_the_first_on_it():
    line = Strip((Rule(0, 0, 10, 0),))
    sealed = replace(line, starts_page=True, keeps_next=True)

    found = paginate([line, replace(line, keeps_next=True), sealed, line, sealed])

    assert [len(page) for page in found] == [2, 2, 1]
    assert paginate([sealed, line]) == ((sealed, line),)


def test_a_working_sheet_has_more_of_the_page_than_an_official_one():
    lines = [Strip((Rule(0, 0, 10, 0),), 20.0)] * 33

    assert len(paginate(lines, height=OFFICIAL.height)) == 2
    assert len(paginate(lines, height=WORKING.height)) == 1
