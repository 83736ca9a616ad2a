"""其他台账: rows of dwellings, buildings, units, facilities, blocks and attention groups."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from sqzl_desktop.base import identity, text
from sqzl_desktop.base.errors import KnownError, Refused, UserError
from sqzl_desktop.domain.addresses import dwelling_address, floor_of
from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.exchange import cells
from sqzl_desktop.exchange.headings import PLACE_TARGETS, Target, targets
from sqzl_desktop.exchange.rows import Aids, PlannedRow, Problem
from sqzl_desktop.schema.codec import encode
from sqzl_desktop.schema.fields import Element, Value
from sqzl_desktop.schema.kind import Column, Kind
from sqzl_desktop.services import elements, listing
from sqzl_desktop.services.acquainted import Acquainted
from sqzl_desktop.services.arrivals import own_grid
from sqzl_desktop.services.batches import Batch
from sqzl_desktop.services.doors import Doors, House, place_of
from sqzl_desktop.services.saving import put, with_place
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import changes, records

# by which fields a record is known again: the first of them that a row fills in whole
SAME: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "organisation": (("uscc",), ("name",)),
    "dwelling": (("building_id", "entrance", "room"),),
    "facility": (("code",), ("name", "place")),
}
_WHO = (
    Target("who_name", "姓名", ("居民", "居民姓名", "人员姓名", "对象姓名", "老人姓名")),
    Target("who_number", "证件号码", ("身份证号", "身份证号码", "身份证", "公民身份号码")),
    Target("who_born_on", "出生日期", ("出生年月",)),
)
_HOUSE = tuple(each for each in PLACE_TARGETS if each.field in ("estate", "building"))
_BUILDING_WORDS = dataclasses.replace(_HOUSE[1], words=(*_HOUSE[1].words, "楼栋名称", "所在楼栋"))


def targets_of(kind: Kind[Any]) -> tuple[Target, ...]:
    """What the columns of a sheet of a kind may hold."""
    if "resident_id" in kind.known:
        return targets(kind, more=(*_WHO, *PLACE_TARGETS), leave=("resident_id", "community_id"))
    if kind.name == "dwelling":
        return targets(kind, more=(_HOUSE[0], _BUILDING_WORDS),
                       leave=("building_id", "community_id"))  # fmt: skip
    return targets(kind, leave=("community_id",))


def same_fields(kind: Kind[Any]) -> tuple[tuple[str, ...], ...]:
    """By which fields a record of a kind is known again."""
    if kind.name in SAME:
        return SAME[kind.name]
    return ((kind.key,),) if kind.key else (kind.title,)


class Ground:
    """What the rows of a sheet refer to, looked up once."""

    def __init__(
        self, tx: sa.Connection, kind: Kind[Any], who: Iterable[Mapping[str, str]]
    ) -> None:
        self._tx = tx
        self._kind = kind
        self._doors = Doors(tx)
        self._found: dict[tuple[str, str], str] = {}
        persons = [_person(row) for row in who] if "resident_id" in kind.known else []
        self._known = Acquainted(tx, persons)

    def aids(self) -> Aids:
        """What the plan may ask."""
        if "resident_id" in self._kind.known:
            return Aids(self._resolve, self._resident)
        return Aids(self._resolve, self._home if self._kind.name == "dwelling" else None)

    def _resolve(self, column: Column, cell: str) -> str:
        key = column.facts.target, cell
        if key not in self._found:
            self._found[key] = self._look_up(*key)
        return self._found[key]

    def _look_up(self, kind: str, cell: str) -> str:
        """The id of the one record that a cell names by id, code or title; "" for none, several."""
        target, wanted = BY_NAME[kind], text.clean(cell)
        if kind == "building":
            houses = self._doors.houses("", wanted)
            return houses[0].id if len(houses) == 1 else ""
        if records.get(self._tx, kind, wanted) is not None:
            return wanted
        for field in filter(None, (target.key, *target.title)):
            found = records.find(self._tx, kind, filters=[Filter(field, "=", wanted)], limit=2)
            if len(found) == 1:
                return found[0].id
        return ""

    def _home(self, written: Mapping[str, str], values: Mapping[str, Value]) -> Mapping[str, Value]:
        house = self._house(written)
        unit, room = cells.unit(written.get("entrance", "")), cells.room(str(values.get("room")))
        return {
            "building_id": house.id,
            "grid_id": house.grid_id,
            "community_id": house.community_id,
            "entrance": unit,
            "room": room,
            "floor": values.get("floor") or floor_of(room),
            "address": values.get("address")
            or dwelling_address(house.address or house.estate, house.name, unit, room),
        }

    def _house(self, written: Mapping[str, str]) -> House:
        estate, building = written.get("estate", ""), written.get("building", "")
        if not text.clean(building):
            raise KnownError("没有写楼号，请补填后再导入")
        houses = self._doors.houses(estate, building)
        if not houses:
            raise KnownError(f"本机没有楼栋“{building}”，请先登记楼栋或改正楼号")
        if len(houses) > 1:
            raise KnownError(f"本机有{len(houses)}个“{building}”，请在表中加一列“小区”写明")
        return houses[0]

    def _resident(
        self, written: Mapping[str, str], _values: Mapping[str, Value]
    ) -> Mapping[str, Value]:
        person = _person(written)
        doors = self._doors.find(place_of(written)) if any(place_of(written)) else []
        found = self._known.find(person, doors[0].id if len(doors) == 1 else "")
        if not found:
            raise KnownError("本机没有登记这位居民，请先登记居民，或补上证件号码")
        return {"resident_id": found}


def _person(written: Mapping[str, str]) -> dict[str, object]:
    number = identity.normal_id_number(written.get("who_number", ""))
    return {
        "name": cells.person_name(written.get("who_name", "")),
        "id_number": number,
        "born_on": cells.day(written.get("who_born_on", "")) or identity.born_on(number),
    }


def without_repeats(kind: Kind[Any], planned: Sequence[PlannedRow]) -> list[PlannedRow]:
    """The plan in which a record that stands twice in the sheet is taken once."""
    seen: dict[tuple[str, ...], int] = {}
    kept: list[PlannedRow] = []
    for row in planned:
        key = _key(kind, row.values) if row.action == "accept" else ()
        first = seen.setdefault(key, row.number) if key else row.number
        if first != row.number:
            sentence = f"与第{first}行是同一条{kind.label}，本行不导入"
            row = dataclasses.replace(
                row, action="reject", reason="duplicate_in_file",
                problems=(Problem("", "", sentence),),
            )  # fmt: skip
        kept.append(row)
    return kept


def _key(kind: Kind[Any], values: Mapping[str, Value]) -> tuple[str, ...]:
    for names in same_fields(kind):
        key = tuple(str(encode(values.get(name)) or "") for name in names)
        if any(key) and (len(names) == 1 or key[0]):
            return (names[0], *key)
    return ()


class PlainRows:
    """Takes the rows of any kind but residents; what is known already is changed, not doubled."""

    def __init__(self, ws: Workspace, tx: sa.Connection, kind: Kind[Any], grid: str) -> None:
        self._ws = ws
        self._tx = tx
        self._kind = kind
        self._grid = grid or own_grid(ws)
        self._known: dict[tuple[str, ...], list[str]] = {}
        is_grouped = listing.is_grouped(kind.name)
        until = ("until_on",) if is_grouped else ("id",)
        for names in same_fields(kind):
            for record_id, end, *cells_ in records.columns_of(
                tx, kind.name, ("id", *until, *names)
            ):
                if is_grouped and end and end < str(encode(ws.today)):
                    continue  # who was struck off is listed anew
                key = (names[0], *(str(each or "") for each in cells_))
                self._known.setdefault(key, []).append(record_id)
        self.batch = Batch(ws, tx)

    def take(self, row: PlannedRow) -> str:
        """Save one row: `created`, `changed` or `same`. A refusal leaves nothing of it."""
        values: dict[str, Any] = dict(row.values)
        found = self._find(values)
        if found:
            said = {name: value for name, value in values.items() if name not in row.derived}
            return self._update(found, said)
        record = self._placed(elements.blank(self._ws, self._kind.name, **values))
        if listing.is_grouped(self._kind.name):
            self._put_marked(elements.blank(self._ws, self._kind.name), record)
        else:
            self.batch.add(self.batch.checked(self._kind, record))
        return "created"

    def _put_marked(self, before: Element, after: Element) -> None:
        """The record and the tags of its resident, or nothing of both."""
        self._tx.exec_driver_sql("SAVEPOINT one_row")
        try:
            action = changes.Action(self._tx, self._ws.clock.now(), grouped=True)
            listing.put_marked(self._ws, action, self._kind.name, before, after)
        except UserError:
            self._tx.exec_driver_sql("ROLLBACK TO one_row")
            raise
        finally:
            self._tx.exec_driver_sql("RELEASE one_row")

    def _find(self, values: Mapping[str, Value]) -> str:
        for names in same_fields(self._kind):
            key = (names[0], *(str(encode(values.get(name)) or "") for name in names))
            found = self._known.get(key, []) if any(key[1:]) else []
            if len(found) > 1:
                raise Refused(f"本机有{len(found)}条相同的{self._kind.label}，请先核对")
            if found:
                return found[0]
        return ""

    def _update(self, record_id: str, values: Mapping[str, Any]) -> str:
        before = records.get(self._tx, self._kind.name, record_id)
        assert before is not None
        said = {name: value for name, value in values.items() if value not in ("", None, ())}
        after: Element = dataclasses.replace(before, **said)
        if after == before:
            return "same"
        if listing.is_grouped(self._kind.name):
            self._put_marked(before, after)
        else:
            put(self._ws, changes.Action(self._tx, self._ws.clock.now()), after, self._kind)
        return "changed"

    def _placed(self, record: Element) -> Element:
        record = with_place(self._ws, self._tx, record, self._kind)
        if not self._kind.in_grid or record.grid_id:
            return record
        if not self._grid:
            raise Refused("没有选定所属网格，本行没有导入")
        return dataclasses.replace(record, grid_id=self._grid, community_id=self._grid[:12])
