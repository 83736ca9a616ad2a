"""The registers of the groups: who is in, who is due, listing and leaving, and who may know."""

import dataclasses
import datetime as dt
from typing import Any

import pytest

from sqzl_desktop.base.clock import FixedClock
from sqzl_desktop.base.errors import Invalid, Refused
from sqzl_desktop.domain.access import BUILDING_LEAD, CLERK, Actor
from sqzl_desktop.domain.kinds.aged_care import AgedCare
from sqzl_desktop.domain.kinds.mental_illness import MentalIllness
from sqzl_desktop.domain.kinds.migrant import Migrant
from sqzl_desktop.domain.kinds.petition import Petition
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.domain.kinds.visit import Visit
from sqzl_desktop.domain.living import ELSEWHERE_REGISTERED
from sqzl_desktop.services import care, elements, people, situation
from sqzl_desktop.services.newest import save_over
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import changes
from tests.places import COMMUNITY, GRID

TODAY = dt.date(2026, 6, 30)


@pytest.fixture
def person(ws: Workspace) -> Resident:
    saved = elements.save(ws, Resident(name="马奶奶", tags=("K16",), grid_id=GRID))
    assert isinstance(saved, Resident)
    return saved


def listed(ws: Workspace, person: Resident, **fields: Any) -> AgedCare:
    record = AgedCare(**{"resident_id": person.id, "reasons": ("01", "03"), **fields})
    saved = save_over(ws, AgedCare(), record)
    assert isinstance(saved, AgedCare)
    return saved


def visited(ws: Workspace, person: Resident, on: dt.date, **fields: Any) -> None:
    at = dt.datetime(on.year, on.month, on.day, 9, tzinfo=dt.UTC)
    plain = {"category": "02", "way": "01", "outcome": "01", "content": "正常"}
    elements.save(ws, Visit(resident_id=person.id, visited_at=at, **plain | fields))


def tags(ws: Workspace, person: Resident) -> tuple[str, ...]:
    found = elements.get(ws, "resident", person.id)
    assert isinstance(found, Resident)
    return found.tags


def test_listing_puts_the_tags_in_the_same_group_of_operations(
    ws: Workspace, person: Resident
) -> None:
    with ws.store.read() as tx:
        before = len(changes.unsent(tx, COMMUNITY, 99))

    saved = listed(ws, person)

    assert tags(ws, person) == ("K04", "K05", "K16")
    assert saved.grid_id == GRID, "it lies where the resident lies"
    with ws.store.read() as tx:
        record, tagged = changes.unsent(tx, COMMUNITY, 99)[before:]
    assert (record.kind, tagged.kind) == ("aged_care", "resident")
    assert record.group == tagged.group != ""


def test_changed_reason_changes_the_tags_and_keeps_the_others(
    ws: Workspace, person: Resident
) -> None:
    saved = listed(ws, person)

    save_over(ws, saved, dataclasses.replace(saved, reasons=("02",)))

    assert tags(ws, person) == ("K06", "K16")


def test_leaving_takes_the_tags_away_and_keeps_the_record(ws: Workspace, person: Resident) -> None:
    saved = listed(ws, person, since_on=dt.date(2026, 1, 1))

    care.end(ws, "aged_care", saved.id, on=TODAY)

    assert tags(ws, person) == ("K16",)
    assert care.people_of(ws, "aged_care") == []
    (ended,) = care.people_of(ws, "aged_care", "ended")
    assert (ended.name, ended.until_on) == ("马奶奶", TODAY)


def test_day_of_leaving_cannot_lie_before_the_listing(ws: Workspace, person: Resident) -> None:
    saved = listed(ws, person, since_on=TODAY)

    with pytest.raises(Invalid, match="早于列入日期"):
        care.end(ws, "aged_care", saved.id, on=dt.date(2026, 6, 1))
    assert len(care.people_of(ws, "aged_care")) == 1


def test_nobody_is_listed_twice_in_a_group_while_it_runs(ws: Workspace, person: Resident) -> None:
    saved = listed(ws, person)

    with pytest.raises(Refused, match="已经列入关爱老人"):
        listed(ws, person)

    care.end(ws, "aged_care", saved.id, on=TODAY)
    assert listed(ws, person).id != saved.id


@pytest.mark.parametrize(
    ("visits", "own", "late", "which"),
    [
        ([], None, 150, {"running", "overdue", "never"}),
        ([dt.date(2026, 6, 10)], None, 0, {"running"}),
        ([dt.date(2026, 6, 1)], None, 0, {"running", "soon"}),
        ([dt.date(2026, 5, 30)], None, 1, {"running", "overdue"}),
        ([dt.date(2026, 1, 1), dt.date(2026, 6, 10)], None, 0, {"running"}),
        ([dt.date(2026, 6, 20)], 7, 3, {"running", "overdue"}),
    ],
)
def test_due_day_follows_from_the_last_visit(
    ws: Workspace, person: Resident, visits: list[dt.date], own: int | None, late: int,
    which: set[str],
) -> None:  # fmt: skip
    listed(ws, person, since_on=dt.date(2026, 1, 1), interval_days=own)
    for on in visits:
        visited(ws, person, on)

    (looked,) = care.people_of(ws, "aged_care")

    assert looked.overdue_days == late
    every: tuple[care.Which, ...] = ("running", "overdue", "soon", "never", "ended")
    assert {each for each in every if looked.belongs(each)} == which


