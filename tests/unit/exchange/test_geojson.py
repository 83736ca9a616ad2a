"""GeoJSON files as map programs write them: every feature is taken or told why not."""

import json
from pathlib import Path
from typing import Any

import pytest

from sqzl_desktop.base.errors import KnownError
from sqzl_desktop.exchange import geojson

RING = [[106.1, 38.1], [106.2, 38.1], [106.2, 38.2], [106.1, 38.1]]
POLYGON = {"type": "Polygon", "coordinates": [RING]}


def file(folder: Path, content: Any, encoding: str = "utf-8") -> Path:
    path = folder / "网格.geojson"
    path.write_bytes(json.dumps(content, ensure_ascii=False).encode(encoding))
    return path


def collection(*features: Any, **more: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features), **more}


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_names_are_read_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    given = collection(feature(POLYGON, 网格名称=" 崇安第1网格 ", WGDM=640104001002001))

    found = geojson.read(file(tmp_path, given, encoding))

    assert [(each.code, each.name, each.problem) for each in found] == [
        ("640104001002001", "崇安第1网格", "")
    ]
    assert json.loads(found[0].outline) == POLYGON


def test_bad_features_are_told_and_the_good_ones_kept(tmp_path: Path) -> None:
    given = collection(
        feature({"type": "Point", "coordinates": [1, 2]}, name="点"),
        feature(None, name="无"),
        feature({"type": "Polygon", "coordinates": [RING[:3]]}, name="未闭合"),
        "x",
        feature({"type": "MultiPolygon", "coordinates": [[RING]]}, 小区="阳光家园", 楼号="3号楼"),
    )

    found = geojson.read(file(tmp_path, given))

    assert [(each.line, each.problem) for each in found] == [
        (1, "不是面（Point）"), (2, "不是面（没有图形）"), (3, "坐标不完整，或边线没有闭合"),
        (4, "不是面（没有图形）"), (5, ""),
    ]  # fmt: skip
    assert (found[4].estate, found[4].name) == ("阳光家园", "3号楼")


@pytest.mark.parametrize(
    ("name", "is_known"),
    [
        ("urn:ogc:def:crs:OGC:1.3:CRS84", True), ("EPSG:4490", True), ("EPSG:4326", True),
        ("urn:ogc:def:crs:EPSG::4490", True), ("EPSG:4547", False), ("EPSG:3857", False),
    ],
)  # fmt: skip
def test_other_reference_systems_are_refused_by_name(
    tmp_path: Path, name: str, is_known: bool
) -> None:
    path = file(tmp_path, collection(crs={"type": "name", "properties": {"name": name}}))

    if is_known:
        assert geojson.read(path) == []
    else:
        with pytest.raises(KnownError, match=f"“{name}”，请在地图软件中转为 CGCS2000"):
            geojson.read(path)


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"[1]", b"{}", b"[" * 200_000, b""])
def test_other_files_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.geojson"
    path.write_bytes(content)

    with pytest.raises(KnownError, match=r"GeoJSON|FeatureCollection"):
        geojson.read(path)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "out.geojson"
    outline = geojson.read(file(tmp_path, feature(POLYGON)))[0].outline

    assert geojson.write(path, [({"网格代码": "6401", "网格名称": "一"}, outline), ({}, "")]) == 1

    (found,) = geojson.read(path)
    assert (found.code, found.name, found.outline) == ("6401", "一", outline)
