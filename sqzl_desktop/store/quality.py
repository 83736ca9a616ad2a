"""数据质量: the questions that find what may be wrong or due, counted by grid or listed.

A sieve asks one kind several questions in one reading of its table, because on a large community
the reading (and deciphering) is what takes the time.
"""

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from sqzl_desktop.base import identity
from sqzl_desktop.base.clock import BEIJING
from sqzl_desktop.domain import quality
from sqzl_desktop.domain.attention import GROUPS
from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.schema.codec import encode
from sqzl_desktop.store.presence import HERE, MET, due_on

Counts = dict[str, dict[str, int]]  # check, then grid

_STAYS = "(until_on IS NULL OR until_on >= :today)"
_AWAY = "presence IN ('02', '03')"
_HOME = "(purpose IS NULL OR purpose = '01')"
_GONE = f"(SELECT id FROM resident WHERE NOT ({HERE}))"  # a few, while those here are many
_HAS_HOME = (
    "(household_id IN (SELECT id FROM household WHERE dwelling_id IS NOT NULL) OR EXISTS"
    f" (SELECT 1 FROM residence WHERE resident_id = resident.id AND {_STAYS}))"
)
_LIVED_IN = (
    f"(EXISTS (SELECT 1 FROM residence WHERE dwelling_id = dwelling.id AND {_STAYS}) OR EXISTS"
    " (SELECT 1 FROM household JOIN resident ON household_id = household.id"
    f" WHERE dwelling_id = dwelling.id AND NOT ({_AWAY}) IS TRUE AND {HERE}))"
)


def visited(until: str = "'9'") -> str:
    """The dwellings where somebody was met since the quarter began: at the door, as a resident, as
    a household. `until` is the moment, in SQL, that ends the time asked about."""
    return (
        "(WITH recent AS (SELECT dwelling_id, resident_id, household_id FROM visit"
        f" WHERE visited_at >= :quarter AND visited_at < {until} AND {MET})"
        " SELECT dwelling_id FROM recent WHERE dwelling_id IS NOT NULL"
        " UNION SELECT dwelling_id FROM residence WHERE dwelling_id IS NOT NULL AND"
        f" {_STAYS} AND resident_id IN (SELECT resident_id FROM recent)"
        " UNION SELECT dwelling_id FROM household WHERE dwelling_id IS NOT NULL AND"
        " id IN (SELECT household_id FROM recent))"
    )


@dataclasses.dataclass(frozen=True)
class Sieve:
    """Questions to the records of a kind that pass `base`, by the check each belongs to."""

    kind: str
    questions: Mapping[str, str]
    base: str = "1"
    grid: str = "grid_id"


def _ages() -> dict[str, str]:
    codes = (age.code for age in code_list("age_milestone").codes)
    return {
        f"turns_{age}": f"born_on BETWEEN :born_{age} AND :born_{age} || '-31'" for age in codes
    }


