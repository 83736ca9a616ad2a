"""检索文字: what of a record can be searched, as the terms of an index.

Made where the record is made or prepared: on the device, or on the server for a snapshot. Every
form in which people ask has a term of its own, so that a question is a look-up and never a walk
through all terms that begin alike. Marks (private characters) keep the sorts of terms apart:

words   any two characters that stand side by side; numbers and Latin words by themselves; of a
        name also each character, and its beginning (BEGIN)
sounds  of a name: the beginnings of its first two syllables and of its initials, the first with
        initials of the rest, and the whole spelling (SOUND)
tails   numbers written backwards (TAIL), and forwards, whole and the first five or six (HEAD)
"""

import functools
import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqzl_desktop.base import text
from sqzl_desktop.base.pinyin import readings as syllables_of
from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.schema.fields import Json
from sqzl_desktop.schema.kind import Column, Kind

RULES = 3  # raised when the same record would give another text
MOST_READINGS = 8
LONGEST_BEGINNING = 4  # characters; what begins longer is found by its pairs
REGION_DIGITS, LONGEST_PHONE = 6, 12
SOUND, TAIL, BEGIN, DOOR, BESIDE, HEAD = "\ue001\ue002\ue003\ue004\ue005\ue006"
_TOKEN = re.compile(r"[a-z]+|[0-9]+x?|[^\sa-z0-9]", re.IGNORECASE)
_NO_TOKEN = re.compile(r"[\W_]+")
_ACCENTED = re.compile("[\u00c0-\u024f\u1e00-\u1eff]")
_LATIN = re.compile(r"[a-z0-9]+")
_DOOR = re.compile(
    r"([0-9]+)(?:号?楼|栋|幢|#楼?)(?:([0-9]+)(?:单元|门))?(?:([0-9]{2,})(?![0-9层单栋]))?"
    r"|(?<![0-9-])([0-9]+)[-－—]([0-9]+)[-－—]([0-9]{2,})(?![0-9-])"
    r"|(?<![0-9-])([0-9]{1,2})[-－—]([0-9]{3,4})(?![0-9-])"
)


class Door(NamedTuple):
    """A door named in an address or a question, and where its name begins in the text."""

    start: int
    building: str
    entrance: str
    room: str

    @property
    def term(self) -> str:
        """How the index knows it; without a room it is the whole entrance."""
        room = f"r{self.room}" if self.room else ""
        return f"{DOOR}{self.building}u{self.entrance}{room}"


def searched(kind: Kind[Any]) -> list[Column]:
    """The fields of a kind that are searched."""
    return [each for each in kind.columns if each.search]


def texts(wanted: Sequence[Column], fields: Mapping[str, Json]) -> tuple[str, str, str]:
    """(words, sounds, tails) of the fields that are `searched`: terms between spaces."""
    words: dict[str, None] = {}
    sounds: dict[str, None] = {}
    tails: dict[str, None] = {}
    for column in wanted:
        for value in _values(column, fields.get(column.name)):
            folded = text.fold(value)
            if column.search == "tail":
                tails |= dict.fromkeys(_number(folded))
                continue
            words |= dict.fromkeys(_words(folded, is_name=column.search == "name"))
            if column.search == "name":
                sounds |= dict.fromkeys(SOUND + each for each in pinyin(folded))
    return " ".join(words), " ".join(sounds), " ".join(tails)


def _values(column: Column, value: Json) -> Iterable[str]:
    """A text as it is; codes by what people call them."""
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list):
        labels = code_list(column.facts.codes).label
        return (labels(each) for each in value if isinstance(each, str))
    return ()


def tokens(folded: str) -> list[str]:
    """Characters, Latin words and numbers of a folded text; dots, dashes and brackets are left
    out, so that 买买提·艾力 is found however its dot is written, and accents of Latin letters."""
    if _ACCENTED.search(folded):
        apart = unicodedata.normalize("NFD", folded)
        bare = "".join(each for each in apart if not unicodedata.combining(each))
        folded = unicodedata.normalize("NFC", bare)
    return [each for each in _TOKEN.findall(folded) if not _NO_TOKEN.fullmatch(each)]


def pairs(some: Sequence[str]) -> list[str]:
    """The terms of tokens side by side; of a single token itself."""
    if len(some) == 1:
        return list(some)
    return [
        a + (BESIDE if _LATIN.fullmatch(a) and _LATIN.fullmatch(b) else "") + b
        for a, b in itertools.pairwise(some)
    ]


def doors(folded: str) -> list[Door]:
    """The doors named in a text: 3号楼2单元401, 3栋401, 3-2-401."""
    found = []
    for match in _DOOR.finditer(folded):
        building, entrance, room = (
            (match[1], match[2], match[3]) if match[1]
            else (match[4], match[5], match[6]) if match[4]
            else (match[7], "", match[8])
        )  # fmt: skip
        if entrance or room:
            found.append(Door(match.start(), building, entrance or "", room or ""))
    return found


def _words(folded: str, *, is_name: bool) -> Iterator[str]:
    some = tokens(folded)
    yield from pairs(some)
    if is_name:
        yield from some
        whole = "".join(some)
        for length in range(1, min(len(whole), LONGEST_BEGINNING) + 1):
            yield BEGIN + whole[:length]
    else:
        yield from (each for each in some if _LATIN.fullmatch(each))
        for door in doors(folded):
            yield door.term
            if door.entrance:
                yield door._replace(room="").term


def _number(folded: str) -> Iterator[str]:
    number = _NO_TOKEN.sub("", folded)
    if number:
        yield TAIL + number[::-1]
        yield HEAD + number
        yield HEAD + number[:REGION_DIGITS]
        if len(number) <= LONGEST_PHONE:
            yield HEAD + number[: REGION_DIGITS - 1]


@functools.lru_cache(maxsize=20_000)
def pinyin(name: str) -> tuple[str, ...]:
    """What a name sounds like, in every way people type it, every reading."""
    syllables = [syllables_of(character) for character in name if character >= "㐀"]
    if not syllables:
        return ()
    found: dict[str, None] = {}
    for reading in itertools.islice(itertools.product(*syllables[:12]), MOST_READINGS):
        first = reading[0]
        initials = "".join(syllable[:1] for syllable in reading)
        for length in range(1, len(first) + 1):
            found[first[:length]] = None
        for length in range(2, len(initials) + 1):
            found[initials[:length]] = None
        found["".join(reading)] = None
        for length in range(1, len("".join(reading[1:2])) + 1):
            found[first + reading[1][:length]] = None
        for length in range(2, len(initials) + 1):
            found[first + initials[1:length]] = None
    found.pop("", None)
    return tuple(found)


def readings(characters: str) -> list[tuple[str, ...]]:
    """The syllables of each character, "" where it has none."""
    return [syllables_of(character) for character in characters]
