"""Moving in, reporting, consulting, printing: the day's work on one laptop."""

import datetime as dt

import pypdfium2
import pytest

from sqzl_desktop.base.errors import Invalid, Refused
from sqzl_desktop.domain.kinds.consultation import Consultation
from sqzl_desktop.domain.kinds.event import Event
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.domain.kinds.topic import Topic
from sqzl_desktop.services import (
    cases,
    consultations,
    elements,
    flow_steps,
    health,
    overview,
    papers,
    people,
)
from sqzl_desktop.services.workspace import Workspace
from tests.places import GRID, MEETING, NOW


def test_moving_in_makes_person_and_residence_in_one_action(ws: Workspace) -> None:
    person, stay = people.move_in(
        ws, Resident(name="马小明"), dwelling_id="d1", kind_of_stay="02", from_on=None
    )

    assert person.grid_id == stay.grid_id == GRID
    assert stay.from_on == dt.date(2026, 6, 30)
    assert people.living_in(ws, "d1") == [person]
    with ws.store.read() as tx:
        groups = tx.exec_driver_sql("SELECT DISTINCT body ->> 'group' FROM outbox").scalars().all()
    assert len(groups) == 1
    assert groups[0]


def test_card_gathers_household_and_dwelling(ws: Workspace) -> None:
    head, _ = people.move_in(
        ws, Resident(name="马小明", relation="02"), dwelling_id="d1", kind_of_stay="01",
        from_on=dt.date(2020, 1, 1),
    )  # fmt: skip

    card = people.resident_card(ws, head.id)

    assert card.resident == head
    assert [home.address for _, home in card.residences if home] == [
        "北京路12号阳光家园3号楼2单元501室"
    ]
    assert card.standing.state == "pending"


def test_event_is_reported_with_the_time_of_now(ws: Workspace) -> None:
    event = cases.report_event(
        ws, Event(title="路灯不亮", category="02", description="连续三盏", grid_id=GRID)
    )

    assert event.discovered_at == NOW
    assert event.state == "discovered"
    assert [due.title for due in overview.overview(ws).new_events] == ["路灯不亮"]


@pytest.fixture
def consultation(ws: Workspace) -> Consultation:
    topic = elements.save(ws, Topic(title="阳光家园停车", background="夜间车位不够。"))
    return consultations.from_topic(ws, topic.id)


def test_topic_becomes_a_numbered_consultation(ws: Workspace, consultation: Consultation) -> None:
    topic = elements.get(ws, "topic", consultation.topic_id)
    assert isinstance(topic, Topic)

    assert topic.state == "adopted"
    assert consultation.state == "planned"
    assert consultation.number == "协2026-001002-22-001"


def test_two_devices_never_give_the_same_number(ws: Workspace, lead: Workspace) -> None:
    topic = elements.save(ws, Topic(title="停车"))
    again = elements.save(lead, Topic(title="电梯"))

    numbers = {
        consultations.from_topic(ws, topic.id).number,
        consultations.from_topic(lead, again.id).number,
    }

    assert len(numbers) == 2


def test_step_is_refused_while_something_is_missing(
    ws: Workspace, consultation: Consultation
) -> None:
    (announce, *_) = flow_steps.open_steps(ws, consultation)
    assert "主持人" in flow_steps.missing(ws, consultation, announce)

    with pytest.raises(Refused, match="主持人"):
        flow_steps.take_step(ws, "consultation", consultation.id, "announce")

    assert elements.get(ws, "consultation", consultation.id) == consultation


def test_steps_follow_their_order(ws: Workspace, consultation: Consultation) -> None:
    with pytest.raises(Refused, match="公示告知"):
        flow_steps.take_step(ws, "consultation", consultation.id, "hold")

    announced = flow_steps.take_step(ws, "consultation", consultation.id, "announce", MEETING)

    assert isinstance(announced, Consultation)
    assert announced.state == "announced"


def test_refused_topic_is_not_consulted(ws: Workspace) -> None:
    topic = elements.save(ws, Topic(title="外墙广告"))
    flow_steps.take_step(ws, "topic", topic.id, "refuse", {"decision": "属综合执法部门职责"})

    with pytest.raises(Refused, match="没有被列入"):
        consultations.from_topic(ws, topic.id)


def test_notice_is_printed_and_kept(ws: Workspace, consultation: Consultation) -> None:
    flow_steps.take_step(ws, "consultation", consultation.id, "announce", MEETING)

    paper = papers.print_form(ws, "consultation_notice", consultation.id)

    text = pdf_text(paper.pdf)
    assert "崇安社区" in text
    assert "2026年7月23日" in text
    assert "19时" in text
    assert "议事厅" in text
    assert consultation.number in text
    (line,) = elements.find(ws, "notice")
    assert (line.number, line.check_code) == (consultation.number, paper.check_code)  # type: ignore


def pdf_text(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return "".join(text.split())


def test_notice_names_what_is_still_missing(ws: Workspace, consultation: Consultation) -> None:
    with pytest.raises(Invalid) as raised:
        papers.preview(ws, "consultation_notice", consultation.id)

    assert {"held_at", "host", "place", "participants"} <= set(raised.value.problems)


def test_participants_without_numbers_are_said(ws: Workspace, consultation: Consultation) -> None:
    meeting = {**MEETING, "participants": "居民代表若干"}
    flow_steps.take_step(ws, "consultation", consultation.id, "announce", meeting)

    with pytest.raises(Invalid, match="居民代表若干"):
        papers.preview(ws, "consultation_notice", consultation.id)


def test_unknown_form_is_refused_with_the_known_ones(ws: Workspace) -> None:
    with pytest.raises(Refused, match="consultation_notice"):
        papers.preview(ws, "nonsense", "1")


def test_every_check_of_a_store_at_work_is_well(ws: Workspace, consultation: Consultation) -> None:
    papers_first = elements.save(ws, Resident(name="马小明", grid_id=GRID))
    elements.reveal(ws, "resident", papers_first.id, "phone")

    assert [each.name for each in health.check_store(ws) if not each.is_well] == []
    assert consultation.id


def test_tampered_audit_is_found(ws: Workspace) -> None:
    person = elements.save(ws, Resident(name="马小明", grid_id=GRID))
    for _ in range(3):
        elements.reveal(ws, "resident", person.id, "phone")
    with ws.store.write() as tx:
        tx.exec_driver_sql("DELETE FROM audit WHERE no = 2")

    assert [each.name for each in health.check_store(ws) if not each.is_well] == ["审计记录"]


def test_flipped_value_in_a_confirmed_row_is_found(ws: Workspace) -> None:
    with ws.store.write() as tx:
        tx.exec_driver_sql("UPDATE dwelling SET room = '502'")

    assert [each.name for each in health.check_store(ws) if not each.is_well] == [
        "数据核对 640104001002"
    ]
