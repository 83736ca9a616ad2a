"""案件: reported, taken up from an event, taken through its steps, and told again step by step."""

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain.access import GRID_WORKER
from sqzl_desktop.domain.case_classes import ClassBook
from sqzl_desktop.domain.case_flow import CASE_FLOW
from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.domain.flow import Transition
from sqzl_desktop.domain.kinds.case import CASE, Case
from sqzl_desktop.domain.kinds.case_step import CaseStep
from sqzl_desktop.domain.kinds.event import Event
from sqzl_desktop.services import case_rules, elements, flow_steps, numbers
from sqzl_desktop.services.saving import put, with_place
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import changes, confirmed, records

_ORDINARY, _PATROL = "01", "01"
_GRID = "handler_grid_id"
_FROM_EVENT = (
    "title", "category", "description", "place", "building_id", "urgency", "source",
    "discovered_at", "reporter_name", "reporter_phone", "location", "community_id", "grid_id",
)  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class Moment:
    """One line of a case's time line. `at` is the server's time, or ours while `is_pending`."""

    step: str
    label: str
    to_state: str
    by: str
    role: str
    content: str
    at: dt.datetime | None
    made_at: dt.datetime | None
    is_pending: bool = False
    device: str = ""


def report_event(ws: Workspace, event: Event) -> Event:
    """发现: report an event; the time of discovery is now where none was given."""
    found_at = event.discovered_at or _now(ws)
    saved = elements.save(
        ws, dataclasses.replace(event, discovered_at=found_at, urgency=event.urgency or _ORDINARY)
    )
    assert isinstance(saved, Event)
    return saved


def report(ws: Workspace, case: Case) -> Case:
    """上报: a new case, numbered, with its collector and the time of the report."""
    with ws.store.write() as tx:
        return report_in(ws, changes.Action(tx, ws.clock.now()), case)


def report_in(ws: Workspace, action: changes.Action, case: Case) -> Case:
    """Report a case as a part of an action."""
    made = put(ws, action, _reported(ws, action.tx, case), CASE)
    assert isinstance(made, Case)
    return made


def report_and_handle(ws: Workspace, case: Case, values: Mapping[str, Any]) -> Case:
    """自办自结: report what was put right on the spot, in one action."""
    with ws.store.write() as tx:
        action = changes.Action(tx, ws.clock.now(), grouped=True)
        made = report_in(ws, action, dataclasses.replace(case, **values))
        ended = flow_steps.take_in(ws, action, made, "handle_on_spot")
    assert isinstance(ended, Case)
    return ended


def take_up(ws: Workspace, event_id: str) -> Case:
    """转为案件: a case of an event, in one action; photos stay with the event it names."""
    with ws.store.write() as tx:
        event = elements.wanted(tx, "event", event_id)
        assert isinstance(event, Event)
        action = changes.Action(tx, ws.clock.now(), grouped=True)
        flow_steps.take_in(ws, action, event, "file")
        values = {name: getattr(event, name) for name in _FROM_EVENT}
        case = Case(**values, event_id=event.id, class_code=event.matter)
        return report_in(ws, action, case)


def timeline(ws: Workspace, case_id: str) -> list[Moment]:
    """What happened to a case, oldest first; steps the server has not confirmed come last."""
    with ws.store.read() as tx:
        case = elements.wanted(tx, "case", case_id)
        assert isinstance(case, Case)
        return timeline_in(ws, tx, case)


def timeline_in(ws: Workspace, tx: sa.Connection, case: Case) -> list[Moment]:
    """The same inside a transaction."""
    about = [Filter("case_id", "=", case.id)]
    found = [each for each in records.find(tx, "case_step", filters=about, limit=-1)
             if isinstance(each, CaseStep)]  # fmt: skip
    waiting = changes.awaiting_steps(tx, "case", case.id)
    lines = [_moment(each) for each in sorted(found, key=lambda each: each.number or 0)]
    lines += [_pending(ws, tx, case, each) for each in waiting]
    return [_beginning(tx, case), *_with_names(tx, lines, case_rules.of(tx).book)]


def _reported(ws: Workspace, tx: sa.Connection, case: Case) -> Case:
    placed = with_place(ws, tx, case, CASE)
    if not placed.community_id:
        raise Refused("请先选择案件所属的社区或网格")
    now = _now(ws)
    default = _PATROL if ws.actor.role == GRID_WORKER else ""
    return dataclasses.replace(
        case,
        community_id=placed.community_id,
        grid_id=placed.grid_id,
        number=case.number or numbers.next_number(ws, tx, "case", placed.community_id),
        urgency=case.urgency or _ORDINARY,
        source=case.source or default,
        discovered_at=case.discovered_at or now,
        reported_at=case.reported_at or now,
        collector=ws.actor.account,
        collector_name=ws.actor.name,
    )


def _beginning(tx: sa.Connection, case: Case) -> Moment:
    source = code_list("case_source").label(case.source) if case.source else ""
    known = confirmed.find(tx, "case", case.id)
    return Moment(
        "report", "上报", "reported", case.collector_name, "", source, case.reported_at,
        case.discovered_at, is_pending=known is not None and known.rev == 0,
    )  # fmt: skip


def _moment(step: CaseStep) -> Moment:
    return Moment(
        step.step, step.label, step.to_state, step.by, step.role, step.content,
        step.received_at, step.made_at, device=step.device,
    )  # fmt: skip


def _pending(ws: Workspace, tx: sa.Connection, case: Case, operation: Any) -> Moment:
    transition = CASE_FLOW.transition(operation.step)
    made_at = dt.datetime.fromisoformat(operation.made_at)
    return Moment(
        operation.step, transition.label, transition.target or operation.state, ws.actor.name,
        "", _brought(tx, case, transition), made_at, made_at, is_pending=True,
    )  # fmt: skip


def _with_names(tx: sa.Connection, lines: list[Moment], book: ClassBook) -> Iterator[Moment]:
    """A step puts down the code of a class or a grid; people are told what it is called."""
    of_class, of_grid = (f"{CASE.column(name).label}：" for name in ("class_code", _GRID))

    def named(line: str) -> str:
        if line.startswith(of_class):
            return f"{line}　{book.name(line.removeprefix(of_class))}"
        code = line.removeprefix(of_grid)
        names = elements.titles_in(tx, "grid", [code]) if line.startswith(of_grid) else {}
        return f"{of_grid}{names[code]}" if code in names else line

    for each in lines:
        said = map(named, each.content.split("\n"))
        yield dataclasses.replace(each, content="\n".join(said))


def _brought(tx: sa.Connection, case: Case, transition: Transition) -> str:
    """What was filled in for a step, as the server will put it down."""
    columns = (CASE.column(name) for name in transition.brings)
    words = ((each.label, elements.worded(tx, each, getattr(case, each.name))) for each in columns)
    return "\n".join(f"{name}：{said}" for name, said in words if said)


def _now(ws: Workspace) -> dt.datetime:
    return ws.clock.now().replace(microsecond=0)
