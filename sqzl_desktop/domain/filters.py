"""筛选: what a list shows, as values that the store and the screen share."""

import dataclasses
from typing import Literal

from sqzl_desktop.schema.fields import FieldType, Value

Operator = Literal["=", "!=", "<", "<=", ">", ">=", "in", "has", "contains", "empty", "matches"]


@dataclasses.dataclass(frozen=True, slots=True)
class Filter:
    """One condition on a field. `has` asks a set for an element, `contains` a text for a part.

    `matches` is about the whole record: it is one that searching for the text finds.
    """

    field: str
    operator: Operator
    value: Value | tuple[Value, ...] = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Order:
    """The field a list is sorted by."""

    field: str
    descending: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Choice:
    """A condition that a person may put on a field: `needs_value` says that one is asked for."""

    label: str
    operator: Operator
    needs_value: bool = True


_FILLED = (Choice("未填写", "empty", False), Choice("已填写", "!=", False))
_BOUNDS = (Choice("不小于", ">="), Choice("不大于", "<="), Choice("等于", "="), *_FILLED)
_DAYS = (Choice("不早于", ">="), Choice("不晚于", "<="), *_FILLED)
_WORDS = (Choice("包含", "contains"), Choice("等于", "="), *_FILLED)
CHOICES: dict[FieldType, tuple[Choice, ...]] = {
    "text": _WORDS,
    "note": _WORDS,
    "number": _BOUNDS,
    "decimal": _BOUNDS,
    "code": (Choice("是", "="), Choice("不是", "!="), *_FILLED),
    "many": (Choice("含有", "has"), *_FILLED),
    "date": _DAYS,
    "moment": _DAYS,
    "flag": (Choice("是", "=", False), Choice("否", "empty", False)),
    "ref": _FILLED,
    "location": _FILLED,
    "outline": _FILLED,
}


def chosen(field: str, kind_of: FieldType, choice: Choice, value: Value) -> Filter:
    """The filter that a choice makes of a field and what was entered."""
    if kind_of == "flag" and choice.operator == "=":
        return Filter(field, "=", True)
    return Filter(field, choice.operator, value if choice.needs_value else "")


def choice_of(each: Filter, kind_of: FieldType) -> Choice | None:
    """The choice that a filter came from, None for one that nobody chose by hand."""
    return next((choice for choice in CHOICES[kind_of] if choice.operator == each.operator
                 and choice.needs_value == (each.value not in ("", True))), None)  # fmt: skip
