import pytest
from hypothesis import given
from hypothesis import strategies as st

from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.schema import codec
from sqzl_desktop.server import checks
from sqzl_desktop.server.refusals import Rejected

COLUMNS = {
    "text": BY_NAME["resident"].column("name"),
    "date": BY_NAME["resident"].column("born_on"),
    "moment": BY_NAME["visit"].column("visited_at"),
    "many": BY_NAME["resident"].column("tags"),
    "number": BY_NAME["building"].column("floor_count"),
    "decimal": BY_NAME["dwelling"].column("area"),
    "flag": BY_NAME["residence"].column("is_owner"),
    "location": BY_NAME["building"].column("location"),
}


@pytest.mark.parametrize(
    ("kind", "value", "canonical"),
    [
        ("text", "王", "王"),
        ("text", "", None),
        ("text", None, None),
        ("date", "20260701", "2026-07-01"),
        ("moment", "2026-07-01T09:00:00.5+08:00", "2026-07-01T01:00:00Z"),
        ("many", ["b", "a"], ["a", "b"]),
        ("many", [], None),
        ("number", "7", 7),
        ("decimal", 80, 80.0),
        ("flag", False, None),
        ("location", [106, 38.5], [106.0, 38.5]),
    ],
)
def test_value_has_one_canonical_form(kind, value, canonical):
    assert checks.canonical(COLUMNS[kind], value) == canonical


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", 7),
        ("text", "王\0"),
        ("text", ["王"]),
        ("date", "2026-02-30"),
        ("date", 20260701),
        ("moment", "noon"),
        ("many", "ab\0"),
        ("number", 2**60),
        ("number", "1e400"),
        ("decimal", "nan"),
        ("decimal", "inf"),
        ("decimal", {"a": 1}),
        ("location", [1]),
        ("location", [1, "x"]),
        ("location", ["inf", 0]),
    ],
)
def test_value_of_another_type_is_rejected_with_a_sentence(kind, value):
    with pytest.raises(Rejected, match=r"内容无法识别|数值超出范围|无法保存的字符"):
        checks.canonical(COLUMNS[kind], value)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(sorted(COLUMNS)), json_values)
def test_any_json_is_canonical_or_rejected(kind, value):
    column = COLUMNS[kind]
    try:
        once = checks.canonical(column, value)
    except Rejected:
        return

    assert checks.canonical(column, once) == once
    decoded = codec.decode(column, once)
    assert (None if decoded == column.default else codec.encode(decoded)) == once
