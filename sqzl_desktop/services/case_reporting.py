"""上报案件: a line of words understood, a place found, the report saved with its photos."""

import dataclasses
import re
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from sqzl_desktop.base import text as texts
from sqzl_desktop.base.clock import moment_text
from sqzl_desktop.domain import case_clock
from sqzl_desktop.domain.access import BUILDING_LEAD, CLERK, GRID_WORKER
from sqzl_desktop.domain.case_flow import PUBLIC_SOURCES
from sqzl_desktop.domain.filters import Order
from sqzl_desktop.domain.kinds.case import Case
from sqzl_desktop.domain.kinds.grid import Grid
from sqzl_desktop.services import (
    attachments,
    case_rules,
    cases,
    class_choice,
    elements,
    finding,
    flow_steps,
    offers,
)
from sqzl_desktop.services.attachments import Ready
from sqzl_desktop.services.finding import Hit
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import changes, records

BEFORE, AFTER = "处置前", "处置后"  # captions by which photos of a case are told apart
MOST_PLACES = 8
# how a case usually comes to somebody of a post: on patrol, to the desk, by the building's lead
USUAL = {GRID_WORKER: "01", CLERK: "03", BUILDING_LEAD: "07"}

# 3-2-501 or 3号楼2单元501室 or 阳光家园3号楼, and behind it what is the matter there
_DOOR = re.compile(r"^(\d{1,4}(?:[-－—]\d{1,2})?[-－—]\d{2,4}[a-zA-Z]?)\s*(.*)$")
_WORDS = re.compile(
    r"^(\S{0,20}?\d{1,4}(?:号楼|栋|幢)(?:\s?\d{1,2}单元)?(?:\s?\d{2,4}[室号])?)\s*(.*)$"
)
_BUILDING = re.compile(r"^(.*?)(\d{1,4}(?:号楼|栋|幢))$")


@dataclasses.dataclass(frozen=True, slots=True)
class Understood:
    """What a line says: what is the matter, where in words, the places and the class it means.

    `place` is the place where only one can be meant.
    """

    title: str
    words: str
    places: tuple[Hit, ...] = ()
    class_hit: Hit | None = None

    @property
    def place(self) -> Hit | None:
        """The place, where only one can be meant."""
        return self.places[0] if len(self.places) == 1 else None


def understood(ws: Workspace, line: str) -> Understood:
    """Read a line like "3-2-501 楼道堆物": the place first, then what is the matter."""
    said = texts.line(line).strip()
    found = _DOOR.match(said) or _WORDS.match(said)
    book = case_rules.rules(ws).book
    if found is None:
        return Understood(said, "", (), class_choice.proposed(book, said))
    words, title = found[1].strip(), found[2].strip(" ，,：:")
    hits = place_hits(ws, words)
    return Understood(title, words, tuple(hits), class_choice.proposed(book, title))


def place_hits(ws: Workspace, text: str) -> list[Hit]:
    """The dwellings and buildings that somebody means by 3-2-501, 3号楼, a name or an address."""
    building = _BUILDING.match(text.strip())
    if building is None:
        found = finding.find_text(ws, text, kinds=["building"], limit=MOST_PLACES)
        return [*offers.of_kind(ws, "dwelling", text), *found][:MOST_PLACES]
    asked = f"{building[1]} {building[2]}".strip()
    found = finding.find_text(ws, asked, kinds=["building"], limit=MOST_PLACES)
    exact = [each for each in found if each.title.split()[-1:] == [building[2]]]
    return exact or found or offers.of_kind(ws, "dwelling", text)


def asks_reporter(source: str) -> bool:
    """Did somebody tell it, so that there is a person to write down and to answer?"""
    return source in PUBLIC_SOURCES or source in ("06", "07", "13")


def first(ws: Workspace, given: Mapping[str, Any]) -> Case:
    """A case as the report begins, with what is known already."""
    case = elements.blank(ws, "case", **{"source": USUAL.get(ws.actor.role, ""), **given})
    assert isinstance(case, Case)
    return case


def grids(ws: Workspace) -> list[Grid]:
    """The grids among which a person may have to choose."""
    found = elements.find(ws, "grid", order=[Order("code")])
    return [each for each in found if isinstance(each, Grid)]


def report(ws: Workspace, case: Case, *, files: Sequence[Ready] = (), measures: str = "") -> Case:
    """上报 with photos; with `measures` it was put right on the spot (自办自结). One action."""
    with ws.store.write() as tx:
        grouped = bool(files or measures)
        action = changes.Action(tx, ws.clock.now(), grouped=grouped)
        known = _with_building(tx, dataclasses.replace(case, measures=measures))
        made = cases.report_in(ws, action, _with_category(tx, known))
        for each in files:
            attachments.add_in(ws, action, made, each, caption=BEFORE)
        if not measures:
            return made
        ended = flow_steps.take_in(ws, action, made, "handle_on_spot")
    assert isinstance(ended, Case)
    return ended


def _with_building(tx: sa.Connection, case: Case) -> Case:
    """A case in a dwelling is in its building, too."""
    home = records.get(tx, "dwelling", case.dwelling_id) if case.dwelling_id else None
    if case.building_id or home is None:
        return case
    return dataclasses.replace(case, building_id=getattr(home, "building_id", ""))


def _with_category(tx: sa.Connection, case: Case) -> Case:
    """The 大类 follows from the class."""
    found = case_rules.of(tx).book.of(case.class_code) if case.class_code else None
    return dataclasses.replace(case, category=found.category) if found else case


def told(ws: Workspace, case: Case) -> str:
    """What is said when a report is saved: its number, and until when what is to be done."""
    if case.state == "closed":
        return f"已存本机：{case.number}，自办自结"
    rules = case_rules.rules(ws)
    filed = dataclasses.replace(case, filed_at=case.reported_at)
    stage = case_clock.due(case, rules.book, rules.calendar).stage_due_at
    whole = case_clock.due(filed, rules.book, rules.calendar).due_at
    until = f"，按现在立案应在{moment_text(whole)}前办结" if whole else ""
    if stage:
        until = f"，请在{moment_text(stage)}前核实立案"
    return f"已上报并存本机：{case.number}{until}"
