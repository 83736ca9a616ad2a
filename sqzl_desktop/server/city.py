"""样例城市: a folder of generated tables as records of our kinds, ready to be loaded."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

from sqzl_desktop.schema.fields import Json
from sqzl_desktop.server import city_care, city_meetings, city_people, city_places, city_work
from sqzl_desktop.server.city_meetings import Office
from sqzl_desktop.server.city_tables import CityTables, Row, open_tables
from sqzl_desktop.server.city_words import Record, committee_name, community_name

_COMMITTEE = "基层群众性自治组织"


def read_city(folder: Path) -> Iterator[tuple[str, str, str, dict[str, Json]]]:
    """Every record of a generated city: community code, name of the kind, id, fields.

    One community comes after the other, so that one shard after the other can be filled. Raises
    KnownError where the folder holds something else.
    """
    with open_tables(folder) as tables:
        for row in tables.communities():
            community = row["code"]
            for kind, record_id, fields in _records(tables, row):
                yield community, kind, record_id, {"community_id": community, **fields}
        tables.refuse_leftovers()


@dataclasses.dataclass(frozen=True, slots=True)
class _Small:
    """The small tables of one community, which the large ones refer to."""

    community: Row
    grids: list[Row]
    workers: list[Row]
    complexes: list[Row]
    organisations: list[Row]


def _records(tables: CityTables, community: Row) -> Iterator[Record]:
    small = _small(tables, community)
    names: dict[str, str] = {}
    yield from _small_records(small)
    yield from _place_records(tables, small)
    yield from _people_records(tables, small, names)
    yield from _work_records(tables, small, names)


def _small(tables: CityTables, community: Row) -> _Small:
    code = community["code"]
    return _Small(
        community=community,
        grids=list(tables.rows("grids", code)),
        workers=list(tables.rows("workers", code)),
        complexes=list(tables.rows("complexes", code)),
        organisations=list(tables.rows("organizations", code)),
    )


def _small_records(small: _Small) -> Iterator[Record]:
    committee = next((row for row in small.organisations if row["kind"] == _COMMITTEE), {})
    grid_of = {row["worker_id"]: row["grid_code"] for row in small.grids}
    yield city_places.community(small.community, committee)
    yield from map(city_places.grid, small.grids)
    for row in small.workers:
        yield city_people.staff(row, grid_of)
    yield from map(city_places.organisation, small.organisations)


def _place_records(tables: CityTables, small: _Small) -> Iterator[Record]:
    code = small.community["code"]
    estates = {row["complex_id"]: row["name"] for row in small.complexes}
    companies = {row["org_id"]: row["name"] for row in small.organisations}
    for row in small.complexes:
        yield city_places.estate(row, companies)
    for row in tables.rows("buildings", code):
        yield city_places.building(row, estates)
    yield from map(city_places.dwelling, tables.rows("dwellings", code))
    yield from map(city_places.facility, tables.rows("objects", code))


def _people_records(tables: CityTables, small: _Small, names: dict[str, str]) -> Iterator[Record]:
    """Residents before households: a household tells its head's name, and so `names` is filled."""
    code = small.community["code"]
    for row in tables.rows("residents", code):
        names[row["resident_id"]] = row["name"]
        yield city_people.resident(row)
        yield city_people.residence(row)
        yield from city_care.records(row)
    for row in tables.rows("households", code):
        yield city_people.household(row, names)


def _work_records(tables: CityTables, small: _Small, names: dict[str, str]) -> Iterator[Record]:
    code, office = small.community["code"], _office(small)
    looks_after = {row["worker_id"]: row["name"] for row in small.workers}
    workers = {row["grid_code"]: looks_after.get(row["worker_id"], "") for row in small.grids}
    for row in tables.rows("cases", code):
        yield from city_work.case_or_event(row, workers, office.host)
    for row in tables.rows("topics", code):
        yield city_meetings.topic(row, names)
        yield from city_meetings.consultations(row, office)
    yield from map(city_work.visit, tables.rows("visits", code))


def _office(small: _Small) -> Office:
    by_post = {row["role"]: row["name"] for row in small.workers}
    return Office(
        committee=committee_name(community_name(small.community["name"])),
        host=by_post.get("书记主任", ""),
        contact=by_post.get("社区工作者", ""),
        estates=tuple(row["name"] for row in small.complexes),
    )
