"""Moves of life: whatever happens in whatever order, people, stays and households stay sound."""

import datetime as dt
import itertools
from collections.abc import Iterator

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain import households, moves
from sqzl_desktop.domain.kinds.aged_care import AgedCare
from sqzl_desktop.domain.kinds.household import Household
from sqzl_desktop.domain.kinds.migrant import Migrant
from sqzl_desktop.domain.kinds.residence import Residence
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.domain.living import lives_on
from sqzl_desktop.domain.moves import Arrival
from sqzl_desktop.domain.plan import Plan
from sqzl_desktop.schema.fields import Element
from tests.factories import GRID, make_dwelling, make_resident

TODAY = dt.date(2026, 6, 30)
LONG_AGO = dt.date(2015, 3, 1)
OTHER_GRID = GRID[:-1] + "2"


def plan(*known: Element) -> Plan:
    numbers = itertools.count()
    return Plan(known, today=TODAY, new_id=lambda: f"new{next(numbers)}")


def family() -> tuple[Household, list[Resident], list[Element]]:
    """A couple with a child and the husband's mother, in one dwelling."""
    home = make_dwelling(id="d1")
    household = Household(id="h", head_id="he", head_name="马建国", dwelling_id="d1",
                          community_id=home.community_id, grid_id=GRID)  # fmt: skip
    people = [
        make_resident(id=key, name=name, sex=sex, relation=relation, household_id="h",
                      born_on=dt.date(born, 1, 1), ethnic="03", registered_home="北京路12号")
        for key, name, sex, relation, born in (
            ("he", "马建国", "1", "02", 1980),
            ("she", "哈兰", "2", "12", 1982),
            ("son", "马小明", "1", "20", 2010),
            ("mother", "杨秀英", "2", "52", 1950),
        )
    ]  # fmt: skip
    stays = [
        Residence(id=f"s-{each.id}", resident_id=each.id, dwelling_id="d1", kind_of_stay="01",
                  from_on=LONG_AGO, community_id=home.community_id, grid_id=GRID)
        for each in people
    ]  # fmt: skip
    return household, people, [home, household, *people, *stays]


def person(known: Plan, key: str) -> Resident:
    return known.get(Resident, key)


def test_child_is_born_into_household_home_and_people_of_its_mother() -> None:
    known = plan(*family()[2])

    child = moves.born(
        known, Resident(sex="2", born_on=dt.date(2026, 6, 1)), parent_id="she", other_id="he"
    )

    assert child.name == "哈兰之女"
    assert (child.household_id, child.relation, child.ethnic) == ("h", "30", "03")
    (stay,) = moves.stays_of(known, child.id)
    assert (stay.dwelling_id, stay.from_on) == ("d1", dt.date(2026, 6, 1))


def test_child_of_the_heads_son_is_a_grandchild() -> None:
    known = plan(*family()[2])

    grandchild = moves.born(known, Resident(name="马小宝", sex="1"), parent_id="son")

    assert grandchild.relation == "41"


def test_death_of_the_head_asks_who_heads_the_household_next() -> None:
    known = plan(*family()[2], AgedCare(id="care", resident_id="he", grid_id=GRID))
    with pytest.raises(Refused, match="选择新的户主"):
        moves.died(known, "he", on=dt.date(2026, 6, 20))

    known = plan(*family()[2], AgedCare(id="care", resident_id="he", grid_id=GRID))
    moves.died(known, "he", on=dt.date(2026, 6, 20), next_head_id="she")

    dead = person(known, "he")
    assert (dead.state, dead.died_on, dead.household_id) == ("04", dt.date(2026, 6, 20), "")
    assert known.get(Household, "h").head_name == "哈兰"
    assert [person(known, key).relation for key in ("she", "son", "mother")] == ["02", "20", "54"]
    assert known.get(AgedCare, "care").until_on == dt.date(2026, 6, 20)
    (stay,) = moves.stays_of(known, "he")
    assert lives_on(stay, dt.date(2026, 6, 20))
    assert not lives_on(stay, dt.date(2026, 6, 21))


