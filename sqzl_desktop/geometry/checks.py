"""划分检查: do the grids of a community cover it, each place once, and hold their buildings?"""

import dataclasses
import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import shapely

from sqzl_desktop.geometry.projection import Projection
from sqzl_desktop.geometry.shapes import in_metres, point_in_metres, projection_of
from sqzl_desktop.schema.outline import Corner, polygons

TOLERANCE = 30.0  # square metres: less is the unsteadiness of drawing
_SHARE = 0.1  # of a building's area: less lies on the border, not in another grid


@dataclasses.dataclass(frozen=True, slots=True)
class Standing:
    """A building as the checks see it: the grid it is registered in, its outline or place."""

    id: str
    name: str
    grid: str
    outline: str
    location: Corner | None


@dataclasses.dataclass(frozen=True, slots=True)
class Misfit:
    """What does not fit: `what` is overlap, gap, outside, astray or torn; `at` a place to look.

    `subjects` are the ids of the grids or of the building; `area` is in square metres, 0 where it
    says nothing.
    """

    what: str
    subjects: tuple[str, ...]
    area: float
    at: Corner


def misfits(
    grids: Mapping[str, str], buildings: Sequence[Standing], community: str = ""
) -> list[Misfit]:
    """Everything that does not fit, the largest first. `grids` leads from id to outline."""
    drawn = {key: outline for key, outline in grids.items() if outline}
    if not drawn:
        return []
    at = projection_of(next(iter(drawn.values())))
    shapes = {key: shapely.make_valid(in_metres(polygons(o), at)) for key, o in drawn.items()}
    found = [*_overlaps(shapes, at), *_gaps(shapes, community, at)]
    found.sort(key=lambda each: -each.area)
    for building in buildings:
        found += _of_building(building, shapes, at)
    return found


def _overlaps(shapes: Mapping[str, Any], at: Projection) -> Iterator[Misfit]:
    for (one, a), (other, b) in itertools.combinations(shapes.items(), 2):
        common = a.intersection(b)
        if common.area > TOLERANCE:
            yield Misfit("overlap", (one, other), common.area, _inside(common, at))


def _gaps(shapes: Mapping[str, Any], community: str, at: Projection) -> Iterator[Misfit]:
    """Holes between the grids; with the community's outline, all of it that lies in no grid."""
    covered = shapely.union_all(list(shapes.values()))
    if community:
        whole = shapely.make_valid(in_metres(polygons(community), at))
        missing = whole.difference(covered)
        for each in getattr(covered.difference(whole), "geoms", [covered.difference(whole)]):
            if each.area > TOLERANCE:
                yield Misfit("outside", _touching(each, shapes), each.area, _inside(each, at))
    else:
        missing = _filled(covered).difference(covered)
    for each in getattr(missing, "geoms", [missing]):
        if each.area > TOLERANCE:
            yield Misfit("gap", _touching(each, shapes), each.area, _inside(each, at))


def _filled(shape: Any) -> Any:
    parts = [each for each in getattr(shape, "geoms", [shape]) if each.geom_type == "Polygon"]
    return shapely.union_all([shapely.Polygon(each.exterior) for each in parts])


def _touching(shape: Any, shapes: Mapping[str, Any]) -> tuple[str, ...]:
    near = shape.buffer(1.0)
    return tuple(key for key, each in shapes.items() if each.intersects(near))


def _of_building(building: Standing, shapes: Mapping[str, Any], at: Projection) -> list[Misfit]:
    if building.outline:
        shape = shapely.make_valid(in_metres(polygons(building.outline), at))
        parts = {key: each.intersection(shape).area for key, each in shapes.items()}
        held = {key for key, part in parts.items() if part > _SHARE * shape.area}
    elif building.location:
        shape = point_in_metres(building.location, at)
        held = {key for key, each in shapes.items() if each.covers(shape)}
        held = {building.grid} if building.grid in held else held
    else:
        return []
    place = _inside(shape, at)
    if len(held) > 1:
        return [Misfit("torn", (building.id, *sorted(held)), shape.area, place)]
    if building.grid in shapes and held != {building.grid}:
        return [Misfit("astray", (building.id, *held), shape.area, place)]
    return []


def _inside(shape: Any, at: Projection) -> Corner:
    point = shape.representative_point()
    return at.degrees(point.x, point.y)
