"""看案件: all that the page of one case shows, read in one go."""

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from sqzl_desktop.domain import case_clock
from sqzl_desktop.domain.case_flow import ENDED, OPEN
from sqzl_desktop.domain.filters import Filter, Order
from sqzl_desktop.domain.flow import Transition
from sqzl_desktop.domain.kinds.case import CASE, Case
from sqzl_desktop.domain.kinds.case_party import CaseParty
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.services import case_rules, cases, elements, flow_steps
from sqzl_desktop.services.case_rules import Rules
from sqzl_desktop.services.cases import Moment
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import case_alike, records

REFS = ("grid_id", "building_id", "dwelling_id", "facility_id", "handler_grid_id", "event_id",
        "merged_into")  # fmt: skip
MOST_ALIKE = 5
_MOST_LOOKED_AT = 60
ADULT = 18
_TONES = {"ok": "ok", "at_risk": "warn", "overdue": "danger", "paused": "plain", "done": "plain"}


@dataclasses.dataclass(frozen=True, slots=True)
class Alike:
    """A case that is probably about the same, or was merged; `reason` says which, in words."""

    id: str
    number: str
    title: str
    state: str
    reason: str


@dataclasses.dataclass(frozen=True, slots=True)
class CaseLook:
    """A case and what belongs to it. `titles` are what its references are called, by field.

    `phases` are the timed phases of the work, `conditions` are those for filing and for closing
    its class; `clock` says how much time it has left, and in which tone of a chip.
    """

    case: Case
    class_name: str
    conditions: tuple[str, str]
    clock: tuple[str, str]
    phases: tuple[str, ...]
    titles: Mapping[str, str]
    moments: tuple[Moment, ...]
    parties: tuple[CaseParty, ...]
    party_titles: Mapping[str, str]
    alike: tuple[Alike, ...]
    merged: tuple[Alike, ...]
    awaits_server: bool


def look(ws: Workspace, case_id: str) -> CaseLook:
    """Everything about one case. NotFound where it is out of sight."""
    moments = tuple(cases.timeline(ws, case_id))
    with ws.store.read() as tx:
        case = elements.wanted(tx, "case", case_id)
        assert isinstance(case, Case)
        parties, rules = tuple(_parties(tx, case_id)), case_rules.of(tx)
        of_class = rules.book.of(case.class_code, case.class_version)
        return CaseLook(
            case=case,
            class_name=of_class.name if of_class else case.class_code,
            conditions=(of_class.filing_condition, of_class.closing_condition)
            if of_class
            else ("", ""),
            phases=tuple(
                each.name
                for each in rules.book.phases(case.class_code, case.urgency, case.class_version)
            ),
            clock=_clock(case, rules, ws.clock.now()),
            titles=_titles(tx, case),
            moments=moments,
            parties=parties,
            party_titles=elements.titles_in(tx, "resident", [each.resident_id for each in parties]),
            alike=tuple(_alike_in(tx, case)) if case.state not in ENDED else (),
            merged=tuple(_merged_into(tx, case)),
            awaits_server=any(each.is_pending for each in moments),
        )


def open_steps(ws: Workspace, look: CaseLook) -> list[Transition]:
    """The steps this person may take now; no next phase where there is none. No query.

    That nobody could be reached is put down where somebody is called back.
    """
    is_last = (look.case.phase or 1) >= len(look.phases)
    steps = flow_steps.open_steps(ws, look.case)
    left_out = ("call_missed", "next_phase") if is_last else ("call_missed",)
    return [each for each in steps if each.step not in left_out]


def alike(ws: Workspace, case: Case) -> list[Alike]:
    """Open cases at the same place and of the same class, the newest first."""
    with ws.store.read() as tx:
        return list(_alike_in(tx, case))


def party_of(ws: Workspace, resident_id: str) -> CaseParty:
    """A resident as somebody involved: the name, and whether a minor; no numbers are copied."""
    resident = elements.get(ws, "resident", resident_id)
    assert isinstance(resident, Resident)
    is_minor = resident.born_on is not None and _age(resident.born_on, ws.today) < ADULT
    return CaseParty(resident_id=resident_id, name=resident.name, is_minor=is_minor)


