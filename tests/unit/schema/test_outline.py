"""Outlines as text: one canonical way, and a sentence for what is no outline."""

import pytest

from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.kinds.grid import GRID
from sqzl_desktop.schema.codec import Unreadable, cell_text, decode, parse_cell

OUTLINE = GRID.column("outline")
SQUARE = (
    '{"type":"Polygon","coordinates":[[[106.1,38.1],[106.2,38.1],[106.2,38.2],[106.1,38.2],'
    "[106.1,38.1]]]}"
)


def test_outline_is_written_one_way() -> None:
    given = SQUARE.replace("106.1,", "106.10000000001, ").replace("38.2]", "38.2, 1107.5]")

    assert decode(OUTLINE, given) == SQUARE
    assert parse_cell(OUTLINE, given, code_list) == SQUARE


def test_one_polygon_of_many_is_a_polygon() -> None:
    inner = SQUARE.partition(":[")[2].removesuffix("]}")

    assert decode(OUTLINE, f'{{"type":"MultiPolygon","coordinates":[[{inner}]]}}') == SQUARE


def test_people_read_how_many_corners_it_has() -> None:
    assert cell_text(OUTLINE, SQUARE, code_list) == "4个顶点"


@pytest.mark.parametrize(
    "given",
    [
        "x", "{}", "[" * 100_000, '{"type":"Point","coordinates":[1,2]}', 5,
        '{"type":"Polygon","coordinates":[]}' + "x",
        '{"type":"Polygon","coordinates":[[[1,2],[3,4],[1,2]]]}',
        '{"type":"Polygon","coordinates":[[[1,2],[3,4],[5,6],[7,8]]]}',
        '{"type":"Polygon","coordinates":[[[1],[3,4],[5,6],[1]]]}',
        '{"type":"Polygon","coordinates":[[[1,95],[3,4],[5,6],[1,95]]]}',
        '{"type":"Polygon","coordinates":[[]]}',
        '{"type":"Polygon","coordinates":[]}',
        '{"type":"Polygon","x":' + "[" * 50_000,
    ],
)  # fmt: skip
def test_what_is_no_outline_is_unreadable(given: object) -> None:
    with pytest.raises(Unreadable, match="网格范围的内容无法识别"):
        decode(OUTLINE, given)  # type: ignore[arg-type]
