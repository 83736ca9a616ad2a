"""案件统计: the month of a place in figures; printed, exported, and led back to its cases."""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import sqlalchemy as sa

from sqzl_desktop.base.clock import BEIJING
from sqzl_desktop.base.errors import KnownError, Refused, UserError
from sqzl_desktop.domain import access, case_month
from sqzl_desktop.domain.case_classes import ClassBook
from sqzl_desktop.domain.case_indicators import (
    BY_NAME,
    Counted,
    Fact,
    Span,
    Tally,
    counted,
    grouped,
    month_before,
    month_span,
    next_month,
    tally,
    year_before,
)
from sqzl_desktop.domain.case_month import CLASS, GRID, HANDLER, MonthReport, Parked
from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.kinds import BY_NAME as KINDS
from sqzl_desktop.domain.kinds.case import Case
from sqzl_desktop.exchange import sheet
from sqzl_desktop.printing.disclosure import covered
from sqzl_desktop.services import case_rules, statistics
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import audit, case_facts, records

FORM = "monthly_report"
NOBODY = "没有承办单位（自办、未派遣）"
_UNCLASSED = "~"
_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
_KEYS: dict[str, Callable[[Fact], str]] = {
    CLASS: lambda fact: fact.class_code or _UNCLASSED + fact.category,
    HANDLER: lambda fact: fact.handler,
    GRID: lambda fact: fact.grid,
}


def report(ws: Workspace, place: str = "", month: dt.date | None = None) -> MonthReport:
    """The month of a place (a code of `statistics.places`; "" is all there is)."""
    month = (month or ws.today).replace(day=1)
    if month > ws.today:
        raise Refused("这个月还没有开始，请选本月或以前的月份")
    known = statistics.places(ws)
    place = place or ws.communities[0]
    _refuse_unknown(place, known)
    community, grid = _split(place)
    with ws.store.read() as tx:
        facts = case_facts.facts(tx, community, grid)
        parked = tuple(_parked(tx, community, grid))
        book = case_rules.of(tx).book
    span = month_span(month, ws.clock.now())
    now = counted(facts, span)
    return MonthReport(
        place=known[place],
        code=place,
        community=known.get(community, ""),
        month=month,
        until=span.end,
        is_whole=next_month(month) <= ws.today,
        lines=case_month.lines(
            tally(now),
            _tally(facts, month_span(month_before(month), ws.clock.now())),
            _tally(facts, month_span(year_before(month), ws.clock.now())),
        ),
        days=case_month.days_figure(now, span),
        breakdowns=tuple(_breakdowns(now, known, book, whole=grid is None)),
        grades=case_month.grades_figure(now),
        parked=parked,
    )


def ids_behind(
    ws: Workspace, found: MonthReport, measure: str, by: str = "", key: str = ""
) -> list[str]:
    """The cases that a figure of a report counts, of one class, handler or grid where asked."""
    community, grid = _split(found.code)
    span = month_span(found.month, found.until)
    with ws.store.read() as tx:
        return [
            fact.id
            for fact in case_facts.facts(tx, community, grid)
            if BY_NAME[measure].holds(fact, span) and (not by or _KEYS[by](fact) == key)
        ]


def heading(found: MonthReport) -> str:
    """What the report is called: whose cases, of which month."""
    rest = "" if found.is_whole else f"（截至{found.until.astimezone(BEIJING).day}日）"
    return f"{found.place}案件月报{found.month.year}年{found.month.month}月{rest}"


def asked_month(text: str, ws: Workspace) -> dt.date:
    """A month as somebody wrote it: 2026-06; "" is this one."""
    if not text:
        return ws.today.replace(day=1)
    parts = _MONTH.fullmatch(text)
    if not parts or not 1 <= int(parts[2]) <= 12 or not int(parts[1]):
        raise UserError(f"“{text}”不是月份，请写成 2026-06")
    return dt.date(int(parts[1]), int(parts[2]), 1)


def subject(found: MonthReport) -> str:
    """How the papers call a report: place and month."""
    return f"{found.code}@{found.month:%Y-%m}"


def of_subject(ws: Workspace, text: str) -> MonthReport:
    """The report that PLACE@2026-06 names; without a month it is this one."""
    place, _, month = text.partition("@")
    return report(ws, place, asked_month(month, ws))


def write_file(ws: Workspace, found: MonthReport, path: Path) -> None:
    """Hand out the tables as XLSX or CSV; the audit keeps it."""
    if not access.allows(ws.actor, "export", KINDS["case"]):
        raise Refused("您的岗位不能导出统计，请联系社区负责人")
    if path.suffix.lower() not in (".xlsx", ".csv"):
        raise KnownError("请把文件名写成 .xlsx 或 .csv 结尾")
    with ws.store.write() as tx:
        audit.note(tx, ws.clock.now(), ws.actor.account, "export", ("case", "", subject(found)))
    sheet.write_sheet(path, (heading(found),), sheet_rows(found))


def sheet_rows(found: MonthReport) -> Iterator[Sequence[sheet.Cell]]:
    """The tables below each other, an empty row before each; plain numbers as numbers."""
    for title, headings, rows in case_month.tables(found):
        if rows:
            yield ()
            yield (title,)
            yield headings
            yield from (tuple(_cell(text) for text in row) for row in rows)


def _cell(text: str) -> sheet.Cell:
    plain = text.replace(",", "")
    return int(plain) if plain.isdigit() and len(plain) < 10 else text


def _split(place: str) -> tuple[str, str | None]:
    community = place[: access.COMMUNITY_DIGITS]
    return community, place if len(place) > access.COMMUNITY_DIGITS else None


def _refuse_unknown(place: str, known: Mapping[str, str]) -> None:
    if place not in known:
        raise Refused(f"没有代码为“{place}”的社区或网格，或不在您的范围内")


def _tally(facts: Sequence[Fact], span: Span) -> Tally | None:
    """None for a month before the first case that is known."""
    begun = any(each.reported_at and each.reported_at < span.end for each in facts)
    return tally(counted(facts, span)) if begun else None


def _breakdowns(
    some: Sequence[Counted], known: Mapping[str, str], book: ClassBook, *, whole: bool
) -> Iterator[case_month.Breakdown]:
    for by in (CLASS, HANDLER, GRID) if whole else (CLASS, HANDLER):
        groups = grouped(some, _KEYS[by])
        labels = {key: _label(by, key, known, book) for key in groups}
        if groups:
            yield case_month.breakdown(by, groups, labels)


def _label(by: str, key: str, known: Mapping[str, str], book: ClassBook) -> str:
    if by == GRID:
        return known.get(key, statistics.NO_GRID)
    if by == HANDLER:
        return key or NOBODY
    if key.startswith(_UNCLASSED):
        category = key.removeprefix(_UNCLASSED)
        name = code_list("case_category").label(category) if category else ""
        return f"{name}（未分类）" if name else "未分类"
    return book.name(key)


def _parked(tx: sa.Connection, community: str, grid: str | None) -> Iterator[Parked]:
    ids = list(case_facts.parked(tx, community, grid))
    found = records.get_many(tx, "case", ids)
    for each in ids:
        case = found[each]
        assert isinstance(case, Case)
        since = case.paused_at.astimezone(BEIJING) if case.paused_at else None
        yield Parked(
            case.id, case.number, covered(case.title), covered(case.place), case.handler,
            covered(case.park_reason), since, case.parked_until,
        )  # fmt: skip
