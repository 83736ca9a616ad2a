"""工作台: what is there, and what is due."""

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from sqzl_desktop.base.clock import BEIJING
from sqzl_desktop.domain.case_flow import OPEN
from sqzl_desktop.domain.filters import Filter, Order
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.domain.kinds.case import Case
from sqzl_desktop.domain.kinds.consultation import Consultation
from sqzl_desktop.domain.kinds.event import Event
from sqzl_desktop.services import elements
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import care, records

_SHOWN = 6
_COUNTED = ("resident", "household", "dwelling", "building", "organisation", "facility", "grid")
_RUNNING = ("planned", "announced", "held", "published")


@dataclasses.dataclass(frozen=True, slots=True)
class Due:
    """One thing that waits, and until when."""

    kind: str
    id: str
    title: str
    detail: str
    on: dt.date | None


@dataclasses.dataclass(frozen=True, slots=True)
class Overview:
    """What the home page shows; `waiting` counts all that is due, the lists show the first."""

    counts: Mapping[str, int]
    due_visits: tuple[Due, ...]
    overdue_cases: tuple[Due, ...]
    running_consultations: tuple[Due, ...]
    new_events: tuple[Due, ...]
    waiting: Mapping[str, int]


def overview(ws: Workspace) -> Overview:
    """The state of the grids this person looks after."""
    with ws.store.read() as tx:
        visits = care.appointments(tx, ws.today)
        overdue = [
            Filter("due_at", "<", ws.clock.now()),
            Filter("state", "in", tuple(each for each in OPEN if each != "parked")),
        ]
        running = [Filter("state", "in", _RUNNING)]
        events = [Filter("state", "=", "discovered")]
        return Overview(
            counts={kind: records.count(tx, kind) for kind in _COUNTED},
            due_visits=tuple(_visits(tx, visits[:_SHOWN])),
            overdue_cases=tuple(_cases(tx, overdue)),
            running_consultations=tuple(_consultations(tx, running)),
            new_events=tuple(_events(tx, events)),
            waiting={
                "visit": len(visits),
                "case": records.count(tx, "case", filters=overdue),
                "consultation": records.count(tx, "consultation", filters=running),
                "event": records.count(tx, "event", filters=events),
            },
        )


def _visits(tx: sa.Connection, some: Sequence[tuple[str, str, dt.date]]) -> list[Due]:
    names = elements.titles_in(tx, "resident", (resident for resident, _, _ in some))
    sort = BY_NAME["visit"].column("category")
    return [
        Due("resident", resident, names.get(resident, ""), elements.masked(sort, category), on)
        for resident, category, on in some
    ]


def _cases(tx: sa.Connection, filters: list[Filter]) -> list[Due]:
    found = records.find(tx, "case", filters=filters, order=[Order("due_at", True)], limit=_SHOWN)
    return [
        Due("case", each.id, each.title, each.place or each.handler, _day(each.due_at))
        for each in found
        if isinstance(each, Case)
    ]


def _consultations(tx: sa.Connection, filters: list[Filter]) -> list[Due]:
    state = BY_NAME["consultation"].column("state")
    found = records.find(
        tx, "consultation", filters=filters, order=[Order("held_at", True)], limit=_SHOWN
    )
    return [
        Due("consultation", each.id, each.title, elements.masked(state, each.state),
            _day(each.held_at))
        for each in found
        if isinstance(each, Consultation)
    ]  # fmt: skip


def _events(tx: sa.Connection, filters: list[Filter]) -> list[Due]:
    found = records.find(
        tx, "event", filters=filters, order=[Order("discovered_at", True)], limit=_SHOWN
    )
    return [
        Due("event", each.id, each.title, each.place, _day(each.discovered_at))
        for each in found
        if isinstance(each, Event)
    ]


def _day(at: dt.datetime | None) -> dt.date | None:
    return at.astimezone(BEIJING).date() if at else None