def add_party(
    ws: Workspace, party: CaseParty, *, case_id: str, role: str, phone: str, is_minor: bool
) -> CaseParty:
    """Put somebody down as involved in a case."""
    saved = elements.save(
        ws,
        dataclasses.replace(
            party,
            case_id=case_id,
            role=role,
            phone=phone or party.phone,
            is_minor=is_minor or party.is_minor,
        ),
    )
    assert isinstance(saved, CaseParty)
    return saved


def _clock(case: Case, rules: Rules, now: dt.datetime) -> tuple[str, str]:
    """How much time is left, of the whole or, before it is filed, of the stage it is in."""
    counted = case_clock.due(case, rules.book, rules.calendar)
    stage = case.stage_due_at or counted.stage_due_at
    timed = dataclasses.replace(case, due_at=case.due_at or stage, stage_due_at=stage)
    standing = case_clock.standing(timed, now, case_clock.risk_until(now, rules.calendar))
    words = case_clock.left(timed, now, rules.calendar)
    is_stage = case.due_at is None and case.state not in ENDED and words
    return (f"本环节{words}" if is_stage else words), _TONES[standing]


def _age(born: dt.date, today: dt.date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _titles(tx: sa.Connection, case: Case) -> dict[str, str]:
    titles = {}
    for name in REFS:
        if value := getattr(case, name):
            target = CASE.column(name).facts.target
            titles[name] = elements.titles_in(tx, target, [value]).get(value, "（不在本机）")
    return titles


def _parties(tx: sa.Connection, case_id: str) -> Sequence[CaseParty]:
    about = [Filter("case_id", "=", case_id)]
    found = records.find(tx, "case_party", filters=about, order=[Order("id")])
    return [each for each in found if isinstance(each, CaseParty)]


def _alike_in(tx: sa.Connection, case: Case) -> list[Alike]:
    """Those at the same component, dwelling, building or place in words, of no other class."""
    for name, where in (("facility_id", "部件"), ("dwelling_id", "房屋"),
                        ("building_id", "楼栋"), ("place", "地点")):  # fmt: skip
        if value := getattr(case, name):
            found = _open_with(tx, name, value)
            same = [each for each in found if each.id != case.id and _is_same(each, case, name)]
            if same:
                return [_as_alike(each, f"同一{where}已有在办案件") for each in same[:MOST_ALIKE]]
    return []


def _is_same(one: Case, other: Case, about: str) -> bool:
    if about in ("facility_id", "dwelling_id"):
        return one.class_code == other.class_code or not (one.class_code and other.class_code)
    return bool(one.class_code) and one.class_code == other.class_code


def _open_with(tx: sa.Connection, field: str, value: str) -> list[Case]:
    if field == "place":
        filters = [Filter("id", "matches", value)]
    else:
        ids = case_alike.open_at(tx, field, value, OPEN, _MOST_LOOKED_AT)
        filters = [Filter("id", "in", tuple(ids))]
    found = records.find(tx, "case", filters=filters, limit=_MOST_LOOKED_AT)
    same = [each for each in found if isinstance(each, Case) and getattr(each, field) == value]
    return sorted((e for e in same if e.state in OPEN), key=lambda e: e.id, reverse=True)


def _merged_into(tx: sa.Connection, kept: Case) -> list[Alike]:
    """All that were merged into a case, also by way of one that was merged itself."""
    found: dict[str, Case] = {}
    new: tuple[str, ...] = (kept.id,)
    while new and len(found) < _MOST_LOOKED_AT:
        filters = [Filter("merged_into", "in", new)]
        into = records.find(tx, "case", filters=filters, limit=_MOST_LOOKED_AT)
        cases = {each.id: each for each in into if isinstance(each, Case)}
        new = tuple(cases.keys() - found.keys() - {kept.id})
        found |= {each: cases[each] for each in new}
    return [_as_alike(each, _why_merged(kept, each)) for each in found.values()]


def _why_merged(kept: Case, merged: Case) -> str:
    """Who reported what was merged is called back like any other, once the matter is closed."""
    is_open = kept.state != "closed" or merged.satisfaction or merged.is_anonymous
    waits = merged.reporter_name and not is_open
    return "已并入本案，反映人待回访" if waits else "已并入本案"


def _as_alike(case: Case, reason: str) -> Alike:
    return Alike(case.id, case.number, case.title, case.state, reason)
