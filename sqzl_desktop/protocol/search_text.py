"""检索文字: what of a record can be searched: its words, its sound, the tails of its numbers.

Made where the record is made or prepared: on the device, or on the server for a snapshot.
"""

import functools
import itertools
import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqzl_desktop.base import text
from sqzl_desktop.schema.fields import Json
from sqzl_desktop.schema.kind import Kind

RULES = 1  # raised when the same record would give another text
MOST_READINGS = 8
TOKEN = re.compile(r"[a-z]+|[0-9]+x?|[^\sa-z0-9]", re.IGNORECASE)
NO_TOKEN = re.compile(r"[\W_]+")


def searched(kind: Kind[Any]) -> list[tuple[str, str]]:
    """The fields of a kind that are searched, each with how."""
    return [(each.name, each.search) for each in kind.columns if each.search]


def texts(wanted: Sequence[tuple[str, str]], fields: Mapping[str, Json]) -> tuple[str, str, str]:
    """(words, pinyin, tails written backwards) of the fields that are `searched`."""
    words: list[str] = []
    sounds: list[str] = []
    tails: list[str] = []
    for name, how in wanted:
        value = fields.get(name)
        if not isinstance(value, str):
            continue
        folded = text.fold(value)
        words += TOKEN.findall(folded)
        if how == "name":
            sounds += pinyin(folded)
        elif how == "tail":
            tails.append(NO_TOKEN.sub("", folded)[::-1])
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