SIEVES = (
    Sieve("migrant", {
        "permit_ended": "permit_until < :today",
        "permit_ending": "permit_until BETWEEN :today AND :permit",
    }, f"permit_until IS NOT NULL AND resident_id NOT IN {_GONE}"),
    Sieve("organisation", {
        "hazard_late": "rectify_until < :today AND hazard <> '00'",
    }, "(state IS NULL OR state NOT IN ('03', '05'))"),
    Sieve("facility", {
        "facility_broken": "state IN ('02', '03')",
        "facility_late": "check_days IS NOT NULL AND (state IS NULL OR state IN ('01', '02'))"
        " AND (checked_on IS NULL OR date(checked_on, '+' || check_days || ' days') < :today)",
    }),
    Sieve("building", {"no_lead": "lead_name IS NULL"}),
    Sieve("grid", {
        "grid_size": "(SELECT count(*) FROM household WHERE grid_id = code)"
        f" NOT BETWEEN {quality.SMALLEST_GRID} AND {quality.LARGEST_GRID}",
    }, "(category IS NULL OR category = 'G1')", "code"),
    Sieve("household", {
        "no_head": f"head_id IS NULL OR head_id IN {_GONE}"
        " OR NOT EXISTS (SELECT 1 FROM resident WHERE id = head_id)",
    }),
    Sieve("dwelling", {
        "no_floor": "building_id IS NULL OR floor IS NULL",
        "empty_unmarked": f"{_HOME} AND (use IS NULL OR use <> '03') AND NOT {_LIVED_IN}",
        "vacant_lived": f"use = '03' AND {_LIVED_IN}",
        "unvisited": f"{_HOME} AND (use IS NULL OR use <> '03') AND id NOT IN {visited()}",
    }),
    Sieve("resident", {
        "no_home": f"NOT ({_AWAY}) IS TRUE AND NOT {_HAS_HOME} IS TRUE",
        "no_phone": "phone IS NULL AND phone2 IS NULL AND (born_on IS NULL OR born_on <= :adult)",
        "id_twice": "id_number IN (SELECT id_number FROM resident"
        f" WHERE id_number IS NOT NULL AND {HERE} GROUP BY id_number HAVING count(*) > 1)",
        **_ages(),
    }, HERE),
    *(
        Sieve(group.kind, {
            f"late_{group.kind}": f"{due_on(group.kind, group.interval_days)} < :today"
        }, "(until_on IS NULL OR until_on >= :today)")
        for group in GROUPS
    ),
)  # fmt: skip

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643
_SUM = " + ".join(
    f"{weight} * substr(id_number, {n}, 1)" for n, weight in enumerate(_WEIGHTS, start=1)
)
# an ID number in which nothing at all is odd; the others are few, and the rules look at them
_SOUND = (
    "(length(id_number) = 18 AND substr(id_number, 1, 17) NOT GLOB '*[^0-9]*'"
    " AND born_on = substr(id_number, 7, 4) || '-' || substr(id_number, 11, 2) || '-'"
    " || substr(id_number, 13, 2) AND born_on <= :today"
    " AND sex = CASE substr(id_number, 17, 1) % 2 WHEN 1 THEN '1' ELSE '2' END"
    f" AND substr('10X98765432', 1 + ({_SUM}) % 11, 1) = substr(id_number, 18, 1)"
    " AND substr(id_number, 1, 6) IN (SELECT value FROM json_each(:areas)))"
)
_SUSPECTS = (
    "SELECT id, coalesce(grid_id, ''), id_number, coalesce(born_on, ''), coalesce(sex, '')"
    " FROM resident WHERE id_number IS NOT NULL AND (id_type IS NULL OR id_type = '111')"
    f" AND {HERE} AND NOT {_SOUND} IS TRUE"
)


def count(tx: sa.Connection, sieve: Sieve, today: dt.date) -> Counts:
    """How many records each question of a sieve finds, by grid."""
    names = list(sieve.questions)
    sums = ", ".join(f"coalesce(sum({sieve.questions[name]}), 0)" for name in names)
    query = (
        f"SELECT coalesce({sieve.grid}, ''), {sums} FROM {sieve.kind} WHERE {sieve.base} GROUP BY 1"
    )
    found: Counts = {name: {} for name in names}
    for grid, *numbers in tx.execute(sa.text(query), _values(query, today)):
        for name, number in zip(names, numbers, strict=True):
            if number:
                found[name][grid] = number
    return found


def ids(tx: sa.Connection, check: str, today: dt.date) -> list[str]:
    """The records that a check finds."""
    if check in quality.ID_CHECKS:
        return [record_id for record_id, _, faults in id_faults(tx, today) if check in faults]
    sieve = next(each for each in SIEVES if check in each.questions)
    query = f"SELECT id FROM {sieve.kind} WHERE {sieve.base} AND ({sieve.questions[check]})"
    return list(tx.execute(sa.text(query), _values(query, today)).scalars())


def id_faults(tx: sa.Connection, today: dt.date) -> Iterator[tuple[str, str, frozenset[str]]]:
    """Residents whose ID number is wrong or says otherwise: id, grid, which checks find them."""
    query = sa.text(_SUSPECTS)
    for record_id, grid, number, born_on, sex in tx.execute(query, _values(_SUSPECTS, today)):
        faults = quality.id_faults(number, born_on, sex, today=today)
        if faults:
            yield record_id, grid, faults


def _values(query: str, today: dt.date) -> dict[str, Any]:
    """What the questions of a query refer to."""
    after = quality.month_after(today)
    known: dict[str, Any] = {
        "today": today.isoformat(),
        "permit": (today + dt.timedelta(days=quality.PERMIT_DAYS)).isoformat(),
        "adult": quality.years_before(today, quality.ADULT_AGE).isoformat(),
        "quarter": encode(midnight(quality.quarter_start(today))),
        "areas": identity.area_codes_json(),
    }
    for age in code_list("age_milestone").codes:
        known[f"born_{age.code}"] = f"{after.year - int(age.code):04d}-{after.month:02d}"
    return {name: value for name, value in known.items() if f":{name}" in query}


def midnight(day: dt.date) -> dt.datetime:
    """When a calendar day begins in Beijing."""
    return dt.datetime.combine(day, dt.time(), BEIJING)
