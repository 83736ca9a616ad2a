"""案件箱: the cases that wait for a person, box by box; the board by steps; cases of a home."""

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from sqzl_desktop.domain import case_boxes, case_clock
from sqzl_desktop.domain.case_boxes import STAGES, Claim, Limits, Stage
from sqzl_desktop.domain.case_clock import Standing
from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.domain.kinds.case import CASE, Case
from sqzl_desktop.schema.codec import decode
from sqzl_desktop.services import case_rules
from sqzl_desktop.services.case_rules import Rules
from sqzl_desktop.services.elements import titles_in
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import case_inbox
from sqzl_desktop.store.case_inbox import After, Question

PAGE = 60
TO_CALL = "to_call"
_ON_BOARD = 30
_MOST_CHOICES = 60
_MOST_ABOUT = 20


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """A case as a list shows it. `due` is the limit that is told, `left` how far off it is, in
    office hours; `awaits_server`: not everything that was done here is confirmed."""

    id: str
    number: str
    title: str
    place: str
    state: str
    urgency: str
    class_name: str
    handler: str
    grid: str
    source: str
    due: dt.datetime | None
    left: str
    standing: Standing
    reported_at: dt.datetime | None
    closed_at: dt.datetime | None
    is_extension_asked: bool
    urge_count: int
    is_park_over: bool
    awaits_server: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Page:
    """Some lines in order; `after` is where the next page begins, None where none follows."""

    lines: tuple[Line, ...]
    after: After | None


@dataclasses.dataclass(frozen=True, slots=True)
class Column:
    """One column of the board: how many cases there are, and the first of them."""

    stage: Stage
    count: int
    lines: tuple[Line, ...]


def inbox(
    ws: Workspace,
    box: str,
    filters: Sequence[Filter] = (),
    limit: int = PAGE,
    after: After | None = None,
) -> Page:
    """The next cases of a box: what was or is to be done first stands first; what is done, latest
    first."""
    with ws.store.read() as tx:
        rules = case_rules.of(tx)
        found = case_inbox.keys(tx, _question(ws, box, filters, rules), limit, after)
        lines = _lines(ws, tx, [key for key, _ in found], rules)
    return Page(tuple(lines), found[-1][1] if len(found) == limit else None)


def total(ws: Workspace, box: str, filters: Sequence[Filter] = ()) -> int:
    """How many cases of a box pass the filters."""
    with ws.store.read() as tx:
        return case_inbox.count(tx, _question(ws, box, filters, case_rules.of(tx)))


def counts(ws: Workspace) -> dict[str, int]:
    """How many cases lie in each of the person's boxes; what is over and done is not counted."""
    boxes = [box for box in case_boxes.boxes_for(ws.actor) if box.ordering == "due"]
    claims = {box.name: case_boxes.claims(ws.actor, box.name) for box in boxes}
    with ws.store.read() as tx:
        rules = case_rules.of(tx)
        found = case_inbox.counts(tx, claims, _limits(ws, rules))
        told = dict(zip(claims, found, strict=True))
        if case_boxes.may_call(ws.actor):
            told[TO_CALL] = case_inbox.count(tx, _question(ws, TO_CALL, (), rules))
    return told


def board(ws: Workspace, filters: Sequence[Filter] = ()) -> list[Column]:
    """The open cases by what they wait for, the first of each column."""
    with ws.store.read() as tx:
        rules = case_rules.of(tx)
        by_state = case_inbox.state_counts(tx, filters)
        found = []
        for stage in STAGES:
            question = Question((Claim(stage.states),), filters, "due", _limits(ws, rules))
            keys = [key for key, _ in case_inbox.keys(tx, question, _ON_BOARD, None)]
            count = sum(by_state.get(state, 0) for state in stage.states)
            found.append(Column(stage, count, tuple(_lines(ws, tx, keys, rules))))
    return found


