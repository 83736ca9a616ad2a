"""案件箱: whose turn a case is, and how it stands against its limits.

A box is said once, as claims: states and values of fields. `belongs` asks them of one case, the
store asks them of all; what a person finds in a box is what the flow lets them do.
"""

import dataclasses
import datetime as dt
from typing import Literal

from sqzl_desktop.base.clock import BEIJING
from sqzl_desktop.domain import case_clock
from sqzl_desktop.domain.access import (
    COMMUNITY_DIGITS,
    COMMUNITY_LEAD,
    GRID_WORKER,
    Actor,
    allows,
)
from sqzl_desktop.domain.case_flow import BEFORE_FILING, CASE_FLOW, ENDED, MOST_CALLS, OPEN
from sqzl_desktop.domain.kinds.case import CASE, Case

Ordering = Literal["due", "closed", "reported"]
Values = tuple[tuple[str, tuple[str | int, ...]], ...]  # fields, each with what it may hold

COUNTING = tuple(state for state in OPEN if state != "parked")  # the clock stands while parked

# what brings a case forward, by who is to do it; checking on the spot has a box of its own
_DUTIES = {
    GRID_WORKER: ("confirm", "file", "dispatch", "close"),
    COMMUNITY_LEAD: ("confirm", "file", "decline", "dispatch", "close"),
}
_HANDLING = ("handle", "feed_back")


@dataclasses.dataclass(frozen=True, slots=True)
class Limits:
    """What is due before `now` is overdue, before `until` at risk (see `case_clock.standing`)."""

    now: dt.datetime
    until: dt.datetime

    @property
    def today(self) -> dt.date:
        """The day in Beijing: a case parked until then is to be looked at again."""
        return self.now.astimezone(BEIJING).date()


@dataclasses.dataclass(frozen=True, slots=True)
class Box:
    """One box: its name, what it is called, the order its cases stand in, and what is said when
    it is empty."""

    name: str
    label: str
    nothing: str
    ordering: Ordering = "due"


BOXES = (
    Box("mine_to_do", "待我办理", "没有等您办理的案件。"),
    Box("mine_to_check", "待我核查", "没有等您到现场核查的案件。"),
    Box("unconfirmed", "待核实立案", "没有等待核实、立案的案件。"),
    Box("at_risk", "即将到期", "没有快要到期的案件。"),
    Box("overdue", "已超期", "没有超期的案件。"),
    Box("all", "全部在办", "没有在办的案件。点右上角“上报案件”登记。"),
    Box("mine_reported", "我上报的", "您还没有上报过案件。", "reported"),
    Box("closed", "已办结", "还没有办结的案件。", "closed"),
    Box("to_call", "待回访", "没有等待回访的案件。", "closed"),
)
_WITHOUT_WORK = ("mine_reported", "all", "at_risk", "overdue", "closed")
CALL_WITHIN = dt.timedelta(days=60)  # who is asked later does not remember


@dataclasses.dataclass(frozen=True, slots=True)
class Stage:
    """One column of the board: the states whose cases wait for the same thing."""

    name: str
    label: str
    states: tuple[str, ...]


STAGES = (
    Stage("to_file", "待核实立案", BEFORE_FILING),
    Stage("to_dispatch", "待派遣", ("filed", "returned")),
    Stage("dispatched", "待接办", ("dispatched",)),
    Stage("handling", "处置中", ("handling",)),
    Stage("fed_back", "待核查", ("fed_back",)),
    Stage("verified", "待结案", ("verified",)),
    Stage("parked", "挂账", ("parked",)),
)


@dataclasses.dataclass(frozen=True, slots=True)
class Claim:
    """Cases in one of these states, each named field having one of its values ("": not filled
    in), standing so ("" is however; `park_over`: parked until a day that has come); of `any_of`
    one is filled in; ended no longer ago than `within`."""

    states: tuple[str, ...]
    fields: Values = ()
    standing: Literal["", "at_risk", "overdue", "park_over"] = ""
    any_of: tuple[str, ...] = ()
    within: dt.timedelta | None = None


def boxes_for(actor: Actor) -> tuple[Box, ...]:
    """The boxes of a person: who may take no steps begins with what they reported themselves."""
    if allows(actor, "write", CASE):
        return BOXES
    return tuple(map(box_named, _WITHOUT_WORK))


