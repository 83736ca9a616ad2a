"""Where grids and buildings lie: blocks between streets, that fit each other without a gap."""

import json
import math

BLOCK = (270.0, 230.0)  # metres, west to east and south to north
IN_A_ROW = 4  # blocks, before the next row begins
SLOTS = (5, 4)
_ROWS = (0, 2, 1, 3)  # a grid with few buildings is not empty above
BUILDING = (36.0, 14.0)
_EDGE = 34.0
Place = tuple[float, float]


def block(center: Place, number: int) -> str:
    """The outline of the grid of that number, from 0: its corners are also its neighbours'."""
    column, line = number % IN_A_ROW, number // IN_A_ROW
    corners = [(column, line), (column + 1, line), (column + 1, line + 1), (column, line + 1)]
    return _outline(center, [_crossing(*each) for each in [*corners, corners[0]]])


def spot(center: Place, grid: int, number: int) -> Place:
    """The middle of a building, the how many-eth in its grid from 0."""
    across, up = number % SLOTS[0], _ROWS[number // SLOTS[0] % SLOTS[1]]
    west, south = (grid % IN_A_ROW) * BLOCK[0], (grid // IN_A_ROW) * BLOCK[1]
    step = [(BLOCK[i] - 2 * _EDGE) / (SLOTS[i] - 1) for i in (0, 1)]
    return _degrees(center, (west + _EDGE + across * step[0], south + _EDGE + up * step[1]))


def footprint(middle: Place) -> str:
    """The outline of a building around its middle."""
    x, y = BUILDING[0] / 2, BUILDING[1] / 2
    return _outline(middle, [(-x, -y), (x, -y), (x, y), (-x, y), (-x, -y)], of_middle=True)


def _crossing(column: int, line: int) -> Place:
    """Streets are not quite straight."""
    bend = (column * 37 + line * 53) % 21 - 10, (column * 29 + line * 41) % 17 - 8
    return column * BLOCK[0] + bend[0], line * BLOCK[1] + bend[1]


def _outline(center: Place, ring: list[Place], *, of_middle: bool = False) -> str:
    corners = [_degrees(center, each, of_middle=of_middle) for each in ring]
    return json.dumps({"type": "Polygon", "coordinates": [corners]}, separators=(",", ":"))


def _degrees(center: Place, metres: Place, *, of_middle: bool = False) -> Place:
    """Metres from the south-west corner of the community, or from the place itself."""
    west, south = (0.0, 0.0) if of_middle else (-IN_A_ROW / 2 * BLOCK[0], -2 * BLOCK[1])
    longitude = center[0] + (metres[0] + west) / (111_320 * math.cos(math.radians(center[1])))
    return round(longitude, 7), round(center[1] + (metres[1] + south) / 110_950, 7)
