"""绘制: an outline under work, corner by corner, in metres; every change is a new value."""

import dataclasses
import math
from collections.abc import Iterable, Sequence

Point = tuple[float, float]
Ring = tuple[Point, ...]  # not closed: the last corner is not the first again
FEWEST = 3


@dataclasses.dataclass(frozen=True, slots=True)
class Spot:
    """A corner, or with `is_edge` the side that begins at that corner."""

    ring: int
    corner: int
    is_edge: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Drawing:
    """Rings of corners; `parts` says how many rings each polygon has, the hull first.

    `is_open`: the only ring is still being drawn, corner after corner.
    """

    rings: tuple[Ring, ...] = ((),)
    parts: tuple[int, ...] = (1,)
    is_open: bool = True

    @property
    def is_whole(self) -> bool:
        """Has every ring corners enough?"""
        return all(len(ring) >= FEWEST for ring in self.rings)

    def added(self, point: Point) -> "Drawing":
        """One more corner of what is being drawn."""
        return dataclasses.replace(self, rings=((*self.rings[0], point),))

    def finished(self) -> "Drawing":
        """The last corner is joined with the first."""
        return dataclasses.replace(self, is_open=False)

    def moved(self, spot: Spot, point: Point) -> "Drawing":
        """A corner goes elsewhere."""
        ring = self.rings[spot.ring]
        return self._with(spot.ring, (*ring[: spot.corner], point, *ring[spot.corner + 1 :]))

    def inserted(self, spot: Spot, point: Point) -> "Drawing":
        """A corner more on a side."""
        ring, after = self.rings[spot.ring], spot.corner + 1
        return self._with(spot.ring, (*ring[:after], point, *ring[after:]))

    def removed(self, spot: Spot) -> "Drawing":
        """A corner less; a whole ring keeps three."""
        ring = self.rings[spot.ring]
        if not self.is_open and len(ring) <= FEWEST:
            return self
        return self._with(spot.ring, (*ring[: spot.corner], *ring[spot.corner + 1 :]))

    def hit(self, point: Point, reach: float) -> Spot | None:
        """The nearest corner within reach, else the nearest side."""
        corners = [
            (math.dist(point, corner), Spot(r, c))
            for r, ring in enumerate(self.rings)
            for c, corner in enumerate(ring)
        ]
        sides = [
            (math.dist(point, nearest(point, *side)), Spot(r, c, is_edge=True))
            for r, ring in enumerate(self.rings)
            for c, side in enumerate(self._sides(ring))
        ]
        for some in (corners, sides):
            distance, spot = min(some, key=lambda each: each[0], default=(math.inf, None))
            if distance <= reach:
                return spot
        return None

    def _sides(self, ring: Ring) -> Sequence[tuple[Point, Point]]:
        end = ring[1:] if self.is_open else (*ring[1:], *ring[:1])
        return list(zip(ring, end, strict=False))

    def _with(self, number: int, ring: Ring) -> "Drawing":
        rings = (*self.rings[:number], ring, *self.rings[number + 1 :])
        return dataclasses.replace(self, rings=rings)


def snapped(point: Point, others: Iterable[Ring], reach: float) -> Point:
    """The nearest corner of others within reach, else the nearest place on their sides."""
    rings = [ring for ring in others if ring]
    corner = min(
        (each for ring in rings for each in ring), key=lambda c: math.dist(c, point), default=None
    )
    if corner is not None and math.dist(corner, point) <= reach:
        return corner
    places = (
        nearest(point, a, b)
        for ring in rings
        for a, b in zip(ring, (*ring[1:], ring[0]), strict=True)
    )
    place = min(places, key=lambda each: math.dist(each, point), default=None)
    return place if place is not None and math.dist(place, point) <= reach else point


def nearest(point: Point, a: Point, b: Point) -> Point:
    """The place on the line from a to b that is nearest to a point."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = dx * dx + dy * dy
    if length == 0:
        return a
    share = ((point[0] - a[0]) * dx + (point[1] - a[1]) * dy) / length
    share = min(1.0, max(0.0, share))
    return a[0] + share * dx, a[1] + share * dy


def area(ring: Ring) -> float:
    """Square metres within a ring (shoelace); the projection is true to area."""
    pairs = zip(ring, (*ring[1:], *ring[:1]), strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2
