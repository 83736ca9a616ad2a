"""GeoJSON: outlines in and out of files of features (RFC 7946), forgiving about who wrote them."""

import dataclasses
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from sqzl_desktop.base import text
from sqzl_desktop.base.errors import KnownError
from sqzl_desktop.schema.outline import outline_text, polygons

LARGEST_FILE = 32 * 1024 * 1024
MOST_FEATURES = 20_000
_CODES = ("网格代码", "网格编码", "网格编号", "楼栋编码", "编码", "代码", "code", "gridcode",
          "grid_code", "wgdm", "wgbm", "bh", "id")  # fmt: skip
_NAMES = ("网格名称", "小区名称", "楼栋号", "楼栋名称", "楼号", "名称", "楼栋", "网格", "name",
          "gridname", "grid_name", "wgmc", "mc", "title", "label")  # fmt: skip
_ESTATES = ("所属小区", "小区", "小区名称", "estate", "xq", "xqmc")
# CGCS2000 and WGS-84 in degrees differ by centimetres; CRS84 is what GeoJSON means without a word
_IN_DEGREES = re.compile(r"(CRS84|EPSG:+4490|EPSG:+4326|EPSG:\d*:4490|EPSG:\d*:4326)$", re.I)


@dataclasses.dataclass(frozen=True, slots=True)
class Feature:
    """One outline of a file. `line` counts features from 1; `problem` says why it is none."""

    line: int
    code: str
    name: str
    estate: str
    outline: str
    problem: str = ""


def read(path: Path) -> list[Feature]:
    """The features of a file in UTF-8 or GB18030; KnownError with a sentence where it is none."""
    if path.stat().st_size > LARGEST_FILE:
        raise KnownError("文件超过32MB，请只导出网格、楼栋的范围后再导入")
    collection = _decoded(path.read_bytes())
    _check_crs(collection)
    features = _features(collection)
    if len(features) > MOST_FEATURES:
        raise KnownError(f"文件中有{len(features)}个图形，最多{MOST_FEATURES}个，请分开导入")
    return [_feature(line, each) for line, each in enumerate(features, 1)]


def write(path: Path, shapes: Iterable[tuple[Mapping[str, str], str]]) -> int:
    """Write outlines with their properties as a FeatureCollection; how many there were."""
    features = [
        {"type": "Feature", "properties": dict(properties), "geometry": msgspec.Raw(o.encode())}
        for properties, o in shapes
        if o
    ]
    content = {"type": "FeatureCollection", "features": features}
    path.write_bytes(msgspec.json.encode(content) + b"\n")
    return len(features)


def _decoded(content: bytes) -> dict[str, Any]:
    try:
        words = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        words = content.decode("gb18030", errors="replace")
    try:
        found = msgspec.json.decode(words)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise KnownError("这不是 GeoJSON 文件，请用地图软件导出为 GeoJSON 后再导入") from error
    if not isinstance(found, dict):
        raise KnownError("这不是 GeoJSON 文件，请用地图软件导出为 GeoJSON 后再导入")
    return found


def _check_crs(collection: Mapping[str, Any]) -> None:
    """GeoJSON of before 2016 may name another reference system."""
    crs = collection.get("crs")
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if isinstance(name, str) and not _IN_DEGREES.search(name):
        raise KnownError(
            f"文件的坐标系是“{name}”，请在地图软件中转为 CGCS2000 经纬度（EPSG:4490）再导入"
        )


def _features(collection: Mapping[str, Any]) -> list[Any]:
    what, features = collection.get("type"), collection.get("features")
    if what == "FeatureCollection" and isinstance(features, list):
        return features
    if what == "Feature":
        return [collection]
    raise KnownError("文件中没有图形（FeatureCollection），请重新导出")


def _feature(line: int, given: Any) -> Feature:
    given = given if isinstance(given, dict) else {}
    properties = given.get("properties")
    words = _words(properties if isinstance(properties, dict) else {})
    code, name, estate = (_first(words, names) for names in (_CODES, _NAMES, _ESTATES))
    estate = "" if estate == name else estate
    geometry = given.get("geometry")
    what = geometry.get("type") if isinstance(geometry, dict) else None
    if what not in ("Polygon", "MultiPolygon"):
        return Feature(line, code, name, estate, "", f"不是面（{what or '没有图形'}）")
    try:
        outline = outline_text(polygons(msgspec.json.encode(geometry).decode()))
    except ValueError:
        return Feature(line, code, name, estate, "", "坐标不完整，或边线没有闭合")
    return Feature(line, code, name, estate, outline)


def _words(properties: Mapping[str, Any]) -> dict[str, str]:
    return {
        key.strip().lower(): text.clean(str(value))
        for key, value in properties.items()
        if isinstance(value, str | int) and not isinstance(value, bool)
    }


def _first(words: Mapping[str, str], names: Iterable[str]) -> str:
    return next((words[name] for name in names if words.get(name)), "")
