"""形状: what is wrong with an outline, how large it is, where its middle lies."""

from collections.abc import Iterable, Sequence
from typing import Any

import shapely
from shapely.geometry import MultiPolygon, Point, Polygon
from shapely.validation import explain_validity

from sqzl_desktop.geometry.projection import Projection
from sqzl_desktop.schema.outline import Corner, Part, outline_text, polygons

CHINA = (73.0, 3.0, 136.0, 54.0)  # west, south, east, north in degrees
SMALLEST = 4.0  # square metres: less is a slip of the hand
LARGEST = 500_000_000.0


def problem(outline: str) -> str:
    """A sentence where an outline cannot be that of a grid, building or estate; "" where it can."""
    parts = polygons(outline)
    corners = [corner for part in parts for ring in part for corner in ring]
    if not corners:
        return "没有顶点"
    west, south, east, north = CHINA
    if not all(west <= x <= east and south <= y <= north for x, y in corners):
        return "坐标不在中国范围内，请确认是经度、纬度（CGCS2000 或 WGS-84，单位为度）"
    shape = in_metres(parts, projection_of(outline))
    if not shape.is_valid:
        return _invalid(shape, projection_of(outline))
    if shape.area < SMALLEST:
        return f"面积只有{shape.area:.1f}平方米，太小"
    return "面积太大，请确认坐标单位为度" if shape.area > LARGEST else ""


def area(outline: str) -> float:
    """Square metres."""
    return float(in_metres(polygons(outline), projection_of(outline)).area) if outline else 0.0


def middle(outline: str) -> Corner:
    """A place inside, for a label."""
    at = projection_of(outline)
    point = in_metres(polygons(outline), at).representative_point()
    return at.degrees(point.x, point.y)


def union(outlines: Iterable[str]) -> str:
    """What several outlines cover together: of grids that are merged."""
    given = [each for each in outlines if each]
    if not given:
        return ""
    at = projection_of(given[0])
    whole = shapely.union_all([in_metres(polygons(each), at) for each in given])
    return outline_of(whole, at)


def projection_of(outline: str) -> Projection:
    """The projection around an outline's first corner."""
    return Projection(*polygons(outline)[0][0][0])


def in_metres(parts: Sequence[Part], at: Projection) -> Any:
    """Polygons as a shape in metres."""
    shapes = [
        Polygon([at.metres(each) for each in part[0]],
                [[at.metres(each) for each in ring] for ring in part[1:]])
        for part in parts
    ]  # fmt: skip
    return shapes[0] if len(shapes) == 1 else MultiPolygon(shapes)


def point_in_metres(corner: Corner, at: Projection) -> Any:
    """A place as a shape in metres."""
    return Point(*at.metres(corner))


def outline_of(shape: Any, at: Projection) -> str:
    """A shape in metres as an outline."""
    parts = [each for each in getattr(shape, "geoms", [shape]) if isinstance(each, Polygon)]
    return outline_text([_part(each, at) for each in parts])


def _part(polygon: Any, at: Projection) -> Part:
    rings = [polygon.exterior, *polygon.interiors]
    return [[_rounded(at.degrees(*corner[:2])) for corner in ring.coords] for ring in rings]


def _rounded(corner: Corner) -> Corner:
    return round(corner[0], 7), round(corner[1], 7)


def _invalid(shape: Any, at: Projection) -> str:
    told = explain_validity(shape)
    what, _, rest = told.partition("[")
    try:
        east, north = (float(each) for each in rest.rstrip("]").split()[:2])
    except ValueError:
        return "边线不正确"
    longitude, latitude = at.degrees(east, north)
    crossing = "Self-intersection" in what
    where = f"（经度{longitude:.6f}，纬度{latitude:.6f}附近）"
    return ("边线自相交" if crossing else "边线不正确") + where
