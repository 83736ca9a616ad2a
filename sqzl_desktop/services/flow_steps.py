"""办理步骤: the steps of any kind with a flow, as far as this device may decide."""

import dataclasses
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain.access import allows
from sqzl_desktop.domain.case_clock import clocks
from sqzl_desktop.domain.flow import Occasion, Transition, advance
from sqzl_desktop.domain.flows import FLOWS
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.domain.kinds.case import Case
from sqzl_desktop.schema.codec import changed_fields, decode
from sqzl_desktop.schema.fields import Element, Json
from sqzl_desktop.services import case_checks, case_rules, elements
from sqzl_desktop.services.saving import put
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import changes


def take_step(
    ws: Workspace,
    kind: str,
    record_id: str,
    step: str,
    values: Mapping[str, Any] | None = None,
) -> Element:
    """Save the values that a step brings, then take the step: one action."""
    if kind not in FLOWS:
        raise Refused(f"{BY_NAME[kind].label}没有办理步骤")
    with ws.store.write() as tx:
        record = elements.wanted(tx, kind, record_id)
        action = changes.Action(tx, ws.clock.now(), grouped=bool(values))
        return take_with(ws, action, record, step, values or {})


def take_with(
    ws: Workspace, action: changes.Action, record: Element, step: str, values: Mapping[str, Any]
) -> Element:
    """The same as a part of an action. What only a step may write goes with the step itself."""
    kind = elements.kind_of(record)
    brings = FLOWS[kind.name].transition(step).brings
    if isinstance(record, Case):
        _refuse_case(ws, action.tx, record, step, values)
    own = {name: values[name] for name in brings if name in values and name in kind.guarded}
    if values.keys() - own.keys():
        filled = {name: values[name] for name in values if name not in own}
        record = put(ws, action, dataclasses.replace(record, **filled), kind)
    return take_in(ws, action, record, step, own)


def _refuse_case(
    ws: Workspace, tx: sa.Connection, case: Case, step: str, values: Mapping[str, Any]
) -> None:
    is_open = any(each.step == step for each in open_steps(ws, case))
    refusal = case_checks.refusal(ws, tx, case, step, values) if is_open else ""
    if refusal:  # where the step is not open at all, the flow says why
        raise Refused(refusal)


def take_in(
    ws: Workspace,
    action: changes.Action,
    record: Element,
    step: str,
    own: Mapping[str, Any] | None = None,
) -> Element:
    """Take a step as a part of an action; Refused where it is not open.

    `own` are values that the step alone may write. The step names the write of the state it saw:
    a case may be in the same state again, in another round.
    """
    kind = elements.kind_of(record)
    if not allows(ws.actor, "write", kind, record):
        raise Refused(f"您的岗位不能办理这条{kind.label}")
    flow = FLOWS[kind.name]
    occasion = occasion_of(ws, action.tx)
    after = advance(flow, record, step, actor=ws.actor, values=own or {}, occasion=occasion)
    effect = changed_fields(kind, record, after)
    seen: str = getattr(record, "state")  # noqa: B009 - every kind with a flow has one
    saw = changes.seen(action.tx, kind.name, record.id, ("state",))
    action.step(kind.name, record.id, record.community_id, (step, seen), effect, saw)
    return after


def carried(kind: str, step: str, fields: Mapping[str, Json]) -> dict[str, Any]:
    """The values that a step once taken carries itself, to take it again."""
    if kind not in FLOWS:
        return {}
    columns = BY_NAME[kind].by_name
    brings = FLOWS[kind].transition(step).brings
    return {name: decode(columns[name], fields[name]) for name in brings if name in fields}


def awaits_server(ws: Workspace, kind: str, record_id: str) -> bool:
    """Was a step taken on this device that the server has not confirmed yet?"""
    with ws.store.read() as tx:
        return bool(changes.awaiting_steps(tx, kind, record_id))


def open_steps(ws: Workspace, record: Element) -> list[Transition]:
    """The steps this person may take now. No query."""
    kind = elements.kind_of(record)
    if kind.name not in FLOWS or not allows(ws.actor, "write", kind, record):
        return []
    return FLOWS[kind.name].open_to(record, ws.actor)


def missing(ws: Workspace, record: Element, transition: Transition) -> list[str]:  # noqa: ARG001
    """The labels of what must be filled in before a step. No query."""
    kind = elements.kind_of(record)
    return [
        kind.column(name).label
        for name in transition.needs
        if getattr(record, name) in ("", None, ())
    ]


def occasion_of(ws: Workspace, tx: sa.Connection) -> Occasion:
    """When a step is taken here and by which limits: provisional, the server has the last word."""

    def limits(record: Any) -> Mapping[str, Any]:
        rules = case_rules.of(tx)
        return clocks(rules.book, rules.calendar)(record)

    return Occasion(ws.clock.now().replace(microsecond=0), limits)