def choices(ws: Workspace) -> Mapping[str, list[tuple[str, str]]]:
    """What the open cases may be narrowed by: (value, text) of grids, classes and handlers."""
    with ws.store.read() as tx:
        book = case_rules.of(tx).book
        grids = sorted(case_inbox.used(tx, "grid_id"))[:_MOST_CHOICES]
        names = titles_in(tx, "grid", grids)
        classes = case_inbox.used(tx, "class_code")[:_MOST_CHOICES]
        handlers = case_inbox.used(tx, "handler")[:_MOST_CHOICES]
    return {
        "grid_id": [(each, names.get(each, each)) for each in grids],
        "class_code": [(each, book.name(each)) for each in classes],
        "handler": [(each, each) for each in handlers],
    }


def open_about(
    ws: Workspace, *, residents: Sequence[str] = (), dwellings: Sequence[str] = ()
) -> list[Line]:
    """The open cases at some dwellings, or that some residents are involved in."""
    with ws.store.read() as tx:
        found = case_inbox.open_about(tx, residents, dwellings, _MOST_ABOUT)
        return _lines(ws, tx, found, case_rules.of(tx)) if found else []


def _question(ws: Workspace, box: str, filters: Sequence[Filter], rules: Rules) -> Question:
    claims = case_boxes.claims(ws.actor, box)
    return Question(claims, filters, case_boxes.box_named(box).ordering, _limits(ws, rules))


def _limits(ws: Workspace, rules: Rules) -> Limits:
    now = ws.clock.now()
    return Limits(now, case_clock.risk_until(now, rules.calendar))


def _lines(ws: Workspace, tx: sa.Connection, wanted: Sequence[int], rules: Rules) -> list[Line]:
    rows = case_inbox.rows(tx, wanted)
    grids = titles_in(tx, "grid", {row["grid_id"] or "" for row in rows})
    waiting = case_inbox.awaiting(tx, [row["id"] for row in rows])
    at = _limits(ws, rules)
    return [
        dataclasses.replace(
            _line(row, rules, at),
            grid=grids.get(row["grid_id"] or "", ""),
            awaits_server=row["id"] in waiting,
        )
        for row in rows
    ]


def _line(row: Mapping[str, Any], rules: Rules, at: Limits) -> Line:
    case = Case(
        state=row["state"] or "", due_at=_moment(row, "due_at"),
        stage_due_at=_moment(row, "stage_due_at"), closed_at=_moment(row, "closed_at"),
        parked_until=_day(row, "parked_until"),
    )  # fmt: skip
    standing = case_clock.standing(case, at.now, at.until)
    due = _told(case, standing, at)
    return Line(
        id=row["id"],
        number=row["number"] or "",
        title=row["title"] or "",
        place=row["place"] or "",
        state=case.state,
        urgency=row["urgency"] or "",
        class_name=rules.book.name(row["class_code"]) if row["class_code"] else "",
        handler=row["handler"] or "",
        grid="",
        source=row["source"] or "",
        due=due,
        left=case_clock.left(dataclasses.replace(case, due_at=due), at.now, rules.calendar),
        standing=standing,
        reported_at=_moment(row, "reported_at"),
        closed_at=case.closed_at,
        is_extension_asked=row["extension_state"] == "asked",
        urge_count=row["urge_count"] or 0,
        is_park_over=case_boxes.is_park_over(case, at),
        awaits_server=False,
    )


def _told(case: Case, standing: Standing, at: Limits) -> dt.datetime | None:
    """The limit that is told: of the whole, unless it is the step that is late or has one alone."""
    stage = case.stage_due_at
    if case.due_at is None or (standing == "at_risk" and stage is not None and stage < at.now):
        return stage
    return case.due_at


def _moment(row: Mapping[str, Any], name: str) -> dt.datetime | None:
    value = decode(CASE.column(name), row[name])
    assert value is None or isinstance(value, dt.datetime)
    return value


def _day(row: Mapping[str, Any], name: str) -> dt.date | None:
    value = decode(CASE.column(name), row[name])
    assert value is None or isinstance(value, dt.date)
    return value
