"""流程: steps from state to state; a table and one function, no engine."""

import dataclasses
from collections.abc import Mapping
from typing import Any, TypeVar

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain.access import Actor
from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.schema.kind import Kind

E = TypeVar("E", bound=Element)


@dataclasses.dataclass(frozen=True, slots=True)
class Transition:
    """One step: who may take it, from which states to which, and what must be filled in then."""

    step: str
    label: str
    sources: tuple[str, ...]
    target: str
    roles: tuple[str, ...]
    needs: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Flow:
    """The transitions of one kind. The state field of a new record is `initial`."""

    kind: Kind[Any]
    initial: str
    transitions: tuple[Transition, ...]

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
            if record.state in each.sources and actor.role in each.roles
        ]


def advance(flow: Flow, record: E, step: str, *, actor: Actor, values: Mapping[str, Any]) -> E:
    """The record after a step, with the values the step brings.

    Raises Refused with a sentence where the state, the role or a missing field forbids it. The
    same function decides on the device and on the server.
    """
    transition = flow.transition(step)
    state: str = getattr(record, "state")  # noqa: B009 - every kind with a flow has one
    states = flow.kind.column("state").facts.codes
    if state not in transition.sources:
        raise Refused(_wrong_state(flow, transition, state, states))
    if actor.role not in transition.roles:
        raise Refused(f"您的岗位不能办理“{transition.label}”，请联系社区负责人")
    changes: dict[str, Any] = {**values, "state": transition.target}
    after = dataclasses.replace(record, **changes)
    missing = [flow.kind.column(name).label for name in transition.needs if not _given(after, name)]
    if missing:
        raise Refused(f"“{transition.label}”之前请先填写：{'、'.join(missing)}")
    return after


def _given(record: Any, name: str) -> bool:
    return getattr(record, name) not in ("", None, ())


def _wrong_state(flow: Flow, transition: Transition, state: str, states: str) -> str:
    label = code_list(states).label
    wanted = "、".join(label(each) for each in transition.sources)
    return f"{flow.kind.label}现在是“{label(state)}”，只有“{wanted}”时才能“{transition.label}”"
