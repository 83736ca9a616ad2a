"""检索: one index over all kinds; two-character names, pinyin, initials, tails, parts of addresses.

Every Chinese character is a token of its own, so a phrase query finds any run of them. Numbers
are indexed forwards and backwards: their tails are prefixes of what stands backwards.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from sqzl_desktop.base import text
from sqzl_desktop.protocol import search_text
from sqzl_desktop.schema.fields import Json
from sqzl_desktop.schema.kind import Kind

_LETTERS = re.compile(r"[a-z]+")
_DIGITS = re.compile(r"[0-9]{4,}x?")
_INSERT = "INSERT INTO search(rowid, text, py, tail) VALUES (?, ?, ?, ?)"


def index(tx: sa.Connection, kind: Kind[Any], no: int, fields: Mapping[str, Json]) -> None:
    """Put, or put anew, the search text of one record."""
    forget(tx, no)
    index_many(tx, kind, [(no, fields)])


def index_many(
    tx: sa.Connection, kind: Kind[Any], records: Iterable[tuple[int, Mapping[str, Json]]]
) -> None:
    """Put the search text of records that are not in the index."""
    searched = search_text.searched(kind)
    lines = [(no, *search_text.texts(searched, fields)) for no, fields in records]
    insert(tx, [line for line in lines if any(line[1:])])


def insert(tx: sa.Connection, lines: Sequence[tuple[int, str, str, str]]) -> None:
    """Put finished search texts: (number in `rows`, words, pinyin, tails) each."""
    if lines:
        tx.exec_driver_sql(_INSERT, list(lines))


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
    tokens = [
        each for each in search_text.TOKEN.findall(word) if not search_text.NO_TOKEN.fullmatch(each)
    ]
    if not tokens:
        return ""
    phrase = " ".join(tokens)
    choices = [f'text : "{phrase}" *']
    if _LETTERS.fullmatch(word):
        choices.append(f'py : "{word}" *')
    if _DIGITS.fullmatch(word):
        choices.append(f'tail : "{word[::-1]}" *')
    return " OR ".join(choices)
