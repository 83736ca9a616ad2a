"""Corners are set, moved, inserted and taken away; neighbours' corners attract."""

import math

from hypothesis import given
from hypothesis import strategies as st

from sqzl_desktop.geometry.drawing import Drawing, Spot, area, nearest, snapped

SQUARE = ((0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0))
DRAWN = Drawing((SQUARE,), is_open=False)
METRES = st.floats(-1000, 1000)
POINTS = st.tuples(METRES, METRES)


def test_corner_after_corner() -> None:
    drawing = Drawing()
    for corner in SQUARE:
        drawing = drawing.added(corner)

    assert not drawing.added((5.0, 5.0)).removed(Spot(0, 4)).finished().is_open
    assert drawing.finished() == DRAWN
    assert area(DRAWN.rings[0]) == 10_000


def test_a_corner_is_nearer_than_its_sides() -> None:
    assert DRAWN.hit((3, 2), 5) == Spot(0, 0)
    assert DRAWN.hit((50, 2), 5) == Spot(0, 0, is_edge=True)
    assert DRAWN.hit((2, 50), 5) == Spot(0, 3, is_edge=True)
    assert DRAWN.hit((50, 50), 5) is None
    assert Drawing((SQUARE,)).hit((2, 50), 5) is None  # still open: no side yet


def test_insert_move_and_remove() -> None:
    more = DRAWN.inserted(Spot(0, 3, is_edge=True), (0.0, 50.0))

    assert more.rings[0] == (*SQUARE, (0.0, 50.0))
    assert more.moved(Spot(0, 4), (-20.0, 50.0)).removed(Spot(0, 4)) == DRAWN


def test_three_corners_stay() -> None:
    three = DRAWN.removed(Spot(0, 0))

    assert three.removed(Spot(0, 0)) == three
    assert three.is_whole


def test_neighbours_attract() -> None:
    assert snapped((103, 101), [SQUARE], 5) == (100.0, 100.0)
    assert snapped((50, 97), [SQUARE], 5) == (50.0, 100.0)
    assert snapped((50, 90), [SQUARE], 5) == (50, 90)
    assert snapped((50, 90), [], 5) == (50, 90)


@given(POINTS, POINTS, POINTS)
def test_nearest_place_is_between_and_nearest(point, a, b) -> None:
    found = nearest(point, a, b)

    assert math.dist(a, found) + math.dist(found, b) <= math.dist(a, b) + 1e-6
    assert math.dist(point, found) <= min(math.dist(point, a), math.dist(point, b)) + 1e-9
