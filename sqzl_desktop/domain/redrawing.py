"""重新划分: which records go along when buildings go to another grid, or a grid is merged.

Device and server ask the same function: what the preview counts is what the server moves.
"""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

FEWEST_HOUSEHOLDS, MOST_HOUSEHOLDS = 300, 500  # 银川市社区治理: 网格按300-500户划分

Key = tuple[str, str]  # kind, id
# the first that is filled in says where a record belongs
LINKS = (
    "dwelling_id", "building_id", "household_id", "resident_id", "organisation_id",
    "facility_id", "event_id",
)  # fmt: skip
FIELDS = (*LINKS, "until_on")
_TARGETS = {name: name.removesuffix("_id") for name in LINKS}
_IN_TURN = ("building", "dwelling", "household", "resident", "residence", "organisation",
            "facility", "event")  # fmt: skip


class Plan(msgspec.Struct, frozen=True):
    """Grid to the buildings that go to it, and grid to the grid it is merged into."""

    moves: dict[str, list[str]] = {}
    merges: dict[str, str] = {}

    @property
    def of_building(self) -> dict[str, str]:
        """Building to the grid it goes to."""
        return {each: grid for grid, some in self.moves.items() for each in some}


def read(plan: str) -> Plan | None:
    """The plan a text stands for, None where it is none or moves nothing."""
    try:
        found = msgspec.json.decode(plan, type=Plan)
    except (msgspec.MsgspecError, RecursionError):
        return None
    return found if found.moves or found.merges else None


def write(plan: Plan) -> str:
    """The text of a plan."""
    return msgspec.json.encode(plan).decode()


@dataclasses.dataclass(frozen=True, slots=True)
class Placed:
    """A record as it matters here: where it is, and the fields of `FIELDS` that it has."""

    kind: str
    id: str
    grid: str
    fields: Mapping[str, Any]


def moved(records: Iterable[Placed], plan: Plan) -> dict[Key, str]:
    """The records that go along, and the grid each goes to.

    A building takes with it what belongs to it and lies in the same grid: dwellings, households
    and their members, what is kept of them, organisations, facilities, events. Somebody without
    a household goes with the dwelling he lives in now. A merged grid gives away all it has.
    """
    given = {(each.kind, each.id): each for each in records}
    finding = _Finding(given, plan)
    kinds = {kind for kind, _ in given}
    for kind in (*_IN_TURN, *sorted(kinds - set(_IN_TURN))):
        finding.take(kind)
    found = finding.found
    for key, each in given.items():
        goes_to = plan.merges.get(each.grid)
        if key not in found and goes_to is not None:
            found[key] = goes_to
    return {key: grid for key, grid in found.items() if given[key].grid != grid}


class _Finding:
    """What was found so far, kind by kind."""

    def __init__(self, given: Mapping[Key, Placed], plan: Plan) -> None:
        self.given = given
        self.found: dict[Key, str] = {
            ("building", each): grid
            for each, grid in plan.of_building.items()
            if ("building", each) in given
        }
        self._kinds: dict[str, list[Placed]] = {}
        for each in given.values():
            self._kinds.setdefault(each.kind, []).append(each)
        self._lives_in = dict(_lived_in(self._kinds.get("residence", ())))
        self._homes = dict(self._household_homes())

    def take(self, kind: str) -> None:
        """Find out which records of a kind go along with what was found before."""
        for each in self._kinds.get(kind, ()):
            holder = self._holder(each)
            grid = self.found.get(holder) if holder else None
            if holder and grid and self.given[holder].grid == each.grid:
                self.found.setdefault((kind, each.id), grid)

    def _holder(self, each: Placed) -> Key | None:
        if each.kind == "household":
            home = self._homes.get(each.id, "")
            return ("dwelling", home) if home else None
        if each.kind == "resident":
            household = str(each.fields.get("household_id") or "")
            if self._homes.get(household):
                return "household", household
            home = self._lives_in.get(each.id, "")
            return ("dwelling", home) if home else None
        for name in LINKS:
            if target := each.fields.get(name):
                return _TARGETS[name], str(target)
        return None

    def _household_homes(self) -> Iterator[tuple[str, str]]:
        """Household to dwelling: its own, else the one a member lives in."""
        for each in self._kinds.get("resident", ()):
            household, home = each.fields.get("household_id"), self._lives_in.get(each.id)
            if household and home:
                yield str(household), home
        for each in self._kinds.get("household", ()):
            if home := each.fields.get("dwelling_id"):
                yield each.id, str(home)


def _lived_in(residences: Iterable[Placed]) -> Iterator[tuple[str, str]]:
    for each in residences:
        resident, dwelling = each.fields.get("resident_id"), each.fields.get("dwelling_id")
        if resident and dwelling and not each.fields.get("until_on"):
            yield str(resident), str(dwelling)
