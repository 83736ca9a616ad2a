"""楼栋图保存: a draft of a building becomes its dwellings, all as one action."""

import dataclasses
from typing import Any

import sqlalchemy as sa

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain import tower_plan
from sqzl_desktop.domain.access import allows
from sqzl_desktop.domain.addresses import dwelling_address
from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.domain.kinds.building import Building
from sqzl_desktop.domain.kinds.dwelling import Dwelling
from sqzl_desktop.domain.room_numbers import entrance_label
from sqzl_desktop.domain.tower import Door
from sqzl_desktop.domain.tower_plan import Draft
from sqzl_desktop.services import elements
from sqzl_desktop.services.saving import put
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import changes, doors, records

_PLACED = ("entrance", "floor", "position", "span", "storeys", "room", "purpose")


def save(ws: Workspace, building_id: str, draft: Draft) -> int:
    """Write what the draft changed; what others changed meanwhile in other fields stays. How many
    dwellings were written, made and deleted."""
    with ws.store.write() as tx:
        building = elements.wanted(tx, "building", building_id)
        assert isinstance(building, Building)
        action = changes.Action(tx, ws.clock.now(), grouped=True)
        _refuse_lived_in(ws, tx, building_id, draft)
        for each in draft.removed:
            _delete(ws, action, each)
        written = 0
        touched = draft.touched
        for key, room in draft.rooms.items():
            if key.startswith(tower_plan.NEW):
                put(ws, action, _new(building, room.door), BY_NAME["dwelling"])
                written += 1
            elif room.door.entrance in touched:
                written += _rewrite(ws, action, room.door, draft.began[key].door)
        put(ws, action, _resized(building, draft), BY_NAME["building"])
    return written + len(draft.removed)


def _refuse_lived_in(ws: Workspace, tx: sa.Connection, building: str, draft: Draft) -> None:
    removed = set(draft.removed)
    living = {row[0] for row in doors.people(tx, building, ws.today.isoformat())} & removed
    for each in sorted(removed):
        at_home = [Filter("dwelling_id", "=", each)]
        if each in living or records.count(tx, "household", filters=at_home):
            room = draft.began[each].door.room
            raise Refused(f"{room}室登记有人居住或有家庭户，请先办理迁出，再删除")


def _delete(ws: Workspace, action: changes.Action, dwelling_id: str) -> None:
    found = records.get(action.tx, "dwelling", dwelling_id)
    if found is None:
        return
    if not allows(ws.actor, "write", BY_NAME["dwelling"], found):
        raise Refused("您的岗位或网格不能删除这栋楼的房屋")
    action.delete("dwelling", dwelling_id, found.community_id)


def _new(building: Building, door: Door) -> Dwelling:
    return Dwelling(
        community_id=building.community_id,
        grid_id=building.grid_id,
        building_id=building.id,
        address=_address(building, door),
        **{name: getattr(door, name) for name in _PLACED},
    )


def _address(building: Building, door: Door) -> str:
    at = building.address or building.estate
    entrance = entrance_label(door.entrance) if door.entrance else ""
    return dwelling_address(at, building.name, entrance, door.room)


def _rewrite(ws: Workspace, action: changes.Action, door: Door, began: Door) -> bool:
    """Write a room's place: what the draft changed of it, and what was not recorded before."""
    found = records.get(action.tx, "dwelling", door.id)
    if not isinstance(found, Dwelling):
        return False
    values: dict[str, Any] = {}
    for name in _PLACED:
        now, before, kept = getattr(door, name), getattr(began, name), getattr(found, name)
        is_new = kept in (None, "") and now not in (None, "")
        if (now != before or is_new) and now != kept:
            values[name] = now
    if "room" in values and found.address.removesuffix("室").endswith(began.room):
        values["address"] = _renamed(found.address, began.room, door.room)
    if values:
        put(ws, action, dataclasses.replace(found, **values), BY_NAME["dwelling"])
    return bool(values)


def _renamed(address: str, before: str, after: str) -> str:
    end = "室" if address.endswith("室") else ""
    return address.removesuffix("室").removesuffix(before) + after + end


def _resized(building: Building, draft: Draft) -> Building:
    """The building with as many entrances, floors and dwellings as the draft has."""
    entrances, above, below = tower_plan.counted(draft)
    return dataclasses.replace(
        building,
        entrance_count=entrances or building.entrance_count,
        floor_count=above or building.floor_count,
        floors_below=below or building.floors_below,
        dwelling_count=len(draft.rooms),
    )
