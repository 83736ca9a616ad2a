"""拼音: what Chinese characters sound like, for finding things by what is typed for them."""

import functools
import itertools
import os

_MOST_INITIALS = 8


@functools.lru_cache(maxsize=30_000)
def readings(character: str) -> tuple[str, ...]:
    """The syllables of one character, at most three; "" alone where it has none."""
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")  # 50,000 phrases, and we ask for none
    import pypinyin

    found = pypinyin.pinyin(character, style=pypinyin.Style.NORMAL, heteronym=True, errors="ignore")
    return tuple(dict.fromkeys(found[0]))[:3] if found and found[0] else ("",)


@functools.lru_cache(maxsize=4_000)
def initials(words: str) -> tuple[str, ...]:
    """The first letters of the characters of some words, in every reading: 噪声 is zs."""
    letters = [
        tuple(dict.fromkeys(syllable[:1] for syllable in readings(character)))
        for character in words
        if character >= "㐀"
    ]
    return tuple(
        "".join(each) for each in itertools.islice(itertools.product(*letters), _MOST_INITIALS)
    )
