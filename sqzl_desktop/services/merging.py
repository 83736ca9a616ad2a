"""合并重复: records of one person side by side, field by field; one is kept and has it all."""

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain import aliases
from sqzl_desktop.domain.access import allows
from sqzl_desktop.domain.aliases import MERGE, PART, Side
from sqzl_desktop.domain.attention_fields import Attention, Block
from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.domain.kinds import BY_NAME, KINDS
from sqzl_desktop.domain.kinds.household import Household
from sqzl_desktop.domain.kinds.residence import Residence
from sqzl_desktop.domain.kinds.resident import RESIDENT, Resident
from sqzl_desktop.schema.codec import cell_text
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.schema.kind import Kind
from sqzl_desktop.services import elements
from sqzl_desktop.services.moves import Done
from sqzl_desktop.services.saving import put
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import changes, groups, history, records

_SAW = tuple(column.name for column in aliases.FIELDS)
_OPEN_END = dt.date.max


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """A field in which the records differ: the texts side by side, and whose is proposed."""

    field: str
    label: str
    texts: tuple[str, ...]
    proposed: int
    is_sensitive: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Comparison:
    """Records side by side; the first is proposed to be kept. `beside` counts what each brings."""

    ids: tuple[str, ...]
    names: tuple[str, ...]
    beside: tuple[str, ...]
    lines: tuple[Line, ...]


def compare(ws: Workspace, ids: Sequence[str], *, reveal: bool = False) -> Comparison:
    """The records side by side, sensitive values masked unless `reveal` (which is audited)."""
    with ws.store.read() as tx:
        sides = aliases.kept_first([_side(tx, each) for each in ids], ws.today)
        proposed = aliases.proposed(sides, ws.today)
        beside = tuple(_beside(tx, each.person.id) for each in sides)
    people = [each.person for each in sides]
    if reveal:
        elements.reveal_all(ws, "resident", people)
    with ws.store.read() as tx:
        lines = tuple(_line(tx, name, people, place, reveal) for name, place in proposed.items())
    return Comparison(
        tuple(each.id for each in people), tuple(each.name for each in people), beside, lines
    )


def merge(ws: Workspace, ids: Sequence[str], choices: Mapping[str, int]) -> Done:
    """Keep the first of the records, with the chosen values (field to place in `ids`).

    What names the others names it from now on; what can never be changed (visits, files) stays
    with them and is shown with it. One action, one way back.
    """
    if len(set(ids)) < 2:
        raise Refused("请选择要合并的两条记录")
    with ws.store.write() as tx:
        people = [_mergeable(ws, tx, each) for each in ids]
        kept, others = people[0], people[1:]
        if len({each.community_id for each in people}) > 1:
            raise Refused("两条记录在不同的社区，不能合并")
        saw = {each.id: _seen(tx, each.id) for each in others}
        action = changes.Action(tx, ws.clock.now(), grouped=True)
        values = {name: getattr(people[place], name) for name, place in choices.items()}
        put(ws, action, dataclasses.replace(kept, **values), RESIDENT, only_changed=True)
        for other in others:
            _hand_over(ws, action, other, kept)
            effect = {"merged_into": kept.id}
            action.step(
                "resident", other.id, other.community_id, (MERGE, ""), effect, saw[other.id]
            )
            _end_household(ws, action, other)
    kinds = tuple(kind.name for kind in KINDS)
    return Done(action.group, f"已合并{len(people)}条记录，保留一条", kinds, kept.id)


def part(ws: Workspace, alias_id: str) -> None:
    """A merge was wrong: the record stands by itself again. What was handed over stays."""
    with ws.store.write() as tx:
        alias = elements.wanted(tx, "resident", alias_id)
        if not allows(ws.actor, "write", RESIDENT, alias):
            raise Refused("您的岗位或网格不能修改这条居民")
        action = changes.Action(tx, ws.clock.now())
        action.step("resident", alias_id, alias.community_id, (PART, ""), {"merged_into": None})


def _side(tx: sa.Connection, resident_id: str) -> Side:
    person = elements.wanted(tx, "resident", resident_id)
    assert isinstance(person, Resident)
    seen = _seen(tx, resident_id)
    at = {operation: _moment(tx, operation) for operation in set(seen.values())}
    return Side(person, {field: at[operation] for field, operation in seen.items()})


def _seen(tx: sa.Connection, resident_id: str) -> dict[str, str]:
    """Per field that was ever filled, the operation whose value this device shows."""
    seen = changes.seen(tx, "resident", resident_id, _SAW)
    return {field: operation for field, operation in seen.items() if operation}


