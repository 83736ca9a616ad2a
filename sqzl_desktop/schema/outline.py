"""范围: an outline as text, the one way in which every program writes it (GeoJSON, RFC 7946)."""

from collections.abc import Sequence

import msgspec

Corner = tuple[float, float]  # longitude, latitude in degrees (CGCS2000)
Part = list[list[Corner]]  # the hull, then the holes; each ring ends where it begins
_DIGITS = 7  # a centimetre
_FEWEST = 4


class _Polygon(msgspec.Struct, tag_field="type", tag="Polygon"):
    coordinates: list[list[list[float]]]


class _MultiPolygon(msgspec.Struct, tag_field="type", tag="MultiPolygon"):
    coordinates: list[list[list[list[float]]]]


_decoder = msgspec.json.Decoder(_Polygon | _MultiPolygon)


def polygons(outline: str) -> list[Part]:
    """The polygons of an outline, none for ""; ValueError where it is not one."""
    if not outline:
        return []
    try:
        shape = _decoder.decode(outline)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise ValueError("not a Polygon or MultiPolygon") from error
    parts = [shape.coordinates] if isinstance(shape, _Polygon) else shape.coordinates
    found = [[[_corner(each) for each in ring] for ring in part] for part in parts]
    for part in found:
        if not part or any(len(ring) < _FEWEST or ring[0] != ring[-1] for ring in part):
            raise ValueError("a ring is not closed")
    return found


def outline_text(parts: Sequence[Part]) -> str:
    """Polygons as an outline; "" for none."""
    if not parts:
        return ""
    shape = _Polygon(_plain(parts[0])) if len(parts) == 1 else _MultiPolygon([*map(_plain, parts)])
    return msgspec.json.encode(shape).decode()


def corner_count(outline: str) -> int:
    """How many corners an outline has."""
    return sum(len(ring) - 1 for part in polygons(outline) for ring in part)


def _plain(part: Part) -> list[list[list[float]]]:
    return [[list(corner) for corner in ring] for ring in part]


def _corner(value: list[float]) -> Corner:
    longitude, latitude = value[:2]  # a height may follow
    if not (abs(longitude) <= 180 and abs(latitude) <= 90):
        raise ValueError("no place on earth")
    return round(longitude, _DIGITS), round(latitude, _DIGITS)
