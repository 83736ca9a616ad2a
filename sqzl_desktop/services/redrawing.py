"""重新划分: a draft kept on this computer, what it would do, and the command that does it."""

import dataclasses
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import msgspec
import sqlalchemy as sa

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain import redrawing
from sqzl_desktop.domain.access import allows
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.domain.kinds.grid import Grid
from sqzl_desktop.domain.kinds.redrawing import Redrawing
from sqzl_desktop.domain.redrawing import Key, Placed, Plan
from sqzl_desktop.exchange.sheet import write_sheet
from sqzl_desktop.services import elements
from sqzl_desktop.services.saving import put
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import audit, changes, links, meta, records

COUNTED = ("building", "dwelling", "household", "resident")
_MOST_GRIDS = 1000


class NewGrid(msgspec.Struct, frozen=True):
    """A grid that the draft makes."""

    code: str
    name: str
    worker_id: str = ""


class Draft(msgspec.Struct, frozen=True):
    """A plan under work: building to grid, grid to the one it is merged into, new grids, and
    the outlines that grids are to have."""

    name: str = ""
    reason: str = ""
    moves: dict[str, str] = {}
    merges: dict[str, str] = {}
    new_grids: tuple[NewGrid, ...] = ()
    outlines: dict[str, str] = {}

    @property
    def is_empty(self) -> bool:
        """Is nothing planned?"""
        return not (self.moves or self.merges or self.new_grids or self.outlines)


@dataclasses.dataclass(frozen=True, slots=True)
class GridChange:
    """A grid before and after: counts by kind of `COUNTED`; `gains` and `loses` likewise."""

    id: str
    name: str
    worker: str
    before: Mapping[str, int]
    after: Mapping[str, int]
    gains: Mapping[str, int]
    loses: Mapping[str, int]
    is_new: bool
    merged_into: str

    @property
    def fits(self) -> bool:
        """Has it as many households as a grid should have, or is it gone?"""
        count = self.after.get("household", 0)
        fits = redrawing.FEWEST_HOUSEHOLDS <= count <= redrawing.MOST_HOUSEHOLDS
        return bool(self.merged_into) or fits


@dataclasses.dataclass(frozen=True, slots=True)
class Preview:
    """What a draft would do. `moved` counts records by kind, `moves` lists (building, from, to)."""

    grids: tuple[GridChange, ...]
    moved: Mapping[str, int]
    moves: tuple[tuple[str, str, str], ...]
    warnings: tuple[str, ...]


def draft(ws: Workspace, community: str) -> Draft:
    """The draft of a community, an empty one where there is none."""
    with ws.store.read() as tx:
        return _draft(tx, community)


def keep(ws: Workspace, community: str, planned: Draft) -> None:
    """Keep a draft on this computer, in place of the one before."""
    with ws.store.write() as tx:
        meta.put(tx, _name(community), msgspec.json.encode(planned).decode())


def discard(ws: Workspace, community: str) -> None:
    """Drop the draft."""
    keep(ws, community, Draft())


def next_code(ws: Workspace, community: str, planned: Draft) -> str:
    """A code for a new grid: the community's 12 digits and the first free number."""
    with ws.store.read() as tx:
        taken = {each.id for each in records.find(tx, "grid", limit=_MOST_GRIDS)}
    taken |= {each.code for each in planned.new_grids} | planned.merges.keys()
    numbers = (f"{community}{n:03d}" for n in range(1, 1000))
    return next(code for code in numbers if code not in taken)


def is_allowed(ws: Workspace) -> bool:
    """May this person redraw grids?"""
    return allows(ws.actor, "write", BY_NAME["redrawing"])


def preview(ws: Workspace, community: str, planned: Draft) -> Preview:
    """What a draft would do to each grid it touches, and to whom."""
    with ws.store.read() as tx:
        return _preview(tx, community, planned)


def pending(ws: Workspace, community: str) -> list[str]:
    """The names of redrawings that were decided here and that the server has not carried out."""
    with ws.store.read() as tx:
        found = [
            each
            for each in records.find(tx, "redrawing", limit=_MOST_GRIDS)
            if elements.state_in(tx, "redrawing", each.id) == "pending"
        ]
    return [
        each.name
        for each in found
        if isinstance(each, Redrawing) and each.community_id == community
    ]  # fmt: skip


