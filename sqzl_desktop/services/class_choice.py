"""类别选择: which class of cases somebody means by what they type, and what a class is called."""

import dataclasses
import functools

from sqzl_desktop.base import text as texts
from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.protocol.search_text import pinyin
from sqzl_desktop.services.finding import Hit

LISTS = ("matter", "dispute", "component")
MOST = 8
_LEAST_ALIKE = 0.5
_EMPTY_WORDS = frozenset("的了有在和与个处异常纠纷问题乱私被")


@dataclasses.dataclass(frozen=True, slots=True)
class _Class:
    code: str
    name: str
    folded: str


@functools.cache
def _classes() -> tuple[_Class, ...]:
    found = [each for name in LISTS for each in code_list(name).codes]
    return tuple(_Class(each.code, each.name, texts.fold(each.name)) for each in found)


def hits(text: str, most: int = MOST) -> list[Hit]:
    """The classes a text may mean: by a part of the name, by pinyin initials, by the code."""
    wanted = texts.fold(text).replace(" ", "")
    if not wanted:
        return []
    ranked = [(rank, place, each) for place, each in enumerate(_classes())
              if (rank := _rank(each, wanted)) < 9]  # fmt: skip
    return [_hit(each) for _, _, each in sorted(ranked, key=lambda one: one[:2])[:most]]


def proposed(text: str) -> Hit | None:
    """The class that what happened sounds like; None rather than a guess from little."""
    said = set(texts.fold(text)) - _EMPTY_WORDS
    best, score = None, _LEAST_ALIKE
    for each in _classes():
        if each.folded in texts.fold(text):
            return _hit(each)
        name = set(each.folded) - _EMPTY_WORDS
        shared = len(name & said)
        alike = shared / len(name) if name else 0.0
        if shared > 1 and alike > score:
            best, score = each, alike
    return _hit(best) if best else None


def name_of(code: str) -> str:
    """What the class of a code is called; the code itself where nobody knows it."""
    return next((each.name for each in _classes() if each.code == code), code)


def _rank(each: _Class, wanted: str) -> int:
    if wanted in (each.folded, each.code):
        return 0
    if each.folded.startswith(wanted):
        return 1
    if wanted in each.folded:
        return 2
    if wanted.isascii():
        return 3 if wanted in pinyin(each.name) else 4 if each.code.startswith(wanted) else 9
    return 5 if len(wanted) > 1 and _in_order(wanted, each.folded) else 9


def _in_order(wanted: str, name: str) -> bool:
    """Do the characters stand in the name one after the other, if not side by side?"""
    rest = iter(name)
    return all(character in rest for character in wanted)


def _hit(each: _Class) -> Hit:
    return Hit("case_class", each.code, each.name, each.code)
