"""字段: the words with which a kind describes its fields."""

import dataclasses
import datetime as dt
from typing import Any, Literal, TypeVar, dataclass_transform

FieldType = Literal[
    "text",
    "note",
    "number",
    "decimal",
    "code",
    "date",
    "moment",
    "ref",
    "many",
    "flag",
    "location",
    "outline",
]
Search = Literal["", "name", "words", "tail"]
Format = Literal["", "id_number", "phone", "uscc", "address"]

T = TypeVar("T")
Location = tuple[float, float]


@dataclasses.dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a field beside its name and default.

    A fact enters only when two consumers read it: `search` says how a value is found (a person's
    name also by pinyin, `tail` by its last characters), `format` which check, mask and clean-up
    apply, `group` under which heading a form folds it ("" is shown first), `more` the words by
    which spreadsheets call it.
    """

    label: str
    type: FieldType
    required: bool = False
    search: Search = ""
    listed: bool = False
    sensitive: bool = False
    codes: str = ""
    target: str = ""
    group: str = ""
    format: Format = ""
    more: tuple[str, ...] = ()


def _field(default: object, label: str, kind: FieldType, facts: dict[str, Any]) -> Any:
    return dataclasses.field(
        default=default, metadata={"facts": Facts(label=label, type=kind, **facts)}
    )


def text(label: str, **facts: Any) -> Any:
    """One line of text."""
    return _field("", label, "text", facts)


def note(label: str, **facts: Any) -> Any:
    """Text of several lines."""
    return _field("", label, "note", facts)


def number(label: str, **facts: Any) -> Any:
    """A whole number, or None."""
    return _field(None, label, "number", facts)


def decimal(label: str, **facts: Any) -> Any:
    """A measure with a fraction (area, length), or None."""
    return _field(None, label, "decimal", facts)


def code(label: str, codes: str, **facts: Any) -> Any:
    """A code of the code list named `codes`; "" is unknown."""
    return _field("", label, "code", {"codes": codes, **facts})


def date(label: str, **facts: Any) -> Any:
    """A calendar day, or None."""
    return _field(None, label, "date", facts)


def moment(label: str, **facts: Any) -> Any:
    """A moment in UTC, or None; shown in Beijing time."""
    return _field(None, label, "moment", facts)


def ref(label: str, target: str, **facts: Any) -> Any:
    """The id of a record of the kind named `target`; "" is none."""
    return _field("", label, "ref", {"target": target, **facts})


def many(label: str, codes: str, **facts: Any) -> Any:
    """A set of codes, kept sorted; merged element by element."""
    return _field((), label, "many", {"codes": codes, **facts})


def flag(label: str, **facts: Any) -> Any:
    """Yes or no; no by default."""
    return _field(False, label, "flag", facts)


def location(label: str, **facts: Any) -> Any:
    """Longitude and latitude in degrees (CGCS2000), or None."""
    return _field(None, label, "location", facts)


def outline(label: str, **facts: Any) -> Any:
    """The text of a GeoJSON Polygon or MultiPolygon (CGCS2000, degrees); "" is none."""
    return _field("", label, "outline", facts)


# no field_specifiers: to a type checker every described field simply has a default
@dataclass_transform(frozen_default=True, kw_only_default=True)
def record(cls: type[T]) -> type[T]:
    """Make a class of described fields a frozen dataclass with keyword-only construction."""
    return dataclasses.dataclass(frozen=True, kw_only=True)(cls)


@record
class Element:
    """要素: what every record has. Its id, the community whose order it belongs to, its grid.

    `grid_id` decides who sees the record; "" means everybody in the community.
    """

    id: str = ""
    community_id: str = ref("所属社区", "community", group="归属")
    grid_id: str = ref("所属网格", "grid", group="归属")


Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]
Value = str | int | float | bool | dt.date | dt.datetime | tuple[str, ...] | Location | None
