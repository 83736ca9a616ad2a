"""专项与关爱: the blocks and groups of a resident, what may be added, and 人户分离."""

import dataclasses
from collections.abc import Sequence

from sqzl_desktop.domain import access, attention
from sqzl_desktop.domain.attention import BLOCKS, GROUPS, SENSITIVE
from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.domain.living import apartness, lives_on
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.services import care, elements
from sqzl_desktop.services.care import Looked
from sqzl_desktop.services.people import ResidentCard
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import records


@dataclasses.dataclass(frozen=True, slots=True)
class Section:
    """One block or group record of a resident: what it says, and where the next visit stands.

    A sensitive one says nothing until it is opened (`facts_of`).
    """

    record: Element
    kind: str
    facts: tuple[tuple[str, str], ...]
    looked: Looked | None


@dataclasses.dataclass(frozen=True, slots=True)
class Situation:
    """What is special about a resident; `wanted` is the block that 人口类型 asks for and that is
    missing, `offered` the kinds of which a record may be added."""

    sections: tuple[Section, ...]
    wanted: str
    offered: tuple[str, ...]
    apartness: str


def of(ws: Workspace, card: ResidentCard) -> Situation:
    """Of the resident of a card; groups that the actor may not know of are left out."""
    person = card.resident
    with ws.store.read() as tx:
        mine = [Filter("resident_id", "=", person.id)]
        blocks = [each for kind in BLOCKS for each in records.find(tx, kind, filters=mine)]
        looked = care.of_resident(ws, tx, person.id)
        listed = [(each, records.get(tx, each.kind, each.id)) for each in looked]
    sections = [_section(each) for each in blocks]
    sections += [_section(record, each) for each, record in listed if record is not None]
    sections.sort(key=lambda each: each.looked is not None and not each.looked.is_running)
    stays = card.residences
    homes = [home.address for stay, home in stays if home and lives_on(stay, ws.today)]
    return Situation(
        sections=tuple(sections),
        wanted=_wanted(ws, person, sections),
        offered=_offered(ws, sections),
        apartness=apartness(person, homes),
    )


def facts_of(record: Element) -> tuple[tuple[str, str], ...]:
    """What a record says, label and text, sensitive fields masked."""
    kind = elements.kind_of(record)
    shown = [each for each in kind.columns if each.type != "ref" and each.facts.group != "归属"]
    words = [(each.label, elements.masked(each, getattr(record, each.name))) for each in shown]
    return tuple(each for each in words if each[1])


def _section(record: Element, looked: Looked | None = None) -> Section:
    kind = elements.kind_of(record).name
    return Section(record, kind, () if kind in SENSITIVE else facts_of(record), looked)


def _wanted(ws: Workspace, person: Resident, sections: Sequence[Section]) -> str:
    kind = attention.BLOCK_OF_POPULATION.get(person.population_type, "")
    is_there = any(each.kind == kind for each in sections)
    return kind if kind and not is_there and elements.may(ws, "write", kind) else ""


def _offered(ws: Workspace, sections: Sequence[Section]) -> tuple[str, ...]:
    """Blocks and groups of which there is no record, or only one that has ended."""
    there = {each.kind for each in sections if each.looked is None or each.looked.is_running}
    kinds = [*BLOCKS, *(group.kind for group in GROUPS)]
    return tuple(
        kind
        for kind in kinds
        if kind not in there and access.allows(ws.actor, "write", BY_NAME[kind])
    )
