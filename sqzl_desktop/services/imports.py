"""导入: a messy sheet becomes a plan, the plan becomes records."""

import dataclasses
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from sqzl_desktop.base.errors import KnownError, Refused, UserError
from sqzl_desktop.domain.access import allows
from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.exchange import headings as heads
from sqzl_desktop.exchange import report, residents, rows, sheet
from sqzl_desktop.exchange.headings import Headings, Target
from sqzl_desktop.exchange.rows import PlannedRow, Problem
from sqzl_desktop.exchange.sheet import Sheet
from sqzl_desktop.services import elements, plain_rows
from sqzl_desktop.services.acquainted import Acquainted
from sqzl_desktop.services.arrivals import Arrivals, Choice, own_grid
from sqzl_desktop.services.doors import Doors, Place, place_of
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import audit, meta, runs

Progress = Callable[[int, int], None]
_NO_DOOR = "本机没有这个房屋，请选定住址后再导入"
_SEVERAL_DOORS = "本机有{}个房屋符合，请选定是哪一个"
_NO_PLACE = "没有写住址，请选定归入哪个网格"


@dataclasses.dataclass(frozen=True, slots=True)
class Held:
    """A place of a sheet that names no dwelling, or several: how many rows wait for a choice.

    `doors` and `houses` are what it may be: (id, what people call it) each.
    """

    place: Place
    count: int
    doors: tuple[tuple[str, str], ...]
    houses: tuple[tuple[str, str], ...]


@dataclasses.dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import would do, row by row; nothing is written yet."""

    kind: str
    rows: tuple[PlannedRow, ...]
    counts: Mapping[str, int]
    sheet: Sheet
    headings: Headings
    offered: tuple[Target, ...]
    file: str
    held: tuple[Held, ...] = ()
    needs_grid: bool = False
    is_corrected: bool = False


@dataclasses.dataclass(frozen=True)
class Choices:
    """What a person decided beside the plan.

    `include` are the numbers of rows that were looked at and are right, `leave` of rows that are
    not to be imported; `places` say where the people of a held place belong, `grid` where records
    belong whose row does not say so.
    """

    include: Collection[int] = ()
    leave: Collection[int] = ()
    places: Mapping[Place, Choice] = dataclasses.field(default_factory=dict)
    grid: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did. `failed` rows passed the plan but were refused when saved: each with its
    number and the sentence. `run` is the id by which all of it can be undone."""

    created: int = 0
    changed: int = 0
    same: int = 0
    failed: int = 0
    failures: tuple[tuple[int, str], ...] = ()
    run: str = ""


def preview_import(
    ws: Workspace, kind: str, path: Path, *, mapping: Mapping[int, str] | None = None
) -> ImportPlan:
    """Read a sheet and plan every row: accept, reject, review, hold or skip, with the reason.

    `mapping` leads from a column to a field where a person corrected it; without it the columns
    are matched by their headings, or as a person once corrected a sheet of the same shape.
    """
    described = BY_NAME[kind]
    if not (allows(ws.actor, "import", described) and allows(ws.actor, "write", described)):
        raise Refused(f"您的岗位不能导入{described.label}，请联系社区负责人")
    read = sheet.read_sheet(path)
    is_people = kind == "resident"
    offered = residents.RESIDENT_TARGETS if is_people else plain_rows.targets_of(described)
    found = heads.find_headings(read, offered)
    with ws.store.read() as tx:
        known = _remembered(tx, kind, found) if mapping is None else mapping
        found = found if known is None else dataclasses.replace(found, mapping=known)
        held: tuple[Held, ...] = ()
        if is_people:
            people = residents.plan_residents(read, found, lists=code_list, today=ws.today)
            planned, held = _held(ws, tx, people)
        else:
            planned = _plain(ws, tx, kind, (read, found))
    return ImportPlan(
        kind, tuple(planned), rows.counts(planned), read, found, offered, path.name, held,
        needs_grid=described.in_grid and not is_people and not own_grid(ws)
        and any(row.action == "accept" and not row.values.get("grid_id") for row in planned)
        and not _gives_grid(kind),
        is_corrected=mapping is not None,
    )  # fmt: skip


