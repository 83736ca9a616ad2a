"""What goes along when buildings change their grid: whole households, and nobody else."""

from hypothesis import given
from hypothesis import strategies as st

from sqzl_desktop.domain.redrawing import Placed, Plan, moved, read, write

A, B, C = "a", "b", "c"


def placed(kind: str, name: str, grid: str = A, **fields: str) -> Placed:
    return Placed(kind, name, grid, fields)


HOUSE = (
    placed("building", "b1"),
    placed("dwelling", "d1", building_id="b1"),
    placed("household", "h1", dwelling_id="d1"),
    placed("resident", "r1", household_id="h1"),
    placed("aged_care", "c1", resident_id="r1"),
    placed("visit", "v1", resident_id="r1", visitor_id="s1"),
    placed("organisation", "o1", dwelling_id="d1"),
    placed("event", "e1", building_id="b1"),
    placed("case", "k1", event_id="e1"),
)
TO_B = Plan({B: ["b1"]})


def test_everything_that_belongs_to_a_building_goes_along() -> None:
    assert moved(HOUSE, TO_B) == {(each.kind, each.id): B for each in HOUSE}


def test_what_lies_in_another_grid_or_belongs_elsewhere_stays() -> None:
    others = (
        placed("building", "b2"),
        placed("dwelling", "d2", building_id="b2"),
        placed("resident", "r2"),
        placed("organisation", "o2", C, building_id="b1"),
        placed("event", "e2"),
    )

    assert moved((*HOUSE, *others), TO_B).keys() == {(each.kind, each.id) for each in HOUSE}


def test_somebody_without_a_household_goes_with_the_dwelling_he_lives_in_now() -> None:
    people = (
        placed("resident", "now"),
        placed("residence", "x", resident_id="now", dwelling_id="d1"),
        placed("resident", "once"),
        placed("residence", "y", resident_id="once", dwelling_id="d1", until_on="2020-01-01"),
    )

    found = moved((*HOUSE, *people), TO_B)

    assert ("resident", "now") in found
    assert ("resident", "once") not in found
    assert ("residence", "y") in found  # it tells of the dwelling


def test_a_household_without_a_dwelling_goes_where_a_member_lives() -> None:
    people = (
        placed("household", "h9"),
        placed("resident", "one", household_id="h9"),
        placed("resident", "two", household_id="h9"),
        placed("residence", "x", resident_id="one", dwelling_id="d1"),
    )

    found = moved((*HOUSE, *people), TO_B)

    assert {("household", "h9"), ("resident", "one"), ("resident", "two")} <= found.keys()


def test_a_merged_grid_gives_the_rest_away_too() -> None:
    loose = (placed("facility", "f1"), placed("resident", "r2"), placed("event", "e9", C))

    found = moved((*HOUSE, *loose), Plan({C: ["b1"]}, {A: B}))

    assert found["resident", "r1"] == C
    assert found["facility", "f1"] == found["resident", "r2"] == B
    assert ("event", "e9") not in found


def test_plan_is_read_as_it_was_written() -> None:
    assert read(write(TO_B)) == TO_B
    assert [read(each) for each in ("", "{}", "[]", "x", "{" * 9999)] == [None] * 5


GRIDS = st.sampled_from((A, B, C))


@st.composite
def communities(draw: st.DrawFn) -> list[Placed]:
    """Buildings, dwellings, households and people; some lie in a grid where they should not."""
    made: list[Placed] = []
    for number in range(draw(st.integers(1, 4))):
        grid = draw(GRIDS)
        made.append(placed("building", f"b{number}", grid))
        for home in range(draw(st.integers(0, 2))):
            dwelling = f"d{number}{home}"
            made.append(placed("dwelling", dwelling, grid, building_id=f"b{number}"))
            made.append(placed("household", f"h{dwelling}", grid, dwelling_id=dwelling))
            for person in range(draw(st.integers(0, 3))):
                lives = draw(st.sampled_from((grid, grid, grid, A, B)))
                made.append(placed("resident", f"r{dwelling}{person}", lives,
                                   household_id=f"h{dwelling}"))  # fmt: skip
    return made


PLANS = st.builds(
    Plan,
    st.dictionaries(GRIDS, st.lists(st.sampled_from(("b0", "b1", "b2", "b3")), max_size=2)),
    st.sampled_from(({}, {A: B}, {C: A})),
)


@given(communities(), PLANS)
def test_what_was_together_stays_together(given: list[Placed], plan: Plan) -> None:
    found = moved(given, plan)
    grid = {(each.kind, each.id): found.get((each.kind, each.id), each.grid) for each in given}
    at_first = {(each.kind, each.id): each.grid for each in given}

    for each in given:
        for field in ("building_id", "dwelling_id", "household_id"):
            holder = field.removesuffix("_id"), str(each.fields.get(field, ""))
            if holder in at_first and at_first[holder] == each.grid:
                assert grid[each.kind, each.id] == grid[holder]


@given(communities(), PLANS)
def test_nothing_moves_but_by_the_plan(given: list[Placed], plan: Plan) -> None:
    left = {each.grid for each in given if each.id in plan.of_building} | plan.merges.keys()

    for (kind, name), goes_to in moved(given, plan).items():
        (was,) = [each.grid for each in given if (each.kind, each.id) == (kind, name)]
        assert was in left
        assert goes_to != was
        assert goes_to in {*plan.moves, *plan.merges.values()}
