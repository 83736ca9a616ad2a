"""统计: the figures of a community or grid as of a day; printed, and handed out as a sheet."""

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import sqlalchemy as sa

from sqzl_desktop.base.errors import KnownError, Refused, UserError
from sqzl_desktop.domain import access
from sqzl_desktop.domain.attention import GROUPS
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.domain.statistics import (
    Figure,
    Person,
    Report,
    by_code,
    counted_pairs,
    household_sizes,
    people_figures,
    split,
    withheld,
)
from sqzl_desktop.exchange import sheet
from sqzl_desktop.services import elements
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import audit, statistics
from sqzl_desktop.store.statistics import Asked

NO_GRID = "未划入网格"
NOBODY = "未指定"
_ELSEWHERE = "不在本机的人员"


def places(ws: Workspace) -> dict[str, str]:
    """What can be asked about: communities and grids in sight by code, with their names."""
    names = elements.titles(ws, "community", ws.communities)
    found: dict[str, str] = {}
    for code in ws.communities:
        zone = access.visible(ws.actor, code)
        own = f"（您的{len(zone.grids)}个网格）" if zone and zone.grids is not None else ""
        found[code] = names.get(code, code) + own
    grids = {str(getattr(each, "code", "")): str(getattr(each, "name", ""))
             for each in elements.find(ws, "grid", limit=-1)}  # fmt: skip
    for code in sorted(grids):
        zone = access.visible(ws.actor, code[: access.COMMUNITY_DIGITS])
        if zone is not None and zone.holds(code):
            found[code] = grids[code]
    return found


def report(ws: Workspace, place: str = "", day: dt.date | None = None) -> Report:
    """The figures of a place (a code of `places`; "" is all there is) at the end of a day."""
    day = day or ws.today
    if day > ws.today:
        raise Refused("截至日期晚于今天，请选今天或以前的日期")
    known = places(ws)
    place = place or ws.communities[0]
    if place not in known:
        raise Refused(f"没有代码为“{place}”的社区或网格，或不在您的范围内")
    grid = place if len(place) > access.COMMUNITY_DIGITS else None
    with ws.store.read() as tx:
        figures = _figures(ws, tx, Asked(grid, day), known)
    if ws.actor.role == access.BUILDING_LEAD:
        figures = [withheld(each) for each in figures]
    community = known.get(place[: access.COMMUNITY_DIGITS], "")
    return Report(known[place], community, day, _facts(figures), tuple(figures))


def write_sheet(ws: Workspace, found: Report, path: Path) -> None:
    """Hand out the tables as XLSX or CSV; the audit keeps it."""
    if not access.allows(ws.actor, "export", BY_NAME["resident"]):
        raise Refused("您的岗位不能导出统计，请联系社区负责人")
    with ws.store.write() as tx:
        detail = f"{found.place} {found.day}"
        audit.note(tx, ws.clock.now(), ws.actor.account, "export", ("statistics", "", detail))
    sheet.write_sheet(path, (heading(found),), sheet_rows(found))


def write_file(ws: Workspace, found: Report, path: Path) -> None:
    """Write the report as PDF, XLSX or CSV, by the name of the file; the audit keeps it."""
    if path.suffix.lower() != ".pdf":
        write_sheet(ws, found, path)
        return
    pdf = print_report(ws, found)
    try:
        path.write_bytes(pdf)
    except OSError as error:
        raise KnownError(f"写不进文件 {path}，请检查路径和磁盘空间") from error


def heading(found: Report) -> str:
    """What the report is called: whose numbers, of which day."""
    day = found.day
    return f"{found.place}基本情况统计（截至{day.year}年{day.month}月{day.day}日）"


def sheet_rows(found: Report) -> Iterator[Sequence[sheet.Cell]]:
    """The tables below each other, an empty row before each; numbers as numbers."""
    for figure in found.figures:
        yield ()
        yield (f"{figure.title}（{figure.unit}）",)
        yield ("项目", *figure.headings[1:])
        for label, *cells in figure.rows():
            yield (label, *map(_cell, cells))


def _cell(text: str) -> sheet.Cell:
    plain = text.replace(",", "")
    return int(plain) if plain.isdigit() else text


def _figures(ws: Workspace, tx: sa.Connection, asked: Asked, known: dict[str, str]) -> list[Figure]:
    people = statistics.people(tx, asked)
    homes = statistics.households(tx, asked)
    members = Counter(each.household for each in people)
    ages, *others = people_figures(people, asked.day)
    figures = [
        ages,
        household_sizes(homes, members),
        by_code("use", "房屋使用", statistics.dwelling_uses(tx, asked), of="house_use", unit="套"),
        *others,
        _groups(ws, tx, asked),
        _moves(tx, asked),
        *_workers(ws, tx, asked),
        _coverage(tx, asked, known),
    ]
    if asked.grid is None:
        figures.insert(1, _grids(people, known))
    return [each for each in figures if each.labels]