def apply(ws: Workspace, community: str, planned: Draft) -> Redrawing:
    """Decide the draft: new grids, outlines and the command, one action; the draft is done with.

    Records move when the server has the command, all at once; until then they stay where they are.
    """
    if not planned.name.strip():
        raise Refused("请填写方案名称，例如“2026年秋季网格调整”")
    if not is_allowed(ws):
        raise Refused("您的岗位不能重新划分网格，请联系社区负责人")
    with ws.store.write() as tx:
        seen = _preview(tx, community, planned)
        action = changes.Action(tx, ws.clock.now(), grouped=True)
        made = {each.code for each in planned.new_grids}
        for new in planned.new_grids:
            put(ws, action, _new_grid(community, new, planned), BY_NAME["grid"])
        for code, outline in _outlines(tx, planned).items():
            known = records.get(tx, "grid", code)
            if code not in made and code not in planned.merges and isinstance(known, Grid):
                put(ws, action, dataclasses.replace(known, outline=outline), BY_NAME["grid"])
        drawn = put(ws, action, _record(ws, community, planned, seen), BY_NAME["redrawing"])
        meta.put(tx, _name(community), "")
    assert isinstance(drawn, Redrawing)
    return drawn


def export(ws: Workspace, planned: Draft, seen: Preview, path: Path) -> None:
    """Write what a plan changes as a table, for the report to the subdistrict; audited."""
    lines = [("方案", planned.name, "", "", planned.reason)]
    lines += [
        ("网格", each.name, f"{each.before.get('household', 0)}户",
         "撤销" if each.merged_into else f"{each.after.get('household', 0)}户",
         f"网格员：{each.worker or '未指定'}")
        for each in seen.grids
    ]  # fmt: skip
    lines += [("楼栋", name, before, after, "") for name, before, after in seen.moves]
    lines += [("提醒", sentence, "", "", "") for sentence in seen.warnings]
    write_sheet(path, ("项目", "名称", "调整前", "调整后", "说明"), lines)
    with ws.store.write() as tx:
        audit.note(tx, ws.clock.now(), ws.actor.account, "export",
                   ("redrawing", "", f"buildings {len(seen.moves)}"))  # fmt: skip


def _record(ws: Workspace, community: str, planned: Draft, seen: Preview) -> Redrawing:
    plan = _plan(planned)
    known = {each.id for each in seen.grids}
    gone = {*plan.moves, *plan.merges, *plan.merges.values()} - known
    if gone:
        raise Refused(f"方案中的网格{'、'.join(sorted(gone))}已不存在，请重新拟定方案")
    if not (plan.moves or plan.merges):
        raise Refused("方案没有移动楼栋，也没有合并网格；网格范围请直接在地图上修改")
    return Redrawing(
        community_id=community,
        name=planned.name.strip(),
        reason=planned.reason.strip(),
        decided_on=ws.today,
        plan=redrawing.write(plan),
        building_count=seen.moved.get("building", 0),
        dwelling_count=seen.moved.get("dwelling", 0),
        household_count=seen.moved.get("household", 0),
        resident_count=seen.moved.get("resident", 0),
    )


def _outlines(tx: sa.Connection, planned: Draft) -> dict[str, str]:
    """The outlines that are drawn, and of merged grids what they cover together."""
    from sqzl_desktop.geometry import shapes  # shapely takes a tenth of a second to load

    found = dict(planned.outlines)
    for target in set(planned.merges.values()) - found.keys():
        codes = [target, *(old for old, new in planned.merges.items() if new == target)]
        grids = records.get_many(tx, "grid", codes)
        outlines = [each.outline for each in grids.values() if isinstance(each, Grid)]
        if len(codes) == len([each for each in outlines if each]):
            found[target] = shapes.union(outlines)
    return found


def _new_grid(community: str, new: NewGrid, planned: Draft) -> Grid:
    return Grid(
        community_id=community,
        code=new.code,
        name=new.name,
        worker_id=new.worker_id,
        outline=planned.outlines.get(new.code, ""),
    )


def _plan(planned: Draft) -> Plan:
    moves: dict[str, list[str]] = {}
    for building, grid in sorted(planned.moves.items()):
        moves.setdefault(grid, []).append(building)
    return Plan(moves, planned.merges)


