"""种类: a kind of element, as an ordinary object one can print."""

import dataclasses
import datetime as dt
import functools
from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar, cast

from sqzl_desktop.schema.fields import Element, Facts, FieldType, Format, Search, Value

E = TypeVar("E", bound=Element)
Rule = Callable[[Any, dt.date], Mapping[str, str]]


def _nothing(_record: Element, _today: dt.date) -> Mapping[str, str]:
    return {}


@dataclasses.dataclass(frozen=True, slots=True)
class Column:
    """One described field of a kind."""

    name: str
    default: Value
    facts: Facts

    @property
    def label(self) -> str:
        """What people call it."""
        return self.facts.label

    @property
    def type(self) -> FieldType:
        """Which sort of value it holds."""
        return self.facts.type

    @property
    def search(self) -> Search:
        """How its value is found."""
        return self.facts.search

    @property
    def format(self) -> Format:
        """Which check, mask and clean-up apply."""
        return self.facts.format


@dataclasses.dataclass(frozen=True)
class Kind(Generic[E]):
    """A described kind of record.

    `title` names the fields that together call a record by its name; `in_grid` says that a record
    must lie in a grid; `key` names the field whose value is the id (official codes), "" where ids
    are made on the device; `append_only` records are never edited after they were confirmed;
    `flow` records move by steps (commands); `errors` and `doubts` are further rules of the kind
    on a record and the present day, field to sentence: an error refuses, a doubt only warns.
    """

    name: str
    label: str
    record: type[E]
    columns: tuple[Column, ...]
    title: tuple[str, ...]
    in_grid: bool = True
    key: str = ""
    append_only: bool = False
    errors: Rule = _nothing
    doubts: Rule = _nothing
    guarded: tuple[str, ...] = ()

    def column(self, name: str) -> Column:
        """The column of that name; KeyError where there is none."""
        return self.by_name[name]

    @functools.cached_property
    def by_name(self) -> Mapping[str, Column]:
        """Its columns by their names."""
        return {column.name: column for column in self.columns}

    @functools.cached_property
    def known(self) -> frozenset[str]:
        """The identifiers of its fields."""
        return frozenset(column.name for column in self.columns)


def describe(record: type[E], **facts: Any) -> Kind[E]:
    """The kind that a record class describes: its fields without the id, in order.

    `facts` are the remaining fields of `Kind` (name, label, title ...).
    """
    columns = tuple(
        Column(field.name, cast(Value, field.default), field.metadata["facts"])
        for field in dataclasses.fields(record)
        if "facts" in field.metadata
    )
    return Kind(record=record, columns=columns, **facts)
