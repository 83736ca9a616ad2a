"""导出: lists and registers as sheets, masked by role, counted against a budget, audited."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqzl_desktop.base.clock import moment_text
from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain.access import allows
from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.filters import Filter, Order
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.exchange.sheet import Marked, write_marked
from sqzl_desktop.schema.codec import cell_text
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.schema.kind import Column, Kind
from sqzl_desktop.services import elements
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import audit

MOST_ROWS = 100_000
MOST_REVEALED = 2_000  # whoever needs more in clear asks the lead to export in parts
SHORTEST_REASON = 4
_PAGE = 1000


@dataclasses.dataclass(frozen=True)
class Wanted:
    """What is to be exported: the records of a kind that pass the filters, in order.

    `columns` are fields, all where there are none named. `reveal` shows sensitive fields in
    clear and needs a `reason`, which the audit keeps.
    """

    kind: str
    columns: Sequence[str] = ()
    filters: Sequence[Filter] = ()
    order: Sequence[Order] = ()
    reveal: bool = False
    reason: str = ""


def columns_of(kind: str) -> list[Column]:
    """What can be exported of a kind; outlines stay on the map."""
    return [each for each in BY_NAME[kind].columns if each.type != "outline"]


def export(ws: Workspace, wanted: Wanted, path: Path) -> int:
    """Write the records to CSV or XLSX by the name of the file; returns how many.

    Sensitive fields are masked unless revealed; either way the export is a line of the audit, and
    the last line of the sheet says who made it and when.
    """
    kind = BY_NAME[wanted.kind]
    chosen = [
        each for each in columns_of(kind.name) if not wanted.columns or each.name in wanted.columns
    ]
    total = elements.count(ws, kind.name, filters=wanted.filters)
    _refuse(ws, kind, wanted, total)
    detail = f"{total}条，{'完整' if wanted.reveal else '脱敏'}"
    if wanted.reason:
        detail += f"，事由：{wanted.reason}"
    with ws.store.write() as tx:
        audit.note(tx, ws.clock.now(), ws.actor.account, "export", (kind.name, "", detail))
    rows = (Marked(line) for line in _lines(ws, wanted, chosen))
    heading = Marked([each.label for each in chosen])
    write_marked(path, _in_turn(heading, rows, Marked([mark(ws, total)])), frozen=1)
    return total


def mark(ws: Workspace, total: int) -> str:
    """The line by which a sheet says where it comes from."""
    at = moment_text(ws.clock.now())
    return f"说明：由{ws.actor.name}（{ws.actor.account}）于{at}导出，共{total}条，仅限工作使用"


def _refuse(ws: Workspace, kind: Kind[Any], wanted: Wanted, total: int) -> None:
    if not allows(ws.actor, "export", kind):
        raise Refused("您的岗位不能导出清单，请联系社区负责人")
    if total > MOST_ROWS:
        raise Refused(f"共{total}条，一次最多导出{MOST_ROWS}条，请先筛选")
    if wanted.reveal:
        refuse_clear(ws, kind, wanted.reason, total)


def refuse_clear(ws: Workspace, kind: Kind[Any], reason: str, total: int) -> None:
    """Refused where so many records may not leave in clear, or nobody says why they do."""
    if not allows(ws.actor, "reveal", kind):
        raise Refused("您的岗位不能导出完整信息，请联系社区负责人")
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refused("导出完整的证件号码、电话等信息，请写明事由")
    if total > MOST_REVEALED:
        raise Refused(f"完整信息一次最多导出{MOST_REVEALED}条，现有{total}条，请先筛选")


def _in_turn(first: Marked, rows: Iterator[Marked], last: Marked) -> Iterator[Marked]:
    yield first
    yield from rows
    yield last


def _lines(ws: Workspace, wanted: Wanted, columns: Sequence[Column]) -> Iterator[list[str]]:
    offset = 0
    while found := elements.find(
        ws, wanted.kind, filters=wanted.filters, order=wanted.order, limit=_PAGE, offset=offset
    ):
        offset += len(found)
        titles = {
            column.name: elements.titles(
                ws, column.facts.target, (getattr(each, column.name) for each in found)
            )
            for column in columns
            if column.type == "ref"
        }
        for each in found:
            yield [shown(column, each, titles, reveal=wanted.reveal) for column in columns]


def shown(
    column: Column, record: Element, titles: Mapping[str, Mapping[str, str]], *, reveal: bool
) -> str:
    """A field of a record as the cell of a sheet; numbers of documents stay text."""
    value = getattr(record, column.name)
    if column.type == "ref":
        return titles[column.name].get(value, "")
    return cell_text(column, value, code_list) if reveal else elements.masked(column, value)
