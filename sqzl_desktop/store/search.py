"""检索: one index over all kinds; two-character names, pinyin, initials, tails, parts of addresses.

Every Chinese character is a token of its own, so a phrase query finds any run of them. Numbers
are indexed forwards and backwards: their tails are prefixes of what stands backwards.
"""

import functools
import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from sqzl_desktop.base import text
from sqzl_desktop.schema.fields import Json
from sqzl_desktop.schema.kind import Kind

MOST_READINGS = 8
_TOKEN = re.compile(r"[a-z]+|[0-9]+x?|[^\sa-z0-9]", re.IGNORECASE)
_LETTERS = re.compile(r"[a-z]+")
_DIGITS = re.compile(r"[0-9]{4,}x?")
_NO_TOKEN = re.compile(r"[\W_]+")
_INSERT = "INSERT INTO search(rowid, text, py, tail) VALUES (?, ?, ?, ?)"


def index(tx: sa.Connection, kind: Kind[Any], no: int, fields: Mapping[str, Json]) -> None:
    """Put, or put anew, the search text of one record."""
    forget(tx, no)
    index_many(tx, kind, [(no, fields)])


def index_many(
    tx: sa.Connection, kind: Kind[Any], records: Iterable[tuple[int, Mapping[str, Json]]]
) -> None:
    """Put the search text of records that are not in the index."""
    searched = [(each.name, each.search) for each in kind.columns if each.search]
    texts = [(no, *_texts(searched, fields)) for no, fields in records]
    filled = [line for line in texts if any(line[1:])]
    if filled:
        tx.exec_driver_sql(_INSERT, filled)


def forget(tx: sa.Connection, no: int) -> None:
    """Take a record out of the index."""
    tx.exec_driver_sql("DELETE FROM search WHERE rowid = ?", (no,))


def matches(
    tx: sa.Connection, query: str, *, kinds: Sequence[str], most: int
) -> list[tuple[str, str]]:
    """(kind, id) of the records in which every word of the query is found.

    At most `most` of each kind, so that the dwellings of a street do not hide the people.
    """
    expression = match_expression(query)
    if not expression:
        return []
    found = tx.exec_driver_sql(
        "SELECT kind, id FROM (SELECT rows.kind, rows.id, row_number() OVER"
        " (PARTITION BY rows.kind ORDER BY rows.no) AS place"
        " FROM search JOIN rows ON rows.no = search.rowid WHERE search MATCH ?"
        f" AND rows.kind IN ({', '.join('?' * len(kinds))})) WHERE place <= ?",
        (expression, *kinds, most),
    )
    return [(row[0], row[1]) for row in found]


def match_expression(query: str) -> str:
    """The FTS5 expression of what a person typed; "" when nothing in it can be searched."""
    words = [_word(word) for word in text.fold(query).split()]
    return " AND ".join(f"({word})" for word in words if word)


def _word(word: str) -> str:
    tokens = [each for each in _TOKEN.findall(word) if not _NO_TOKEN.fullmatch(each)]
    if not tokens:
        return ""
    phrase = " ".join(tokens)
    choices = [f'text : "{phrase}" *']
    if _LETTERS.fullmatch(word):
        choices.append(f'py : "{word}" *')
    if _DIGITS.fullmatch(word):
        choices.append(f'tail : "{word[::-1]}" *')
    return " OR ".join(choices)


def _texts(searched: Sequence[tuple[str, str]], fields: Mapping[str, Json]) -> tuple[str, str, str]:
    words: list[str] = []
    sounds: list[str] = []
    tails: list[str] = []
    for name, how in searched:
        value = fields.get(name)
        if not isinstance(value, str):
            continue
        folded = text.fold(value)
        words += _TOKEN.findall(folded)
        if how == "name":
            sounds += pinyin(folded)
        elif how == "tail":
            tails.append(_NO_TOKEN.sub("", folded)[::-1])
    return " ".join(words), " ".join(sounds), " ".join(tails)


@functools.lru_cache(maxsize=20_000)
def pinyin(name: str) -> tuple[str, ...]:
    """What a name sounds like: its syllables run together, and their initials, every reading."""
    syllables = [_readings(character) for character in name if character >= "㐀"]
    if not syllables:
        return ()
    readings = itertools.islice(itertools.product(*syllables[:12]), MOST_READINGS)
    found: dict[str, None] = {}
    for reading in readings:
        found["".join(reading)] = None
        found["".join(syllable[:1] for syllable in reading)] = None
    return tuple(found)


@functools.lru_cache(maxsize=30_000)
def _readings(character: str) -> tuple[str, ...]:
    import pypinyin

    found = pypinyin.pinyin(character, style=pypinyin.Style.NORMAL, heteronym=True, errors="ignore")
    return tuple(dict.fromkeys(found[0]))[:3] if found and found[0] else ("",)
