"""The quality panel: each check finds what it says, and only that."""

import dataclasses
import datetime as dt

import pytest
import sqlalchemy as sa

from sqzl_desktop.base.clock import FixedClock
from sqzl_desktop.base.errors import NotFound, Refused
from sqzl_desktop.domain.access import BUILDING_LEAD, Actor
from sqzl_desktop.domain.kinds.aged_care import AgedCare
from sqzl_desktop.domain.kinds.building import Building
from sqzl_desktop.domain.kinds.dwelling import Dwelling
from sqzl_desktop.domain.kinds.facility import Facility
from sqzl_desktop.domain.kinds.household import Household
from sqzl_desktop.domain.kinds.migrant import Migrant
from sqzl_desktop.domain.kinds.organisation import Organisation
from sqzl_desktop.domain.kinds.petition import Petition
from sqzl_desktop.domain.kinds.residence import Residence
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.domain.kinds.visit import Visit
from sqzl_desktop.domain.quality import checks
from sqzl_desktop.schema.codec import to_fields
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.services import elements, quality
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import changes
from sqzl_desktop.store.quality import SIEVES
from tests.places import COMMUNITY, GRID, NOW, OTHER_GRID

TODAY = dt.date(2026, 6, 30)
DAY = dt.timedelta(days=1)


def put(ws: Workspace, record_id: str, record: Element) -> str:
    """A record as others' programs may have sent it: nothing is checked or filled in."""
    kind = elements.kind_of(record)
    placed = dataclasses.replace(
        record, id=record_id, community_id=COMMUNITY, grid_id=record.grid_id or GRID
    )
    with ws.store.write() as tx:
        action = changes.Action(tx, ws.clock.now())
        action.put(kind.name, record_id, COMMUNITY, to_fields(kind, placed))
    return record_id


def found(ws: Workspace, check: str) -> list[str]:
    return sorted(quality.record_ids(ws, check))


def person(**fields: object) -> Resident:
    plain = {"name": "马小明", "phone": "13909510001", "born_on": dt.date(1980, 1, 1)}
    return Resident(**plain | fields)  # type: ignore[arg-type]


def visit(days_ago: int, **fields: object) -> Visit:
    plain = {"visited_at": NOW - days_ago * DAY, "category": "01", "content": "在家"}
    return Visit(**plain | fields)  # type: ignore[arg-type]


GOOD = "64010419800101003X"


def test_id_number_is_held_against_itself_and_the_record(ws: Workspace) -> None:
    put(ws, "right", person(id_number=GOOD, sex="1"))
    put(ws, "unknown", person(id_number=GOOD, sex="0", born_on=None))
    put(ws, "digit", person(id_number="640104198001010031", sex="1"))
    put(ws, "month", person(id_number="640104198013010038", sex="1"))
    put(ws, "birth", person(id_number=GOOD, sex="1", born_on=dt.date(1981, 1, 1)))
    put(ws, "sex", person(id_number=GOOD, sex="2"))
    put(ws, "passport", person(id_number="E12345678", id_type="414"))
    put(ws, "gone", person(id_number="1", state="02"))

    assert found(ws, "id_wrong") == ["digit", "month"]
    assert found(ws, "id_birth") == ["birth"]
    assert found(ws, "id_sex") == ["sex"]
    assert found(ws, "id_twice") == ["birth", "right", "sex", "unknown"]


def test_people_without_home_or_phone(ws: Workspace) -> None:
    put(ws, "housed", Household(dwelling_id="d1"))
    put(ws, "none", person())
    put(ws, "by_house", person(household_id="housed"))
    put(ws, "by_stay", person())
    put(ws, "stay", Residence(resident_id="by_stay", dwelling_id="d1"))
    put(ws, "left", person())
    put(ws, "past", Residence(resident_id="left", dwelling_id="d1", until_on=TODAY - DAY))
    put(ws, "away", person(presence="03"))
    put(ws, "dead", person(died_on=TODAY - DAY, phone=""))
    put(ws, "child", person(phone="", household_id="housed", born_on=TODAY.replace(year=2010)))
    put(ws, "mute", person(phone="", household_id="housed"))

    assert found(ws, "no_home") == ["left", "none"]
    assert found(ws, "no_phone") == ["mute"]


