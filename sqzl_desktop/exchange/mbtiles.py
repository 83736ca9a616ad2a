"""底图: raster tiles out of a local MBTiles file (MBTiles 1.3, Web Mercator), read only."""

import contextlib
import dataclasses
import math
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from sqzl_desktop.base.errors import KnownError

Tile = tuple[int, int, int]  # zoom, column from the west, row from the north
_FORMATS = ("png", "jpg", "jpeg", "webp")
_LARGEST = 2_000_000  # bytes of a tile
_NO_FILE = "这不是栅格 MBTiles 底图，请选择扩展名为 .mbtiles 的栅格（png、jpg）底图文件"


@dataclasses.dataclass(frozen=True, slots=True)
class Tileset:
    """A file of tiles and the zoom levels it has."""

    path: Path
    name: str
    farthest: int
    nearest: int


def open_set(path: Path) -> Tileset:
    """What a file says of itself; KnownError with a sentence where it holds no raster tiles."""
    if not path.is_file():
        raise KnownError(f"找不到底图文件“{path.name}”，请在设置中重新选择或取消底图")
    try:
        with _opened(path) as database:
            found = dict(database.execute("SELECT name, value FROM metadata").fetchall())
            levels = database.execute("SELECT min(zoom_level), max(zoom_level) FROM tiles")
            farthest, nearest = levels.fetchone()
    except sqlite3.Error as error:
        raise KnownError(_NO_FILE) from error
    if str(found.get("format", "png")).lower() not in _FORMATS or farthest is None:
        raise KnownError(_NO_FILE)
    return Tileset(path, str(found.get("name", path.stem)), int(farthest), int(nearest))


def read(tileset: Tileset, wanted: Iterable[Tile]) -> dict[Tile, bytes]:
    """The pictures of those tiles that the file has."""
    found: dict[Tile, bytes] = {}
    try:
        with _opened(tileset.path) as database:
            for zoom, column, row in wanted:
                line = database.execute(
                    "SELECT tile_data FROM tiles"
                    " WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?",
                    (zoom, column, 2**zoom - 1 - row),  # rows are counted from the south
                ).fetchone()
                if line and isinstance(line[0], bytes) and len(line[0]) <= _LARGEST:
                    found[zoom, column, row] = line[0]
    except sqlite3.Error as error:
        raise KnownError(f"底图文件“{tileset.path.name}”读不出来，请重新选择") from error
    return found


def covering(
    tileset: Tileset, bounds: tuple[float, float, float, float], metres_a_pixel: float
) -> list[Tile]:
    """The tiles that cover a rectangle (west, south, east, north in degrees), sharp enough."""
    west, south, east, north = bounds
    zoom = round(math.log2(156_543.03 * math.cos(math.radians(south)) / metres_a_pixel))
    zoom = min(tileset.nearest, max(tileset.farthest, zoom))
    left, top = _at(west, north, zoom)
    right, bottom = _at(east, south, zoom)
    return [(zoom, x, y) for x in range(left, right + 1) for y in range(top, bottom + 1)]


def corners(tile: Tile) -> tuple[float, float, float, float]:
    """West, south, east and north of a tile in degrees."""
    zoom, column, row = tile
    return (
        column / 2**zoom * 360 - 180, _latitude(row + 1, zoom),
        (column + 1) / 2**zoom * 360 - 180, _latitude(row, zoom),
    )  # fmt: skip


def _at(longitude: float, latitude: float, zoom: int) -> tuple[int, int]:
    size = 2**zoom
    sine = math.sin(math.radians(max(-85.0, min(85.0, latitude))))
    across = (longitude + 180) / 360 * size
    down = (0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)) * size
    return min(size - 1, max(0, int(across))), min(size - 1, max(0, int(down)))


def _latitude(row: float, zoom: int) -> float:
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / 2**zoom))))


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    database = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    try:
        yield database
    finally:
        database.close()
