"""工作台: what is there, and what is due."""

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from sqzl_desktop.base.clock import BEIJING
from sqzl_desktop.domain.filters import Filter, Order
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.domain.kinds.consultation import Consultation
from sqzl_desktop.domain.kinds.event import Event
from sqzl_desktop.services import case_inbox, elements
from sqzl_desktop.services.case_inbox import Line
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import care, records

_SHOWN = 6
PRESSING = ("overdue", "at_risk")
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
    """What the home page shows; `waiting` counts all that is due, the lists show the first.

    `cases` are the late ones and those at risk; `case_boxes` counts those of each box.
    """

    counts: Mapping[str, int]
    due_visits: tuple[Due, ...]
    cases: tuple[Line, ...]
    case_boxes: Mapping[str, int]
    running_consultations: tuple[Due, ...]
    new_events: tuple[Due, ...]
    waiting: Mapping[str, int]


def overview(ws: Workspace) -> Overview:
    """The state of the grids this person looks after."""
    boxes = case_inbox.counts(ws)
    pressing = [line for box in PRESSING for line in case_inbox.inbox(ws, box, (), _SHOWN).lines]
    with ws.store.read() as tx:
        visits = care.appointments(tx, ws.today)
        running = [Filter("state", "in", _RUNNING)]
        events = [Filter("state", "=", "discovered")]
        return Overview(
            counts={kind: records.count(tx, kind) for kind in _COUNTED},
            due_visits=tuple(_visits(tx, visits[:_SHOWN])),
            cases=tuple(pressing[:_SHOWN]),
            case_boxes=boxes,
            running_consultations=tuple(_consultations(tx, running)),
            new_events=tuple(_events(tx, events)),
            waiting={
                "visit": len(visits),
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
