"""检索: one index over all kinds, and how what a person typed is asked of it.

The rows of a kind stand together in the index and in the order of their numbers, so that the first
of them can be had without the others, and all of them counted without a look at the tables.
"""

import dataclasses
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from sqzl_desktop.base import text
from sqzl_desktop.domain.attention import BLOCKS, GROUPS
from sqzl_desktop.domain.kinds import KINDS
from sqzl_desktop.protocol import search_text, tabular
from sqzl_desktop.protocol.search_text import BEGIN, HEAD, SOUND, TAIL, Door
from sqzl_desktop.schema.fields import Json
from sqzl_desktop.schema.kind import Column, Kind
from sqzl_desktop.store import meta

_BITS = 40  # of a rowid: the record's number; above them the place of its kind
_CHUNK = 5_000
_MASK = (1 << _BITS) - 1
_CLASS = 6  # of a place: its number in the class; above them the class
# what is many stands last: one passes by it on no way to something else
_MANY = ("facility", "visit", "household", "dwelling", "resident")
_APART = (*BLOCKS, *(group.kind for group in GROUPS))
_PLACE = {
    kind.name: number + ((2 if kind.name in _MANY else kind.name in _APART) << _CLASS)
    for number, kind in enumerate(KINDS)
}
_KIND = {place: kind for kind, place in _PLACE.items()}
NUMBER = f"(rowid & {_MASK})"  # SQL: the number in `rows` of a line of the index
_BETWEEN = re.compile(r"[\s,，、;；。]+")
_EVERYWHERE = ("号楼", "单元")  # in every address: beside others they only cost time
_LETTERS = re.compile(r"[a-z]+")
_SYLLABLE = re.compile(r"[zcs]?h?[b-df-hj-np-tw-z]?[aeiouv]+(?:ng?|r)?")
_VOWEL = re.compile(r"[aeiouv]")
_NUMBER_WORD = re.compile(r"(?=[a-z]*[0-9])[0-9a-z]{4,}")
_DASHED = re.compile(r"([0-9]+)[-－—#]([0-9]+)(?:[-－—]([0-9]*))?")
_LATIN_BESIDE_CHINESE = re.compile(r"([㐀-\U0003ffff]+)|([a-z]+)")
Line = tuple[int, str]  # of the index: its rowid, terms
_FULL_HEAD = {"1": 7, "0": 7}  # phone numbers soon differ; of an ID number the first ten are shared


@dataclasses.dataclass(frozen=True, slots=True)
class Question:
    """What was asked, as FTS5 expressions: `every` finds each word, `first` what stands before the
    rest of it: names that begin with a word, numbers that end so ("" where there is no such)."""

    every: str
    first: str


def index(tx: sa.Connection, kind: Kind[Any], no: int, fields: Mapping[str, Json]) -> None:
    """Put, or put anew, the search text of one record."""
    forget(tx, kind.name, [no])
    index_many(tx, kind, [(no, fields)])


def index_many(
    tx: sa.Connection, kind: Kind[Any], records: Iterable[tuple[int, Mapping[str, Json]]]
) -> None:
    """Put the search text of records that are not in the index."""
    searched = search_text.searched(kind)
    lines = [(no, *search_text.texts(searched, fields)) for no, fields in records]
    insert(tx, finished(kind.name, [line for line in lines if any(line[1:])]))


def finished(kind: str, lines: Iterable[tuple[Any, ...]]) -> list[Line]:
    """Finished search texts, (number in `rows`, words, sounds, tails) each, as lines to insert."""
    start = _start(kind)
    return [(start + no, f"{words} {sounds} {tails}") for no, words, sounds, tails in lines]


def insert(tx: sa.Connection, lines: list[Line]) -> None:
    """Put lines of any kinds. At once and in order: FTS5 writes a piece for each step back."""
    if lines:
        lines.sort()
        tx.exec_driver_sql("INSERT INTO search(rowid, terms) VALUES (?, ?)", lines)


def forget(tx: sa.Connection, kind: str, numbers: Sequence[int]) -> None:
    """Take records of a kind out of the index."""
    if numbers:
        start = _start(kind)
        tx.exec_driver_sql("DELETE FROM search WHERE rowid = ?", [(start + no,) for no in numbers])


