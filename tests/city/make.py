"""Making a city: one community after the other, every table of each."""

import dataclasses
import datetime as dt
from collections import Counter
from pathlib import Path

from tests.city import dirty, facilities, ground, organisations, places, work
from tests.city.divisions import Division, urban_communities
from tests.city.numbers import IdNumbers
from tests.city.site import Home, Site
from tests.city.tables import Row, Tables
from tests.city.work_words import SERVICE_ITEMS

SIZE = 15_000
SEED = 640_100
TODAY = dt.date(2026, 6, 30)


@dataclasses.dataclass(frozen=True)
class Made:
    """How many rows each table has; of the dirty table, how many lines go which way."""

    rows: Counter[str]
    dirty: Counter[str]


def make_city(
    folder: Path,
    *,
    communities: int = 1,
    size: int = SIZE,
    seed: int = SEED,
    today: dt.date = TODAY,
    form: str = "csv",
    with_dirty: bool = False,
) -> Made:
    """Write the tables of the first urban communities of Yinchuan, `size` residents in each."""
    remembered: list[tuple[Row, Home]] = []
    numbers = IdNumbers()
    with Tables(folder, form) as tables:
        _write_items(tables)
        for division in urban_communities(communities):
            site = Site(division, seed=seed, today=today, tables=tables, numbers=numbers)
            _fill(site, division, size)
            remembered = remembered or site.remembered
    lines = dirty.write_dirty(folder, remembered, seed=seed) if with_dirty else Counter()
    return Made(tables.count, lines)


def _fill(site: Site, division: Division, size: int) -> None:
    site.add_office()
    places.settle(site, size)
    _write_grids(site)
    _write_community(site, division)
    organisations.add_organisations(site)
    facilities.add_facilities(site)
    work.add_work(site)


def _write_items(tables: Tables) -> None:
    for code, name, department, days, materials in SERVICE_ITEMS:
        row: Row = {
            "item_code": code,
            "name": name,
            "department": department,
            "legal_days": days,
            "materials": materials,
        }
        tables.write("service_items", row)


def _write_grids(site: Site) -> None:
    for count, grid in enumerate(site.grids, 1):
        site.write(
            "grids",
            grid_code=grid.code,
            community_code=site.code,
            name=f"{site.division.short_name}第{count}网格",
            kind="基础网格",
            households=grid.households,
            residents=grid.residents,
            worker_id=grid.worker,
            outline=ground.block(site.center, count - 1),
        )


def _write_community(site: Site, division: Division) -> None:
    site.write(
        "communities",
        code=division.code,
        name=division.name,
        kind=division.kind,
        street_code=division.subdistrict_code,
        street_name=division.subdistrict,
        county_code=site.county,
        county_name=site.county_name,
        residents=site.residents,
        households=site.households,
        lon=round(site.center[0], 6),
        lat=round(site.center[1], 6),
    )