def _gives_grid(kind: str) -> bool:
    """Does a row of this kind always name what gives it its grid?"""
    return kind == "dwelling" or "resident_id" in BY_NAME[kind].known


def _plain(
    ws: Workspace, tx: sa.Connection, kind: str, of: tuple[Sheet, Headings]
) -> list[PlannedRow]:
    described, (read, found) = BY_NAME[kind], of
    written = [rows.field_cells(row, found) for row in read.rows[found.last :]]
    ground = plain_rows.Ground(tx, described, written)
    planned = rows.plan_rows(
        described, read, found, lists=code_list, today=ws.today, aids=ground.aids()
    )
    return plain_rows.without_repeats(described, planned)


def _held(
    ws: Workspace, tx: sa.Connection, planned: Sequence[PlannedRow]
) -> tuple[list[PlannedRow], tuple[Held, ...]]:
    """Rows whose place is not one dwelling wait for a choice, unless the person is known."""
    doors, counted = Doors(tx), Counter[Place]()
    known = Acquainted(tx, (row.values for row in planned))
    after: list[PlannedRow] = []
    for row in planned:
        if row.action in ("accept", "review"):
            row = _placed(ws, row, doors, known)
            if row.action == "hold" or _is_open(ws, row, doors):
                counted[place_of(row.values)] += 1
        after.append(row)
    held = (
        Held(
            place, count,
            tuple((each.id, each.address) for each in doors.find(place)) if any(place) else (),
            tuple((each.id, each.title) for each in doors.houses(place.estate, place.building))
            if place.room else (),
        )
        for place, count in counted.items()
    )  # fmt: skip
    return after, tuple(sorted(held, key=lambda each: each.place))


def _is_open(ws: Workspace, row: PlannedRow, doors: Doors) -> bool:
    """Has a row that is to be looked at a place that is to be chosen, too?"""
    place = place_of(row.values)
    if row.action != "review":
        return False
    return len(doors.find(place)) != 1 if any(place) else not own_grid(ws)


def _placed(ws: Workspace, row: PlannedRow, doors: Doors, known: Acquainted) -> PlannedRow:
    place = place_of(row.values)
    found = doors.find(place) if any(place) else []
    try:
        same = known.find(row.values, found[0].id if len(found) == 1 else "")
    except Refused as refusal:
        return _with(row, "reject", "known_twice", str(refusal))
    if same:
        return _told_of_home(row, found[0].id if len(found) == 1 else "", known.homes_of(same))
    if len(found) == 1 or row.action == "review":
        return row
    if not any(place):
        return row if own_grid(ws) else _with(row, "hold", "place_missing", _NO_PLACE)
    if found:
        return _with(row, "hold", "place_several", _SEVERAL_DOORS.format(len(found)))
    return _with(row, "hold", "place_unknown", _NO_DOOR)


def _told_of_home(row: PlannedRow, door: str, homes: set[str]) -> PlannedRow:
    if not door or not homes or door in homes:
        return row
    sentence = "已登记的住址与表中不同，本次只更新其他内容；确已搬家请在居民卡上办理迁移"
    return _with(row, row.action, row.reason, sentence)


def _with(row: PlannedRow, action: rows.Action, reason: str, sentence: str) -> PlannedRow:
    about = Problem("住址", place_of(row.values).words, sentence)
    return dataclasses.replace(row, action=action, reason=reason, problems=(*row.problems, about))


def chosen_rows(plan: ImportPlan, choices: Choices) -> list[PlannedRow]:
    """The rows that an import would take up."""
    return [
        row
        for row in plan.rows
        if row.number not in choices.leave
        and (
            row.action == "accept"
            or (row.action == "review" and row.number in choices.include)
            or (row.action == "hold" and place_of(row.values) in choices.places)
        )
    ]


