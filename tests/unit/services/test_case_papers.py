"""Papers of a real case: gathered from the store, kept, audited, and without personal numbers."""

import dataclasses
import io
import re

import pypdfium2
import pytest
import sqlalchemy as sa
from PIL import Image

from sqzl_desktop.base.errors import Invalid, Refused
from sqzl_desktop.domain.access import BUILDING_LEAD, CLERK, Actor
from sqzl_desktop.domain.kinds.case import Case
from sqzl_desktop.domain.kinds.case_party import CaseParty
from sqzl_desktop.domain.kinds.notice import Notice
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.services import attachments, cases, elements, flow_steps, papers
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import tables
from tests.places import GRID
from tests.unit.services.test_cases import ROAD

PHONE, ID_NUMBER = "13812345678", "640104199001011234"


def words(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    found = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return re.sub(r"\s", "", found)


def picture(colour: str) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (400, 300), colour).save(content, "JPEG")
    return content.getvalue()


@pytest.fixture
def case(ws: Workspace) -> Case:
    made = cases.report(ws, Case(
        title="楼道堆物", grid_id=GRID, category="05", place="阳光家园3号楼2单元501室",
        description=f"李秀兰家门口堆物，电话{PHONE}", source="03", reporter_name="李秀兰",
        reporter_phone=PHONE,
    ))  # fmt: skip
    elements.save(ws, CaseParty(
        case_id=made.id, role="01", name="李秀兰", phone=PHONE, id_number=ID_NUMBER, grid_id=GRID
    ))  # fmt: skip
    return made


def go(ws: Workspace, case: Case, until: str) -> None:
    for step, values in (("confirm", {}), *ROAD):
        flow_steps.take_step(ws, "case", case.id, step, values)
        if step == until:
            return


def test_a_case_without_a_handler_cannot_be_ordered(ws: Workspace, case: Case) -> None:
    with pytest.raises(Invalid, match="还没有派遣"):
        papers.preview(ws, "dispatch_order", case.id)


def test_a_dispute_is_ordered_without_numbers_in_clear(ws: Workspace, case: Case) -> None:
    go(ws, case, "dispatch")

    paper = papers.preview(ws, "dispatch_order", case.id)

    said = words(paper.pdf)
    assert paper.title == "崇安社区矛盾纠纷交办单"
    assert paper.number == case.number
    assert "阳光物业（物业企业）" in said
    assert "暴露垃圾（06010）" in said
    assert "一般（4工作时）" in said
    assert "结案条件：" in said
    assert "李某某家门口堆物，电话138****5678" in said
    assert "反映人：李某某" in said
    assert "阳光家园3号楼" in said
    assert "501室" not in said
    assert PHONE not in said
    assert ID_NUMBER not in said
    assert said.count("李秀兰") == 1  # on the sealed page


def test_a_resident_named_as_party_is_hidden_in_the_texts_too(ws: Workspace, case: Case) -> None:
    resident = elements.save(ws, Resident(name="赵铁柱", sex="1", grid_id=GRID, phone=PHONE))
    elements.save(ws, CaseParty(case_id=case.id, role="02", resident_id=resident.id, grid_id=GRID))
    elements.save(ws, dataclasses.replace(case, description="赵铁柱说楼上漏水"))
    go(ws, case, "dispatch")

    said = words(papers.preview(ws, "dispatch_order", case.id).pdf)

    assert "赵某某说楼上漏水" in said
    assert said.count("赵铁柱") == 1  # on the sealed page
    assert PHONE not in said


def test_sheet_and_closing_record_of_a_closed_case(ws: Workspace, case: Case) -> None:
    attachments.add(ws, "case", case.id, picture("red"), caption="处置前")
    go(ws, case, "close")
    attachments.add(ws, "case", case.id, picture("green"), caption="处置后")

    sheet = words(papers.preview(ws, "case_sheet", case.id).pdf)
    record = words(papers.preview(ws, "closing_record", case.id).pdf)

    assert "接办处置（待服务器确认）" in sheet
    assert "处置前照片" in sheet
    assert "处置后照片" in sheet
    assert "已清运" in record
    assert "已清理" in record
    assert "处置前、处置后照片" in record
    assert PHONE not in sheet + record


def test_printing_is_kept_and_audited(ws: Workspace, case: Case) -> None:
    paper = papers.print_form(ws, "case_sheet", case.id)

    (line,) = elements.find(ws, "notice")
    assert isinstance(line, Notice)
    assert (line.number, line.form, line.check_code) == (
        case.number, "case_sheet", paper.check_code
    )  # fmt: skip
    with ws.store.read() as tx:
        lines = tx.execute(sa.select(tables.audit.c.action, tables.audit.c.record)).all()
    assert [tuple(each) for each in lines] == [("print", case.id)]


def test_a_building_lead_prints_no_cases(ws: Workspace, case: Case) -> None:
    neighbour = Workspace(
        Actor("zhao", "赵楼长", BUILDING_LEAD, (GRID,)), ws.store, ws.clock, ws.communities, "24"
    )

    with pytest.raises(Refused, match="不能打印"):
        papers.print_form(neighbour, "case_sheet", case.id)


def test_a_clerk_prints_at_the_desk(ws: Workspace, case: Case) -> None:
    actor = Actor("sun", "孙窗口", CLERK, (GRID[:12],))
    clerk = Workspace(actor, ws.store, ws.clock, ws.communities, "25")

    papers.print_form(clerk, "case_sheet", case.id)

    (line,) = elements.find(clerk, "notice")
    assert isinstance(line, Notice)
    assert line.printed_by == "孙窗口"
