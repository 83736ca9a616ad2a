"""关爱名册: the people of one group with the name, the home and the last visit of each."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from sqzl_desktop.base.clock import BEIJING
from sqzl_desktop.domain.attention import GROUP_OF
from sqzl_desktop.store.presence import LAST_VISIT

_LAST = LAST_VISIT.format(resident="a.resident_id")
_HOME = (
    "SELECT dwelling.address FROM residence JOIN dwelling ON dwelling.id = residence.dwelling_id"
    " WHERE residence.resident_id = a.resident_id AND (residence.until_on IS NULL"
    " OR residence.until_on >= :today) LIMIT 1"
)
Line = tuple[str, str, str, str, str, dt.date | None, dt.date | None, int | None, dt.date | None]


def lines(
    tx: sa.Connection, kind: str, today: dt.date, *, residents: Sequence[str] | None = None
) -> list[Line]:
    """(id, resident, name, home, level, since, until, own interval, last visit) of a group's
    records, in no order; without `residents`, all of them."""
    assert kind in GROUP_OF
    only = "" if residents is None else " WHERE a.resident_id IN :residents"
    query = sa.text(
        "SELECT a.id, a.resident_id, coalesce(resident.name, ''), "
        f"({_HOME}), coalesce(a.level, ''), a.since_on, a.until_on, a.interval_days, "
        f"({_LAST}) FROM {kind} a"
        f" JOIN resident ON resident.id = a.resident_id{only}"
    )
    given: dict[str, Any] = {"today": today.isoformat()}
    if residents is not None:
        query = query.bindparams(sa.bindparam("residents", expanding=True))
        given["residents"] = list(residents)
    return [
        (row[0], row[1], row[2], row[3] or "", row[4], _day(row[5]), _day(row[6]), row[7],
         _met_on(row[8]))
        for row in tx.execute(query, given)
    ]  # fmt: skip


def appointments(tx: sa.Connection, today: dt.date) -> list[tuple[str, str, dt.date]]:
    """(resident, sort of visit, day) of the visits that were to follow by today, the latest
    first; not where somebody went there since."""
    query = sa.text(
        "SELECT resident_id, coalesce(category, ''), next_on FROM visit WHERE next_on <= :today"
        " AND resident_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM visit later"
        " WHERE later.resident_id = visit.resident_id AND later.visited_at > visit.visited_at)"
        " ORDER BY next_on DESC, id"
    )
    rows = tx.execute(query, {"today": today.isoformat()})
    return [(row[0], row[1], dt.date.fromisoformat(row[2])) for row in rows]


def _day(value: str | None) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None


def _met_on(value: str | None) -> dt.date | None:
    return dt.datetime.fromisoformat(value).astimezone(BEIJING).date() if value else None
