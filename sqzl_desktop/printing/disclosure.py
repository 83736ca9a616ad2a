"""公开前检查: what is posted or handed on carries no resident's ID number or phone number."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from sqzl_desktop.base.errors import Invalid
from sqzl_desktop.base.text import clean as tidy
from sqzl_desktop.base.text import mask
from sqzl_desktop.printing.text import clean

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_GAP = r"[\s\-—\u2013.·]?"
_ID_NUMBER = re.compile(rf"(?<!\d)\d{{6}}{_GAP}\d{{8}}{_GAP}\d{{3}}{_GAP}[\dXx](?!\d)")
_MOBILE = re.compile(rf"(?<!\d)(?:\+?86{_GAP})?1\d{{2}}{_GAP}\d{{4}}{_GAP}\d{{4}}(?!\d)")


def texts_of(values: "DataclassInstance") -> Iterator[tuple[str, str, str]]:
    """Field name, Chinese label and text of every text in a form's values."""
    for field in fields(values):
        for text in _texts(getattr(values, field.name)):
            yield field.name, field.metadata.get("label", field.name), text


def refuse_private(values: "DataclassInstance", *, office_phones: Collection[str]) -> None:
    """Refuse values that would put a citizen's number on a wall, naming the field.

    The number itself is not repeated in the sentence: it would end up in a log.
    """
    problems: dict[str, str] = {}
    for name, label, text in texts_of(values):
        plain = normalize("NFKC", clean(text))
        if _ID_NUMBER.search(plain):
            problems[name] = f"“{label}”中有疑似居民身份证号的数字，公开张贴的文书不得载有，请删去"
        elif name not in office_phones and _MOBILE.search(plain):
            problems[name] = (
                f"“{label}”中有疑似个人手机号的数字，公开张贴的文书不得载有，请改用办公电话"
            )
    if problems:
        raise Invalid(problems)


def covered(words: str, names: Collection[str] = ()) -> str:
    """Free text with every ID and mobile number masked, and the people of `names` as 李某某."""
    found = _ID_NUMBER.sub(lambda each: mask(each[0], "id_number"), tidy(words))
    found = _MOBILE.sub(lambda each: mask(each[0], "phone"), found)
    for name in sorted(filter(None, names), key=len, reverse=True):
        found = found.replace(name, somebody(name)) if len(name) > 1 else found
    return found


def somebody(name: str) -> str:
    """李某某: a person on paper that others read."""
    return f"{name[0]}某某" if name else ""


def refuse_blank(values: "DataclassInstance", names: Collection[str]) -> None:
    """Refuse values in which something is empty that the paper must say."""
    labels = {field.name: str(field.metadata.get("label", field.name)) for field in fields(values)}
    filled = {name for name, _, text in texts_of(values) if clean(text).strip()}
    problems: Mapping[str, str] = {
        name: f"“{labels[name]}”还没有填写，请补充后再打印" for name in names if name not in filled
    }
    if problems:
        raise Invalid(problems)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _texts(part)