def forget_all(tx: sa.Connection, kind: str, numbers: str, parameters: tuple[Any, ...]) -> None:
    """Take the records out whose numbers a query finds: one column named `no`."""
    tx.exec_driver_sql(
        f"DELETE FROM search WHERE rowid IN (SELECT no + {_start(kind)} FROM ({numbers}))",
        parameters,
    )


def bring_up_to_date(tx: sa.Connection) -> None:
    """Make the index anew where it was made by other rules than the present ones."""
    rules = f"{search_text.RULES} {msgspec.json.encode(_PLACE).decode()}"
    if meta.get(tx, "search_rules") == rules:
        return
    tx.exec_driver_sql("DELETE FROM search")
    for kind in KINDS:
        wanted = search_text.searched(kind)
        names = "".join(f', shown."{column.name}"' for column in wanted)
        found = tx.exec_driver_sql(
            f'SELECT rows.no{names} FROM "{kind.name}" AS shown JOIN rows ON rows.id = shown.id'
            " AND rows.kind = ?",
            (kind.name,),
        )
        for some in found.partitions(_CHUNK) if wanted else ():
            index_many(tx, kind, ((row[0], _fields(wanted, row[1:])) for row in some))
    meta.put(tx, "search_rules", rules)


def _fields(columns: Sequence[Column], values: Sequence[Any]) -> dict[str, Json]:
    return {
        column.name: tabular.as_json(column.type, value)
        for column, value in zip(columns, values, strict=True)
    }


def _start(kind: str) -> int:
    return _PLACE[kind] << _BITS


def numbers(
    tx: sa.Connection, asked: Question, kinds: Iterable[str], most: int
) -> dict[str, list[int]]:
    """The numbers of the records that are found, `most` of each kind; kinds without are left out.

    In few looks: where little is found, the first one gives all of it.
    """
    wanted = sorted(_PLACE[kind] for kind in kinds)
    found: dict[int, list[int]] = {}
    while wanted:
        last = max(place for place in wanted if place >> _CLASS == wanted[0] >> _CLASS)
        rows = _rows(tx, asked.every, (wanted[0], last), most)
        for rowid in rows:
            found.setdefault(rowid >> _BITS, []).append(rowid & _MASK)
        if len(rows) == most:
            cut = rows[-1] >> _BITS
            again = cut != wanted[0]  # it had to share the room: once more by itself
            found.pop(cut, None) if again else None
            wanted = [place for place in wanted if place >= cut + (not again)]
        else:
            wanted = [place for place in wanted if place > last]
    return {_KIND[place]: some for place, some in found.items() if _KIND[place] in kinds}


def foremost(tx: sa.Connection, asked: Question, kind: str, most: int) -> list[int]:
    """The numbers of those of a kind that stand before the rest (see `Question`)."""
    if not asked.first:
        return []
    both = f"({asked.first}) AND ({asked.every})"
    place = _PLACE[kind]
    return [rowid & _MASK for rowid in _rows(tx, both, (place, place), most)]


def _rows(tx: sa.Connection, expression: str, places: tuple[int, int], most: int) -> list[int]:
    first, last = places
    raw: Any = tx.connection.driver_connection  # a result of SQLAlchemy costs more than the look
    found = raw.execute(
        "SELECT rowid FROM search WHERE search MATCH ? AND rowid BETWEEN ? AND ? LIMIT ?",
        (expression, first << _BITS, ((last + 1) << _BITS) - 1, most),
    )
    return [row[0] for row in found]


def among(kind: str) -> str:
    """The numbers of the records of a kind that the parameter `expression` finds, as SQL."""
    start = _start(kind)
    return (
        f"SELECT rowid - {start} AS no FROM search"
        f" WHERE search MATCH :expression AND rowid BETWEEN {start} AND {start + _MASK}"
    )


def question(query: str) -> Question:
    """What a person typed, as expressions; both "" when nothing in it can be searched.

    Words are what stands between spaces and commas; each of them must be found.
    """
    words = [word for word in _BETWEEN.split(text.fold(query)) if word]
    every = [part for part in (_expression(word) for word in words) if part]
    first = [part for part in map(_beginning, words) if part]
    return Question(" AND ".join(f"({each})" for each in every), " OR ".join(first))


