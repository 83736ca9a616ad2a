"""投影: degrees to metres around a place, true to area.

Cylindrical equal-area on the CGCS2000 ellipsoid with its standard parallel at the place (Snyder
1987, Map Projections, 10-13 to 10-15): areas are exact wherever, lengths near the place are.
"""

import dataclasses
import math

from sqzl_desktop.schema.outline import Corner

_A = 6_378_137.0  # semi-major axis of CGCS2000, metres
_F = 1 / 298.257222101
_E2 = _F * (2 - _F)
_E = math.sqrt(_E2)


@dataclasses.dataclass(frozen=True, slots=True)
class Projection:
    """Metres east and north of a place given in degrees."""

    longitude: float
    latitude: float

    def metres(self, corner: Corner) -> tuple[float, float]:
        """Where a place lies."""
        scale = self._scale
        east = _A * scale * math.radians(corner[0] - self.longitude)
        north = _A * (_q(corner[1]) - _q(self.latitude)) / (2 * scale)
        return east, north

    def degrees(self, east: float, north: float) -> Corner:
        """The place that lies there; good to a millimetre within 100 km."""
        longitude = self.longitude + math.degrees(east / (_A * self._scale))
        wanted = _q(self.latitude) + 2 * self._scale * north / _A
        latitude = self.latitude
        for _ in range(6):  # Newton: q' = 2 (1 - e2) cos / (1 - e2 sin2)^2
            sine = math.sin(math.radians(latitude))
            cosine = math.cos(math.radians(latitude))
            slope = 2 * (1 - _E2) * cosine / (1 - _E2 * sine * sine) ** 2
            latitude += math.degrees((wanted - _q(latitude)) / slope)
        return longitude, latitude

    @property
    def _scale(self) -> float:
        sine = math.sin(math.radians(self.latitude))
        return math.cos(math.radians(self.latitude)) / math.sqrt(1 - _E2 * sine * sine)


def _q(latitude: float) -> float:
    sine = math.sin(math.radians(latitude))
    part = math.log((1 - _E * sine) / (1 + _E * sine)) / (2 * _E)
    return (1 - _E2) * (sine / (1 - _E2 * sine * sine) - part)