def test_birthdays_of_next_month_are_known_beforehand(ws: Workspace) -> None:
    put(ws, "first", person(born_on=dt.date(1946, 7, 1)))
    put(ws, "last", person(born_on=dt.date(1946, 7, 31)))
    put(ws, "now", person(born_on=dt.date(1946, 6, 30)))
    put(ws, "later", person(born_on=dt.date(1946, 8, 1)))
    put(ws, "sixty", person(born_on=dt.date(1966, 7, 5)))

    assert found(ws, "turns_80") == ["first", "last"]
    assert found(ws, "turns_60") == ["sixty"]


def test_permits_end_within_thirty_days_or_have_ended(ws: Workspace) -> None:
    put(ws, "p", person())
    put(ws, "q", person(state="02"))
    for days in (-1, 0, 30, 31):
        until = TODAY + days * DAY
        put(ws, f"m{days}", Migrant(resident_id="p", permit_until=until))
    put(ws, "gone", Migrant(resident_id="q", permit_until=TODAY - DAY))

    assert found(ws, "permit_ended") == ["m-1"]
    assert found(ws, "permit_ending") == ["m0", "m30"]


def test_households_need_a_head_who_is_there(ws: Workspace) -> None:
    put(ws, "head", person())
    put(ws, "dead", person(state="04"))
    put(ws, "good", Household(head_id="head"))
    put(ws, "none", Household())
    put(ws, "late", Household(head_id="dead"))
    put(ws, "lost", Household(head_id="nobody"))

    assert found(ws, "no_head") == ["late", "lost", "none"]


def dwelling(**fields: object) -> Dwelling:
    plain = {"room": "101", "address": "某处", "building_id": "b1", "floor": 1, "use": "01"}
    return Dwelling(**plain | fields)  # type: ignore[arg-type]


def test_rooms_and_the_people_in_them_agree(ws: Workspace) -> None:
    put(ws, "lived", dwelling())
    put(ws, "empty", dwelling())
    put(ws, "vacant", dwelling(use="03"))
    put(ws, "hidden", dwelling(use="03"))
    put(ws, "shop", dwelling(purpose="02"))
    put(ws, "loose", dwelling(use="03", building_id=""))
    put(ws, "p", person(household_id="h"))
    put(ws, "h", Household(dwelling_id="lived"))
    put(ws, "stay", Residence(resident_id="p", dwelling_id="hidden"))

    assert found(ws, "empty_unmarked") == ["d1", "empty"]
    assert found(ws, "vacant_lived") == ["hidden"]
    assert found(ws, "no_floor") == ["d1", "loose"]


def test_only_a_met_visit_of_this_quarter_counts(ws: Workspace) -> None:
    for name in ("door", "person", "house", "missed", "old"):
        put(ws, name, dwelling())
    put(ws, "p", person())
    put(ws, "stay", Residence(resident_id="p", dwelling_id="person"))
    put(ws, "h", Household(dwelling_id="house"))
    put(ws, "v1", visit(1, dwelling_id="door"))
    put(ws, "v2", visit(1, resident_id="p"))
    put(ws, "v3", visit(1, household_id="h"))
    put(ws, "v4", visit(1, dwelling_id="missed", outcome="03"))
    put(ws, "v5", visit(91, dwelling_id="old"))

    assert found(ws, "unvisited") == ["d1", "missed", "old"]


def test_places_and_things_that_need_somebody(ws: Workspace) -> None:
    put(ws, "led", Building(estate="阳光家园", name="4号楼", lead_name="张三"))
    put(ws, "broken", Facility(name="路灯", state="02"))
    put(ws, "late", Facility(name="电梯", check_days=30, checked_on=TODAY - 31 * DAY))
    put(ws, "never", Facility(name="电梯", check_days=30))
    put(ws, "fine", Facility(name="电梯", check_days=30, checked_on=TODAY - 30 * DAY))
    put(ws, "hazard", Organisation(name="饭店", hazard="02", rectify_until=TODAY - DAY))
    put(ws, "solved", Organisation(name="饭店", hazard="00", rectify_until=TODAY - DAY))

    assert found(ws, "no_lead") == ["b1"]
    assert found(ws, "facility_broken") == ["broken"]
    assert found(ws, "facility_late") == ["late", "never"]
    assert found(ws, "hazard_late") == ["hazard"]
    assert found(ws, "grid_size") == [GRID, OTHER_GRID]


