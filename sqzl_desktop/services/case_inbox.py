"""案件箱: the cases that wait for a person, box by box; the board by steps; cases of a home."""

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from sqzl_desktop.domain import case_boxes
from sqzl_desktop.domain.case_boxes import STAGES, Claim, Limits, Stage, Standing
from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.domain.kinds.case import CASE, Case
from sqzl_desktop.schema.codec import decode
from sqzl_desktop.services.elements import titles_in
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import case_inbox
from sqzl_desktop.store.case_inbox import After, Question

PAGE = 200
_NOTICE = dt.timedelta(hours=24)
_ON_BOARD = 50
_MOST_CHOICES = 60
_MOST_ABOUT = 20


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """A case as a list shows it. `due` is the limit that is reached first; `awaits_server`: not
    everything that was done here is confirmed."""

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
    standing: Standing
    reported_at: dt.datetime | None
    closed_at: dt.datetime | None
    is_extension_asked: bool
    urge_count: int
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
    """The next cases of a box: overdue first, then what is due soonest; what is done, latest
    first."""
    with ws.store.read() as tx:
        found = case_inbox.keys(tx, _question(ws, box, filters), limit, after)
        lines = _lines(ws, tx, [key for key, _ in found])
    return Page(tuple(lines), found[-1][1] if len(found) == limit else None)


def total(ws: Workspace, box: str, filters: Sequence[Filter] = ()) -> int:
    """How many cases of a box pass the filters."""
    with ws.store.read() as tx:
        return case_inbox.count(tx, _question(ws, box, filters))


def counts(ws: Workspace) -> dict[str, int]:
    """How many open cases lie in each of the person's boxes; what is over and done is not
    counted."""
    boxes = [box for box in case_boxes.boxes_for(ws.actor) if box.ordering == "due"]
    claims = {box.name: case_boxes.claims(ws.actor, box.name) for box in boxes}
    with ws.store.read() as tx:
        return dict(zip(claims, case_inbox.counts(tx, claims, _limits(ws)), strict=True))


def board(ws: Workspace, filters: Sequence[Filter] = ()) -> list[Column]:
    """The open cases by what they wait for, the first of each column."""
    with ws.store.read() as tx:
        by_state = case_inbox.state_counts(tx, filters)
        return [
            Column(
                stage,
                sum(by_state.get(state, 0) for state in stage.states),
                tuple(_first(ws, tx, Claim(stage.states), filters)),
            )
            for stage in STAGES
        ]


def choices(ws: Workspace) -> Mapping[str, list[tuple[str, str]]]:
    """What the open cases may be narrowed by: (value, text) of grids, classes and handlers."""
    with ws.store.read() as tx:
        grids = sorted(case_inbox.used(tx, "grid_id"))[:_MOST_CHOICES]
        names = titles_in(tx, "grid", grids)
        classes = case_inbox.used(tx, "class_code")[:_MOST_CHOICES]
        handlers = case_inbox.used(tx, "handler")[:_MOST_CHOICES]
    return {
        "grid_id": [(each, names.get(each, each)) for each in grids],
        "class_code": [(each, _class_name(each)) for each in classes],
        "handler": [(each, each) for each in handlers],
    }


def open_about(
    ws: Workspace, *, residents: Sequence[str] = (), dwellings: Sequence[str] = ()
) -> list[Line]:
    """The open cases at some dwellings, or that some residents are involved in."""
    with ws.store.read() as tx:
        return _lines(ws, tx, case_inbox.open_about(tx, residents, dwellings, _MOST_ABOUT))


def _first(ws: Workspace, tx: sa.Connection, claim: Claim, filters: Sequence[Filter]) -> list[Line]:
    question = Question((claim,), filters, "due", _limits(ws))
    return _lines(ws, tx, [key for key, _ in case_inbox.keys(tx, question, _ON_BOARD, None)])


def _question(ws: Workspace, box: str, filters: Sequence[Filter]) -> Question:
    claims = case_boxes.claims(ws.actor, box)
    return Question(claims, filters, case_boxes.box_named(box).ordering, _limits(ws))


def _lines(ws: Workspace, tx: sa.Connection, wanted: Sequence[int]) -> list[Line]:
    rows = case_inbox.rows(tx, wanted)
    grids = titles_in(tx, "grid", {row["grid_id"] or "" for row in rows})
    waiting = case_inbox.awaiting(tx, [row["id"] for row in rows])
    at = _limits(ws)
    return [_line(row, grids, row["id"] in waiting, at) for row in rows]


def _line(
    row: Mapping[str, Any], grids: Mapping[str, str], awaits_server: bool, at: Limits
) -> Line:
    case = Case(
        state=row["state"] or "", due_at=_moment(row, "due_at"),
        stage_due_at=_moment(row, "stage_due_at"),
    )  # fmt: skip
    return Line(
        id=row["id"],
        number=row["number"] or "",
        title=row["title"] or "",
        place=row["place"] or "",
        state=case.state,
        urgency=row["urgency"] or "",
        class_name=_class_name(row["class_code"] or ""),
        handler=row["handler"] or "",
        grid=grids.get(row["grid_id"] or "", ""),
        source=row["source"] or "",
        due=min(filter(None, (case.due_at, case.stage_due_at)), default=None),
        standing=case_boxes.standing(case, at),
        reported_at=_moment(row, "reported_at"),
        closed_at=_moment(row, "closed_at"),
        is_extension_asked=row["extension_state"] == "asked",
        urge_count=row["urge_count"] or 0,
        awaits_server=awaits_server,
    )


def _limits(ws: Workspace) -> Limits:
    now = ws.clock.now()
    return Limits(now, now + _NOTICE)


def _moment(row: Mapping[str, Any], name: str) -> dt.datetime | None:
    value = decode(CASE.column(name), row[name])
    assert value is None or isinstance(value, dt.datetime)
    return value


def _class_name(code: str) -> str:
    return code_list("matter").label(code) if code else ""
