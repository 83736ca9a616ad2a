"""图面: a community in metres, ready to be painted."""

import dataclasses
import math
from collections.abc import Iterable, Iterator

from sqzl_desktop.geometry.drawing import Drawing, Point, Ring
from sqzl_desktop.geometry.projection import Projection
from sqzl_desktop.schema.outline import Corner, Part, outline_text, polygons
from sqzl_desktop.services.maps import AreaMap

_YINCHUAN = (106.23, 38.48)


@dataclasses.dataclass(frozen=True, slots=True)
class Figure:
    """Something with a place: its rings in metres (none: a point), its middle, what it is called.

    `about` is what stands below the label, `grid` the grid it belongs to.
    """

    kind: str
    id: str
    label: str
    about: str
    grid: str
    rings: tuple[Ring, ...]
    middle: Point


@dataclasses.dataclass(frozen=True)
class Scene:
    """All figures of a map around one projection."""

    at: Projection
    figures: tuple[Figure, ...]

    def of(self, kind: str) -> Iterator[Figure]:
        """The figures of a kind."""
        return (each for each in self.figures if each.kind == kind)

    def find(self, kind: str, record_id: str) -> Figure | None:
        """The figure of a record, None where it has no place."""
        return next((each for each in self.of(kind) if each.id == record_id), None)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north of everything, in metres."""
        corners = [corner for each in self.figures for ring in each.rings for corner in ring]
        corners += [each.middle for each in self.figures if not each.rings]
        if not corners:
            return -500.0, -500.0, 500.0, 500.0
        east, north = [x for x, _ in corners], [y for _, y in corners]
        return min(east), min(north), max(east), max(north)


def scene(shown: AreaMap) -> Scene:
    """A map as figures: estates below, then grids, then buildings."""
    at = Projection(*_start(shown))
    figures = [*_areas(shown, at)]
    for each in shown.buildings:
        if each.outline:
            rings = rings_of(each.outline, at)
            middle = middle_of(rings[0])
        elif each.location:
            rings, middle = (), at.metres(each.location)
        else:
            continue
        about = f"{each.households}户" if each.households else ""
        figures.append(Figure("building", each.id, each.short, about, each.grid, rings, middle))
    return Scene(at, tuple(figures))


def _areas(shown: AreaMap, at: Projection) -> Iterator[Figure]:
    outlines = [("community", shown.community, "", "", shown.outline)]
    outlines += [("estate", name, name, "", outline) for name, outline in shown.estates]
    outlines += [
        ("grid", each.id, each.name, f"{each.households}户", each.outline) for each in shown.grids
    ]
    for kind, record_id, label, about, outline in outlines:
        if outline:
            rings = rings_of(outline, at)
            yield Figure(kind, record_id, label, about, record_id, rings, middle_of(rings[0]))


def rings_of(outline: str, at: Projection) -> tuple[Ring, ...]:
    """The rings of an outline in metres, not closed."""
    return tuple(
        tuple(at.metres(corner) for corner in ring[:-1])
        for part in polygons(outline)
        for ring in part
    )


def drawing_of(outline: str, at: Projection) -> Drawing:
    """An outline to work on; nothing drawn yet where there is none."""
    if not outline:
        return Drawing()
    parts = tuple(len(part) for part in polygons(outline))
    return Drawing(rings_of(outline, at), parts, is_open=False)


def outline_of(drawing: Drawing, at: Projection) -> str:
    """What was drawn, as an outline."""
    rings = iter(drawing.rings)
    parts: list[Part] = []
    for count in drawing.parts:
        parts.append([[*_degrees(ring, at), *_degrees(ring[:1], at)]
                      for ring, _ in zip(rings, range(count), strict=False)])  # fmt: skip
    return outline_text(parts)


def _degrees(ring: Ring, at: Projection) -> Iterator[Corner]:
    for corner in ring:
        longitude, latitude = at.degrees(*corner)
        yield round(longitude, 7), round(latitude, 7)


def middle_of(ring: Ring) -> Point:
    """The centre of gravity of a ring."""
    total = east = north = 0.0
    for a, b in zip(ring, (*ring[1:], *ring[:1]), strict=True):
        cross = a[0] * b[1] - b[0] * a[1]
        total += cross
        east += (a[0] + b[0]) * cross
        north += (a[1] + b[1]) * cross
    if abs(total) < 1e-9:
        return ring[0]
    return east / (3 * total), north / (3 * total)


def within(point: Point, rings: Iterable[Ring]) -> bool:
    """Does a place lie in an area, its holes left out? Counts the sides to the east of it."""
    is_inside = False
    for ring in rings:
        for a, b in zip(ring, (*ring[1:], *ring[:1]), strict=True):
            if (a[1] > point[1]) != (b[1] > point[1]):
                crossing = a[0] + (point[1] - a[1]) / (b[1] - a[1]) * (b[0] - a[0])
                is_inside ^= point[0] < crossing
    return is_inside


def pick(drawn: Scene, point: Point, reach: float) -> Figure | None:
    """What lies at a place: the nearest building point, a building's area, else a grid."""
    points = [each for each in drawn.of("building") if not each.rings]
    near = min(points, key=lambda each: math.dist(each.middle, point), default=None)
    if near is not None and math.dist(near.middle, point) <= reach:
        return near
    for kind in ("building", "grid"):
        for each in drawn.of(kind):
            if each.rings and within(point, each.rings):
                return each
    return None


def _start(shown: AreaMap) -> Corner:
    for outline in (*(each.outline for each in shown.grids), shown.outline):
        if outline:
            return polygons(outline)[0][0][0]
    places = [each.location for each in shown.buildings if each.location]
    outlines = [each.outline for each in shown.buildings if each.outline]
    if outlines:
        return polygons(outlines[0])[0][0][0]
    return places[0] if places else _YINCHUAN