def test_son_who_becomes_head_has_a_mother_and_a_grandmother() -> None:
    known = plan(*family()[2])

    households.head_changed(known, "h", head_id="son")

    relations = [person(known, key).relation for key in ("he", "she", "son", "mother")]
    assert relations == ["51", "52", "02", "60"]


def test_household_of_one_ends_and_its_dwelling_is_vacant() -> None:
    known = plan(*family()[2])
    moves.moved_out(known, ["she", "son", "mother"], on=TODAY)
    assert moves.mark_vacant(known) == []

    moves.died(known, "he", on=TODAY)

    assert known.get(Household, "h").ended_on == TODAY
    assert person(known, "he").household_id == "h", "an ended household keeps its last members"
    assert [each.use for each in moves.mark_vacant(known)] == ["03"]


def test_day_to_come_is_refused_and_so_is_one_before_the_stay() -> None:
    with pytest.raises(Refused, match="晚于今天"):
        moves.died(plan(*family()[2]), "mother", on=TODAY + dt.timedelta(1))
    with pytest.raises(Refused, match="才入住"):
        moves.moved_out(plan(*family()[2]), ["son"], on=dt.date(2014, 1, 1))


def test_whole_household_moves_with_its_care_to_another_grid_last_month() -> None:
    care = AgedCare(id="care", resident_id="mother", grid_id=GRID)
    known = plan(*family()[2], make_dwelling(id="d2", grid_id=OTHER_GRID), care)
    people = [person(known, key) for key in ("he", "she", "son", "mother")]

    moves.moved_in(known, people, Arrival("d2", dt.date(2026, 5, 12), "01"))

    household = known.get(Household, "h")
    assert (household.dwelling_id, household.grid_id) == ("d2", OTHER_GRID)
    assert {each.grid_id for each in known.all(Resident)} == {OTHER_GRID}
    assert known.get(AgedCare, "care").grid_id == OTHER_GRID
    for day, home in ((dt.date(2026, 5, 11), "d1"), (dt.date(2026, 5, 12), "d2")):
        assert living_in(known, home, day) == {"he", "she", "son", "mother"}


def test_one_who_moves_alone_stays_a_member_living_elsewhere_or_founds_a_household() -> None:
    known = plan(*family()[2], make_dwelling(id="d2"))
    moves.moved_in(known, [person(known, "son")], Arrival("d2", TODAY))
    assert (person(known, "son").household_id, person(known, "son").presence) == ("h", "02")

    known = plan(*family()[2], make_dwelling(id="d2"))
    moves.moved_in(known, [person(known, "son")], Arrival("d2", TODAY, household="new"))
    made = known.get(Household, person(known, "son").household_id)
    assert (made.head_name, made.dwelling_id) == ("马小明", "d2")


def test_tenant_from_elsewhere_has_a_migrant_block() -> None:
    known = plan(*family()[2], make_dwelling(id="d2", owner_name="王五"))

    households.let_out(
        known, [Resident(name="丁一", phone="13900000000", population_type="20")],
        arrival=Arrival("d2", TODAY, household="new"), owner=households.Owner("赵六"), use="02",
    )  # fmt: skip

    home = next(each for each in known.writes() if each.id == "d2")
    assert (home.use, home.owner_name, home.tenant_name) == ("02", "赵六", "丁一")  # type: ignore[attr-defined]
    (block,) = known.all(Migrant)
    assert (block.arrived_on, block.lodging) == (TODAY, "05")

    households.let_ended(known, "d2", on=TODAY)
    assert living_in(known, "d2", TODAY + dt.timedelta(1)) == set()
    moves.mark_vacant(known)
    home = next(each for each in known.writes() if each.id == "d2")
    assert (home.use, home.tenant_name, home.owner_name) == ("03", "", "赵六")  # type: ignore[attr-defined]


