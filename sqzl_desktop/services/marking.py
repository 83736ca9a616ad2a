"""标出: which part of a title is what was asked for, so that the eye finds it."""

import re

from sqzl_desktop.base import text
from sqzl_desktop.protocol import search_text

Span = tuple[int, int]  # from, to: characters of the title
_LETTERS = re.compile(r"[a-z]+")


def marks(title: str, query: str) -> tuple[Span, ...]:
    """The parts of a title that the words of a query stand for, in order, none inside another."""
    folded = title.casefold()
    if len(folded) != len(title):
        return ()
    found = sorted(
        span for word in text.fold(query).split() for span in _of_word(folded, word) if span
    )
    joined: list[Span] = []
    for start, end in found:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def _of_word(title: str, word: str) -> list[Span]:
    start = title.find(word)
    if start >= 0:
        return [(start, start + len(word))]
    if _LETTERS.fullmatch(word):
        spelt = _spelt(title, word)
        return [(0, spelt)] if spelt else []
    return [
        (place, place + len(part))
        for part in re.findall(r"[㐀-\U0003ffff]+|[0-9]+", word)
        if (place := title.find(part)) >= 0
    ]


def _spelt(title: str, letters: str) -> int:
    """How many characters at the beginning of a title the letters spell; 0 where they do not."""
    if not letters:
        return 0
    for syllable in search_text.readings(title[:1])[0] if title else ():
        for length in range(len(syllable), 0, -1):
            if not letters.startswith(syllable[:length]):
                continue
            rest = letters[length:]
            further = _spelt(title[1:], rest)
            if further or not rest:
                return 1 + further
    return 0
