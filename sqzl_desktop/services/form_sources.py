"""表格字段来源: what a column of an outside form can be filled with, from fields or worked out."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import sqlalchemy as sa

from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.exchange.headings import Target
from sqzl_desktop.schema.codec import cell_text
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.schema.kind import Column
from sqzl_desktop.services import elements
from sqzl_desktop.services.doors import Doors
from sqzl_desktop.store import records

PERSON = "resident."  # a field of the resident whom a block or an attention record is about
Cell = str | int
_WORKED_OUT = (
    Target("=number", "序号", ("编号", "序")),
    Target("=grid", "所属网格", ("网格", "网格名称")),
)
_OF_PERSON = (
    Target("=age", "年龄", ("周岁", "年龄（周岁）")),
    Target(
        "=address", "现住址", ("住址", "家庭住址", "居住地址", "现居住地址", "详细住址", "地址")
    ),
    Target("=estate", "小区", ("小区名称", "所属小区")),
    Target("=building", "楼号", ("楼栋", "楼栋号", "栋号")),
    Target("=unit", "单元", ("单元号",)),
    Target("=room", "室号", ("房号", "房间号", "门牌号")),
    Target("=head", "户主姓名", ("户主",)),
    Target("=members", "家庭人数", ("家庭人口", "户人数", "同户人数", "家庭人口数")),
)


def sources(kind: str) -> tuple[Target, ...]:
    """Everything a column of a form about this kind can be filled with."""
    described = BY_NAME[kind]
    left = ("community_id", "grid_id", "household_id", "resident_id")
    own = [
        Target(each.name, each.label, each.facts.more)
        for each in described.columns
        if each.name not in left and each.type != "outline"
    ]
    if kind == "resident":
        return (*own, *_OF_PERSON, *_WORKED_OUT)
    if "resident_id" not in described.known:
        return (*own, *_WORKED_OUT)
    taken = {each.label for each in own}
    person = [
        Target(f"{PERSON}{each.name}", each.label, each.facts.more)
        for each in BY_NAME["resident"].columns
        if each.name not in left and each.label not in taken
    ]
    return (*own, *person, *_OF_PERSON, *_WORKED_OUT)


def column_of(kind: str, source: str) -> Column | None:
    """The described field behind a source; None where it is worked out."""
    if source.startswith("="):
        return None
    if source.startswith(PERSON):
        return BY_NAME["resident"].column(source.removeprefix(PERSON))
    return BY_NAME[kind].column(source)


class Facts:
    """What is worked out about people, read once for a whole form."""

    def __init__(
        self, tx: sa.Connection, kind: str, wanted: Sequence[str], found: Sequence[Element]
    ) -> None:
        self._tx = tx
        self._kind = kind
        self._persons: dict[str, Element] = {}
        needs_person = any(each.startswith((PERSON, "=")) for each in wanted)
        if needs_person and kind != "resident" and "resident_id" in BY_NAME[kind].known:
            ids = [str(getattr(each, "resident_id", "")) for each in found]
            self._persons = records.get_many(tx, "resident", ids)
        homely = {"=address", "=estate", "=building", "=unit", "=room"}
        self._doors = Doors(tx) if homely & set(wanted) else None
        self._home_of = self._homes() if self._doors else {}
        self._heads: dict[str, str] = {}
        self._members: Counter[str] = Counter()
        if {"=head", "=members"} & set(wanted):
            self._read_households()
        self._grids = dict(records.columns_of(tx, "grid", ("id", "name")))
        self._titles = self._read_titles(wanted, found)

    def _homes(self) -> dict[str, str]:
        names = ("resident_id", "dwelling_id", "until_on")
        stays = records.columns_of(self._tx, "residence", names)
        return {resident: dwelling for resident, dwelling, until in stays if not until}

    def _read_households(self) -> None:
        for record_id, head in records.columns_of(self._tx, "household", ("id", "head_name")):
            self._heads[record_id] = head or ""
        names = ("household_id", "died_on", "moved_out_on")
        for household, died_on, moved_out_on in records.columns_of(self._tx, "resident", names):
            if household and not died_on and not moved_out_on:
                self._members[household] += 1

    def _read_titles(
        self, wanted: Sequence[str], found: Sequence[Element]
    ) -> dict[str, dict[str, str]]:
        titles: dict[str, dict[str, str]] = {}
        for source in wanted:
            column = column_of(self._kind, source)
            if column is not None and column.type == "ref":
                holders = (
                    [each for each in map(self.person, found) if each]
                    if (source.startswith(PERSON))
                    else found
                )
                ids = (str(getattr(each, column.name)) for each in holders)
                titles[source] = elements.titles_in(self._tx, column.facts.target, ids)
        return titles

    def person(self, record: Element) -> Element | None:
        """The resident whom a record is, or is about."""
        if self._kind == "resident":
            return record
        return self._persons.get(str(getattr(record, "resident_id", "")))

    def cell(self, record: Element, source: str, *, today: dt.date, mask: bool) -> Cell:
        """What a source says of a record; masked where it is sensitive and `mask` asks for it."""
        column = column_of(self._kind, source)
        if column is None:
            return self._worked_out(record, source, today)
        holder = self.person(record) if source.startswith(PERSON) else record
        if holder is None:
            return ""
        value = getattr(holder, column.name)
        if column.type == "ref":
            return self._titles[source].get(str(value), "")
        if column.type == "number" and isinstance(value, int):
            return value
        return elements.masked(column, value) if mask else cell_text(column, value, code_list)

    def _worked_out(self, record: Element, source: str, today: dt.date) -> Cell:
        if source == "=grid":
            return str(self._grids.get(record.grid_id) or "")
        person = self.person(record)
        if not isinstance(person, Resident):
            return ""
        if source == "=age":
            years = age(person.born_on, today)
            return "" if years is None else years
        if source == "=head":
            return self._heads.get(person.household_id, "")
        if source == "=members":
            return self._members.get(person.household_id) or ""
        return self._home(person, source)

    def _home(self, person: Resident, source: str) -> str:
        doors = self._doors
        home = self._home_of.get(person.id, "")
        if doors is None or home not in doors.by_id:
            return person.current_address if source == "=address" else ""
        door = doors.by_id[home]
        house = doors.house_of.get(door.building_id)
        words: Mapping[str, Callable[[], str]] = {
            "=address": lambda: door.address,
            "=estate": lambda: house.estate if house else "",
            "=building": lambda: house.name if house else "",
            "=unit": lambda: door.entrance,
            "=room": lambda: door.room,
        }
        return words[source]()


def age(born_on: dt.date | None, today: dt.date) -> int | None:
    """Whole years on a day; None where the birth date is not known."""
    if born_on is None:
        return None
    return today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))
