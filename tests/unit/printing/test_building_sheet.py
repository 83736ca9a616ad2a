"""The building on paper: every room once, names masked, across, on as many sheets as needed."""

import io
import re

import pypdf
import pypdfium2
import pytest

from sqzl_desktop.base.errors import Invalid, Refused
from sqzl_desktop.domain.access import BUILDING_LEAD, Actor
from sqzl_desktop.printing.form import Form
from sqzl_desktop.printing.forms.building_sheet import FORM, FORM_A3
from sqzl_desktop.services import elements, papers, people
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import confirmed
from tests import towers
from tests.places import COMMUNITY, GRID
from tests.towers import HIGH, ODD


@pytest.fixture
def built(ws: Workspace) -> Workspace:
    with ws.store.write() as tx:
        confirmed.load(tx, COMMUNITY, [*towers.high(3, 14, 6), *towers.odd()])
    return ws


def sheets(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [re.sub(r"\s", "", page.get_textpage().get_text_range()) for page in document]


@pytest.mark.parametrize(("form", "width"), [(FORM, 842), (FORM_A3, 1191)])
def test_every_room_is_printed_once_across(
    built: Workspace, form: Form[object], width: int
) -> None:
    paper = papers.preview(built, form.name, HIGH)

    pages = sheets(paper.pdf)
    for floor in (1, 9, 14):
        assert sum(len(re.findall(rf"(?<!\d){floor}06(?!\d)", page)) for page in pages) == 3
    assert f"第1页，共{len(pages)}页" in pages[0]
    box = pypdf.PdfReader(io.BytesIO(paper.pdf)).pages[0].mediabox
    assert round(float(box.width)) == width
    assert box.width > box.height


def test_names_are_masked_and_no_phone_is_printed(built: Workspace) -> None:
    words = "".join(sheets(papers.preview(built, "building_sheet", HIGH).pdf))

    for each in people.living_in(built, "1-101"):
        assert each.name not in words
    assert "**" in words
    assert "13995130012" not in words
    assert "姓名已遮盖" in words


def test_odd_building_names_its_rows(built: Workspace) -> None:
    (words,) = sheets(papers.preview(built, "building_sheet", ODD).pdf)

    for row in ("5层", "B1层", "底商", "未定位", "利民超市", "门房"):
        assert row in words


def test_printing_is_kept_without_a_consultation(built: Workspace) -> None:
    paper = papers.print_form(built, "building_sheet", HIGH)

    (line,) = elements.find(built, "notice")
    assert getattr(line, "check_code", "") == paper.check_code
    assert getattr(line, "consultation_id", "?") == ""


def test_building_without_rooms_says_what_to_do(ws: Workspace) -> None:
    elements.delete(ws, "dwelling", "d1")

    with pytest.raises(Invalid, match="还没有登记房屋"):
        papers.preview(ws, "building_sheet", "b1")


def test_who_may_not_print_is_refused(built: Workspace) -> None:
    actor = Actor("zhao", "赵楼长", BUILDING_LEAD, (GRID,))
    lead = Workspace(actor, built.store, built.clock, built.communities, built.device)

    with pytest.raises(Refused, match="不能打印"):
        papers.print_form(lead, "building_sheet", HIGH)
