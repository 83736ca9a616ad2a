"""网格地图: where grids and buildings lie, whether they fit each other, outlines in and out."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import sqlalchemy as sa

from sqzl_desktop.base.errors import Invalid, KnownError, Refused
from sqzl_desktop.domain import redrawing
from sqzl_desktop.domain.access import NOTHING, allows, visible
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.domain.kinds.building import Building
from sqzl_desktop.domain.kinds.community import Community
from sqzl_desktop.domain.kinds.estate import Estate
from sqzl_desktop.domain.kinds.grid import Grid
from sqzl_desktop.exchange import geojson
from sqzl_desktop.exchange.geojson import Feature
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.schema.outline import Corner
from sqzl_desktop.services import elements
from sqzl_desktop.services.saving import put
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import audit, changes, links, records

_MOST = 20_000


@dataclasses.dataclass(frozen=True, slots=True)
class GridOnMap:
    """A grid with its counts; `area` in square metres, 0 without an outline.

    Of a grid that is not `held` by this person nothing but the grid is known here: its counts are
    those registered with it.
    """

    id: str
    name: str
    worker: str
    households: int
    residents: int
    buildings: int
    outline: str
    area: float
    held: bool = True

    @property
    def fits(self) -> bool:
        """Has it as many households as a grid should have, as far as is known here?"""
        return (
            not self.held
            or redrawing.FEWEST_HOUSEHOLDS <= self.households <= redrawing.MOST_HOUSEHOLDS
        )


@dataclasses.dataclass(frozen=True, slots=True)
class BuildingOnMap:
    """A building with its counts; drawn by its outline, or as a point where it has none."""

    id: str
    name: str
    short: str
    grid: str
    outline: str
    location: Corner | None
    dwellings: int
    households: int
    residents: int


@dataclasses.dataclass(frozen=True)
class AreaMap:
    """A community as it is drawn; `estates` are (name, outline)."""

    community: str
    outline: str
    grids: tuple[GridOnMap, ...]
    buildings: tuple[BuildingOnMap, ...]
    estates: tuple[tuple[str, str], ...]

    @property
    def is_blank(self) -> bool:
        """Is there nothing to draw?"""
        drawn = [each.outline for each in self.grids if each.outline]
        return not drawn and not any(each.outline or each.location for each in self.buildings)


@dataclasses.dataclass(frozen=True, slots=True)
class MapProblem:
    """A principle that is not kept; `kind` and `id` of what to look at, `at` if it has a place."""

    sentence: str
    kind: str
    id: str
    at: Corner | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Match:
    """A feature of a file and the record it is for; `problem` says why it cannot be taken."""

    feature: Feature
    kind: str = ""
    id: str = ""
    name: str = ""
    has_outline: bool = False
    problem: str = ""


def read_map(ws: Workspace, community: str) -> AreaMap:
    """Everything that is drawn of a community, with its counts."""
    zones = visible(ws.actor, community) or NOTHING
    with ws.store.read() as tx:
        counts = {kind: links.counts(tx, kind) for kind in ("household", "resident", "building")}
        inside = links.inside_buildings(tx)
        place = records.get(tx, "community", community)
        grids = [each for each in _all(tx, "grid", community) if isinstance(each, Grid)]
        workers = elements.titles_in(tx, "staff", {each.worker_id for each in grids} - {""})
        buildings = [each for each in _all(tx, "building", community) if isinstance(each, Building)]
        estates = [each for each in _all(tx, "estate", community) if isinstance(each, Estate)]
    return AreaMap(
        community,
        place.outline if isinstance(place, Community) else "",
        tuple(
            _grid(each, workers, counts if zones.holds(each.id) else None)
            for each in sorted(grids, key=lambda grid: grid.code)
        ),
        tuple(_building(each, inside.get(each.id, {})) for each in buildings),
        tuple((each.name, each.outline) for each in estates if each.outline),
    )


def problems(ws: Workspace, shown: AreaMap) -> list[MapProblem]:
    """Which principles of dividing a community into grids are not kept, the worst first.

    300 to 500 households a grid, a worker for each, no gap and no overlap, every building inside
    its grid and in one alone; records of a building in the grid of the building.
    """
    from sqzl_desktop.geometry import checks  # shapely takes a tenth of a second to load

    names = {each.id: each.name for each in shown.grids}
    names_of_buildings = {each.id: each.name for each in shown.buildings}
    standing = [
        checks.Standing(each.id, each.name, each.grid, each.outline, each.location)
        for each in shown.buildings
    ]
    outlines = {each.id: each.outline for each in shown.grids}
    found = [*_of_grids(shown)]
    held = {each.id for each in shown.grids if each.held} | names_of_buildings.keys()
    for misfit in checks.misfits(outlines, standing, shown.outline):
        if held.isdisjoint(misfit.subjects):
            continue
        found.append(_told(misfit, names, names_of_buildings))
    with ws.store.read() as tx:
        astray = links.astray(tx)
    found += [
        MapProblem(f"{each.name}有{astray[each.id]}套房屋登记在其他网格", "building", each.id,
                   each.location)
        for each in shown.buildings
        if each.id in astray
    ]  # fmt: skip
    return found


def save_outline(ws: Workspace, kind: str, record_id: str, outline: str) -> None:
    """Give a grid, building or estate another outline; "" takes it away."""
    from sqzl_desktop.geometry import shapes

    if outline and (told := shapes.problem(outline)):
        raise Invalid({"outline": f"{told}，请修改后再保存"})
    with ws.store.write() as tx:
        record = elements.wanted(tx, kind, record_id)
        action = changes.Action(tx, ws.clock.now())
        put(ws, action, _with_outline(record, outline), BY_NAME[kind])


def outline_problem(outline: str) -> str:
    """What is wrong with an outline under work, "" where nothing is."""
    from sqzl_desktop.geometry import shapes

    return shapes.problem(outline)


def preview_import(ws: Workspace, community: str, path: Path) -> list[Match]:
    """For each feature of a file: the record it is for, or why it is for none."""
    features = geojson.read(path)
    if not features:
        raise KnownError("文件中没有图形，请选择含有网格或楼栋范围的文件")
    with ws.store.read() as tx:
        targets = [
            (kind, each)
            for kind in ("grid", "building", "estate", "community")
            for each in _all(tx, kind, community)
        ]
    known = _Known(targets)
    return _once([_matched(ws, known, each) for each in features])


def apply_import(ws: Workspace, matches: Sequence[Match]) -> int:
    """Take the outlines of the features that match, all or none here; how many there were.

    No group: outlines do not depend on each other, and one push may be too small for all.
    """
    good = [each for each in matches if not each.problem]
    with ws.store.write() as tx:
        action = changes.Action(tx, ws.clock.now())
        for each in good:
            record = elements.wanted(tx, each.kind, each.id)
            put(ws, action, _with_outline(record, each.feature.outline), BY_NAME[each.kind])
    return len(good)


def export(ws: Workspace, shown: AreaMap, path: Path) -> int:
    """Write the outlines of grids and buildings to a GeoJSON file; how many there were."""
    if not allows(ws.actor, "export", BY_NAME["grid"]):
        raise Refused("您的岗位不能导出，请联系社区负责人")
    grids: Iterator[tuple[Mapping[str, str], str]] = (
        ({"类型": "网格", "网格代码": each.id, "网格名称": each.name, "网格员": each.worker},
         each.outline)
        for each in shown.grids
    )  # fmt: skip
    buildings: Iterator[tuple[Mapping[str, str], str]] = (
        ({"类型": "楼栋", "小区": each.name.removesuffix(f" {each.short}"), "楼栋号": each.short},
         each.outline)
        for each in shown.buildings
    )  # fmt: skip
    written = geojson.write(path, [*grids, *buildings])
    with ws.store.write() as tx:
        subject = ("grid", shown.community, f"outlines {written}")
        audit.note(tx, ws.clock.now(), ws.actor.account, "export", subject)
    return written


def _all(tx: sa.Connection, kind: str, community: str) -> list[Element]:
    found = records.find(tx, kind, limit=_MOST)
    return [each for each in found if (each.community_id or each.id) == community]


def _grid(
    grid: Grid, workers: Mapping[str, str], counts: Mapping[str, Mapping[str, int]] | None
) -> GridOnMap:
    from sqzl_desktop.geometry import shapes

    return GridOnMap(
        grid.id,
        grid.name,
        workers.get(grid.worker_id, ""),
        counts["household"].get(grid.id, 0) if counts else grid.household_count or 0,
        counts["resident"].get(grid.id, 0) if counts else grid.resident_count or 0,
        counts["building"].get(grid.id, 0) if counts else 0,
        grid.outline,
        shapes.area(grid.outline),
        counts is not None,
    )


def _building(building: Building, inside: Mapping[str, int]) -> BuildingOnMap:
    return BuildingOnMap(
        building.id,
        f"{building.estate} {building.name}".strip(),
        building.name,
        building.grid_id,
        building.outline,
        building.location,
        inside.get("dwelling", 0),
        inside.get("household", 0),
        inside.get("resident", 0),
    )


def _of_grids(shown: AreaMap) -> Iterator[MapProblem]:
    low, high = redrawing.FEWEST_HOUSEHOLDS, redrawing.MOST_HOUSEHOLDS
    for each in shown.grids:
        if not each.fits:
            more = "少于" if each.households < low else "多于"
            limit = low if each.households < low else high
            yield MapProblem(f"{each.name}有{each.households}户，{more}{limit}户", "grid", each.id)
    for each in shown.grids:
        if each.held and not each.worker:
            yield MapProblem(f"{each.name}没有网格员", "grid", each.id)
    for each in shown.grids:
        if each.held and not each.outline:
            yield MapProblem(f"{each.name}还没有画范围", "grid", each.id)
    for building in shown.buildings:
        if not (building.outline or building.location):
            yield MapProblem(f"{building.name}没有位置", "building", building.id)


def _told(misfit: object, names: Mapping[str, str], buildings: Mapping[str, str]) -> MapProblem:
    from sqzl_desktop.geometry.checks import Misfit

    assert isinstance(misfit, Misfit)
    size = f"{misfit.area:,.0f}平方米"
    called = [names[each] for each in misfit.subjects if each in names]
    some = "、".join(called[:3]) + (f"等{len(called)}个网格" if len(called) > 3 else "")
    building = buildings.get(misfit.subjects[0], "") if misfit.subjects else ""
    sentences = {
        "overlap": f"{some}重叠{size}",
        "gap": f"{some or '网格'}之间有{size}不属于任何网格",
        "outside": f"{some}有{size}在社区范围以外",
        "torn": f"{building}跨{some}",
        "astray": f"{building}不在所属网格范围内" + (f"，位于{some}" if some else ""),
    }
    kind = "building" if misfit.what in ("torn", "astray") else "grid"
    subject = misfit.subjects[0] if misfit.subjects else ""
    return MapProblem(sentences[misfit.what], kind, subject, misfit.at)


def _with_outline(record: Element, outline: str) -> Element:
    assert isinstance(record, Grid | Building | Estate | Community)
    return dataclasses.replace(record, outline=outline)


class _Known:
    """The records that an outline may be for, by every word a file may call them."""

    def __init__(self, targets: Sequence[tuple[str, Element]]) -> None:
        self._by_word: dict[str, list[tuple[str, Element]]] = {}
        for kind, each in targets:
            for word in {_folded(word) for word in _words(each)} - {""}:
                self._by_word.setdefault(word, []).append((kind, each))

    def find(self, feature: Feature) -> tuple[str, Element] | str:
        """The record of a feature, or a sentence."""
        both = f"{feature.estate}{feature.name}"
        for word in (feature.code, both if feature.estate else "", feature.name):
            found = self._by_word.get(_folded(word), []) if word else []
            if len(found) == 1:
                return found[0]
            if found:
                return f"“{word}”有{len(found)}个，请在文件中写明代码，或小区和楼栋号"
        called = feature.code or both
        return f"找不到“{called}”" if called else "没有写明网格代码、网格名称或楼栋号"


def _folded(word: str) -> str:
    return word.replace(" ", "").replace("号楼", "").replace("栋", "").replace("#", "").lower()


def _words(record: Element) -> tuple[str, ...]:
    match record:
        case Grid():
            return record.code, record.name
        case Building():
            return record.code, f"{record.estate}{record.name}", record.name
        case Estate() | Community():
            return record.name, record.id
    return ()


def _matched(ws: Workspace, known: _Known, feature: Feature) -> Match:
    from sqzl_desktop.geometry import shapes

    problem = feature.problem or shapes.problem(feature.outline)
    found = known.find(feature)
    if isinstance(found, str):
        return Match(feature, problem=problem or found)
    kind, record = found
    if not problem and not allows(ws.actor, "write", BY_NAME[kind], record):
        problem = f"您的岗位不能修改{BY_NAME[kind].label}"
    name = " ".join(str(getattr(record, part)) for part in BY_NAME[kind].title)
    has_outline = bool(getattr(record, "outline", ""))
    return Match(feature, kind, record.id, name, has_outline, problem)


def _once(matches: Sequence[Match]) -> list[Match]:
    """Of several features for one record only the first can be taken."""
    seen: set[tuple[str, str]] = set()
    kept: list[Match] = []
    for each in matches:
        key = each.kind, each.id
        if not each.problem and key in seen:
            each = dataclasses.replace(each, problem=f"{each.name}在文件中不止一个图形")
        elif not each.problem:
            seen.add(key)
        kept.append(each)
    return kept