def test_split_within_the_dwelling_and_merged_again() -> None:
    known = plan(*family()[2])
    made = households.split(known, ["she", "son"], on=TODAY)
    assert (made.head_name, made.dwelling_id) == ("哈兰", "d1")
    assert [person(known, key).relation for key in ("she", "son")] == ["02", "20"]
    assert {each.id for each in moves.members(known, "h")} == {"he", "mother"}

    households.merged(known, made.id, into_id="h", on=TODAY)

    assert {each.id for each in moves.members(known, "h")} == {"he", "she", "son", "mother"}
    assert known.get(Household, made.id).ended_on == TODAY


def test_sold_dwelling_has_another_owner_and_the_family_stays_or_leaves() -> None:
    known = plan(*family()[2])
    households.sold(known, "d1", owner=households.Owner("赵六"), on=TODAY, leave_to=None)
    assert len(living_in(known, "d1", TODAY)) == 4

    households.sold(known, "d1", owner=households.Owner("钱七"), on=TODAY, leave_to="金凤区")

    assert {each.state for each in known.all(Resident)} == {"02"}
    assert {each.moved_to for each in known.all(Resident)} == {"金凤区"}


def living_in(known: Plan, dwelling_id: str, day: dt.date) -> set[str]:
    return {
        each.resident_id
        for each in known.all(Residence)
        if each.dwelling_id == dwelling_id and lives_on(each, day)
    }


DAYS = st.integers(0, 4000).map(lambda back: TODAY - dt.timedelta(back))
PLACES = st.sampled_from(["d1", "d2", "d3"])


