"""样例城市的事: events, cases and visits."""

from collections.abc import Iterator, Mapping

from sqzl_desktop.server import city_cases
from sqzl_desktop.server.city_tables import Row
from sqzl_desktop.server.city_words import (
    Record,
    code,
    given,
    known_id,
    matter,
    moment,
)

_NOT_TAKEN_UP = "待受理"
_BY_PHONE, _NOBODY_MET, _AT_HOME = "02", "04", "01"


def case_or_event(row: Row, workers: Mapping[str, str], lead: str) -> Iterator[Record]:
    """A case with its steps; what nobody has taken up yet is still an event."""
    if row["status"] == _NOT_TAKEN_UP:
        yield _event(row)
    else:
        yield from city_cases.case(row, workers, lead)


def visit(row: Row) -> Record:
    """A visit; the way it was made is read from what was written about it."""
    fields = given(
        grid_id=row["grid_code"],
        resident_id=known_id(row["resident_id"]),
        household_id=known_id(row["household_id"]),
        visited_at=moment(row["visited_at"]),
        category=code("visit_kind", row["kind"]),
        way=_way(row["content"]),
        content=row["content"],
        visitor_id=known_id(row["worker_id"]),
        next_on=row["next_visit"],
    )
    return "visit", known_id(row["visit_id"]), fields


def _event(row: Row) -> Record:
    fields = given(
        grid_id=row["grid_code"],
        title=row["title"],
        category=code("case_category", row["category"]),
        matter=matter(row["title"]),
        description=row["text"],
        place=row["location"],
        source=code("case_source", row["source"]),
        discovered_at=moment(row["reported_at"]),
        reporter_name=row["reporter"],
        reporter_phone=row["reporter_phone"],
        state="discovered",
    )
    return "event", known_id(row["case_id"]), fields


def _way(content: str) -> str:
    if content.startswith("电话"):
        return _BY_PHONE
    return _NOBODY_MET if content.startswith("敲门无人") else _AT_HOME
