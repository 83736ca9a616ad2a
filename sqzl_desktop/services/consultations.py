"""民主协商: from a topic to a consultation, and its steps."""

import dataclasses
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain.access import allows
from sqzl_desktop.domain.flow import Transition, advance
from sqzl_desktop.domain.flows import FLOWS
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.domain.kinds.consultation import Consultation
from sqzl_desktop.domain.kinds.topic import Topic
from sqzl_desktop.domain.numbering import number
from sqzl_desktop.schema.codec import changed_fields
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.services import elements
from sqzl_desktop.services.saving import put
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import changes, meta

MEETING = "01"


def from_topic(ws: Workspace, topic_id: str, **values: Any) -> Consultation:
    """确定议题: adopt a topic and make its consultation, numbered, in one action."""
    with ws.store.write() as tx:
        topic = elements.wanted(tx, "topic", topic_id)
        assert isinstance(topic, Topic)
        action = changes.Action(tx, ws.clock.now(), grouped=True)
        if topic.state == "collected":
            take_in(ws, action, topic, "adopt")
        elif topic.state != "adopted":
            raise Refused("这个议题没有被列入，不能组织协商")
        consultation = Consultation(
            **{
                "community_id": topic.community_id,
                "title": topic.title,
                "topic_id": topic.id,
                "form": MEETING,
                "number": next_number(ws, tx, "consultation", topic.community_id),
                **values,
            }
        )
        made = put(ws, action, consultation, BY_NAME["consultation"])
    assert isinstance(made, Consultation)
    return made


def next_number(ws: Workspace, tx: sa.Connection, kind: str, community: str) -> str:
    """The next number that this device gives out for a kind this year."""
    year = ws.today.year
    count = meta.count_on(tx, f"number/{kind}/{community}/{year}")
    return number(kind, community, year=year, device=ws.device, count=count)


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
        FLOWS[kind].transition(step)
        if values:
            record = put(ws, action, dataclasses.replace(record, **values), BY_NAME[kind])
        return take_in(ws, action, record, step)


def take_in(ws: Workspace, action: changes.Action, record: Element, step: str) -> Element:
    """Take a step as a part of an action; Refused where it is not open."""
    kind = elements.kind_of(record)
    if not allows(ws.actor, "write", kind, record):
        raise Refused(f"您的岗位不能办理这条{kind.label}")
    flow = FLOWS[kind.name]
    after = advance(flow, record, step, actor=ws.actor, values={})
    effect = changed_fields(kind, record, after)
    seen: str = getattr(record, "state")  # noqa: B009 - every kind with a flow has one
    action.step(kind.name, record.id, record.community_id, (step, seen), effect)
    return after


def awaits_server(ws: Workspace, kind: str, record_id: str) -> bool:
    """Was a step taken on this device that the server has not confirmed yet?"""
    with ws.store.read() as tx:
        return changes.awaits_step(tx, kind, record_id)


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