class Years(RuleBasedStateMachine):
    """Anything that may happen to a family, most of it refused; what is not leaves all sound."""

    def __init__(self) -> None:
        super().__init__()
        homes = [make_dwelling(id="d2", grid_id=OTHER_GRID), make_dwelling(id="d3")]
        self.known: list[Element] = [*family()[2], *homes]
        self.numbers = itertools.count()
        self.seen = {"he", "she", "son", "mother"}

    def _try(self, data: st.DataObject, act: str) -> None:
        before = Plan(self.known, today=TODAY, new_id=lambda: f"n{next(self.numbers)}")
        try:
            getattr(self, f"_{act}")(before, data)
        except Refused:
            return
        self.known = [each for kind in {type(one) for one in before.all(Element)}
                      for each in before.all(kind) if type(each) is kind]  # fmt: skip

    @rule(data=st.data(), act=st.sampled_from(
        ("born", "died", "out", "in", "split", "merge", "head", "let", "end", "sell")))  # fmt: skip
    def something_happens(self, data: st.DataObject, act: str) -> None:
        self._try(data, act)

    def _who(self, known: Plan, data: st.DataObject) -> str:
        return data.draw(st.sampled_from(sorted(each.id for each in known.all(Resident))))

    def _some(self, known: Plan, data: st.DataObject) -> list[str]:
        ids = sorted(each.id for each in known.all(Resident))
        return data.draw(st.lists(st.sampled_from(ids), min_size=1, max_size=4, unique=True))

    def _house(self, known: Plan, data: st.DataObject) -> str:
        return data.draw(st.sampled_from(sorted(each.id for each in known.all(Household))))

    def _born(self, known: Plan, data: st.DataObject) -> None:
        child = Resident(sex=data.draw(st.sampled_from("12")), born_on=data.draw(DAYS))
        moves.born(known, child, parent_id=self._who(known, data))

    def _died(self, known: Plan, data: st.DataObject) -> None:
        moves.died(known, self._who(known, data), on=data.draw(DAYS),
                   next_head_id=self._who(known, data))  # fmt: skip

    def _out(self, known: Plan, data: st.DataObject) -> None:
        moves.moved_out(known, self._some(known, data), on=data.draw(DAYS),
                        next_head_id=self._who(known, data))  # fmt: skip

    def _in(self, known: Plan, data: st.DataObject) -> None:
        houses = st.sampled_from(["", "new", self._house(known, data)])
        arrival = Arrival(data.draw(PLACES), data.draw(DAYS), "01", data.draw(houses),
                          next_head_id=self._who(known, data))  # fmt: skip
        moves.moved_in(known, [person(known, each) for each in self._some(known, data)], arrival)

    def _split(self, known: Plan, data: st.DataObject) -> None:
        households.split(known, self._some(known, data), on=data.draw(DAYS),
                         dwelling_id=data.draw(st.sampled_from(["", "d2", "d3"])),
                         next_head_id=self._who(known, data))  # fmt: skip

    def _merge(self, known: Plan, data: st.DataObject) -> None:
        into = self._house(known, data)
        households.merged(known, self._house(known, data), into_id=into, on=data.draw(DAYS))

    def _head(self, known: Plan, data: st.DataObject) -> None:
        households.head_changed(known, self._house(known, data), head_id=self._who(known, data))

    def _let(self, known: Plan, data: st.DataObject) -> None:
        arrival = Arrival(data.draw(PLACES), data.draw(DAYS), household="new")
        households.let_out(known, [Resident(name="丁一")], arrival=arrival,
                           owner=households.Owner(), use="02")  # fmt: skip

    def _end(self, known: Plan, data: st.DataObject) -> None:
        households.let_ended(known, data.draw(PLACES), on=data.draw(DAYS))

    def _sell(self, known: Plan, data: st.DataObject) -> None:
        leave_to = data.draw(st.sampled_from([None, "外地"]))
        households.sold(known, data.draw(PLACES), owner=households.Owner("赵六"),
                        on=data.draw(DAYS), leave_to=leave_to)  # fmt: skip

    def _of(self, record: type) -> Iterator[Element]:
        return (each for each in self.known if type(each) is record)

    @invariant()
    def nobody_disappears(self) -> None:
        now = {each.id for each in self._of(Resident)}
        assert self.seen <= now
        self.seen = now

    @invariant()
    def nobody_lives_in_two_places_on_one_day(self) -> None:
        stays: dict[str, list[Residence]] = {}
        for each in self._of(Residence):
            assert isinstance(each, Residence)
            stays.setdefault(each.resident_id, []).append(each)
        for of_one in stays.values():
            of_one.sort(key=lambda each: each.from_on or dt.date.min)
            for earlier, later in itertools.pairwise(of_one):
                assert earlier.until_on is not None
                assert later.from_on is not None
                assert earlier.until_on < later.from_on

    @invariant()
    def who_is_gone_lives_nowhere_any_more(self) -> None:
        gone = {each.id for each in self._of(Resident) if each.state in moves.GONE}  # type: ignore[attr-defined]
        assert not any(
            each.resident_id in gone and each.until_on is None  # type: ignore[attr-defined]
            for each in self._of(Residence)
        )

    @invariant()
    def members_live_where_their_household_does_or_it_is_recorded(self) -> None:
        houses = {each.id: each for each in self._of(Household)}
        homes = {
            each.resident_id: each.dwelling_id  # type: ignore[attr-defined]
            for each in self._of(Residence)
            if each.until_on is None
        }  # type: ignore[attr-defined]
        for each in self._of(Resident):
            assert isinstance(each, Resident)
            if not each.household_id or each.state in moves.GONE:
                continue
            household = houses[each.household_id]
            assert isinstance(household, Household)
            assert household.ended_on is None
            assert homes[each.id] == household.dwelling_id or each.presence == moves.AWAY

    @invariant()
    def a_household_with_people_has_one_of_them_as_head(self) -> None:
        for household in self._of(Household):
            assert isinstance(household, Household)
            inside = {
                each.id
                for each in self._of(Resident)
                if each.household_id == household.id and each.state not in moves.GONE
            }  # type: ignore[attr-defined]
            assert not inside or household.head_id in inside


TestYears = Years.TestCase
TestYears.settings = settings(max_examples=80, stateful_step_count=20, deadline=None)
