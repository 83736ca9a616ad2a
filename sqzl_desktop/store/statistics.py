"""统计: the facts that statistics count, as of the end of a day, of one grid or all."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa

from sqzl_desktop.domain.attention import GROUP_OF
from sqzl_desktop.domain.quality import quarter_start
from sqzl_desktop.domain.statistics import Person
from sqzl_desktop.schema.codec import encode
from sqzl_desktop.store.presence import HERE, MET, due_on
from sqzl_desktop.store.quality import midnight, visited

_GRID = "(:grid IS NULL OR coalesce(grid_id, '') = :grid)"
_BORN = "(born_on IS NULL OR born_on <= :today)"
# whose every stay begins later has not come yet
_COME = (
    "id NOT IN (SELECT resident_id FROM residence AS stay WHERE from_on > :today AND NOT EXISTS"
    " (SELECT 1 FROM residence WHERE resident_id = stay.resident_id"
    " AND (from_on IS NULL OR from_on <= :today)))"
)
_RUNS = "(since_on IS NULL OR since_on <= :today) AND (until_on IS NULL OR until_on >= :today)"
PRESENT = f"{HERE} AND {_BORN} AND {_COME}"
_PEOPLE = (
    "SELECT coalesce(grid_id, ''), coalesce(sex, ''), coalesce(born_on, ''),"
    " coalesce(population_type, ''), coalesce(education, ''), coalesce(political, ''),"
    f" coalesce(ethnic, ''), coalesce(household_id, '') FROM resident WHERE {_GRID} AND {PRESENT}"
)
_FIRST_STAY = (
    "from_on BETWEEN :month AND :today AND NOT EXISTS (SELECT 1 FROM residence"
    " WHERE resident_id = stay.resident_id AND (from_on IS NULL OR from_on < stay.from_on))"
)
_MOVES = {
    "出生": f"SELECT id FROM resident WHERE {_GRID} AND born_on BETWEEN :month AND :today",
    "死亡": f"SELECT id FROM resident WHERE {_GRID} AND died_on BETWEEN :month AND :today",
    "迁入": f"SELECT id FROM resident WHERE {_GRID} AND (born_on IS NULL OR born_on < :month)"
    f" AND id IN (SELECT resident_id FROM residence AS stay WHERE {_FIRST_STAY})",
    "迁出": f"SELECT id FROM resident WHERE {_GRID} AND moved_out_on BETWEEN :month AND :today",
}  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class Asked:
    """Of what place and day: `grid` is a code, "" for what is in no grid, None for everything."""

    grid: str | None
    day: dt.date

    @property
    def values(self) -> dict[str, Any]:
        """What the questions refer to."""
        first = self.day.replace(day=1)
        return {
            "grid": self.grid,
            "today": self.day.isoformat(),
            "month": first.isoformat(),
            "since_at": encode(midnight(first)),
            "after": encode(midnight(self.day + dt.timedelta(days=1))),
            "quarter": encode(midnight(quarter_start(self.day))),
        }


def people(tx: sa.Connection, asked: Asked) -> list[Person]:
    """The residents."""
    return [Person(*row) for row in _rows(tx, _PEOPLE, asked)]


def households(tx: sa.Connection, asked: Asked) -> dict[str, str]:
    """The households: id to grid."""
    query = f"SELECT id, coalesce(grid_id, '') FROM household WHERE {_GRID}"
    return {str(key): str(grid) for key, grid in _rows(tx, query, asked)}


def dwelling_uses(tx: sa.Connection, asked: Asked) -> list[str]:
    """The state of use of every dwelling, "" where none is registered."""
    query = f"SELECT coalesce(use, '') FROM dwelling WHERE {_GRID}"
    return [use for (use,) in _rows(tx, query, asked)]


def coverage(tx: sa.Connection, asked: Asked) -> dict[str, tuple[int, int]]:
    """By grid: dwellings lived in that were visited this quarter, and those that were not."""
    query = (
        f"SELECT coalesce(grid_id, ''), sum(id IN {visited(':after')}), count(*) FROM dwelling"
        f" WHERE {_GRID} AND (purpose IS NULL OR purpose = '01') AND (use IS NULL OR use <> '03')"
        " GROUP BY 1"
    )
    return {grid: (done, whole - done) for grid, done, whole in _rows(tx, query, asked)}


def group_sizes(tx: sa.Connection, asked: Asked, kinds: Iterable[str]) -> dict[str, int]:
    """How many records of each attention group run on the day."""
    return {
        kind: _rows(tx, f"SELECT count(*) FROM {kind} WHERE {_GRID} AND {_RUNS}", asked)[0][0]
        for kind in kinds
    }


def visits_due(
    tx: sa.Connection, asked: Asked, kinds: Iterable[str]
) -> Iterator[tuple[str, int, int]]:
    """Who answers for people looked after (a staff id, ""), how many are in time and late.

    Where a record names nobody, the worker of its grid answers. Visits count up to now.
    """
    for kind in kinds:
        due = due_on(kind, GROUP_OF[kind].interval_days)
        query = (
            "SELECT coalesce(staff_id, (SELECT worker_id FROM grid WHERE code ="
            f" {kind}.grid_id), ''), sum({due} >= :today), sum({due} < :today)"
            f" FROM {kind} WHERE {_GRID} AND {_RUNS} GROUP BY 1"
        )
        yield from ((str(who), int(good), int(late)) for who, good, late in _rows(tx, query, asked))


def visits_done(tx: sa.Connection, asked: Asked) -> dict[str, int]:
    """How many visits each member of staff ("" for nobody named) made in the month so far."""
    query = (
        "SELECT coalesce(visitor_id, ''), count(*) FROM visit WHERE visited_at >= :since_at"
        f" AND visited_at < :after AND {_GRID} AND {MET} GROUP BY 1"
    )
    return {str(who): int(count) for who, count in _rows(tx, query, asked)}


def moves(tx: sa.Connection, asked: Asked) -> list[tuple[str, int]]:
    """Born, died, come and gone in the month up to the day."""
    return [(name, len(_rows(tx, query, asked))) for name, query in _MOVES.items()]


def _rows(tx: sa.Connection, query: str, asked: Asked) -> list[Any]:
    values = {name: value for name, value in asked.values.items() if f":{name}" in query}
    return list(tx.execute(sa.text(query), values))