def may_call(actor: Actor) -> bool:
    """May this person call people back about their cases?"""
    return allows(actor, "write", CASE) and bool(_states(actor, "callback"))


def box_named(name: str) -> Box:
    """The box of that name."""
    return next(box for box in BOXES if box.name == name)


def claims(actor: Actor, box: str) -> tuple[Claim, ...]:
    """What a case must be to lie in a box of this person: one of these claims."""
    match box:
        case "mine_to_do":
            return _to_do(actor)
        case "mine_to_check":
            own = _own_collecting(actor) + _own_grids(actor, "grid_id")
            return (Claim(_states(actor, "verify"), own),)
        case "unconfirmed":
            return (Claim(_states(actor, "confirm", "file"), _own_grids(actor, "grid_id")),)
        case "at_risk":
            return (Claim(COUNTING, standing="at_risk"),)
        case "overdue":
            return (Claim(COUNTING, standing="overdue"),)
        case "to_call":
            return (_to_call(actor),)
        case "mine_reported":
            return (Claim((*OPEN, *ENDED), (("collector", (actor.account,)),)),)
        case "closed":
            return (Claim(ENDED),)
        case _:
            return (Claim(OPEN),)


def belongs(case: Case, actor: Actor, box: str, at: Limits) -> bool:
    """Does a case lie in this box of this person?"""
    return any(_holds(claim, case, at) for claim in claims(actor, box))


def _to_do(actor: Actor) -> tuple[Claim, ...]:
    within = _own_grids(actor, "grid_id")
    found = [
        Claim(_states(actor, *_DUTIES.get(actor.role, ())), within),
        Claim(_states(actor, "resume"), within, "park_over"),
    ]
    if actor.role == GRID_WORKER:
        # what another grid handles waits for that grid
        handled = within + _own_grids(actor, "handler_grid_id")
        found.append(Claim(_states(actor, *_HANDLING), handled))
    if actor.role == COMMUNITY_LEAD:
        asked = (("extension_state", ("asked",)),)
        found.append(Claim(_states(actor, "grant", "deny"), within + asked))
    return tuple(found)


def _to_call(actor: Actor) -> Claim:
    """待回访: somebody can be asked, has not been, and three attempts were not in vain."""
    unasked = (
        ("satisfaction", ("",)), ("is_anonymous", ("", False)),
        ("callback_missed", ("", *range(1, MOST_CALLS))),
    )  # fmt: skip
    within = _own_grids(actor, "grid_id")
    who = ("reporter_name", "reporter_phone")
    return Claim(_states(actor, "callback"), within + unasked, any_of=who, within=CALL_WITHIN)


def _states(actor: Actor, *steps: str) -> tuple[str, ...]:
    return CASE_FLOW.states_for(actor.role, steps)


def _own_collecting(actor: Actor) -> Values:
    """核查: on the spot by whoever collected it; the lead may in their place."""
    return () if actor.role == COMMUNITY_LEAD else (("collector", ("", actor.account)),)


def _own_grids(actor: Actor, field: str) -> Values:
    """A field that names a grid is to name one of the person's, or none; whoever has the whole
    community has every grid."""
    grids = tuple(code for code in actor.scope if len(code) > COMMUNITY_DIGITS)
    return () if len(grids) < len(actor.scope) else ((field, ("", *grids)),)


def _holds(claim: Claim, case: Case, at: Limits) -> bool:
    if case.state not in claim.states:
        return False
    if any(_value(case, name) not in values for name, values in claim.fields):
        return False
    if claim.any_of and not any(_value(case, name) for name in claim.any_of):
        return False
    if claim.within and (case.closed_at is None or case.closed_at < at.now - claim.within):
        return False
    if claim.standing == "park_over":
        return is_park_over(case, at)
    return claim.standing in ("", case_clock.standing(case, at.now, at.until))


def is_park_over(case: Case, at: Limits) -> bool:
    """Has the day come until which a case was parked?"""
    return (
        case.state == "parked" and case.parked_until is not None and (case.parked_until <= at.today)
    )


def _value(case: Case, name: str) -> str | int:
    value: str | int | None = getattr(case, name)
    return "" if value is None else value
