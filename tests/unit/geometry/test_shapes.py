"""Areas, faults and misfits of outlines, checked against figures known beforehand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sqzl_desktop.geometry import checks, shapes
from sqzl_desktop.geometry.checks import Standing
from sqzl_desktop.geometry.projection import Projection
from sqzl_desktop.schema.outline import Corner, outline_text

HOME = Projection(106.25, 38.47)


def box(west: float, south: float, east: float, north: float) -> str:
    """A rectangle given in metres from a place in Yinchuan."""
    ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return outline_text([[[tidy(HOME.degrees(*corner)) for corner in ring]]])


def tidy(corner: Corner) -> Corner:
    return round(corner[0], 7), round(corner[1], 7)


def test_degree_cell_has_the_area_of_the_ellipsoid() -> None:
    """Against the radii of curvature of CGCS2000, added up in thin strips."""
    side = 200
    ring = [
        *((106 + i / side, 38.0) for i in range(side)),
        *((107.0, 38 + i / side) for i in range(side)),
        *((107 - i / side, 39.0) for i in range(side)),
        *((106.0, 39 - i / side) for i in range(side + 1)),
    ]
    e2 = 2 / 298.257222101 - 298.257222101**-2

    def strip(latitude: float) -> float:
        rest = 1 - e2 * math.sin(math.radians(latitude)) ** 2
        radii = 6_378_137.0**2 * (1 - e2) / rest**2
        return radii * math.cos(math.radians(latitude))

    strips = sum(strip(38 + (i + 0.5) / 1000) for i in range(1000)) / 1000
    known = strips * math.radians(1) ** 2

    assert shapes.area(outline_text([[[*map(tidy, ring)]]])) == pytest.approx(known, rel=1e-6)


@given(st.floats(-50_000, 50_000), st.floats(-50_000, 50_000))
def test_there_and_back(east: float, north: float) -> None:
    assert HOME.metres(HOME.degrees(east, north)) == pytest.approx((east, north), abs=1e-3)


def test_a_rectangle_of_100_by_50_metres() -> None:
    outline = box(0, 0, 100, 50)

    assert shapes.area(outline) == pytest.approx(5000, rel=1e-3)
    assert HOME.metres(shapes.middle(outline)) == pytest.approx((50, 25), abs=0.1)
    assert shapes.problem(outline) == ""


def test_faults_are_told_with_the_place() -> None:
    bow = [HOME.degrees(*each) for each in ((0, 0), (100, 100), (100, 0), (0, 100), (0, 0))]

    assert "边线自相交（经度106.2505" in shapes.problem(outline_text([[[*map(tidy, bow)]]]))
    assert "太小" in shapes.problem(box(0, 0, 1, 1))
    swapped = outline_text([[[(38.4, 106.2 - 90), (38.5, 16.2), (38.5, 16.3), (38.4, 16.2)]]])
    assert "不在中国范围内" in shapes.problem(swapped)


def test_merged_grids_have_one_outline() -> None:
    merged = shapes.union([box(0, 0, 100, 100), box(100, 0, 200, 100), ""])

    assert shapes.area(merged) == pytest.approx(20_000, rel=1e-3)
    assert shapes.union(["", ""]) == ""


def test_overlap_and_gap_are_found_with_their_area() -> None:
    ring = {
        "south": box(0, 0, 300, 100), "north": box(0, 200, 300, 300),
        "west": box(0, 100, 100, 200), "east": box(190, 100, 300, 210),
    }  # fmt: skip

    found = checks.misfits(ring, [])

    assert [(each.what, each.subjects, round(each.area, -2)) for each in found] == [
        ("gap", ("south", "north", "west", "east"), 9000),
        ("overlap", ("north", "east"), 1100),
    ]
    assert HOME.metres(found[0].at) == pytest.approx((145, 150), abs=30)


def test_the_community_tells_what_no_grid_covers() -> None:
    grids = {"a": box(0, 0, 100, 100), "b": box(100, 0, 210, 100)}

    found = checks.misfits(grids, [], community=box(0, 0, 200, 150))

    assert {(each.what, round(each.area, -1)) for each in found} == {
        ("gap", 10_000), ("outside", 1000)
    }  # fmt: skip


def test_unsteady_borders_are_no_gap() -> None:
    assert checks.misfits({"a": box(0, 0, 100, 100), "b": box(99.9, 0, 200, 100)}, []) == []


@pytest.mark.parametrize(
    ("outline", "location", "told"),
    [
        (box(10, 10, 30, 30), None, []),
        (box(110, 10, 130, 30), None, [("astray", ("h", "b"))]),
        (box(90, 10, 110, 30), None, [("torn", ("h", "a", "b"))]),
        (box(90, 10, 101, 30), None, []),
        (box(500, 10, 520, 30), None, [("astray", ("h",))]),
        ("", HOME.degrees(20, 20), []),
        ("", HOME.degrees(120, 20), [("astray", ("h", "b"))]),
        ("", None, []),
    ],
)
def test_buildings_lie_in_their_grid(
    outline: str, location: Corner | None, told: list[tuple[str, tuple[str, ...]]]
) -> None:
    grids = {"a": box(0, 0, 100, 100), "b": box(100, 0, 200, 100)}
    building = Standing("h", "3号楼", "a", outline, location)

    assert [(each.what, each.subjects) for each in checks.misfits(grids, [building])] == told
