"""案件事实: what the indicators of cases count, read from the rows as they are shown."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from sqzl_desktop.domain.case_indicators import DECLINED, Fact

# a case that another grid handles counts where it was collected
_HOME = "coalesce(nullif(home_grid_id, ''), grid_id, '')"
_COLUMNS = (
    f"id, {_HOME}, coalesce(class_code, ''), coalesce(category, ''),"
    " coalesce(handler, ''), coalesce(close_kind, ''), coalesce(satisfaction, ''), reported_at,"
    " filed_at, fed_back_at, closed_at, due_at, callback_at, paused_at, coalesce(pauses, ''),"
    " coalesce(rework_count, 0), coalesce(satisfaction_before, ''), callback_before"
)
_COUNTED = (
    f"community_id = :community AND (:grid IS NULL OR {_HOME} = :grid)"
    " AND (state IS NULL OR state NOT IN ('void', 'merged'))"
)
_PARKED = (
    f'SELECT id, paused_at FROM "case" WHERE {_COUNTED} AND state = :parked ORDER BY paused_at'
)


def facts(tx: sa.Connection, community: str, grid: str | None) -> list[Fact]:
    """The cases of a community, or of one of its grids."""
    query = sa.text(f'SELECT {_COLUMNS} FROM "case" WHERE {_COUNTED}')
    return [_fact(row) for row in tx.execute(query, {"community": community, "grid": grid})]


def parked(tx: sa.Connection, community: str, grid: str | None) -> Iterator[str]:
    """The ids of the cases that stand still now (挂账), the longest first."""
    values = {"community": community, "grid": grid, "parked": "parked"}
    yield from (str(row[0]) for row in tx.execute(sa.text(_PARKED), values))


def _fact(row: Any) -> Fact:
    (key, grid, code, category, handler, kind, grade, *moments, pauses, reworks, before,
     rated_before) = row  # fmt: skip
    reported, filed, fed_back, closed, due, called, paused = map(_moment, moments)
    return Fact(
        id=key, grid=grid, class_code=code, category=category, handler=handler,
        close_kind=kind, satisfaction=grade, reported_at=reported, filed_at=filed,
        handled_at=fed_back or (closed if kind != DECLINED else None), closed_at=closed, due_at=due,
        rated_at=called or closed, paused_at=paused, paused=_seconds(pauses), reworks=reworks,
        grade_before=before, rated_before=_moment(rated_before),
    )  # fmt: skip


def _moment(value: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(value) if value else None


def _seconds(pauses: str) -> float:
    """How long the ended pauses were together; each line is an ISO 8601 interval."""
    whole = 0.0
    for line in pauses.splitlines():
        begun, _, ended = line.partition("/")
        span = dt.datetime.fromisoformat(ended) - dt.datetime.fromisoformat(begun)
        whole += span.total_seconds()
    return whole
