"""关爱与重点: the registers of the groups, who is due a visit, listing and leaving."""

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Literal

import sqlalchemy as sa

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain import access, attention
from sqzl_desktop.domain.attention import GROUPS
from sqzl_desktop.domain.attention_fields import Attention
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.services import elements, listing
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import audit, care, changes

Which = Literal["running", "overdue", "soon", "never", "ended"]


@dataclasses.dataclass(frozen=True, slots=True)
class Looked:
    """One person of one group, and when the next visit is due (`due_on`, None: nothing tells)."""

    kind: str
    id: str
    resident_id: str
    name: str
    home: str
    level: str
    since_on: dt.date | None
    until_on: dt.date | None
    interval_days: int
    last_visit_on: dt.date | None
    due_on: dt.date | None
    overdue_days: int
    is_soon: bool
    is_running: bool

    def belongs(self, which: Which) -> bool:
        """Is it among these of its group?"""
        if which == "ended" or not self.is_running:
            return which == "ended" and not self.is_running
        chosen = {
            "running": True,
            "overdue": self.overdue_days > 0,
            "soon": self.is_soon,
            "never": self.last_visit_on is None,
        }
        return chosen[which]


@dataclasses.dataclass(frozen=True, slots=True)
class Register:
    """One group as the page lists it."""

    kind: str
    label: str
    is_sensitive: bool
    running: int
    overdue: int
    soon: int
    never: int  # never visited, and nothing tells since when they should be


def registers(ws: Workspace) -> list[Register]:
    """The groups that the actor may know of, with how many people they have and how many wait."""
    with ws.store.read() as tx:
        found: list[Register] = []
        for group in GROUPS:
            if not access.may_know(ws.actor, group.kind):
                continue
            people = [each for each in _looked(ws, tx, group.kind) if each.is_running]
            found.append(Register(
                group.kind, BY_NAME[group.kind].label, group.is_sensitive, len(people),
                sum(each.overdue_days > 0 for each in people),
                sum(each.is_soon for each in people),
                sum(each.due_on is None for each in people),
            ))  # fmt: skip
    return found


def people_of(ws: Workspace, kind: str, which: Which = "running") -> list[Looked]:
    """Those of a group, the longest overdue first."""
    _refuse_unknown(ws, kind)
    with ws.store.read() as tx:
        found = [each for each in _looked(ws, tx, kind) if each.belongs(which)]
    return sorted(found, key=lambda each: (each.due_on or dt.date.max, each.name))


def open_register(ws: Workspace, kind: str, which: Which = "running") -> list[Looked]:
    """The same when somebody opens it: the audit keeps who opened a sensitive one."""
    found = people_of(ws, kind, which)
    note_opened(ws, kind)
    return found


def open_record(ws: Workspace, kind: str, record_id: str) -> Element:
    """The record of a block or group to be read or changed; of a sensitive group it is audited."""
    _refuse_unknown(ws, kind)
    with ws.store.read() as tx:
        record = elements.wanted(tx, kind, record_id)
    note_opened(ws, kind, record_id)
    return record


def note_opened(ws: Workspace, kind: str, record_id: str = "") -> None:
    """The audit keeps who opened the register, or one record, of a sensitive group."""
    if kind in attention.SENSITIVE:
        with ws.store.write() as tx:
            subject = (kind, record_id, "")
            audit.note(tx, ws.clock.now(), ws.actor.account, "open", subject)


def of_resident(ws: Workspace, tx: sa.Connection, resident_id: str) -> list[Looked]:
    """The groups a resident is in or was in, of those that the actor may know."""
    kinds = [group.kind for group in GROUPS if access.may_know(ws.actor, group.kind)]
    return [each for kind in kinds for each in _looked(ws, tx, kind, residents=[resident_id])]


def end(ws: Workspace, kind: str, record_id: str, *, on: dt.date) -> Attention:
    """A person leaves a group on a day: the record stays, the group's tags go."""
    _refuse_unknown(ws, kind)
    with ws.store.write() as tx:
        record = elements.wanted(tx, kind, record_id)
        assert isinstance(record, Attention)
        action = changes.Action(tx, ws.clock.now(), grouped=True)
        ended = dataclasses.replace(record, until_on=on)
        saved = listing.put_marked(ws, action, kind, record, ended)
    assert isinstance(saved, Attention)
    return saved


def _refuse_unknown(ws: Workspace, kind: str) -> None:
    if not access.may_know(ws.actor, kind):
        raise Refused(f"您的岗位不能查看{BY_NAME[kind].label}名册")


def _looked(
    ws: Workspace, tx: sa.Connection, kind: str, *, residents: Sequence[str] | None = None
) -> list[Looked]:
    found: list[Looked] = []
    today = ws.today
    for line in care.lines(tx, kind, today, residents=residents):
        record_id, resident_id, name, home, level, since, until, own, last = line
        interval = attention.interval_of(kind, own)
        due = attention.due_on(interval, since_on=since, last_visit_on=last)
        found.append(Looked(
            kind, record_id, resident_id, name, home, level, since, until, interval, last, due,
            attention.overdue_days(due, today), attention.is_due_soon(due, today),
            attention.is_running(until, today),
        ))  # fmt: skip
    return found
