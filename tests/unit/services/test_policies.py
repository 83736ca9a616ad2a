"""政策宣传: whom a policy concerns, and who was told."""

import dataclasses
import datetime as dt

import pytest

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain.access import COMMUNITY_LEAD
from sqzl_desktop.domain.kinds.household import Household
from sqzl_desktop.domain.kinds.policy import Policy
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.services import elements, policies, visits
from sqzl_desktop.services.workspace import Workspace
from tests.places import COMMUNITY, GRID, OTHER_GRID

TELL = {"tell_from": dt.date(2026, 6, 1), "tell_until": dt.date(2026, 7, 31)}


@pytest.fixture(autouse=True)
def _people(ws: Workspace) -> None:
    """Three in one household in the dwelling d1, two of them with a mark."""
    household = elements.save(ws, Household(grid_id=GRID, dwelling_id="d1", head_name="马小明"))
    for name, tags in {"马小明": (), "马老太": ("K01",), "马老爷": ("K01",)}.items():
        elements.save(ws, Resident(name=name, grid_id=GRID, household_id=household.id, tags=tags))


def policy(ws: Workspace, **values: object) -> Policy:
    given = {"title": "高龄津贴", "content": "满80岁可领", **TELL, **values}
    made = elements.save(ws, Policy(community_id=COMMUNITY, **given))  # type: ignore[arg-type]
    assert isinstance(made, Policy)
    return made


def names(ws: Workspace, made: Policy, *, is_told: bool = False) -> list[str]:
    return [each.name for each in policies.targets(ws, made.id, is_told=is_told)]


@pytest.fixture
def lead(ws: Workspace) -> Workspace:
    actor = dataclasses.replace(ws.actor, role=COMMUNITY_LEAD, scope=(COMMUNITY,))
    return dataclasses.replace(ws, actor=actor)


def test_policy_concerns_those_with_its_marks(lead: Workspace) -> None:
    made = policy(lead, tags=("K01",))

    assert sorted(names(lead, made)) == ["马老太", "马老爷"]


def test_who_was_told_is_no_longer_to_be_told(lead: Workspace) -> None:
    made = policy(lead, tags=("K01",))
    first, *_ = policies.targets(lead, made.id)

    assert policies.tell(lead, made.id, [first], way="01") == 1

    assert first.name not in names(lead, made)
    assert names(lead, made, is_told=True) == [first.name]
    (told,) = policies.told_of(lead, first.resident_id)
    assert (told.way, told.told_by) == ("01", lead.actor.name)


def test_household_is_told_with_any_of_its_members(lead: Workspace) -> None:
    by_person, by_household = policy(lead), policy(lead, per_household=True)
    assert names(lead, by_household) == ["马小明"]
    policies.tell(lead, by_household.id, policies.targets(lead, by_household.id), way="02")

    assert names(lead, by_household) == []
    assert len(names(lead, by_person)) == 3


def test_notice_in_a_building_tells_all_who_live_there(lead: Workspace) -> None:
    made = policy(lead)

    policies.posted(lead, made.id, "b1")

    assert names(lead, made) == []
    (grid,) = policies.progress(lead, made.id)
    assert (grid.grid_id, grid.concerned, grid.told) == (GRID, 3, 3)


def test_policy_for_another_grid_concerns_nobody_here(lead: Workspace) -> None:
    assert names(lead, policy(lead, grids=OTHER_GRID)) == []


def test_policy_is_to_be_told_from_a_day_until_a_day(lead: Workspace) -> None:
    policy(lead, title="现在")
    policy(lead, title="以后", tell_from=dt.date(2026, 7, 1))
    policy(lead, title="停止", is_withdrawn=True)

    assert [each.title for each in policies.running(lead)] == ["现在"]
    assert policies.untold(lead) == 1


def test_withdrawn_policy_is_told_to_nobody(lead: Workspace) -> None:
    made = policy(lead, is_withdrawn=True)

    with pytest.raises(Refused, match="已停止"):
        policies.tell(lead, made.id, policies.targets(lead, made.id), way="01")


def resident_of(ws: Workspace, name: str) -> Resident:
    (found,) = (each for each in elements.find(ws, "resident") if getattr(each, "name", "") == name)
    assert isinstance(found, Resident)
    return found


def test_visit_tells_what_the_person_still_has_to_hear(lead: Workspace) -> None:
    aged, all_, home = (
        policy(lead, title="高龄津贴", tags=("K01",)), policy(lead, title="燃气安全"),
        policy(lead, title="养犬登记", per_household=True),
    )  # fmt: skip
    policy(lead, title="停了", is_withdrawn=True)
    old, young = resident_of(lead, "马老太"), resident_of(lead, "马小明")

    begun = visits.begin(lead, "resident", old.id)
    assert {each.policy_id for each in begun.to_hear} == {aged.id, all_.id, home.id}
    assert {each.policy_id for each in visits.begin(lead, "resident", young.id).to_hear} == {
        all_.id, home.id,
    }  # fmt: skip
    visits.record(
        lead, dataclasses.replace(begun.visit, way="02", content="已告知"), told=begun.to_hear
    )

    told = policies.told_of(lead, old.id)
    assert {(each.policy_id, each.way) for each in told} == {
        (aged.id, "02"), (all_.id, "02"), (home.id, "02"),
    }  # fmt: skip
    assert visits.begin(lead, "resident", old.id).to_hear == ()
    assert [each.policy_id for each in visits.begin(lead, "resident", young.id).to_hear] == [
        all_.id
    ]
    with lead.store.read() as tx:
        groups = tx.exec_driver_sql(
            "SELECT count(DISTINCT body ->> 'group') FROM outbox WHERE kind IN ('visit',"
            " 'policy_told')"
        ).scalar_one()
    assert groups == 1


def test_household_hears_what_concerns_any_of_it(lead: Workspace) -> None:
    made = policy(lead, tags=("K01",))
    home = resident_of(lead, "马小明").household_id

    begun = visits.begin(lead, "household", home)
    assert [each.policy_id for each in begun.to_hear] == [made.id]
    visits.record(lead, dataclasses.replace(begun.visit, content="已告知"), told=begun.to_hear)

    assert names(lead, made) == []


def test_card_tells_what_is_open_then_what_reached_the_person(lead: Workspace) -> None:
    own, home, board, open_ = (policy(lead, title=title) for title in ("一", "二", "三", "四"))
    old = resident_of(lead, "马老太")
    mine = [each for each in policies.targets(lead, own.id) if each.name == "马老太"]
    policies.tell(lead, own.id, mine, way="01")
    by_household = dataclasses.replace(mine[0], resident_id="", household_id=old.household_id)
    policies.tell(lead, home.id, [by_household], way="02")
    policies.posted(lead, board.id, "b1")

    found = policies.heard(lead, old.id)

    assert (found[0].policy_id, found[0].told) == (open_.id, None)
    assert {each.title for each in found[1:]} == {"一", "二", "三"}
    assert all(each.told for each in found[1:])
    assert policies.untold(lead) == 2  # the others of the household have not heard 一
