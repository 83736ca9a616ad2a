"""拉取: a part of the log with the rows as they are now, all from one consistent state."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from sqzl_desktop.domain.access import Zones
from sqzl_desktop.protocol.messages import Entry, Page
from sqzl_desktop.server import bulk, durable, ledger, redrawings, rows, scope
from sqzl_desktop.server import epoch as epochs
from sqzl_desktop.server.refusals import Refusal
from sqzl_desktop.server.rows import Key
from sqzl_desktop.server.sign_in import Caller
from sqzl_desktop.server.tables import LOG

MOST = 2000


def _after(condition: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return (
        sa.select(LOG)
        .where(LOG.c.community == sa.bindparam("in_community"))
        .where(LOG.c.seq > sa.bindparam("since"), condition)
        .order_by(LOG.c.seq)
        .limit(sa.bindparam("most"))
    )


_ALL_LINES = _after(sa.true())
_SOME_LINES = bulk.Among(
    lambda among: _after(sa.or_(among(LOG.c.grid_before), among(LOG.c.grid_after)))
)


@dataclasses.dataclass(frozen=True, slots=True)
class Wanted:
    """What a device asks for: what comes after `since`, under which scope and epoch it knows."""

    since: int
    limit: int
    scope_version: int
    epoch: str


def page(connection: sa.Connection, caller: Caller, community: str, wanted: Wanted) -> Page:
    """The next page of the log for the caller's eyes."""
    zones = scope.zones(caller, community)
    epoch = scope.same_epoch(connection, wanted.epoch)
    present = ledger.current(connection, community)
    if wanted.since > present:  # first: who has to let go of something must offer it again before
        raise epochs.Ahead(epoch)
    version = caller.account.scope_version
    if wanted.scope_version != version:
        raise Refusal(409, "SCOPE", "您的负责范围已调整，正在更新本机数据", expected=version)
    lines = _lines(connection, community, zones, wanted)
    more = len(lines) > wanted.limit
    lines = lines[: wanted.limit]
    if more:
        lines, more = _not_torn(connection, community, zones, wanted, lines)
    found = _rows(connection, community, lines)
    entries = _entries(lines, found, zones)
    new = _news(lines, found, zones)
    return Page(
        epoch,
        version,
        entries,
        rows.authors(connection, community, new),
        lines[-1].seq if more else present,
        more,
        None if more else digests(connection, community, zones),
        0 if more else durable.through(connection, community),
    )


def digests(connection: sa.Connection, community: str, zones: Zones) -> dict[str, tuple[int, str]]:
    """The digests of exactly the grids that are visible."""
    return ledger.digests(connection, community, rows.grids(zones))


def _lines(
    connection: sa.Connection, community: str, zones: Zones, wanted: Wanted
) -> Sequence[sa.Row[Any]]:
    grids = rows.grids(zones)
    asked = {"in_community": community, "since": wanted.since, "most": wanted.limit + 1}
    if grids is None:
        return connection.execute(_ALL_LINES, asked).all()
    return _SOME_LINES.run(connection, grids, **asked).all()


def _not_torn(
    connection: sa.Connection,
    community: str,
    zones: Zones,
    wanted: Wanted,
    lines: Sequence[sa.Row[Any]],
) -> tuple[Sequence[sa.Row[Any]], bool]:
    """The lines, on to the end of a redrawing that they would tear apart; is there more?"""
    last: int = lines[-1].seq
    end = redrawings.end_of(connection, community, last)
    if end == last:
        return lines, True
    longer = dataclasses.replace(wanted, limit=wanted.limit + end - last)
    found = _lines(connection, community, zones, longer)
    within = [line for line in found if line.seq <= end]
    return within, len(found) > len(within)


def _rows(
    connection: sa.Connection, community: str, lines: Sequence[sa.Row[Any]]
) -> dict[Key, sa.Row[Any]]:
    ids: dict[str, set[str]] = {}
    for line in lines:
        ids.setdefault(line.kind, set()).add(line.id)
    found: dict[Key, sa.Row[Any]] = {}
    for kind, wanted in ids.items():
        for part in rows.chunks(sorted(wanted)):
            lines_of = rows.lines(connection, community, kind, part).all()
            found |= {(kind, row.id): row for row in lines_of}
    return found


def _entries(
    lines: Sequence[sa.Row[Any]], found: dict[Key, sa.Row[Any]], zones: Zones
) -> list[Entry]:
    """One entry a record, in the place of its newest line that touches the zones.

    A record that is out of sight now is gone where that line took it out. Where the line brought
    it in, a later one, on a later page, took it out again.
    """
    newest = {(line.kind, line.id): line.seq for line in lines}
    entries: list[Entry] = []
    for line in lines:
        key = line.kind, line.id
        if newest[key] != line.seq or key not in found:
            continue
        row = found[key]
        if zones.holds(row.grid):
            entries.append(Entry(*key, rows.raw(row)))
        elif line.grid_before is not None and zones.holds(line.grid_before):
            entries.append(Entry(*key, None))
    return entries


def _news(lines: Sequence[sa.Row[Any]], found: dict[Key, sa.Row[Any]], zones: Zones) -> set[str]:
    """The operations of which the device has not heard: those of the lines that touch the zones.

    A record that comes into sight brings all that it names; none is told that it does not name any
    more, for that may have been done out of sight.
    """
    news: set[str] = set()
    for line in lines:
        row = found.get((line.kind, line.id))
        if row is None or not zones.holds(row.grid):
            continue
        if line.operations and line.grid_before is not None and zones.holds(line.grid_before):
            told = line.operations.split()
            news.update(each for each in told if each == row.last or each in row.writes)
        else:
            news |= rows.operations_of(row)
    return news
