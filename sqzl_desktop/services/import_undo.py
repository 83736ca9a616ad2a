"""撤销导入: a whole import is taken back in one action; what was changed since is left and told."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from sqzl_desktop.base.errors import KnownError, NotFound
from sqzl_desktop.domain.access import allows
from sqzl_desktop.domain.kinds import BY_NAME, KINDS
from sqzl_desktop.schema.fields import Json
from sqzl_desktop.services import elements
from sqzl_desktop.services.imports import Progress
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import audit, bulk, changes, records, runs
from sqzl_desktop.store.runs import Run as Run
from sqzl_desktop.store.runs import Touched

_CHANGED = "导入以后有人改过，没有撤销"
_USED = "导入以后有其他记录用到它，没有撤销"
_NOT_YOURS = "不在您的岗位或网格内，没有撤销"
_CHUNK = 400


@dataclasses.dataclass(frozen=True, slots=True)
class Left:
    """A record that was left as it is, and why."""

    kind: str
    id: str
    title: str
    why: str


@dataclasses.dataclass(frozen=True, slots=True)
class UndoReport:
    """How many records were removed again, or put back as they were; what was left."""

    removed: int
    restored: int
    left: tuple[Left, ...]


def latest_runs(ws: Workspace) -> list[Run]:
    """The imports of this device, the newest first."""
    with ws.store.read() as tx:
        return runs.latest(tx)


def undo(
    ws: Workspace,
    run_id: str,
    *,
    progress: Progress = lambda _done, _total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> UndoReport:
    """Take an import back: what it made is deleted, what it changed gets its former values.

    One transaction. A record that was changed since, or that later records refer to, stays.
    """
    with ws.store.write() as tx:
        run = runs.find(tx, run_id)
        if run is None:
            raise NotFound("找不到这次导入，可能不是在这台电脑上做的")
        if run.undone_at:
            raise KnownError("这次导入已经撤销过了")
        touched, forgotten = runs.touched(tx, run_id)
        if forgotten:
            raise KnownError("这次导入已经过去很久，不能整体撤销，请逐条修改")
        kept = _kept(ws, tx, touched)
        going = [each for each in touched if (each.kind, each.id) not in kept]
        made = {(each.kind, each.id) for each in going if each.is_new}
        gone = bulk.remove_unsent(tx, ws.clock.now(), made)
        for count, each in enumerate(going, 1):
            if cancelled():
                raise KnownError("已取消撤销，导入的内容没有变动")
            if (each.kind, each.id) not in gone:
                _take_back(ws, tx, each)
            progress(count, len(going))
        done = len(made), len(going) - len(made)
        runs.set_undone(tx, run_id, ws.clock.now())
        detail = f"{done[0]}条删除，{done[1]}条恢复，{len(kept)}条保留"
        audit.note(tx, ws.clock.now(), ws.actor.account, "undo_import", (run.kind, "", detail))
        return UndoReport(done[0], done[1], _left(tx, kept))


def _take_back(ws: Workspace, tx: sa.Connection, each: Touched) -> None:
    action = changes.Action(tx, ws.clock.now())
    if each.is_new:
        action.delete(each.kind, each.id, each.community)
    else:
        action.put(each.kind, each.id, each.community, each.before)


def _kept(
    ws: Workspace, tx: sa.Connection, touched: Sequence[Touched]
) -> Mapping[tuple[str, str], str]:
    """(kind, id) of what cannot be taken back, and why."""
    kept: dict[tuple[str, str], str] = {}
    for each in touched:
        now = records.fields_of(tx, each.kind, each.id)
        if now is None:
            kept[each.kind, each.id] = "已经被删除"
        elif _is_changed(each, now):
            kept[each.kind, each.id] = _CHANGED
        elif not _may_write(ws, each, now):
            kept[each.kind, each.id] = _NOT_YOURS
    new = {(each.kind, each.id) for each in touched if each.is_new}
    # what stays keeps what it refers to, and that in turn
    while further := _used(tx, new - kept.keys()):
        kept.update(further)
    return kept


def _is_changed(each: Touched, now: Mapping[str, Json]) -> bool:
    fields = each.after.keys() | (now.keys() if each.is_new else set())
    return any(each.after.get(name) != now.get(name) for name in fields)


def _may_write(ws: Workspace, each: Touched, now: Mapping[str, Json]) -> bool:
    kind = BY_NAME[each.kind]
    place = {name: str(now.get(name) or "") for name in ("community_id", "grid_id")}
    return allows(ws.actor, "write", kind, kind.record(id=each.id, **place))


def _used(tx: sa.Connection, going: set[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Which of the records that are to go are referred to by others that stay."""
    found: dict[tuple[str, str], str] = {}
    for kind in KINDS:
        for column in kind.columns:
            ids = [each for name, each in going if name == column.facts.target]
            if column.type != "ref" or not ids:
                continue
            for holder, target in _holders(tx, kind.name, column.name, ids):
                if (kind.name, holder) not in going:
                    found[column.facts.target, target] = _USED
    return found


def _holders(tx: sa.Connection, kind: str, field: str, ids: Sequence[str]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for start in range(0, len(ids), _CHUNK):
        some: Sequence[Any] = ids[start : start + _CHUNK]
        found += records.referring(tx, kind, field, some)
    return found


def _left(tx: sa.Connection, kept: Mapping[tuple[str, str], str]) -> tuple[Left, ...]:
    titles: dict[str, dict[str, str]] = {}
    for kind in {kind for kind, _ in kept}:
        titles[kind] = elements.titles_in(tx, kind, [each for name, each in kept if name == kind])
    return tuple(
        Left(kind, record_id, titles[kind].get(record_id, ""), why)
        for (kind, record_id), why in kept.items()
    )
