"""Records of any kind: checked, placed, guarded, masked, audited, remembered."""

import dataclasses
import datetime as dt

import pytest

from sqzl_desktop.base.errors import Invalid, NotFound, Refused, UserError
from sqzl_desktop.domain.access import BUILDING_LEAD, Actor
from sqzl_desktop.domain.filters import Filter, Order
from sqzl_desktop.domain.kinds.dwelling import Dwelling
from sqzl_desktop.domain.kinds.grid import Grid
from sqzl_desktop.domain.kinds.household import Household
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.domain.kinds.topic import Topic
from sqzl_desktop.domain.kinds.visit import Visit
from sqzl_desktop.services import elements, histories
from sqzl_desktop.services.workspace import Workspace
from tests.places import COMMUNITY, GRID, NOW, OTHER_GRID

ID_NUMBER = "640104198302112451"


def test_new_record_gets_id_community_and_the_only_grid(ws: Workspace) -> None:
    saved = elements.save(ws, elements.blank(ws, "resident", name="马小明"))

    assert saved.id
    assert (saved.community_id, saved.grid_id) == (COMMUNITY, GRID)
    assert elements.get(ws, "resident", saved.id) == saved


def test_record_takes_its_grid_from_what_it_refers_to(lead: Workspace) -> None:
    saved = elements.save(lead, Household(dwelling_id="d1", head_name="马小明"))

    assert saved.grid_id == GRID


def test_community_of_several_is_told_by_the_grid_or_asked_for(lead: Workspace) -> None:
    several = dataclasses.replace(lead, communities=(COMMUNITY, "640104001003"))

    saved = elements.save(several, Resident(name="马小明", grid_id=GRID))
    assert saved.community_id == COMMUNITY

    with pytest.raises(Invalid, match="请选择所属社区"):
        elements.save(several, Topic(title="停车"))


def test_texts_and_numbers_are_tidied(ws: Workspace) -> None:
    saved = elements.save(
        ws,
        Resident(name="　马小明 ", id_number="640104 19830211 2451", phone="154-1234-5678",
                 grid_id=GRID),
    )  # fmt: skip

    assert isinstance(saved, Resident)
    assert (saved.name, saved.id_number, saved.phone) == ("马小明", ID_NUMBER, "15412345678")


def test_problems_name_every_field_and_nothing_is_saved(lead: Workspace) -> None:
    wrong = Resident(id_number="640104198302112452", phone="1541234", sex="7")

    with pytest.raises(Invalid) as raised:
        elements.save(lead, wrong)

    assert set(raised.value.problems) == {"name", "id_number", "phone", "sex", "grid_id"}
    assert elements.count(lead, "resident") == 0


def test_sex_and_birth_against_the_id_number_are_doubts(ws: Workspace) -> None:
    report = elements.check(
        ws,
        Resident(name="马小明", id_number=ID_NUMBER, sex="2", born_on=dt.date(1984, 1, 1),
                 grid_id=GRID),
    )  # fmt: skip

    assert report.problems == {}
    assert set(report.doubts) == {"sex", "born_on"}


def test_reference_to_nothing_is_refused(ws: Workspace) -> None:
    with pytest.raises(Invalid, match="找不到所填的家庭户"):
        elements.save(ws, Resident(name="马小明", household_id="nowhere", grid_id=GRID))


def test_other_grid_is_refused(ws: Workspace) -> None:
    with pytest.raises(Refused, match="网格"):
        elements.save(ws, Resident(name="马小明", grid_id=OTHER_GRID))


def test_building_lead_does_not_change_residents(ws: Workspace) -> None:
    lead = dataclasses.replace(ws, actor=Actor("zhao", "赵楼长", BUILDING_LEAD, (GRID,)))

    with pytest.raises(Refused):
        elements.save(lead, Resident(name="马小明", grid_id=GRID))


def test_official_code_is_the_id(lead: Workspace) -> None:
    code = f"{COMMUNITY}003"

    saved = elements.save(lead, Grid(code=code, name="崇安第3网格"))

    assert saved.id == code


def test_grid_code_must_belong_to_the_community(lead: Workspace) -> None:
    with pytest.raises(Invalid, match="15位"):
        elements.save(lead, Grid(code="640105001001001", name="别处"))


def test_state_is_changed_by_steps_only(lead: Workspace) -> None:
    topic = elements.save(lead, Topic(title="公共车位划线"))
    assert isinstance(topic, Topic)
    assert topic.state == "collected"

    with pytest.raises(Refused, match="办理步骤"):
        elements.save(lead, dataclasses.replace(topic, state="adopted"))