def _moment(tx: sa.Connection, operation: str) -> str:
    author = history.author_of(tx, operation)
    if author is not None:
        return str(author.received_at)
    own = groups.operation(tx, operation)
    return own.made_at if own else ""


def _line(
    tx: sa.Connection, name: str, people: Sequence[Resident], place: int, reveal: bool
) -> Line:
    column = RESIDENT.column(name)
    is_sensitive = column.facts.sensitive
    texts = tuple(
        cell_text(column, getattr(each, name), code_list)
        if reveal and is_sensitive
        else elements.worded(tx, column, getattr(each, name))
        for each in people
    )
    return Line(name, column.label, texts, place, is_sensitive)


def _beside(tx: sa.Connection, resident_id: str) -> str:
    """How much else names a record, in words."""
    counts = {
        kind.label: records.count(tx, kind.name, filters=[Filter(field, "=", resident_id)])
        for kind, field in _naming()
    }
    files = [Filter("record_id", "=", resident_id), Filter("record_kind", "=", "resident")]
    counts["附件"] = records.count(tx, "attachment", filters=files)
    return "、".join(f"{label}{count}" for label, count in counts.items() if count) or "没有关联"


def _mergeable(ws: Workspace, tx: sa.Connection, resident_id: str) -> Resident:
    person = elements.wanted(tx, "resident", resident_id)
    assert isinstance(person, Resident)
    if person.merged_into:
        raise Refused("其中一条已经并入别的记录，请刷新后重试")
    if not allows(ws.actor, "write", RESIDENT, person):
        raise Refused("您的岗位或网格不能修改其中一条记录，请联系社区负责人")
    return person


def _naming() -> list[tuple[Kind[Any], str]]:
    """The kinds that name a resident, and the field in which they do."""
    return [
        (kind, column.name)
        for kind in KINDS
        for column in kind.columns
        if column.type == "ref"
        and column.facts.target == "resident"
        and kind.name not in ("resident", "duplicate")
    ]


def _hand_over(ws: Workspace, action: changes.Action, other: Resident, kept: Resident) -> None:
    for kind, field in _naming():
        if kind.append_only or not allows(ws.actor, "write", kind):
            continue
        for each in records.find(
            action.tx, kind.name, filters=[Filter(field, "=", other.id)], limit=-1
        ):
            _hand_over_one(ws, action, each, (kind, field), kept)


def _hand_over_one(
    ws: Workspace,
    action: changes.Action,
    record: Element,
    place: tuple[Kind[Any], str],
    kept: Resident,
) -> None:
    kind, field = place
    own = [
        each
        for each in records.find(
            action.tx, kind.name, filters=[Filter(field, "=", kept.id)], limit=-1
        )
        if _is_same(each, record)
    ]
    if isinstance(record, Residence) and own:
        return  # the kept record says where they lived then
    moved: dict[str, Any] = {field: kept.id}
    if isinstance(record, Block | Attention):
        if own:
            filled = _filled(kind, own[0], record)
            put(ws, action, dataclasses.replace(own[0], **filled), kind, only_changed=True)
            return
        moved["grid_id"] = kept.grid_id
    put(ws, action, dataclasses.replace(record, **moved), kind, only_changed=True)


def _is_same(own: Element, record: Element) -> bool:
    """Do both say the same thing of the person: a stay at one time, care for one reason?"""
    if isinstance(own, Residence) and isinstance(record, Residence):
        begins = max(own.from_on or dt.date.min, record.from_on or dt.date.min)
        return begins <= min(own.until_on or _OPEN_END, record.until_on or _OPEN_END)
    if isinstance(own, Attention) and isinstance(record, Attention):
        return own.until_on is None and record.until_on is None
    return isinstance(own, Block)


def _filled(kind: Kind[Any], own: Element, other: Element) -> dict[str, Any]:
    return {
        column.name: getattr(other, column.name)
        for column in kind.columns
        if getattr(own, column.name) == column.default and column.name not in aliases.PLACE
    }


def _end_household(ws: Workspace, action: changes.Action, other: Resident) -> None:
    """A household that nobody is left in but the alias ends."""
    household = records.get(action.tx, "household", other.household_id)
    if not isinstance(household, Household) or household.ended_on:
        return
    inside = [Filter("household_id", "=", household.id)]
    if not records.count(action.tx, "resident", filters=inside):
        ended = dataclasses.replace(household, ended_on=ws.today)
        put(ws, action, ended, BY_NAME["household"], only_changed=True)
