"""Tiles out of a local file: the right ones, and a sentence where it is no such file."""

import sqlite3
from pathlib import Path

import pytest

from sqzl_desktop.base.errors import KnownError
from sqzl_desktop.exchange import mbtiles

YINCHUAN = (106.25, 38.46, 106.27, 38.475)


def tiles_file(path: Path, *, form: str = "png", zoom: int = 14) -> Path:
    """Every tile around Yinchuan says where it lies."""
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
    database.execute("CREATE TABLE tiles (zoom_level INT, tile_column INT, tile_row INT,"
                     " tile_data BLOB)")  # fmt: skip
    database.executemany("INSERT INTO metadata VALUES (?, ?)", [("name", "银川"), ("format", form)])
    whole = mbtiles.Tileset(path, "", zoom, zoom)
    for z, x, y in mbtiles.covering(whole, YINCHUAN, 5.0):
        content = f"{x}/{y}".encode()
        database.execute("INSERT INTO tiles VALUES (?, ?, ?, ?)", (z, x, 2**z - 1 - y, content))
    database.commit()
    database.close()
    return path


def test_tiles_cover_what_is_asked_for(tmp_path: Path) -> None:
    found = mbtiles.open_set(tiles_file(tmp_path / "a.mbtiles"))
    assert (found.name, found.farthest, found.nearest) == ("银川", 14, 14)

    wanted = mbtiles.covering(found, YINCHUAN, 0.2)  # nearer than the file: its nearest
    pictures = mbtiles.read(found, wanted)

    assert pictures == {(14, x, y): f"{x}/{y}".encode() for _, x, y in wanted}
    boxes = [mbtiles.corners(each) for each in wanted]
    assert min(box[0] for box in boxes) <= YINCHUAN[0] <= min(box[2] for box in boxes)
    assert max(box[1] for box in boxes) <= YINCHUAN[3] <= max(box[3] for box in boxes)


def test_the_world_at_zoom_one_has_known_corners() -> None:
    west, south, east, north = mbtiles.corners((1, 1, 0))

    assert (west, east) == (0, 180)
    assert (south, north) == (pytest.approx(0), pytest.approx(85.0511, abs=1e-3))


def test_a_tile_that_is_not_there_is_left_out(tmp_path: Path) -> None:
    found = mbtiles.open_set(tiles_file(tmp_path / "a.mbtiles"))

    assert mbtiles.read(found, [(14, 0, 0)]) == {}


@pytest.mark.parametrize("content", [b"", b"PK", b"SQLite format 3\x00rubbish"])
def test_another_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.mbtiles"
    path.write_bytes(content)

    with pytest.raises(KnownError, match="不是栅格 MBTiles"):
        mbtiles.open_set(path)


def test_vector_tiles_and_missing_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="不是栅格 MBTiles"):
        mbtiles.open_set(tiles_file(tmp_path / "v.mbtiles", form="pbf"))
    with pytest.raises(KnownError, match=r"找不到底图文件“gone\.mbtiles”"):
        mbtiles.open_set(tmp_path / "gone.mbtiles")
