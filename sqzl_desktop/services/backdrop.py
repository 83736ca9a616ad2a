"""底图: the local file of map pictures that a person chose for this computer."""

import dataclasses
from collections.abc import Collection
from pathlib import Path

from sqzl_desktop.exchange import mbtiles
from sqzl_desktop.exchange.mbtiles import Tile, Tileset
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import meta

_NAME = "backdrop"
MOST = 60  # tiles at once: a screen needs twenty


@dataclasses.dataclass(frozen=True, slots=True)
class Picture:
    """A tile: its corners (west, south, east, north in degrees) and its picture."""

    tile: Tile
    corners: tuple[float, float, float, float]
    content: bytes


def chosen(ws: Workspace) -> str:
    """The path of the file, "" where none was chosen."""
    with ws.store.read() as tx:
        return meta.get(tx, _NAME)


def choose(ws: Workspace, path: Path | None) -> str:
    """Take another file, or none; what it is called. KnownError where it is no such file."""
    found = mbtiles.open_set(path) if path else None
    with ws.store.write() as tx:
        meta.put(tx, _NAME, str(path) if path else "")
    return found.name if found else ""


def tileset(ws: Workspace) -> Tileset | None:
    """The chosen file; None where none was chosen. KnownError where it is gone."""
    path = chosen(ws)
    return mbtiles.open_set(Path(path)) if path else None


def pictures(
    source: Tileset,
    bounds: tuple[float, float, float, float],
    metres_a_pixel: float,
    have: Collection[Tile],
) -> list[Picture]:
    """The pictures that a part of the map needs and that are not there yet."""
    wanted = mbtiles.covering(source, bounds, metres_a_pixel)
    if len(wanted) > MOST:
        return []
    found = mbtiles.read(source, [each for each in wanted if each not in have])
    return [Picture(tile, mbtiles.corners(tile), content) for tile, content in found.items()]
