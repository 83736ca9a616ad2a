"""权限: who may do what, and who sees which records. Denied unless granted here.

`allows` and `visible` are two forms of one truth: the button, the query and the server ask the
same two functions.
"""

import dataclasses
from collections.abc import Iterable

from sqzl_desktop.domain.attention import BLOCKS, GROUPS, SENSITIVE
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.schema.kind import Kind

GRID_WORKER = "grid_worker"
BUILDING_LEAD = "building_lead"
COMMUNITY_LEAD = "community_lead"
CLERK = "clerk"
ADMIN = "admin"

ROLES = {
    GRID_WORKER: "网格员",
    BUILDING_LEAD: "楼栋长",
    COMMUNITY_LEAD: "社区负责人",
    CLERK: "窗口人员",
    ADMIN: "系统管理员",
}

COMMUNITY_DIGITS = 12

CARE = tuple(group.kind for group in GROUPS if not group.is_sensitive)
PEOPLE = ("household", "resident", "residence", *BLOCKS, *CARE)
PLACES = ("estate", "building", "dwelling", "facility", "organisation")
WORK = ("event", "visit", "topic", "opinion", "policy_told")
CASES = ("case", "case_party", "case_phrase")
RULES = ("case_class", "calendar_day", "office_hours", "policy")
MEETINGS = ("consultation", "notice")
FILES = ("attachment",)
OFFICE = ("grid", "staff", "community")

_WRITES: dict[str, frozenset[str]] = {
    GRID_WORKER: frozenset((*PEOPLE, *SENSITIVE, *PLACES, *WORK, *MEETINGS, *FILES, *CASES)),
    BUILDING_LEAD: frozenset(("event", "visit", "opinion", "policy_told", *FILES)),
    COMMUNITY_LEAD: frozenset(
        (*PEOPLE, *SENSITIVE, *PLACES, *WORK, *MEETINGS, *OFFICE, *FILES, *CASES, *RULES,
         "redrawing")
    ),
    CLERK: frozenset((*PEOPLE, "event", "topic", "opinion", "policy_told", *FILES)),
    ADMIN: frozenset(OFFICE),
}  # fmt: skip

# what a post may register without being allowed to change it afterwards
_CREATES: dict[str, frozenset[str]] = {
    BUILDING_LEAD: frozenset(("case", "case_party")),
    CLERK: frozenset(("case", "case_party", "notice")),  # whoever prints keeps what was printed
}

# actions beside writing: export of lists, reveal of sensitive fields, printing of documents
_ACTIONS: dict[str, frozenset[str]] = {
    GRID_WORKER: frozenset(("reveal", "print", "import", "export", "settle")),
    BUILDING_LEAD: frozenset(),
    COMMUNITY_LEAD: frozenset(("reveal", "print", "import", "export", "settle")),
    CLERK: frozenset(("reveal", "print", "settle")),
    ADMIN: frozenset(("export",)),
}


_KNOWS = frozenset((GRID_WORKER, COMMUNITY_LEAD))


@dataclasses.dataclass(frozen=True, slots=True)
class Actor:
    """The person who acts: account, name, role and the codes of what is entrusted to them.

    A scope code is a 15-character grid, a 12-digit community, or a shorter division above it.
    """

    account: str
    name: str
    role: str
    scope: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Zones:
    """What is visible in one community: `grids` None is all of it, else these and the common.

    Without `common`, what belongs to no grid is out of sight too.
    """

    grids: frozenset[str] | None
    common: bool = True

    def holds(self, grid_id: str) -> bool:
        """Is a record of this grid ("" is common to the community) inside?"""
        if grid_id == "":
            return self.common
        return self.grids is None or grid_id in self.grids

    def within(self, other: "Zones") -> "Zones":
        """What is visible both here and there."""
        common = self.common and other.common
        if self.grids is None or other.grids is None:
            return Zones(other.grids if self.grids is None else self.grids, common)
        return Zones(self.grids & other.grids, common)


def visible(actor: Actor, community: str) -> Zones | None:
    """What the actor sees of a community; None is nothing."""
    grids: set[str] = set()
    for code in actor.scope:
        if len(code) > COMMUNITY_DIGITS:
            if code.startswith(community):
                grids.add(code)
        elif community.startswith(_stem(code)):
            return Zones(None)
    return Zones(frozenset(grids)) if grids else None


NOTHING = Zones(frozenset(), common=False)


def sees(actor: Actor, record: Element) -> bool:
    """May the actor see this record?"""
    zones = visible(actor, record.community_id)
    return zones is not None and zones.holds(record.grid_id)


def may_know(actor: Actor, kind: str) -> bool:
    """May the actor know who is in the register of this kind? Sensitive ones are for a few."""
    return kind not in SENSITIVE or actor.role in _KNOWS


def allows(actor: Actor, action: str, kind: Kind, record: Element | None = None) -> bool:  # type: ignore[type-arg]
    """May the actor do this? `action` is write, create, or one of the granted actions.

    With a record, it must also be one the actor sees.
    """
    if not may_know(actor, kind.name) or (record is not None and not sees(actor, record)):
        return False
    may_write = kind.name in _WRITES.get(actor.role, ())
    if action == "create":
        return may_write or kind.name in _CREATES.get(actor.role, ())
    if action == "write":
        return may_write
    return action in _ACTIONS.get(actor.role, ())


def communities(actor: Actor, known: Iterable[str]) -> list[str]:
    """Of the known communities, those of which the actor sees anything."""
    return [code for code in known if visible(actor, code) is not None]


def own_communities(actor: Actor) -> list[str]:
    """The communities that the actor's scope names outright (12 digits, or a grid's first 12)."""
    named = {code[:COMMUNITY_DIGITS] for code in actor.scope if len(code) >= COMMUNITY_DIGITS}
    return sorted(named)


def _stem(code: str) -> str:
    """A division code without the zeros that stand for "all of it": 640100 is 6401."""
    if len(code) < COMMUNITY_DIGITS:
        for width in (2, 4, 6, 9):
            if set(code[width:]) <= {"0"}:
                return code[:width]
    return code
