"""时限规则: the classes and the calendar in force, read from the store."""

import dataclasses
from typing import Any

import sqlalchemy as sa

from sqzl_desktop.domain.case_classes import ClassBook
from sqzl_desktop.domain.kinds.calendar_day import CALENDAR_DAY
from sqzl_desktop.domain.kinds.case_class import CASE_CLASS
from sqzl_desktop.domain.kinds.office_hours import OFFICE_HOURS
from sqzl_desktop.domain.working_time import Calendar, calendar_of
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import records

_MOST = 10_000


@dataclasses.dataclass(frozen=True, slots=True)
class Rules:
    """By what cases are classified and their limits counted."""

    book: ClassBook
    calendar: Calendar


def of(tx: sa.Connection) -> Rules:
    """The rules in force, inside a transaction."""
    return Rules(ClassBook(_all(tx, CASE_CLASS.name)), calendar_in(tx))


def rules(ws: Workspace) -> Rules:
    """The rules in force."""
    with ws.store.read() as tx:
        return of(tx)


def calendar_in(tx: sa.Connection) -> Calendar:
    """The working calendar alone, inside a transaction."""
    return calendar_of(_all(tx, CALENDAR_DAY.name), _all(tx, OFFICE_HOURS.name))


def _all(tx: sa.Connection, kind: str) -> list[Any]:
    return records.find(tx, kind, limit=_MOST)