def _expression(word: str) -> str:
    dashed = _DASHED.fullmatch(word)
    if dashed:
        return " OR ".join([*_door(*dashed.groups()), *_plain(word)])
    if _LETTERS.fullmatch(word):
        return " OR ".join([*_sound(word), f'"{word}" *'])
    if _NUMBER_WORD.fullmatch(word):
        return " OR ".join([*_number(word), *_plain(word)])
    doors = search_text.doors(word)
    if doors:
        return _at_door(word, doors[0])
    return " OR ".join([*_plain(word), *_mixed(word)])


def _at_door(word: str, door: Door) -> str:
    """A door and what stands before it; a room that is still being typed is left open."""
    term = _term(door.term) + (" *" if word[-1].isdigit() else "")
    return " AND ".join([term, *_plain(word[: door.start])])


def _plain(word: str) -> list[str]:
    """All pairs of the word. A digit that may go on (…单元4) is left open."""
    some = search_text.tokens(word)
    if not some:
        return []
    terms = search_text.pairs(some)
    last = terms.pop() if some[-1].isdigit() and len(some) > 1 else ""
    telling = [each for each in terms if each not in _EVERYWHERE]
    parts = [_term(each) for each in (telling if len(telling) > 1 else terms)]
    if last and len(some[-1]) > 1:
        parts.append(f"{_term(last)} *")
    return [f"({' AND '.join(parts)})"] if parts else [_term(last)] if last else []


def _sound(letters: str) -> list[str]:
    """Names that sound so. Two syllables, or one and initials, are a term of their own."""
    return [_term(SOUND + letters) + ("" if _is_term(letters) else " *")]


def _is_term(letters: str) -> bool:
    rest = _SYLLABLE.sub("", letters, count=1)
    return not _VOWEL.search(rest) or not _SYLLABLE.sub("", rest, count=1)


def _number(word: str) -> list[str]:
    """A tail, a whole number, the region of an ID number, the beginning of a phone number."""
    choices = [f"{_term(TAIL + word[::-1])} *"]
    if len(word) in (search_text.REGION_DIGITS - 1, search_text.REGION_DIGITS):
        choices.append(_term(HEAD + word))
    elif len(word) >= _FULL_HEAD.get(word[0], 11):
        choices.append(f"{_term(HEAD + word)} *")
    return choices


def _door(building: str, second: str, room: str | None) -> list[str]:
    """3-2-401, and 3-401 where the building has one entrance; 3-2 finds the whole entrance."""
    if room is None and len(second) > 2:
        return [_term(Door(0, building, "", second).term)]
    door = Door(0, building, second, room or "").term
    return [_term(door) + (" *" if room and len(room) < 3 else "")]


def _mixed(word: str) -> list[str]:
    """A name of which some characters are written and some spelt: 张s, z三, 张san."""
    parts = _LATIN_BESIDE_CHINESE.findall(word)
    written = [each for each, _ in parts if each]
    spelt = [each for _, each in parts if each]
    if not written or not spelt or "".join(map("".join, parts)) != word:
        return []
    initials = whole = ""
    for chinese, letters in parts:
        syllables = [each[0] for each in search_text.readings(chinese)]
        initials += letters or "".join(each[:1] for each in syllables)
        whole += letters or "".join(syllables)
    characters = " AND ".join(_term(each) for run in written for each in search_text.pairs([*run]))
    sounds = _term(SOUND + initials)
    if any(_VOWEL.search(each) for each in spelt):
        sounds += f" OR {_term(SOUND + whole)} *"
    return [f"({characters} AND ({sounds}))"]


def _beginning(word: str) -> str:
    """What stands first: names that begin with the word, numbers that end so; "" for neither."""
    if _NUMBER_WORD.fullmatch(word):
        return f"{_term(TAIL + word[::-1])} *"
    if _LETTERS.fullmatch(word):
        return "" if _is_term(word) else _term(SOUND + word)
    some = search_text.tokens(word)
    if not some or any(_LATIN_BESIDE_CHINESE.fullmatch(each) is None for each in some):
        return ""
    return _term(BEGIN + "".join(some)[: search_text.LONGEST_BEGINNING])


def _term(term: str) -> str:
    return f'"{term}"'
