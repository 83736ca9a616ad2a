"""常用语: the texts a community writes often, its own before those that come with the program."""

from sqzl_desktop.domain import case_phrases
from sqzl_desktop.domain.filters import Filter, Order
from sqzl_desktop.domain.kinds.case_phrase import CasePhrase
from sqzl_desktop.services import elements
from sqzl_desktop.services.workspace import Workspace

LONGEST = 300


def of(ws: Workspace, use: str) -> list[str]:
    """The frequent texts for the report (`report`) or for a step, those of the community first."""
    kept = [each.text for each in kept_for(ws, use)]
    return list(dict.fromkeys((*kept, *case_phrases.BUILTIN.get(use, ()))))


def kept_for(ws: Workspace, use: str) -> list[CasePhrase]:
    """The texts the community has kept of its own, the newest first."""
    found = elements.find(
        ws, "case_phrase", filters=[Filter("use", "=", use)], order=[Order("id", descending=True)]
    )
    return [each for each in found if isinstance(each, CasePhrase)]


def own_and_all(ws: Workspace, use: str) -> tuple[list[str], list[str]]:
    """The texts the community has kept of its own, and all there are."""
    return [each.text for each in kept_for(ws, use)], of(ws, use)


def keep(ws: Workspace, use: str, text: str, community: str = "") -> None:
    """Keep a text for everybody in the community; one that is there already is not kept twice."""
    written = text.strip()[:LONGEST]
    if written and written not in of(ws, use):
        given = {"community_id": community} if community else {}
        elements.save(ws, elements.blank(ws, "case_phrase", use=use, text=written, **given))


def drop(ws: Workspace, use: str, text: str) -> bool:
    """Keep a text no longer. False where it is one that comes with the program."""
    kept = [each for each in kept_for(ws, use) if each.text == text]
    for each in kept:
        elements.delete(ws, "case_phrase", each.id)
    return bool(kept)
