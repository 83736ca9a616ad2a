"""类别选择: which class of cases somebody means by what they type, or by what they tell."""

from sqzl_desktop.base import text as texts
from sqzl_desktop.domain.case_classes import ClassBook
from sqzl_desktop.domain.kinds.case_class import CaseClass
from sqzl_desktop.services import case_rules
from sqzl_desktop.services.finding import Hit
from sqzl_desktop.services.workspace import Workspace

MOST = 8
_LEAST_ALIKE = 0.5
_EMPTY_WORDS = frozenset("的了有在和与个处异常纠纷问题乱私被其他")


def hits(ws: Workspace, text: str) -> list[Hit]:
    """The classes a text may mean: by a part of the name, by pinyin initials, by the code."""
    book = case_rules.rules(ws).book
    return [_hit(book, each) for each in book.search(text, MOST)]


def proposed(book: ClassBook, told: str) -> Hit | None:
    """The class that what happened sounds like; None rather than a guess from little."""
    words = texts.fold(told)
    said = set(words) - _EMPTY_WORDS
    best: CaseClass | None = None
    score = _LEAST_ALIKE, 0
    for each in book.leaves():
        folded = texts.fold(each.name)
        name = set(folded) - _EMPTY_WORDS
        shared = len(name & said)
        alike = 2.0 if folded in words else shared / len(name) if shared > 1 else 0.0
        if (alike, shared) > score:
            best, score = each, (alike, shared)
    return _hit(book, best) if best else None


def _hit(book: ClassBook, each: CaseClass) -> Hit:
    above = book.name(each.parent) if each.parent else ""
    return Hit("case_class", each.code, each.name, above)
