"""筛选: what a list shows, as values that the store and the screen share."""

import dataclasses
from typing import Literal

from sqzl_desktop.schema.fields import Value

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
