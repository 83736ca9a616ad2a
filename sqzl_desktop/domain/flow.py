"""流程: steps from state to state; a table and one function, no engine."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain.access import Actor
from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.schema.kind import Kind

E = TypeVar("E", bound=Element)
Guard = Callable[[Any, Actor], str]


def _free(_record: Any, _actor: Actor) -> str:
    return ""


def _unfixed(_record: Any, _actor: Actor) -> Mapping[str, str]:
    return {}


def _untimed(_record: Any) -> Mapping[str, Any]:
    return {}


@dataclasses.dataclass(frozen=True, slots=True)
class Transition:
    """One step: who may take it, from which states to which, and what must be filled in then.

    Where `target` is "" the state stays. `asks` are the fields a step's form asks for beside those
    it needs. `guard` says in a sentence why a record or an actor forbids the step, "" where
    nothing does. `clears` are emptied by the step: they belonged to an earlier round.
    """

    step: str
    label: str
    sources: tuple[str, ...]
    target: str
    roles: tuple[str, ...]
    needs: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    guard: Guard = _free
    clears: tuple[str, ...] = ()

    @property
    def brings(self) -> tuple[str, ...]:
        """The fields that are filled in for this step."""
        return (*self.needs, *self.asks)


@dataclasses.dataclass(frozen=True, slots=True)
class Occasion:
    """When a step is taken: on the device by its own clock, finally by the server's.

    `clocks` gives the time limits of a record after the step, as fields and values.
    """

    at: dt.datetime
    clocks: Callable[[Any], Mapping[str, Any]] = _untimed


Stamp = Callable[[Any, Transition, Actor, Occasion], Mapping[str, Any]]


def _unstamped(_r: Any, _t: Transition, _a: Actor, _o: Occasion) -> Mapping[str, Any]:
    return {}


@dataclasses.dataclass(frozen=True, slots=True)
class Flow:
    """The transitions of one kind. The state field of a new record is `initial`.

    `stamp` gives what a step writes down of itself (times, counts), asked of the record after it.
    `fixed` names the fields of a record that an actor may not edit as it stands now, and why.
    """

    kind: Kind[Any]
    initial: str
    transitions: tuple[Transition, ...]
    stamp: Stamp = _unstamped
    fixed: Callable[[Any, Actor], Mapping[str, str]] = _unfixed

    def transition(self, step: str) -> Transition:
        """The transition of that name; Refused where there is none."""
        for transition in self.transitions:
            if transition.step == step:
                return transition
        known = "、".join(each.step for each in self.transitions)
        raise Refused(f"{self.kind.label}没有“{step}”这一步，可用的步骤：{known}")

    def open_to(self, record: Any, actor: Actor) -> list[Transition]:
        """The steps this actor may take now, whether or not everything is filled in."""
        return [
            each
            for each in self.transitions
            if record.state in each.sources
            and actor.role in each.roles
            and not each.guard(record, actor)
        ]

    def states_for(self, role: str, steps: tuple[str, ...]) -> tuple[str, ...]:
        """The states in which a role may take one of these steps, in the order of the table."""
        found = [
            source
            for each in self.transitions
            if each.step in steps and role in each.roles
            for source in each.sources
        ]
        return tuple(dict.fromkeys(found))


def advance(
    flow: Flow,
    record: E,
    step: str,
    *,
    actor: Actor,
    values: Mapping[str, Any],
    occasion: Occasion | None = None,
) -> E:
    """The record after a step, with the values the step brings and what it writes of itself.

    Raises Refused with a sentence where the state, the role, a guard or a missing field forbids
    it. The same function decides on the device and on the server.
    """
    transition = flow.transition(step)
    state: str = getattr(record, "state")  # noqa: B009 - every kind with a flow has one
    states = flow.kind.column("state").facts.codes
    if state not in transition.sources:
        raise Refused(_wrong_state(flow, transition, state, states))
    if actor.role not in transition.roles:
        raise Refused(f"您的岗位不能办理“{transition.label}”，请联系社区负责人")
    changes: dict[str, Any] = {**values, "state": transition.target or state}
    after = dataclasses.replace(record, **changes)
    if forbidden := transition.guard(after, actor):
        raise Refused(forbidden)
    missing = [flow.kind.column(name).label for name in transition.needs if not _given(after, name)]
    if missing:
        raise Refused(f"“{transition.label}”之前请先填写：{'、'.join(missing)}")
    if occasion is None:
        return after
    cleared = {name: flow.kind.column(name).default for name in transition.clears}
    stamped = {**cleared, **flow.stamp(after, transition, actor, occasion)}
    return dataclasses.replace(after, **stamped)


def _given(record: Any, name: str) -> bool:
    return getattr(record, name) not in ("", None, ())


def _wrong_state(flow: Flow, transition: Transition, state: str, states: str) -> str:
    label = code_list(states).label
    wanted = "、".join(label(each) for each in transition.sources)
    return f"{flow.kind.label}现在是“{label(state)}”，只有“{wanted}”时才能“{transition.label}”"
