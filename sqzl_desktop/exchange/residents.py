"""居民台账: the plan for a messy register of residents, one person a row.

Such registers write the dwelling once per household, 同上 for what repeats, dates in six forms and
ID numbers that a spreadsheet has spoilt. What the ID number says goes before what was typed beside
it, and a person decides where the two disagree.
"""

import dataclasses
import datetime as dt
from collections.abc import Mapping

from sqzl_desktop.base import text
from sqzl_desktop.domain.kinds.resident import RESIDENT
from sqzl_desktop.exchange import layout, persons
from sqzl_desktop.exchange.headings import PLACE_TARGETS, RELATION_WORDS, Target, targets
from sqzl_desktop.exchange.headings import Headings as Headings
from sqzl_desktop.exchange.persons import Draft
from sqzl_desktop.exchange.places import PlaceAbove
from sqzl_desktop.exchange.rows import PlannedRow, data_rows, field_cells
from sqzl_desktop.exchange.sheet import Sheet
from sqzl_desktop.schema.codec import CodeLists

_PLACES = frozenset(target.field for target in PLACE_TARGETS)
_NOT_CARRIED = frozenset(("name", "id_number", "remark")) | _PLACES
_SETTLED_ELSEWHERE = ("community_id", "grid_id", "household_id")

RESIDENT_TARGETS: tuple[Target, ...] = targets(
    RESIDENT,
    more=(*PLACE_TARGETS, Target("relation", "户主关系", RELATION_WORDS)),
    leave=_SETTLED_ELSEWHERE,
)


@dataclasses.dataclass
class _Above:
    """What the rows above have said: for 同上, for the dwelling, for repeated persons."""

    cells: dict[str, str] = dataclasses.field(default_factory=dict)
    place: PlaceAbove = dataclasses.field(default_factory=PlaceAbove)
    seen: dict[tuple[str, ...], tuple[int, str]] = dataclasses.field(default_factory=dict)


def plan_residents(
    sheet: Sheet, headings: Headings, *, lists: CodeLists, today: dt.date
) -> tuple[PlannedRow, ...]:
    """The plan for every row of a register; `values` also hold building, unit and room."""
    above = _Above()
    planned: list[PlannedRow] = []
    for number, row, skipped in data_rows(sheet, headings):
        if skipped:
            planned.append(skipped)
            continue
        written = field_cells(row, headings)
        empty = _nobody(written)
        if empty:
            above.place.read(written)
            planned.append(PlannedRow(number, "skip", empty))
            continue
        planned.append(_person(number, written, headings, above, (lists, today)))
    return tuple(planned)


def _person(
    number: int,
    written: Mapping[str, str],
    headings: Headings,
    above: _Above,
    rules: tuple[CodeLists, dt.date],
) -> PlannedRow:
    lists, today = rules
    draft = Draft(written=_carried(written, above), headings=headings, lists=lists, today=today)
    for field, cell in written.items():
        if layout.is_ditto(cell) and field not in _NOT_CARRIED and not draft.written[field]:
            draft.warn("nothing_above", field, "写了“同上”，但上一行这一格是空的，请补填")
    above.cells = draft.written
    draft.values.update(above.place.read(written))
    persons.read_person(draft)
    _check_place(draft, written)
    if not draft.reject and not draft.review:
        _check_seen(draft, number, above)
    return draft.planned(number)


def _carried(written: Mapping[str, str], above: _Above) -> dict[str, str]:
    return {
        field: above.cells.get(field, "")
        if field not in _NOT_CARRIED and layout.is_ditto(cell)
        else cell
        for field, cell in written.items()
    }


def _nobody(written: Mapping[str, str]) -> str:
    """Why a row that is not blank still names no person, "" when it does."""
    if any(text.clean(written.get(field, "")) for field in ("id_number", "born_on")):
        return ""
    name = text.line(written.get("name")).replace(" ", "")
    if name in layout.VACANT:
        return "vacant_marker"
    if name:
        return ""
    if text.line(written.get("remark")) in layout.VACANT:
        return "vacant_marker"
    said = {field for field, cell in written.items() if text.clean(cell)}
    if said - _PLACES - {"remark"}:
        return ""
    return "vacant_marker" if said & _PLACES else "blank"


def _check_place(draft: Draft, written: Mapping[str, str]) -> None:
    asked = _PLACES & written.keys()
    if not asked:
        return
    if not any(draft.values.get(field) for field in ("building", "unit", "room")):
        draft.warn("place_missing", min(asked), "没有楼栋、单元、室号，导入后请补上住址")
    elif draft.values.get("relation") == "02" and not any(
        text.clean(written.get(field)) for field in asked
    ):
        draft.warn("place_from_above", "relation", "户主这一行没有房号，已用上一户的，请核对")


def _check_seen(draft: Draft, number: int, above: _Above) -> None:
    key = _same_person(draft)
    if not key:
        return
    phone = str(draft.values.get("phone", ""))
    first, first_phone = above.seen.setdefault(key, (number, phone))
    if first == number:
        return
    if phone and phone != first_phone:
        sentence = f"与第{first}行是同一人但电话不同，请确认用哪一个"
        draft.refuse("duplicate_conflict_phone", "phone", sentence)
    else:
        draft.refuse("duplicate_in_file", "id_number", f"与第{first}行是同一人，本行不导入")


def _same_person(draft: Draft) -> tuple[str, ...]:
    values = draft.values
    if values.get("id_number"):
        return (str(values["id_number"]),)
    if not values.get("born_on"):
        return ()
    return tuple(str(values.get(field)) for field in ("name", "born_on", "building", "room"))
