"""迁入登记: residents of an imported register find, or found, their dwelling and household."""

import dataclasses
from typing import Any

import sqlalchemy as sa

from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.domain.kinds.dwelling import Dwelling
from sqzl_desktop.domain.kinds.household import Household
from sqzl_desktop.domain.kinds.residence import Residence
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.exchange.rows import PlannedRow
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.schema.kind import Kind
from sqzl_desktop.services.saving import put
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import changes, records

HEAD = "02"
Place = tuple[str, str, str]


def in_own_grid(ws: Workspace, record: Element, kind: Kind[Any]) -> Element:
    """The record in the first grid of the person's own, where it needs one and has none."""
    grids = [code for code in ws.actor.scope if len(code) > 12]
    if record.grid_id or not kind.in_grid or not grids:
        return record
    return dataclasses.replace(record, grid_id=grids[0], community_id=grids[0][:12])


class Arrivals:
    """Takes planned rows of residents one after the other, household by household.

    A resident is known again by the ID number. Another head than the known one is another
    household in the same dwelling. The dwelling is found when building, entrance and
    room name exactly one; otherwise the person is registered without a residence and the place is
    kept as a remark.
    """

    def __init__(self, ws: Workspace, tx: sa.Connection) -> None:
        self._ws = ws
        self._tx = tx
        self._dwellings: dict[Place, list[Dwelling]] = {}
        self._households: dict[str, Household] = {}
        self._newest = ""
        self._read_places()

    def take(self, row: PlannedRow) -> str:
        """Save one row: `created`, `changed` or `same`."""
        self._newest = ""
        values = dict(row.values)
        place = tuple(str(values.pop(name, "")) for name in ("building", "unit", "room"))
        dwelling = self._dwelling(place)
        known = self._known(str(values.get("id_number", "")))
        action = changes.Action(self._tx, self._ws.clock.now(), grouped=True)
        if known is not None:
            return self._update(action, known, values)
        household = self._household(action, dwelling, values) if dwelling else None
        person = self._person(values, place, dwelling, household)
        saved = put(self._ws, action, person, BY_NAME["resident"])
        if dwelling:
            stay = Residence(
                community_id=dwelling.community_id, grid_id=dwelling.grid_id,
                resident_id=saved.id, dwelling_id=dwelling.id,
            )  # fmt: skip
            put(self._ws, action, stay, BY_NAME["residence"])
        return "created"

    def forget(self) -> None:
        """The last row was taken back: so is the household it made."""
        self._households.pop(self._newest, None)

    def _update(self, action: changes.Action, known: Resident, values: dict[str, Any]) -> str:
        """Only what the sheet says is taken over; what it leaves empty stays."""
        said = {name: value for name, value in values.items() if value not in ("", None, ())}
        said.pop("relation", None)
        after = dataclasses.replace(known, **said)
        if after == known:
            return "same"
        put(self._ws, action, after, BY_NAME["resident"])
        return "changed"

    def _person(
        self,
        values: dict[str, Any],
        place: tuple[str, ...],
        dwelling: Dwelling | None,
        household: Household | None,
    ) -> Element:
        person = Resident(**values)
        if dwelling:
            return dataclasses.replace(
                person, community_id=dwelling.community_id, grid_id=dwelling.grid_id,
                household_id=household.id if household else "",
            )  # fmt: skip
        if any(place) and not person.remark:
            where = f"导入住址：{place[0]}号楼{place[1]}单元{place[2]}室"
            person = dataclasses.replace(person, remark=where)
        return in_own_grid(self._ws, person, BY_NAME["resident"])

    def _household(
        self, action: changes.Action, dwelling: Dwelling, values: dict[str, Any]
    ) -> Household:
        found = self._households.get(dwelling.id)
        name = str(values["name"]) if values.get("relation") == HEAD else ""
        if found is None or (name and name != found.head_name):
            new = Household(
                community_id=dwelling.community_id, grid_id=dwelling.grid_id,
                dwelling_id=dwelling.id, head_name=name,
            )  # fmt: skip
            made = put(self._ws, action, new, BY_NAME["household"])
            assert isinstance(made, Household)
            found = self._households[dwelling.id] = made
            self._newest = dwelling.id
        return found

    def _known(self, id_number: str) -> Resident | None:
        if not id_number:
            return None
        same = [Filter("id_number", "=", id_number)]
        found = records.find(self._tx, "resident", filters=same, limit=1)
        return found[0] if found and isinstance(found[0], Resident) else None

    def _dwelling(self, place: tuple[str, ...]) -> Dwelling | None:
        found = self._dwellings.get((place[0], place[1], place[2]), [])
        return found[0] if len(found) == 1 else None

    def _read_places(self) -> None:
        buildings = {
            each.id: each.name.rstrip("号楼院栋幢")  # type: ignore[attr-defined]
            for each in records.find(self._tx, "building", limit=-1)
        }
        for each in records.find(self._tx, "dwelling", limit=-1):
            if isinstance(each, Dwelling):
                entrance = each.entrance.removesuffix("单元")
                place = (buildings.get(each.building_id, ""), entrance, each.room)
                self._dwellings.setdefault(place, []).append(each)
        for each in records.find(self._tx, "household", limit=-1):
            if isinstance(each, Household):
                self._households.setdefault(each.dwelling_id, each)
