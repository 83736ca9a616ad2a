"""导入导出: a messy sheet becomes a plan, the plan becomes records; lists become sheets."""

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from sqzl_desktop.base import text
from sqzl_desktop.base.errors import KnownError, Refused, UserError
from sqzl_desktop.domain.access import allows
from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.exchange import headings as heads
from sqzl_desktop.exchange import report, residents, rows, sheet
from sqzl_desktop.exchange.rows import PlannedRow
from sqzl_desktop.schema.codec import cell_text
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.schema.kind import Column, Kind
from sqzl_desktop.services import arrivals, elements
from sqzl_desktop.services.saving import put
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import audit, changes, records

Progress = Callable[[int, int], None]
_PAGE = 1000


@dataclasses.dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import would do, row by row; nothing is written yet."""

    kind: str
    rows: tuple[PlannedRow, ...]
    counts: Mapping[str, int]


@dataclasses.dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did. `failed` rows passed the plan but were refused when saved."""

    created: int = 0
    changed: int = 0
    same: int = 0
    failed: int = 0


def preview_import(ws: Workspace, kind: str, path: Path) -> ImportPlan:
    """Read a sheet and plan every row: accept, reject, review or skip, with the reason."""
    described = BY_NAME[kind]
    if not (allows(ws.actor, "import", described) and allows(ws.actor, "write", described)):
        raise Refused(f"您的岗位不能导入{described.label}，请联系社区负责人")
    read = sheet.read_sheet(path)
    if kind == "resident":
        found = heads.find_headings(read, residents.RESIDENT_TARGETS)
        planned = residents.plan_residents(read, found, lists=code_list, today=ws.today)
    else:
        found = heads.find_headings(read, heads.targets(described))
        with ws.store.read() as tx:
            planned = rows.plan_rows(
                described, read, found, lists=code_list, today=ws.today,
                resolve=lambda column, cell: _resolved(tx, column, cell),
            )  # fmt: skip
    return ImportPlan(kind, tuple(planned), rows.counts(planned))


def apply_import(
    ws: Workspace,
    plan: ImportPlan,
    *,
    include: Sequence[int] = (),
    progress: Progress = lambda _done, _total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> ImportReport:
    """Save the accepted rows, and the reviewed ones whose numbers are in `include`.

    One transaction: when the person cancels, nothing was imported.
    """
    chosen = [
        row
        for row in plan.rows
        if row.action == "accept" or (row.action == "review" and row.number in include)
    ]
    with ws.store.write() as tx:
        work = arrivals.Arrivals(ws, tx) if plan.kind == "resident" else _Plain(ws, tx, plan.kind)
        tally = {"created": 0, "changed": 0, "same": 0, "failed": 0}
        for done, row in enumerate(chosen):
            if cancelled():
                raise KnownError("已取消导入，没有写入任何内容")
            tally[_taken(tx, work, row)] += 1
            progress(done + 1, len(chosen))
        detail = f"{len(chosen)}行"
        audit.note(tx, ws.clock.now(), ws.actor.account, "import", (plan.kind, "", detail))
    return ImportReport(**tally)


def _taken(tx: sa.Connection, work: "arrivals.Arrivals | _Plain", row: PlannedRow) -> str:
    """Save one row, or nothing of it where it is refused; the other rows go on."""
    tx.exec_driver_sql("SAVEPOINT one_row")
    try:
        result = work.take(row)
    except UserError:
        tx.exec_driver_sql("ROLLBACK TO one_row")
        work.forget()
        result = "failed"
    tx.exec_driver_sql("RELEASE one_row")
    return result


class _Plain:
    """Takes the rows of any kind; a record is known again by its key or its whole title."""

    def __init__(self, ws: Workspace, tx: sa.Connection, kind: str) -> None:
        self._ws = ws
        self._tx = tx
        self._kind = BY_NAME[kind]

    def take(self, row: PlannedRow) -> str:
        """Save one row: `created`, `changed` or `same`."""
        known = self._known(row)
        if known is None:
            record = elements.blank(self._ws, self._kind.name, **row.values)
        else:
            values: dict[str, Any] = dict(row.values)
            record = dataclasses.replace(known, **values)
            if record == known:
                return "same"
        placed = arrivals.in_own_grid(self._ws, record, self._kind)
        put(self._ws, changes.Action(self._tx, self._ws.clock.now()), placed, self._kind)
        return "created" if known is None else "changed"

    def forget(self) -> None:
        """The last row was taken back; nothing was remembered of it."""

    def _known(self, row: PlannedRow) -> Element | None:
        names = (self._kind.key,) if self._kind.key else self._kind.title
        filters = [Filter(name, "=", row.values.get(name, "")) for name in names]
        found = records.find(self._tx, self._kind.name, filters=filters, limit=2)
        return found[0] if len(found) == 1 else None


def _resolved(tx: sa.Connection, column: Column, cell: str) -> str:
    """The id of the one record that a cell names by id, code or title; "" where none or several."""
    target = BY_NAME[column.facts.target]
    if records.get(tx, target.name, cell) is not None:
        return cell
    field = target.key or target.title[-1]
    found = records.find(tx, target.name, filters=[Filter(field, "=", text.clean(cell))], limit=2)
    return found[0].id if len(found) == 1 else ""


def write_report(plan: ImportPlan, path: Path) -> None:
    """The report of a plan, to hand back with the sheet: row, column, value, what to do."""
    report.write_report(path, plan.rows)


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


def export_kind(ws: Workspace, kind: str, path: Path, *, reveal: bool = False) -> int:
    """Write the records of a kind to CSV or XLSX; returns how many.

    Sensitive fields are masked unless revealed; either way the export is a line of the audit.
    """
    described = BY_NAME[kind]
    if not allows(ws.actor, "export", described):
        raise Refused("您的岗位不能导出清单，请联系社区负责人")
    if reveal and not allows(ws.actor, "reveal", described):
        raise Refused("您的岗位不能导出完整信息，请联系社区负责人")
    total = elements.count(ws, kind)
    detail = f"{total}条，{'完整' if reveal else '脱敏'}"
    with ws.store.write() as tx:
        audit.note(tx, ws.clock.now(), ws.actor.account, "export", (kind, "", detail))
    labels = [column.label for column in described.columns]
    sheet.write_sheet(path, labels, _lines(ws, described, reveal=reveal))
    return total


def _lines(ws: Workspace, kind: Kind[Any], *, reveal: bool) -> Iterator[list[str]]:
    offset = 0
    while found := elements.find(ws, kind.name, limit=_PAGE, offset=offset):
        offset += len(found)
        titles = {
            column.name: elements.titles(
                ws, column.facts.target, (getattr(each, column.name) for each in found)
            )
            for column in kind.columns
            if column.type == "ref"
        }
        for each in found:
            yield [_cell(column, each, titles, reveal=reveal) for column in kind.columns]


def _cell(
    column: Column, record: Element, titles: Mapping[str, Mapping[str, str]], *, reveal: bool
) -> str:
    value = getattr(record, column.name)
    if column.type == "ref":
        return titles[column.name].get(value, "")
    return cell_text(column, value, code_list) if reveal else elements.masked(column, value)
