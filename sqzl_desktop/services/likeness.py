"""疑似重复: what is here already and is probably the same as what somebody is about to save."""

import dataclasses
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from sqzl_desktop.base.errors import UserError
from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.services import elements
from sqzl_desktop.services.saving import prepared
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import records

MOST = 5


@dataclasses.dataclass(frozen=True, slots=True)
class Likeness:
    """A record that is probably the same: why, and a line (masked) that tells who it is."""

    kind: str
    id: str
    title: str
    reason: str
    detail: str


class Alike(UserError):
    """Not saved: what is here already should be looked at first."""

    def __init__(self, found: tuple[Likeness, ...]) -> None:
        super().__init__("可能已经登记过，请先核对；确实不是同一个，可以仍然保存")
        self.found = found


Found = Iterator[tuple[Element, str]]


def asks_about(kind: str, field: str) -> bool:
    """Does this field of a kind tell whether a record is there already?"""
    return kind in _FIELDS and field in _FIELDS[kind]


def of(ws: Workspace, shown: Element, record: Element) -> tuple[Likeness, ...]:
    """What is probably the same as a record; nothing while what tells it is as it was shown."""
    kind = elements.kind_of(record)
    fields = _FIELDS.get(kind.name, ())
    if all(getattr(shown, name) == getattr(record, name) for name in fields):
        return ()
    tidy = prepared(record, kind)
    found: dict[str, Likeness] = {}
    with ws.store.read() as tx:
        for each, reason in _RULES[kind.name](tx, tidy):
            if each.id != record.id and each.id not in found:
                found[each.id] = _told(tx, kind.name, each, reason)
    return tuple(found.values())[:MOST]


def refuse_alike(
    ws: Workspace, shown: Element, record: Element, *, accepted: Collection[str]
) -> None:
    """Alike where something probably is the same; not for those the person has looked at."""
    found = tuple(each for each in of(ws, shown, record) if each.id not in accepted)
    if found:
        raise Alike(found)


def _told(tx: sa.Connection, kind: str, record: Element, reason: str) -> Likeness:
    title = elements.titles_in(tx, kind, [record.id]).get(record.id, "")
    columns = [BY_NAME[kind].column(name) for name in _DETAIL[kind]]
    words = [elements.masked(each, getattr(record, each.name)) for each in columns]
    return Likeness(kind, record.id, title, reason, "　".join(filter(None, words)))


def _with_text(tx: sa.Connection, kind: str, text: str, same: Sequence[Filter]) -> list[Element]:
    """The index finds the few in which the text stands, so that nothing reads a whole kind."""
    return records.find(tx, kind, filters=[Filter("id", "matches", text), *same], limit=20)


def _residents(tx: sa.Connection, person: Any) -> Found:
    if person.id_number:
        same = [Filter("id_number", "=", person.id_number)]
        for each in _with_text(tx, "resident", person.id_number, same):
            yield each, "证件号码相同"
    if not person.name:
        return
    name = Filter("name", "=", person.name)
    if person.born_on:
        born = [name, Filter("born_on", "=", person.born_on)]
        for each in _with_text(tx, "resident", person.name, born):
            yield each, "姓名和出生日期相同"
    for phone in filter(None, dict.fromkeys((person.phone, person.phone2))):
        for field in ("phone", "phone2"):
            same = [name, Filter(field, "=", phone)]
            for each in _with_text(tx, "resident", phone, same):
                yield each, "姓名和电话相同"


def _dwellings(tx: sa.Connection, home: Any) -> Found:
    if home.building_id and home.room:
        names = ("building_id", "entrance", "room")
        door = [Filter(name, "=", getattr(home, name)) for name in names]
        for each in records.find(tx, "dwelling", filters=door, limit=MOST):
            yield each, "同一楼栋、单元和室号"


def _buildings(tx: sa.Connection, building: Any) -> Found:
    if building.estate and building.name:
        same = [Filter("estate", "=", building.estate), Filter("name", "=", building.name)]
        for each in records.find(tx, "building", filters=same, limit=MOST):
            yield each, "同一小区的同名楼栋"


def _organisations(tx: sa.Connection, unit: Any) -> Found:
    if unit.uscc:
        same = [Filter("uscc", "=", unit.uscc)]
        for each in _with_text(tx, "organisation", unit.uscc, same):
            yield each, "统一社会信用代码相同"
    if unit.name:
        same = [Filter("name", "=", unit.name)]
        for each in _with_text(tx, "organisation", unit.name, same):
            yield each, "单位名称相同"


_RULES: dict[str, Callable[[sa.Connection, Element], Found]] = {
    "resident": _residents,
    "dwelling": _dwellings,
    "building": _buildings,
    "organisation": _organisations,
}
_FIELDS = {
    "resident": ("id_number", "name", "born_on", "phone", "phone2"),
    "dwelling": ("building_id", "entrance", "room"),
    "building": ("estate", "name"),
    "organisation": ("uscc", "name"),
}
_DETAIL = {
    "resident": ("sex", "born_on", "id_number", "phone", "state"),
    "dwelling": ("address", "use"),
    "building": ("address", "category"),
    "organisation": ("category", "address", "state"),
}