def apply_import(
    ws: Workspace,
    plan: ImportPlan,
    *,
    choices: Choices | None = None,
    progress: Progress = lambda _done, _total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> ImportReport:
    """Save the rows that were chosen.

    One transaction: when the person cancels, nothing was imported.
    """
    choices = choices or Choices()
    chosen = chosen_rows(plan, choices)
    with ws.store.write() as tx:
        first = runs.last_place(tx)
        taken = _take_all(ws, tx, plan, chosen, choices=choices, told=(progress, cancelled))
        detail = f"{len(chosen)}行"
        audit.note(tx, ws.clock.now(), ws.actor.account, "import", (plan.kind, "", detail))
        words = f"新登记{taken.created}条，更新{taken.changed}条"
        made = runs.Run("", ws.clock.now(), ws.actor.account, plan.kind, plan.file, words, "")
        if taken.created or taken.changed:
            taken = dataclasses.replace(taken, run=runs.note(tx, made, first))
        if plan.is_corrected:
            _remember(tx, plan)
    return taken


def _take_all(
    ws: Workspace,
    tx: sa.Connection,
    plan: ImportPlan,
    chosen: list[PlannedRow],
    *,
    choices: Choices,
    told: tuple[Progress, Callable[[], bool]],
) -> ImportReport:
    progress, cancelled = told
    work: Arrivals | plain_rows.PlainRows
    if plan.kind == "resident":
        work = Arrivals(ws, tx, chosen, choices.places)
    else:
        work = plain_rows.PlainRows(ws, tx, BY_NAME[plan.kind], choices.grid)
    tally: Counter[str] = Counter()
    failures: list[tuple[int, str]] = []
    for done, row in enumerate(chosen, 1):
        if cancelled():
            raise KnownError("已取消导入，没有写入任何内容")
        try:
            tally[work.take(row)] += 1
        except UserError as refusal:
            failures.append((row.number, str(refusal)))
        progress(done, len(chosen))
    work.batch.flush()
    return ImportReport(
        created=tally["created"], changed=tally["changed"], same=tally["same"],
        failed=len(failures), failures=tuple(failures),
    )  # fmt: skip


def _shape(kind: str, found: Headings) -> str:
    words = "\n".join(heads.key(label) for label in found.labels)
    return f"columns/{kind}/{hashlib.sha256(words.encode()).hexdigest()[:16]}"


def _remembered(tx: sa.Connection, kind: str, found: Headings) -> dict[int, str] | None:
    kept = meta.get(tx, _shape(kind, found))
    return {int(column): field for column, field in json.loads(kept).items()} if kept else None


def _remember(tx: sa.Connection, plan: ImportPlan) -> None:
    meta.put(tx, _shape(plan.kind, plan.headings), json.dumps(dict(plan.headings.mapping)))


def write_report(plan: ImportPlan, path: Path, failures: Sequence[tuple[int, str]] = ()) -> None:
    """The report to hand back: their own sheet, wrong cells coloured, with a column 问题."""
    refused = dict(failures)
    planned = [
        dataclasses.replace(
            row, action="reject", problems=(*row.problems, Problem("", "", refused[row.number]))
        )
        if row.number in refused
        else row
        for row in plan.rows
    ]
    report.write_report(path, planned, plan.sheet, plan.headings)


def row_object(row: PlannedRow) -> dict[str, Any]:
    """A planned row for scripts: action, reason, problems; sensitive values are masked."""
    formats = {column.name: column for column in BY_NAME["resident"].columns}
    values = {
        name: elements.masked(formats[name], value)
        if name in formats and formats[name].facts.sensitive
        else value
        for name, value in row.values.items()
    }
    return {
        "row": row.number,
        "action": row.action,
        "reason": row.reason,
        "values": values,
        "warnings": row.warnings,
        "problems": [{"column": each.column, "sentence": each.sentence} for each in row.problems],
    }
