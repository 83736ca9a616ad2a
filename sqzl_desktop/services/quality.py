"""数据质量: the panel's lines with their counts, the records behind each, the trend by month."""

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec
import sqlalchemy as sa

from sqzl_desktop.base.errors import NotFound, Refused
from sqzl_desktop.domain import access, attention
from sqzl_desktop.domain.quality import ID_CHECKS, Check, check_named, checks, month_before
from sqzl_desktop.services import elements
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import audit, meta, quality
from sqzl_desktop.store.quality import Counts

_KEPT = "quality"
_MONTHS = 13
_PRESSING = 5
_FRESH = dt.timedelta(hours=1)
COMING = ("permit_ending", "turns_80")  # what home tells as coming, not as a fault
LATE = "late_"  # what the checks of overdue visits begin with; home tells them as one


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """A check and what it found: in all, by grid ("" is no grid), and in all a month ago.

    `before` is None where nothing was counted last month.
    """

    check: Check
    by_grid: Mapping[str, int]
    before: int | None = None

    @property
    def total(self) -> int:
        """How many records in all."""
        return sum(self.by_grid.values())


@dataclasses.dataclass(frozen=True, slots=True)
class Summary:
    """What the home page tells: the most pressing lines and what is coming as (check, count), how
    many people looked after are due a visit, when it was counted."""

    pressing: tuple[tuple[Check, int], ...]
    coming: tuple[tuple[Check, int], ...]
    late_visits: int
    counted_at: dt.datetime


class _Month(msgspec.Struct):
    at: str
    counts: dict[str, int]


Part = Callable[[sa.Connection, dt.date], Counts]


def grids(ws: Workspace) -> dict[str, str]:
    """The grids in sight by code, with their names: the columns of the panel."""
    found = elements.find(ws, "grid", limit=-1)
    names = {getattr(each, "code", each.id): getattr(each, "name", "") for each in found}
    zones = [access.visible(ws.actor, community) for community in ws.communities]
    seen = {code for code in names if any(zone and zone.holds(code) for zone in zones)}
    return {code: names[code] for code in sorted(seen)}


def parts(ws: Workspace) -> list[list[str]]:
    """The panel in parts that can be counted one beside the other: names of checks each."""
    known = {check.name for check in checks() if access.may_know(ws.actor, check.kind)}
    some = [[*sieve.questions] for sieve in quality.SIEVES]
    return [part for part in (*some, [*ID_CHECKS]) if known.issuperset(part)]


def count_part(ws: Workspace, part: Sequence[str]) -> list[Line]:
    """The lines of one part. `parts` says which there are."""
    with ws.store.read() as tx:
        found = _counted(tx, part, ws.today)
        before = _kept(tx).get(_month(month_before(ws.today)))
    past = before.counts if before else None
    return [
        Line(check_named(name), found[name], None if past is None else past.get(name, 0))
        for name in part
    ]


def panel(ws: Workspace) -> list[Line]:
    """All lines, the most pressing checks first."""
    lines = {line.check.name: line for part in parts(ws) for line in count_part(ws, part)}
    return [lines[check.name] for check in checks() if check.name in lines]


def keep(ws: Workspace, lines: Iterable[Line]) -> "_Month":
    """Remember the counts as those of this month; a later count of the month replaces them."""
    counts = {line.check.name: line.total for line in lines if line.total}
    month = _Month(ws.clock.now().isoformat(), counts)
    with ws.store.write() as tx:
        months = {**_kept(tx), _month(ws.today): month}
        newest = dict(sorted(months.items())[-_MONTHS:])
        meta.put(tx, _KEPT, msgspec.json.encode(newest).decode())
    return month


def summary(ws: Workspace) -> Summary:
    """The most pressing lines, and what is coming; counted anew where the last count is old."""
    with ws.store.read() as tx:
        month = _kept(tx).get(_month(ws.today))
    if month is None or ws.clock.now() - dt.datetime.fromisoformat(month.at) > _FRESH:
        month = keep(ws, panel(ws))
    known = [check for check in checks() if access.may_know(ws.actor, check.kind)]
    found = [(check, month.counts.get(check.name, 0)) for check in known]
    visits = [each for each in found if each[0].name.startswith(LATE)]
    wrong = [each for each in found if each[1] and each[0].urgency < 3 and each not in visits]
    wrong.sort(key=lambda each: (each[0].urgency, -each[1]))
    return Summary(
        tuple(wrong[:_PRESSING]),
        tuple(each for each in found if each[0].name in COMING),
        sum(count for _, count in visits),
        dt.datetime.fromisoformat(month.at),
    )


def open_list(ws: Workspace, name: str) -> list[str]:
    """The same when somebody opens the list: the audit keeps who opened a sensitive one."""
    found = record_ids(ws, name)
    kind = check_named(name).kind
    if kind in attention.SENSITIVE:
        with ws.store.write() as tx:
            audit.note(tx, ws.clock.now(), ws.actor.account, "register", (kind, "", name))
    return found


def record_ids(ws: Workspace, name: str) -> list[str]:
    """The ids of the records that a check finds now."""
    try:
        check = check_named(name)
    except KeyError as error:
        known = "、".join(each.name for each in checks())
        raise NotFound(f"没有名为“{name}”的检查，可用的检查：{known}") from error
    if not access.may_know(ws.actor, check.kind):
        raise Refused("您的岗位不能查看这类名单，请联系社区负责人")
    with ws.store.read() as tx:
        return quality.ids(tx, name, ws.today)


def _counted(tx: sa.Connection, part: Sequence[str], today: dt.date) -> Counts:
    if part[0] not in ID_CHECKS:
        sieve = next(each for each in quality.SIEVES if part[0] in each.questions)
        return quality.count(tx, sieve, today)
    sums = Counter((fault, grid) for _, grid, faults in quality.id_faults(tx, today)
                   for fault in faults)  # fmt: skip
    found: Counts = {name: {} for name in ID_CHECKS}
    for (fault, grid), number in sums.items():
        found[fault][grid] = number
    return found


def _kept(tx: sa.Connection) -> dict[str, _Month]:
    """The counts of each month, by 2026-06."""
    text = meta.get(tx, _KEPT)
    return msgspec.json.decode(text, type=dict[str, _Month]) if text else {}


def _month(day: dt.date) -> str:
    return f"{day:%Y-%m}"
