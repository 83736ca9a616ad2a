"""迁入登记: residents of an imported register find, or found, their dwelling and household."""

import dataclasses
from collections.abc import Mapping
from typing import Any, Literal

import sqlalchemy as sa

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain.addresses import dwelling_address, floor_of
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.domain.kinds.dwelling import Dwelling
from sqzl_desktop.domain.kinds.household import Household
from sqzl_desktop.domain.kinds.residence import Residence
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.exchange.rows import PlannedRow
from sqzl_desktop.services.acquainted import Acquainted
from sqzl_desktop.services.batches import Batch
from sqzl_desktop.services.doors import Door, Doors, Place, place_of
from sqzl_desktop.services.saving import put
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import changes, records

HEAD = "02"
_PLACE = ("estate", "building", "unit", "room")


@dataclasses.dataclass(frozen=True, slots=True)
class Choice:
    """What a person chose for a place that names no dwelling, or several.

    It is one of the dwellings, a new dwelling in a building, or no dwelling: then the people are
    registered in a grid, with the place as a remark. `id` is of the dwelling, building or grid.
    """

    how: Literal["dwelling", "building", "grid"]
    id: str


class Arrivals:
    """Takes planned rows of residents one after the other, household by household.

    Another head than a known one is another household in the same dwelling. The dwelling is the
    one that estate, building, entrance and room name, or the one that was chosen; never a guess.
    """

    def __init__(
        self,
        ws: Workspace,
        tx: sa.Connection,
        rows: list[PlannedRow],
        choices: Mapping[Place, Choice],
    ) -> None:
        self._ws = ws
        self._tx = tx
        self._choices = choices
        self._doors = Doors(tx)
        self._known = Acquainted(tx, (row.values for row in rows))
        self._households: dict[str, list[Household]] = {}
        names = ("id", "dwelling_id", "head_name")
        for record_id, dwelling, head in records.columns_of(tx, "household", names):
            known = Household(id=record_id, dwelling_id=dwelling or "", head_name=head or "")
            self._households.setdefault(known.dwelling_id, []).append(known)
        self.batch = Batch(ws, tx)

    def take(self, row: PlannedRow) -> str:
        """Save one row: `created`, `changed` or `same`. A refusal leaves nothing of it."""
        values = dict(row.values)
        place = place_of(values)
        for name in _PLACE:
            values.pop(name, None)
        door = self._door(place)
        known = self._known.find(row.values, door.id if door else "")
        if known:
            return self._update(known, values)
        person = self.batch.checked(BY_NAME["resident"], self._person(values, place, door))
        if door is None:
            self.batch.add(person)
        else:
            self._settle(person, door, values)
        if person.id_number:
            self._known.meet(person.id_number)
        return "created"

    def _settle(self, person: Resident, door: Door, values: Mapping[str, Any]) -> None:
        """The person, the household and the stay are one action."""
        made: list[Household] = []
        household = self._household(door, values, made)
        person = dataclasses.replace(person, household_id=household.id)
        stay = Residence(
            community_id=door.community_id, grid_id=door.grid_id,
            resident_id=person.id, dwelling_id=door.id,
        )  # fmt: skip
        stay = self.batch.checked(BY_NAME["residence"], stay)
        self.batch.add(*made, person, stay)
        for each in made:
            self._households.setdefault(door.id, []).append(each)

    def _update(self, known: str, values: dict[str, Any]) -> str:
        """Only what the sheet says is taken over; what it leaves empty stays."""
        before = records.get(self._tx, "resident", known)
        assert isinstance(before, Resident)
        said = {name: value for name, value in values.items() if value not in ("", None, ())}
        said.pop("relation", None)
        after = dataclasses.replace(before, **said)
        if after == before:
            return "same"
        put(self._ws, changes.Action(self._tx, self._ws.clock.now()), after, BY_NAME["resident"])
        return "changed"

    def _person(self, values: dict[str, Any], place: Place, door: Door | None) -> Resident:
        person = Resident(**values)
        if door:
            return dataclasses.replace(person, community_id=door.community_id, grid_id=door.grid_id)
        choice = self._choices.get(place)
        grid = choice.id if choice and choice.how == "grid" else own_grid(self._ws)
        if not grid or (any(place) and choice is None):
            raise Refused("住址没有选定，本行没有导入")
        if any(place) and not person.remark:
            person = dataclasses.replace(person, remark=f"导入住址：{place.words}")
        return dataclasses.replace(person, grid_id=grid, community_id=grid[:12])

    def _household(self, door: Door, values: Mapping[str, Any], made: list[Household]) -> Household:
        found = self._households.get(door.id, [])
        name = str(values["name"]) if values.get("relation") == HEAD else ""
        same = [each for each in found if not name or each.head_name == name]
        if same:
            return same[-1]
        new = Household(
            community_id=door.community_id, grid_id=door.grid_id, dwelling_id=door.id,
            head_name=name,
        )  # fmt: skip
        made.append(self.batch.checked(BY_NAME["household"], new))
        return made[0]

    def _door(self, place: Place) -> Door | None:
        choice = self._choices.get(place)
        if choice and choice.how == "dwelling":
            return self._doors.by_id[choice.id]
        found = self._doors.find(place) if any(place) else []
        if len(found) == 1:
            return found[0]
        if choice and choice.how == "building":
            return self._new_door(choice.id, place)
        return None

    def _new_door(self, building_id: str, place: Place) -> Door:
        house = self._doors.house_of[building_id]
        new = Dwelling(
            community_id=house.community_id, grid_id=house.grid_id, building_id=building_id,
            entrance=place.unit, room=place.room, floor=floor_of(place.room),
            address=dwelling_address(house.address or house.estate, house.name, place.unit,
                                     place.room),
        )  # fmt: skip
        made = self.batch.checked(BY_NAME["dwelling"], new)
        self.batch.add(made)
        door = Door(made.id, building_id, made.entrance, made.room, made.address, made.grid_id,
                    made.community_id)  # fmt: skip
        self._doors.take(door)
        return door


def own_grid(ws: Workspace) -> str:
    """The one grid that is entrusted to a person, "" where there are several or all."""
    grids = [code for code in ws.actor.scope if len(code) > 12]
    return grids[0] if len(grids) == 1 and len(ws.actor.scope) == 1 else ""