def test_visits_are_late_by_the_interval_of_group_or_person(ws: Workspace) -> None:
    for name, ago, own in (("in_time", 30, None), ("late", 31, None), ("often", 8, 7)):
        put(ws, name, person())
        put(ws, f"v{name}", visit(ago, resident_id=name))
        put(ws, f"a{name}", AgedCare(resident_id=name, interval_days=own))
    put(ws, "anew", AgedCare(resident_id="new", since_on=TODAY))
    put(ws, "anever", AgedCare(resident_id="never"))
    put(ws, "aover", AgedCare(resident_id="late", until_on=TODAY - DAY))

    assert found(ws, "late_aged_care") == ["alate", "anever", "aoften"]


def test_counts_by_grid_are_the_lists(ws: Workspace) -> None:
    put(ws, "a", person())
    put(ws, "b", person(grid_id=OTHER_GRID))
    put(ws, "c", person(grid_id=OTHER_GRID, id_number="1"))

    lines = {line.check.name: line for line in quality.panel(ws)}

    assert lines["no_home"].by_grid == {GRID: 1, OTHER_GRID: 2}
    assert lines["id_wrong"].by_grid == {OTHER_GRID: 1}
    for name, line in lines.items():
        assert line.total == len(found(ws, name)), name
    assert list(lines) == [check.name for check in checks()]


def test_trend_is_against_what_was_counted_last_month(ws: Workspace, clock: FixedClock) -> None:
    put(ws, "a", person())
    assert quality.count_part(ws, ["no_lead"])[0].before is None

    quality.keep(ws, quality.panel(ws))
    clock.advance(days=31)
    put(ws, "b", person())

    line = next(each for each in quality.panel(ws) if each.check.name == "no_home")
    assert (line.total, line.before) == (2, 1)


def test_summary_is_counted_once_an_hour(ws: Workspace, clock: FixedClock) -> None:
    put(ws, "p", person())
    put(ws, "m", Migrant(resident_id="p", permit_until=TODAY - DAY))
    first = quality.summary(ws)
    put(ws, "q", person(phone=""))

    assert first.pressing[0][0].name == "permit_ended"
    assert first.pressing[0][1] == 1
    assert quality.summary(ws) == first

    clock.advance(hours=2)
    assert "no_phone" in [check.name for check, _ in quality.summary(ws).pressing]


def test_sensitive_groups_are_for_those_whose_duty_it_is(ws: Workspace) -> None:
    put(ws, "x", Petition(resident_id="p"))
    lead = Actor("zhao", "赵楼长", BUILDING_LEAD, (GRID,))
    neighbour = dataclasses.replace(ws, actor=lead)

    assert quality.open_list(ws, "late_petition") == ["x"]
    with ws.store.read() as tx:
        assert tx.exec_driver_sql("SELECT action, kind FROM audit").all() == [
            ("register", "petition")
        ]
    assert "late_petition" not in [line.check.name for line in quality.panel(neighbour)]
    with pytest.raises(Refused):
        quality.record_ids(neighbour, "late_petition")


def test_unknown_check_is_told_with_those_there_are(ws: Workspace) -> None:
    with pytest.raises(NotFound, match="no_home"):
        quality.record_ids(ws, "nothing")


def test_no_question_goes_through_everybody_who_is_not_merged(ws: Workspace) -> None:
    with ws.store.read() as tx:
        for sieve in SIEVES:
            for name, question in sieve.questions.items():
                plan = tx.execute(
                    sa.text(f"EXPLAIN QUERY PLAN SELECT id FROM {sieve.kind} WHERE {sieve.base}"
                            f" AND ({question})"),
                    dict.fromkeys(("today", "permit", "adult", "quarter"), "2026-06-30")
                    | {f"born_{age}": "1946-07" for age in (60, 65, 80, 90, 100)},
                )  # fmt: skip
                assert "resident_merged_into" not in str(plan.all()), name