def _grids(people: Sequence[Person], known: dict[str, str]) -> Figure:
    counted = Counter(each.grid for each in people)
    grids = [code for code in known if len(code) > access.COMMUNITY_DIGITS]
    pairs = [(known[code], counted[code]) for code in grids]
    rest = sum(count for code, count in counted.items() if code not in grids)
    pairs += [(NO_GRID, rest)] if rest else []
    return counted_pairs("grids", "各网格人口", "人", pairs)


def _groups(ws: Workspace, tx: sa.Connection, asked: Asked) -> Figure:
    kinds = [group.kind for group in GROUPS if access.may_know(ws.actor, group.kind)]
    sizes = statistics.group_sizes(tx, asked, kinds)
    pairs = [(BY_NAME[kind].label, sizes[kind]) for kind in kinds if sizes[kind]]
    note = "一人可属几类，合计为人次"
    return counted_pairs("groups", "关爱与重点人群", "人", pairs, note)


def _moves(tx: sa.Connection, asked: Asked) -> Figure:
    first = asked.day.replace(day=1)
    note = f"{first.month}月1日至{asked.day.day}日；迁入按首次入住，迁出、死亡按登记日期"
    found = counted_pairs("moves", "本月变动", "人", statistics.moves(tx, asked), note)
    return dataclasses.replace(found, has_sum=False)


def _workers(ws: Workspace, tx: sa.Connection, asked: Asked) -> list[Figure]:
    kinds = [group.kind for group in GROUPS if access.may_know(ws.actor, group.kind)]
    due = list(statistics.visits_due(tx, asked, kinds))
    done = statistics.visits_done(tx, asked)
    names = {"": NOBODY, **elements.titles_in(tx, "staff", [*done, *(who for who, *_ in due)])}
    good: Counter[str] = Counter()
    late: Counter[str] = Counter()
    for who, in_time, overdue in due:
        known = who if who in names else _ELSEWHERE
        good[known] += in_time
        late[known] += overdue
    busiest = sorted(good, key=lambda who: -good[who] - late[who])
    rows = [(names.get(who, who), good[who], late[who]) for who in busiest]
    note = "关爱与重点人群是否按间隔走访；没有责任人的记在网格员名下"
    made = sorted(done.items(), key=lambda each: -each[1])
    return [
        split("workers", "走访完成", "人", rows, names=("按期", "超期"), note=note),
        counted_pairs("visits", "本月走访", "次",
                      [(names.get(who, _ELSEWHERE), count) for who, count in made]),
    ]  # fmt: skip


def _coverage(tx: sa.Connection, asked: Asked, known: dict[str, str]) -> Figure:
    found = statistics.coverage(tx, asked)
    rows = [(known.get(grid, NO_GRID), *found[grid]) for grid in sorted(found)]
    note = "本季度入户见到人的住宅，不含空置房"
    return split("coverage", "走访覆盖", "套", rows, names=("已走访", "未走访"), note=note)


def _facts(figures: Sequence[Figure]) -> tuple[tuple[str, str], ...]:
    """The sums that stand at the top."""
    by_name = {each.name: each for each in figures}
    facts = []
    for name, label in (("ages", "人口"), ("household_sizes", "家庭户"), ("use", "房屋")):
        if name in by_name:
            facts.append((label, by_name[name].rows()[-1][-1] + by_name[name].unit))
    if "coverage" in by_name:
        done, still = (each.total for each in by_name["coverage"].series)
        if done is not None and still is not None and done + still:
            facts.append(("本季度走访覆盖", f"{done / (done + still):.0%}"))
    return tuple(facts)


def print_report(ws: Workspace, found: Report) -> bytes:
    """The report on paper; the audit keeps that it was printed."""
    if not access.allows(ws.actor, "print", BY_NAME["resident"]):
        raise Refused("您的岗位不能打印统计，请联系社区负责人")
    with ws.store.write() as tx:
        detail = f"{found.place} {found.day}"
        audit.note(tx, ws.clock.now(), ws.actor.account, "print", ("statistics", "", detail))
    return drawn(ws, found)


def drawn(ws: Workspace, found: Report) -> bytes:
    """The report as PDF, to be looked at."""
    from sqzl_desktop.printing.forms.statistics_report import StatisticsReport, render

    return render(StatisticsReport(title=heading(found), report=found, printed_on=ws.today))


def asked_day(text: str, ws: Workspace) -> dt.date:
    """A day as somebody wrote it on a command line; "" is today."""
    try:
        return dt.date.fromisoformat(text) if text else ws.today
    except ValueError as error:
        raise UserError(f"“{text}”不是日期，请写成 2026-07-01") from error