@pytest.mark.parametrize("missed", [{"outcome": "03"}, {"way": "04"}])
def test_visit_that_met_nobody_does_not_count(
    ws: Workspace, person: Resident, missed: dict[str, str]
) -> None:
    listed(ws, person, since_on=dt.date(2026, 1, 1))
    visited(ws, person, dt.date(2026, 6, 29), **missed)

    (looked,) = care.people_of(ws, "aged_care")
    assert looked.last_visit_on is None


def test_longest_overdue_comes_first(ws: Workspace) -> None:
    for name, since in (("甲", "2026-05-01"), ("乙", "2026-02-01"), ("丙", None)):
        someone = elements.save(ws, Resident(name=name, grid_id=GRID))
        assert isinstance(someone, Resident)
        listed(ws, someone, since_on=dt.date.fromisoformat(since) if since else None)

    assert [each.name for each in care.people_of(ws, "aged_care")] == ["乙", "甲", "丙"]


def test_counts_of_the_registers_are_those_of_the_lists(ws: Workspace, person: Resident) -> None:
    listed(ws, person, since_on=dt.date(2026, 1, 1))

    counted = {each.kind: each for each in care.registers(ws)}

    aged = counted["aged_care"]
    assert (aged.running, aged.overdue, aged.soon) == (1, 1, 0)
    assert counted["hardship"].running == 0


@pytest.mark.parametrize("role", [CLERK, BUILDING_LEAD])
def test_sensitive_registers_are_for_a_few(ws: Workspace, person: Resident, role: str) -> None:
    save_over(ws, MentalIllness(), MentalIllness(resident_id=person.id, risk="01"))
    other = dataclasses.replace(ws, actor=Actor("zhao", "赵", role, (GRID,)))
    card = people.resident_card(other, person.id)

    assert "mental_illness" not in {each.kind for each in care.registers(other)}
    assert [each.kind for each in situation.of(other, card).sections] == []
    for ask in (care.people_of, care.open_register):
        with pytest.raises(Refused, match="岗位"):
            ask(other, "mental_illness")


def test_opening_a_sensitive_register_is_audited_once(ws: Workspace, person: Resident) -> None:
    save_over(ws, MentalIllness(), MentalIllness(resident_id=person.id, risk="01"))

    care.open_register(ws, "mental_illness")
    care.people_of(ws, "mental_illness")
    care.open_register(ws, "aged_care")

    with ws.store.read() as tx:
        lines = tx.exec_driver_sql("SELECT account, action, kind FROM audit").all()
    assert lines == [("wang", "open", "mental_illness")]


def test_sensitive_record_says_nothing_until_it_is_opened(ws: Workspace, person: Resident) -> None:
    saved = save_over(ws, MentalIllness(), MentalIllness(resident_id=person.id, risk="01"))
    (section,) = situation.of(ws, people.resident_card(ws, person.id)).sections
    assert section.facts == ()

    record = care.open_record(ws, "mental_illness", saved.id)

    assert dict(situation.facts_of(record))["危险性评估等级"]
    with ws.store.read() as tx:
        lines = tx.exec_driver_sql("SELECT action, kind, record FROM audit").all()
    assert lines == [("open", "mental_illness", saved.id)]


def test_sensitive_group_leaves_no_mark_on_the_resident(ws: Workspace, person: Resident) -> None:
    save_over(ws, Petition(), Petition(resident_id=person.id, subject="供暖"))

    assert tags(ws, person) == ("K16",)


def test_situation_offers_the_block_that_the_population_asks_for(ws: Workspace) -> None:
    saved = elements.save(ws, Resident(name="马小明", population_type="20", grid_id=GRID))
    assert isinstance(saved, Resident)
    found = situation.of(ws, people.resident_card(ws, saved.id))
    assert (found.wanted, found.apartness) == ("migrant", "")
    assert "foreigner" in found.offered

    elements.save(ws, Migrant(resident_id=saved.id, from_region="甘肃省兰州市"))
    found = situation.of(ws, people.resident_card(ws, saved.id))

    assert found.wanted == ""
    assert "migrant" not in found.offered
    assert [each.facts for each in found.sections] == [(("流出地", "甘肃省兰州市"),)]


def test_situation_says_whether_one_lives_where_one_is_registered(ws: Workspace) -> None:
    saved, _ = people.move_in(
        ws, Resident(name="马小明", population_type="20"), dwelling_id="d1", kind_of_stay="02",
        from_on=TODAY,
    )  # fmt: skip

    found = situation.of(ws, people.resident_card(ws, saved.id))

    assert found.apartness == ELSEWHERE_REGISTERED


def test_who_lived_here_on_a_day(ws: Workspace, clock: FixedClock) -> None:
    assert clock
    for name, begins, ends in (("甲", "2020-01-01", "2023-05-31"), ("乙", "2023-06-01", None)):
        _, stay = people.move_in(ws, Resident(name=name), dwelling_id="d1", kind_of_stay="01",
                                 from_on=dt.date.fromisoformat(begins))  # fmt: skip
        if ends:
            elements.save(ws, dataclasses.replace(stay, until_on=dt.date.fromisoformat(ends)))

    def there(day: str) -> list[str]:
        on = dt.date.fromisoformat(day)
        return [each.name for each in people.residents_of(ws, "d1", on=on)]

    assert there("2019-12-31") == []
    assert there("2020-01-01") == ["甲"]
    assert there("2023-05-31") == ["甲"]
    assert there("2023-06-01") == ["乙"]
    assert [each.name for each in people.living_in(ws, "d1")] == ["乙"]