def test_visit_is_never_edited_nor_deleted(ws: Workspace) -> None:
    visit = elements.save(
        ws, Visit(content="敲门无人", category="01", visited_at=NOW, grid_id=GRID)
    )
    assert isinstance(visit, Visit)

    with pytest.raises(Refused, match="不能修改"):
        elements.save(ws, dataclasses.replace(visit, content="改过"))
    with pytest.raises(Refused, match="不能删除"):
        elements.delete(ws, "visit", visit.id)


def test_several_records_are_saved_together_or_not_at_all(ws: Workspace) -> None:
    with pytest.raises(Invalid):
        elements.save_all(ws, [Resident(name="马小明", grid_id=GRID), Resident(grid_id=GRID)])

    assert elements.count(ws, "resident") == 0
    with ws.store.read() as tx:
        assert tx.exec_driver_sql("SELECT count(*) FROM outbox").scalar() == 0


def test_deleted_record_is_gone_from_lists(ws: Workspace) -> None:
    saved = elements.save(ws, Resident(name="马小明", grid_id=GRID))

    elements.delete(ws, "resident", saved.id)

    assert elements.find(ws, "resident") == []
    with pytest.raises(NotFound):
        elements.get(ws, "resident", saved.id)


def test_find_filters_sorts_and_pages(ws: Workspace) -> None:
    for name, tags in (("丙", ("K01",)), ("甲", ()), ("乙", ("K01", "K04"))):
        elements.save(ws, Resident(name=name, tags=tags, grid_id=GRID))

    def names(**how: object) -> list[str]:
        return [each.name for each in elements.find(ws, "resident", **how)]  # type: ignore

    assert names(order=[Order("name")]) == ["丙", "乙", "甲"]
    assert names(order=[Order("name", descending=True)], limit=1, offset=1) == ["乙"]
    assert names(filters=[Filter("tags", "has", "K01")], order=[Order("name")]) == ["丙", "乙"]
    assert names(filters=[Filter("tags", "=", "")]) == ["甲"]
    assert names(filters=[Filter("name", "contains", "%")]) == []
    assert names(filters=[Filter("name", "in", ("甲", "丙"))], order=[Order("name")]) == [
        "丙",
        "甲",
    ]
    assert elements.count(ws, "resident", filters=[Filter("name", "!=", "甲")]) == 2


@pytest.mark.parametrize("field", ["nonsense", "name; DROP TABLE resident", "extra", "*"])
def test_filter_on_an_unknown_field_is_refused(ws: Workspace, field: str) -> None:
    with pytest.raises(UserError, match="没有字段"):
        elements.find(ws, "resident", filters=[Filter(field, "=", "1")])


def test_title_made_of_references_shows_what_they_name(ws: Workspace) -> None:
    person = elements.save(ws, Resident(name="马小明", grid_id=GRID))
    visit = elements.save(
        ws,
        Visit(content="在家", category="01", visited_at=NOW, resident_id=person.id, grid_id=GRID),
    )

    assert elements.titles(ws, "visit", [visit.id, "unknown"]) == {
        visit.id: "马小明 2026-06-30 10:00"
    }


def test_sensitive_values_are_masked_until_revealed_and_the_reveal_is_audited(
    ws: Workspace,
) -> None:
    person = elements.save(ws, Resident(name="马小明", id_number=ID_NUMBER, grid_id=GRID))
    column = elements.kind_of(person).column("id_number")
    assert elements.shown(ws, person, column) == "640*************51"

    assert elements.reveal(ws, "resident", person.id, "id_number") == ID_NUMBER

    with ws.store.read() as tx:
        lines = tx.exec_driver_sql("SELECT account, action, kind, record, detail FROM audit").all()
    assert [tuple(line) for line in lines] == [
        ("wang", "reveal", "resident", person.id, "id_number")
    ]


def test_history_shows_each_change_masked(ws: Workspace) -> None:
    person = elements.save(ws, Resident(name="马小明", phone="15400000000", grid_id=GRID))
    elements.save(ws, dataclasses.replace(person, phone="15411111111"))  # type: ignore[call-arg]

    latest = histories.local(ws, "resident", person.id).changes[0]

    assert (latest.field, latest.before, latest.after) == ("phone", "154****0000", "154****1111")
    assert (latest.by, latest.device, latest.pending) == ("王网格", "本机", True)


def test_saving_without_a_change_writes_no_operation(ws: Workspace) -> None:
    dwelling = elements.get(ws, "dwelling", "d1")
    assert isinstance(dwelling, Dwelling)

    elements.save(ws, dwelling)

    with ws.store.read() as tx:
        assert tx.exec_driver_sql("SELECT count(*) FROM outbox").scalar() == 0
