"""自动填写: what one field tells about others; nothing that a person typed is ever overwritten."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from sqzl_desktop.base import identity
from sqzl_desktop.domain.addresses import dwelling_address, floor_of
from sqzl_desktop.domain.kinds.building import Building
from sqzl_desktop.domain.kinds.dwelling import Dwelling
from sqzl_desktop.domain.kinds.resident import CITIZEN_CARD, Resident
from sqzl_desktop.schema.fields import Element, Value
from sqzl_desktop.services import elements
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import records

Values = Mapping[str, Value]
_AtOnce = Callable[[Any, Workspace], Values]
_LookedUp = Callable[[Workspace, Any], Values]


@dataclasses.dataclass(frozen=True, slots=True)
class Filled:
    """Values for fields that nobody filled, and the sentence that says where they are from."""

    values: Values
    why: str


def at_once(
    ws: Workspace, shown: Element, record: Element, field: str, *, filled: Values
) -> Filled | None:
    """What a field that was typed tells without a query; `filled` is what was filled before."""
    rule = _AT_ONCE.get((elements.kind_of(record).name, field))
    if rule is None:
        return None
    make, why = rule
    return _free(record, make(record, ws), make(shown, ws), filled, why)


def needs_looking_up(kind: str, field: str) -> bool:
    """Must the store be asked what this field tells?"""
    return (kind, field) in _LOOKED_UP


def looked_up(
    ws: Workspace, shown: Element, record: Element, field: str, *, filled: Values
) -> Filled | None:
    """The same for a field that names another record."""
    make, why = _LOOKED_UP[elements.kind_of(record).name, field]
    return _free(record, make(ws, record), make(ws, shown), filled, why)


def from_home(
    ws: Workspace, shown: Element, person: Element, dwelling_id: str, *, filled: Values
) -> Filled | None:
    """What the dwelling in which a new resident is registered tells: their place, and of a
    registered resident (户籍人口) the registered address, as long as nobody wrote another."""
    home = _named(ws, "dwelling", dwelling_id)
    if not isinstance(home, Dwelling) or not isinstance(person, Resident):
        return None
    values: dict[str, Value] = {"grid_id": home.grid_id, "community_id": home.community_id}
    if person.population_type == _REGISTERED:
        values["registered_home"] = home.address
    place = {"grid_id": getattr(shown, "grid_id", ""), "community_id": shown.community_id}
    return _free(person, values, place, filled, "由住房填写")


def _free(
    record: Element, values: Values, before: Values, filled: Values, why: str
) -> Filled | None:
    """Of the values, those whose field is empty or holds what the program itself put there."""
    columns = {each.name: each for each in elements.kind_of(record).columns}
    free: dict[str, Value] = {}
    for name, value in values.items():
        now = getattr(record, name)
        is_ours = now in (columns[name].default, filled.get(name), before.get(name))
        if is_ours and value != now and value not in (None, ""):
            free[name] = value
    return Filled(free, why) if free else None


def _from_id_number(person: Resident, ws: Workspace) -> Values:
    number = person.id_number
    if not number or person.id_type not in ("", CITIZEN_CARD):
        return {}
    if identity.id_number_problem(number, today=ws.today):
        return {}
    return {
        "born_on": identity.born_on(number),
        "sex": identity.sex_of(number),
        "id_type": CITIZEN_CARD,
    }


def _floor(home: Dwelling, _ws: Workspace) -> Values:
    return {"floor": floor_of(home.room.strip())}


def _address_of_dwelling(ws: Workspace, home: Dwelling) -> Values:
    building = _named(ws, "building", home.building_id)
    if not isinstance(building, Building):
        return {}
    at = building.address or building.estate
    address = dwelling_address(at, building.name, home.entrance.strip(), home.room.strip())
    return {"address": address, "floor": floor_of(home.room.strip())}


def _place_of_building(ws: Workspace, record: Any) -> Values:
    building = _named(ws, "building", record.building_id)
    if not isinstance(building, Building):
        return {}
    return {_PLACE[type(record).__name__]: building.address or f"{building.estate}{building.name}"}


def _place_of_dwelling(ws: Workspace, record: Any) -> Values:
    home = _named(ws, "dwelling", record.dwelling_id)
    if not isinstance(home, Dwelling):
        return {}
    return {"address": home.address, "building_id": home.building_id}


def _head(ws: Workspace, household: Any) -> Values:
    head = _named(ws, "resident", household.head_id)
    return {"head_name": head.name} if isinstance(head, Resident) else {}


def _named(ws: Workspace, kind: str, record_id: str) -> Element | None:
    if not record_id:
        return None
    with ws.store.read() as tx:
        return records.get(tx, kind, record_id)


_REGISTERED = "10"
_PLACE = {"Event": "place", "Organisation": "address", "Facility": "place"}
_BY_ID = "由身份证号填写"
_BY_PLACE = "由楼栋、单元和室号填写"

_AT_ONCE: dict[tuple[str, str], tuple[_AtOnce, str]] = {
    ("resident", "id_number"): (_from_id_number, _BY_ID),
    ("resident", "id_type"): (_from_id_number, _BY_ID),
    ("dwelling", "room"): (_floor, "由室号填写"),
}
_LOOKED_UP: dict[tuple[str, str], tuple[_LookedUp, str]] = {
    ("dwelling", "building_id"): (_address_of_dwelling, _BY_PLACE),
    ("dwelling", "entrance"): (_address_of_dwelling, _BY_PLACE),
    ("dwelling", "room"): (_address_of_dwelling, _BY_PLACE),
    ("organisation", "building_id"): (_place_of_building, "由所在楼栋填写"),
    ("organisation", "dwelling_id"): (_place_of_dwelling, "由所在房屋填写"),
    ("facility", "building_id"): (_place_of_building, "由所在楼栋填写"),
    ("event", "building_id"): (_place_of_building, "由楼栋填写"),
    ("household", "head_id"): (_head, "由户主填写"),
}