def _draft(tx: sa.Connection, community: str) -> Draft:
    kept = meta.get(tx, _name(community))
    return msgspec.json.decode(kept, type=Draft) if kept else Draft()


def _name(community: str) -> str:
    return f"redrawing/{community}"


def _preview(tx: sa.Connection, community: str, planned: Draft) -> Preview:
    if planned.is_empty:
        return Preview((), {}, (), ())
    known = {
        each.id: each
        for each in records.find(tx, "grid", limit=_MOST_GRIDS)
        if isinstance(each, Grid) and each.community_id == community
    }
    leaving = records.get_many(tx, "building", planned.moves).values()
    from_grids = {each.grid_id for each in leaving} | planned.merges.keys()
    placed = [Placed(*each) for each in links.links(tx, from_grids, redrawing.FIELDS)]
    goes_to = redrawing.moved(placed, _plan(planned))
    before, gains, loses = _Tally(), _Tally(), _Tally()
    for kind in COUNTED:
        for grid, count in links.counts(tx, kind).items():
            before.add(grid, kind, count)
    for each in placed:
        if each.kind in COUNTED and (each.kind, each.id) in goes_to:
            loses.add(each.grid, each.kind)
            gains.add(goes_to[each.kind, each.id], each.kind)
    new = {each.code: each for each in planned.new_grids}
    touched = {*gains, *loses, *new, *planned.merges, *planned.merges.values()}
    touched |= {*planned.moves.values(), *planned.outlines}
    staff = {*(each.worker_id for each in known.values()), *(e.worker_id for e in new.values())}
    workers = elements.titles_in(tx, "staff", staff - {""})
    grids = tuple(
        GridChange(
            code,
            (new.get(code) or known[code]).name,
            workers.get((new.get(code) or known[code]).worker_id, ""),
            before[code], before[code] + gains[code] - loses[code], gains[code], loses[code],
            code in new,
            planned.merges.get(code, ""),
        )
        for code in sorted(touched & {*known, *new})
    )  # fmt: skip
    moved = Counter(kind for kind, _ in goes_to)
    moves = _moves(tx, placed, goes_to, {**known, **new})
    return Preview(grids, moved, moves, tuple(_warnings(planned, grids, known)))


class _Tally(dict[str, Counter[str]]):
    """Counts by grid and kind."""

    def __missing__(self, grid: str) -> Counter[str]:
        return Counter()

    def add(self, grid: str, kind: str, count: int = 1) -> None:
        """Some more."""
        self.setdefault(grid, Counter())[kind] += count


def _moves(
    tx: sa.Connection,
    placed: list[Placed],
    goes_to: Mapping[Key, str],
    grids: Mapping[str, Grid | NewGrid],
) -> tuple[tuple[str, str, str], ...]:
    leaving = [
        each for each in placed if each.kind == "building" and (each.kind, each.id) in goes_to
    ]
    names = elements.titles_in(tx, "building", [each.id for each in leaving])
    found = [
        (names.get(each.id, ""), _name_of(each.grid, grids),
         _name_of(goes_to[each.kind, each.id], grids))
        for each in leaving
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda each: (each[1], each[2], each[0])))


def _name_of(grid: str, grids: Mapping[str, Grid | NewGrid]) -> str:
    return grids[grid].name if grid in grids else grid


def _warnings(
    planned: Draft, grids: tuple[GridChange, ...], known: Mapping[str, Grid]
) -> list[str]:
    told = [
        f"{each.name}将有{each.after.get('household', 0)}户，不在"
        f"{redrawing.FEWEST_HOUSEHOLDS}～{redrawing.MOST_HOUSEHOLDS}户之内"
        for each in grids
        if not each.fits
    ]
    told += [f"{each.name}没有网格员" for each in grids if not each.worker and not each.merged_into]
    told += [
        f"新网格{each.name}（{each.code}）执行后，请管理员把它加入网格员账号的负责范围"
        for each in planned.new_grids
    ]
    told += [
        f"{known[code].name}将撤销，请管理员把它从网格员账号的负责范围中去掉"
        for code in planned.merges
        if code in known
    ]
    return told
