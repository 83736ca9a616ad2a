"""Records as JSON and as cells, and back: nothing is lost on the way."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.kinds import BY_NAME, KINDS
from sqzl_desktop.domain.kinds.resident import RESIDENT, Resident
from sqzl_desktop.schema.codec import (
    Unreadable,
    cell_text,
    changed_fields,
    decode,
    encode,
    from_fields,
    parse_cell,
    to_fields,
)
from sqzl_desktop.schema.kind import Column, Kind
from sqzl_desktop.schema.outline import outline_text

WRITTEN_BY_PEOPLE = ("code", "many", "date", "number", "text")
MOMENTS = st.integers(-600_000_000, 4_000_000_000).map(
    lambda seconds: dt.datetime.fromtimestamp(seconds, dt.UTC)
)
CORNERS = st.tuples(
    st.floats(-180, 180).map(lambda each: round(each, 7)),
    st.floats(-90, 90).map(lambda each: round(each, 7)),
)
OUTLINES = st.lists(CORNERS, min_size=3, max_size=5).map(lambda ring: [[*ring, ring[0]]])


def codes_of(column: Column) -> list[str]:
    return [each.code for each in code_list(column.facts.codes).codes]


def values(column: Column) -> st.SearchStrategy[Any]:
    """Anything that may stand in a field."""
    match column.type:
        case "number":
            return st.none() | st.integers(0, 10**6)
        case "decimal":
            return st.none() | st.floats(0, 10**6, allow_nan=False)
        case "flag":
            return st.booleans()
        case "date":
            return st.none() | st.dates()
        case "moment":
            return st.none() | MOMENTS
        case "location":
            return st.none() | st.tuples(st.floats(-180, 180), st.floats(-90, 90))
        case "outline":
            return st.just("") | st.lists(OUTLINES, min_size=1, max_size=2).map(outline_text)
        case "code":
            return st.sampled_from(["", *codes_of(column)])
        case "many":
            return st.sets(st.sampled_from(codes_of(column))).map(lambda some: tuple(sorted(some)))
        case _:
            return st.text(max_size=20)


def records(kind: Kind[Any]) -> st.SearchStrategy[Any]:
    return st.builds(
        kind.record, id=st.just("1"), **{each.name: values(each) for each in kind.columns}
    )


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_record_survives_its_json(kind: Kind[Any]) -> None:
    @given(records(kind))
    def check(record: Any) -> None:
        assert from_fields(kind, "1", to_fields(kind, record)) == record

    check()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_changes_make_the_one_record_the_other(kind: Kind[Any]) -> None:
    @given(records(kind), records(kind))
    def check(before: Any, after: Any) -> None:
        fields = {**to_fields(kind, before), **changed_fields(kind, before, after)}
        left = {name: value for name, value in fields.items() if value is not None}
        assert from_fields(kind, "1", left) == after
        assert left == to_fields(kind, after)

    check()


@given(st.data())
def test_cell_is_read_as_it_was_shown(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(KINDS))
    columns = [each for each in kind.columns if each.type in WRITTEN_BY_PEOPLE]
    column = data.draw(st.sampled_from(columns))
    text = st.text(max_size=20).map(str.strip)
    value = data.draw(text if column.type == "text" else values(column))
    if (
        column.type == "code"
        and value
        and code_list(column.facts.codes).find(code_list(column.facts.codes).label(value)) != value
    ):
        return  # two codes of one name: the word alone cannot tell them apart

    assert parse_cell(column, cell_text(column, value, code_list), code_list) == value


def test_defaults_are_not_written() -> None:
    assert to_fields(RESIDENT, Resident(id="1", name="马小明")) == {"name": "马小明"}


def test_unknown_fields_are_passed_over() -> None:
    assert from_fields(RESIDENT, "1", {"name": "马", "shoe_size": 43}) == Resident(
        id="1", name="马"
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [("born_on", "1999-02-30"), ("born_on", 5), ("tags", 7), ("tags", [1]), ("name", 5),
     ("name", ["x"])],
)  # fmt: skip
def test_value_of_another_type_is_unreadable(field: str, value: Any) -> None:
    with pytest.raises(Unreadable):
        decode(RESIDENT.column(field), value)


@pytest.mark.parametrize(
    ("kind", "field", "cell", "value"),
    [
        ("resident", "sex", "男", "1"),
        ("resident", "sex", "男性", "1"),
        ("resident", "ethnic", "回", "03"),
        ("resident", "tags", "独居老人，低保对象", ("K01", "K04")),
        ("residence", "is_owner", "是", True),
        ("residence", "is_owner", "0", False),
        ("consultation", "held_at", "2026-07-23 19:00",
         dt.datetime(2026, 7, 23, 11, 0, tzinfo=dt.UTC)),
        ("building", "location", "106.28，38.47", (106.28, 38.47)),
        ("resident", "born_on", "", None),
    ],
)  # fmt: skip
def test_cells_as_people_write_them(kind: str, field: str, cell: str, value: Any) -> None:
    assert parse_cell(BY_NAME[kind].column(field), cell, code_list) == value


@pytest.mark.parametrize("cell", ["nan", "inf", "-inf", "1e999", "十二"])
def test_measure_that_is_no_number_is_unreadable(cell: str) -> None:
    with pytest.raises(Unreadable, match="不是数字"):
        parse_cell(BY_NAME["dwelling"].column("area"), cell, code_list)


def test_moment_travels_in_utc() -> None:
    beijing = dt.timezone(dt.timedelta(hours=8))

    assert encode(dt.datetime(2026, 7, 1, 9, 35, tzinfo=beijing)) == "2026-07-01T01:35:00Z"
