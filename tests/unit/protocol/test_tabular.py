"""Many rows at once become what each becomes by itself."""

from hypothesis import given
from hypothesis import strategies as st

from sqzl_desktop.domain.kinds import KINDS
from sqzl_desktop.protocol import tabular

SHORT = st.text(max_size=3)
VALUES = {
    "number": st.integers(-9, 9),
    "decimal": st.floats(-9, 9),
    "flag": st.booleans(),
    "many": st.lists(SHORT, max_size=3),
    "location": st.lists(st.floats(-9, 9), min_size=2, max_size=2),
}


@st.composite
def rows(draw):
    kind = draw(st.sampled_from(KINDS))
    types = dict(tabular.layout(kind)) | {"newer_a": "text", "newer_b": "number"}
    some = draw(st.lists(st.sampled_from(sorted(types)), unique=True, max_size=6))
    optional = {name: st.none() | VALUES.get(types[name], SHORT) for name in some}
    return kind, draw(
        st.lists(st.fixed_dictionaries({}, optional=optional), min_size=1, max_size=5)
    )


@given(rows())
def test_many_rows_at_once_are_each_row_without_the_columns_that_none_fills(drawn):
    kind, many = drawn
    ids = [f"r{place}" for place in range(len(many))]

    used, found = tabular.lines(kind, ids, many)

    alone = [
        tabular.values(kind, record_id, fields) for record_id, fields in zip(ids, many, strict=True)
    ]
    layout = tabular.layout(kind)
    filled = [
        place for place in range(len(layout)) if any(row[place + 1] is not None for row in alone)
    ]
    assert used == [layout[place] for place in filled]
    assert found == [(row[0], *(row[place + 1] for place in filled), row[-1]) for row in alone]
