"""差异: what is to stand in a table, beside what stands there; of many rows of a kind at once."""

import operator
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from sqzl_desktop.protocol import tabular
from sqzl_desktop.schema.fields import Json
from sqzl_desktop.schema.kind import Kind

Shown = tuple[int, tuple[Any, ...]]  # where a row lies in its table, and its values
Wanted = tuple[Mapping[str, Json], bool]  # fields, deleted
Values = dict[int, Any]  # by their places in a row
_EXACT = ("number", "decimal")


def found(
    kind: Kind[Any], shown: Mapping[str, Shown], wanted: Mapping[str, Wanted]
) -> dict[str, Values]:
    """Of the rows that are shown: what is to stand where, other than what stands there.

    Column by column: most are the same in all rows, and need no look at one of them.
    """
    ids = [record_id for record_id in wanted if record_id in shown]
    differing: dict[str, Values] = {record_id: {} for record_id in ids}
    if not ids:
        return differing
    many = [wanted[record_id][0] for record_id in ids]
    named = set[str]().union(*many)
    _, *stand = map(list, zip(*(shown[record_id][1] for record_id in ids), strict=True))
    types = [*(kind_of for _, kind_of in tabular.layout(kind)), ""]
    for n, (before, after) in enumerate(zip(stand, _columns(kind, named, many), strict=True), 1):
        is_same = _is_same if types[n - 1] in _EXACT else operator.eq
        if before == after and is_same is operator.eq:
            continue
        for record_id, old, new in zip(ids, before, after, strict=True):
            if not is_same(old, new):
                differing[record_id][n] = new
    return differing


def fields(
    layout: tabular.Layout,
    shown: tuple[Any, ...],
    after: Mapping[str, Json],
    differing: Iterable[int],
) -> tuple[Mapping[str, Json], Mapping[str, Json]]:
    """Fields before and after, of a row that differs in those places: the changed, if plain."""
    before: dict[str, Json] = {}
    for n in differing:
        name, kind_of = layout[n - 1] if n <= len(layout) else ("", "")
        if not name or kind_of in tabular.JSON_TYPES:
            return _whole(layout, shown), after
        before[name] = tabular.as_json(kind_of, shown[n])
    return before, {name: after.get(name) for name in before}


def _whole(layout: tabular.Layout, shown: tuple[Any, ...]) -> Mapping[str, Json]:
    try:
        return tabular.fields(layout, shown)
    except msgspec.MsgspecError:
        return {}  # gone bad on the disk: what arrives takes its place


def _columns(
    kind: Kind[Any], named: set[str], many: Sequence[Mapping[str, Json]]
) -> list[list[Any]]:
    return [
        *(
            tabular.column(name, kind_of, many) if name in named else [None] * len(many)
            for name, kind_of in tabular.layout(kind)
        ),
        tabular.extras(kind, named, many),
    ]


def _is_same(one: Any, other: Any) -> bool:
    """62 and 62.0 are equal, and not the same."""
    return one == other and type(one) is type(other)
