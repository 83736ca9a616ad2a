"""Figures add up to the people; charts stay inside their room."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from sqzl_desktop.domain.statistics import (
    Figure,
    Person,
    Series,
    age_on,
    household_sizes,
    number,
    people_figures,
    pieces,
    withheld,
)
from sqzl_desktop.printing import charts

DAY = dt.date(2026, 6, 30)
GRIDS = ("640104001002001", "640104001002002", "")
days = st.dates(dt.date(1900, 1, 1), DAY).map(dt.date.isoformat)
persons = st.builds(
    Person,
    grid=st.sampled_from(GRIDS),
    sex=st.sampled_from(("1", "2", "0", "")),
    born_on=st.one_of(st.just(""), days),
    population=st.sampled_from(("10", "20", "77", "")),
    education=st.sampled_from(("10", "21", "71", "")),
    political=st.sampled_from(("01", "13", "")),
    ethnic=st.sampled_from([f"{code:02d}" for code in range(1, 20)] + [""]),
    household=st.just(""),
)
numbers = st.integers(0, 10**6)


@given(st.lists(persons, max_size=60))
def test_every_figure_of_people_sums_up_to_them(people: list[Person]) -> None:
    for figure in people_figures(people, DAY):
        assert sum(each.total or 0 for each in figure.series) == len(people), figure.name


@given(st.lists(persons, max_size=60))
def test_grids_sum_up_to_the_community(people: list[Person]) -> None:
    whole = people_figures(people, DAY)
    parts = [people_figures([each for each in people if each.grid == grid], DAY) for grid in GRIDS]

    for place, figure in enumerate(whole):
        for n, series in enumerate(figure.series):
            of_parts = (_total(part[place], series.name, n) for part in parts)
            assert series.total == sum(of_parts), figure.name


def _total(figure: Figure, name: str, _place: int) -> int:
    return sum(each.total or 0 for each in figure.series if each.name == name)


def test_age_is_full_years() -> None:
    assert age_on("1946-06-30", DAY) == 80
    assert age_on("1946-07-01", DAY) == 79


def test_households_without_members_are_told_apart() -> None:
    figure = household_sizes({"a": "", "b": "", "c": ""}, {"a": 2, "b": 9})

    assert dict(zip(figure.labels, figure.series[0].values, strict=True)) == {
        "1人": 0, "2人": 1, "3人": 0, "4人": 0, "5人": 0, "6人及以上": 1, "没有成员": 1,
    }  # fmt: skip


def test_small_numbers_are_withheld_with_the_sums_that_would_tell_them() -> None:
    figure = withheld(Figure("f", "图", "人", ("甲", "乙", "丙"), (Series("人数", (5, 2, 0)),)))

    assert figure.rows() == [
        ("甲", "5"), ("乙", number(None)), ("丙", "0"), ("合计", number(None))
    ]  # fmt: skip


@given(st.lists(numbers, min_size=1, max_size=100), st.integers(1, 40))
def test_a_long_figure_in_pieces_loses_nothing(values: list[int], rows: int) -> None:
    labels = tuple(map(str, range(len(values))))
    figure = Figure("f", "图", "人", labels, (Series("人数", tuple(values)),))
    cut = pieces(figure, rows)

    assert sum((each.labels for each in cut), ()) == labels
    assert sum((each.series[0].values for each in cut), ()) == tuple(values)


@given(
    st.lists(st.tuples(st.text("网格岁a1", max_size=30), numbers, numbers), max_size=30),
    st.sampled_from(("pyramid", "stacked")),
    st.floats(220, 900),
)
def test_charts_stay_in_their_room(
    rows: list[tuple[str, int, int]], shape: str, width: float
) -> None:
    if shape == "pyramid":
        rows = [("0～4岁", *values) for _, *values in rows] or [("0～4岁", 0, 0)]
    series = (
        Series("男", tuple(row[1] for row in rows)),
        Series("女", tuple(row[2] for row in rows)),
    )
    figure = Figure("f", "图", "人", tuple(row[0] for row in rows), series, shape)  # type: ignore[arg-type]

    drawing = charts.draw(figure, width=width, size=9.5)

    for mark in drawing.marks:
        if isinstance(mark, charts.Box):
            assert mark.width >= 0
            assert -0.01 <= mark.x <= mark.x + mark.width <= width + 0.01
        assert 0 <= mark.y <= drawing.height
        if isinstance(mark, charts.Words):
            room = charts.text_width(mark.text, mark.size)
            start = mark.x - {"start": 0, "middle": room / 2, "end": room}[mark.anchor]
            assert start >= -0.01
            assert start + room <= width + 0.01
