"""表头: find the heading row of a sheet and which column holds which field, forgivingly."""

import dataclasses
import difflib
import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqzl_desktop.base import text
from sqzl_desktop.base.errors import KnownError
from sqzl_desktop.exchange.sheet import Sheet
from sqzl_desktop.schema.kind import Kind

_SEARCHED_ROWS = 40
_ALIKE = 0.86
_SHORTEST_ALIKE = 4
_REPEATED_SHARE = 0.6
_REMARK = re.compile(r"[(\[【<《〈].*?[)\]】>》〉]")
_SIGNS = re.compile(r"[\W_]+|必填|选填")
_FILLED_IN = re.compile(r"[0-9:：]")


@dataclasses.dataclass(frozen=True, slots=True)
class Target:
    """A field that a column may hold, and the words by which sheets call it."""

    field: str
    label: str
    words: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Headings:
    """Where the headings stand and what they mean.

    Rows `first` to `last` (counted from 1) hold them, `above` says of each earlier row whether it
    is a title, a group_header or blank. `mapping` leads from a column to a field; a person may
    correct it with `replace()`.
    """

    first: int
    last: int
    labels: tuple[str, ...]
    mapping: Mapping[int, str]
    above: tuple[str, ...] = ()

    @functools.cached_property
    def keys(self) -> Mapping[int, str]:
        """Column to the key of its heading, for the columns that are mapped."""
        columns = range(len(self.labels))
        return {column: key(self.labels[column]) for column in self.mapping if column in columns}

    def label(self, field: str) -> str:
        """What the sheet calls the column of a field, "" where it has none."""
        for column, name in self.mapping.items():
            if name == field:
                return self.labels[column] if column < len(self.labels) else ""
        return ""


PLACE_TARGETS = (
    Target("estate", "小区", ("小区名称", "所属小区", "院落", "楼盘", "小区（院落）")),
    Target(
        "building", "楼号", ("楼栋", "栋号", "楼栋号", "幢号", "楼幢", "楼房号", "楼宇号", "楼")
    ),
    Target("unit", "单元", ("单元号", "门洞")),
    Target("room", "室号", ("房号", "房间号", "门牌号", "房屋号", "户室号", "门号", "室")),
    Target("place", "楼栋单元室", ("楼栋房号", "楼号单元房号", "房屋编号", "楼门室", "楼-单元-室")),
)
RELATION_WORDS = ("户主关系", "和户主关系", "与户主的关系", "家庭关系", "关系")


def targets(
    kind: Kind[Any], *, more: Sequence[Target] = (), leave: Iterable[str] = ()
) -> tuple[Target, ...]:
    """The fields of a kind as targets, then further ones; `leave` are not offered.

    Outlines come from maps, not from sheets.
    """
    left = frozenset(leave)
    fields = (
        Target(column.name, column.label, column.facts.more)
        for column in kind.columns
        if column.name not in left and column.type != "outline"
    )
    return (*fields, *more)


def match(labels: Sequence[str], offered: Sequence[Target]) -> dict[int, str]:
    """Column to field: equal words first, then the most alike; a field is taken once."""
    words = {key(word): each.field for each in reversed(offered) for word in each.words}
    words |= {key(each.label): each.field for each in reversed(offered)}
    found: dict[int, str] = {}
    for column, label in enumerate(labels):
        field = words.get(key(label), "") if label else ""
        if field and field not in found.values():
            found[column] = field
    for ratio, column, field in sorted(_alike(labels, words, found), key=lambda each: -each[0]):
        if ratio >= _ALIKE and column not in found and field not in found.values():
            found[column] = field
    return dict(sorted(found.items()))


def find_headings(sheet: Sheet, offered: Sequence[Target]) -> Headings:
    """The heading row or pair of rows that names most fields; KnownError where none does."""
    words = {key(word) for each in offered for word in (each.label, *each.words)}
    best, first, last = 0, 0, 0
    searched = range(min(len(sheet.rows), _SEARCHED_ROWS))
    # a pair of rows only where it names more fields than any single row
    for index, end in [(row, row + height) for height in (0, 1) for row in searched]:
        score = _score(_joined(sheet.rows[index : end + 1]), words)
        if score > best and end < len(sheet.rows):
            best, first, last = score, index, end
    labels = _joined(sheet.rows[first : last + 1])
    filled = sum(1 for label in labels if label)
    if best < min(2, filled) or best == 0:
        raise KnownError("找不到表头，请让表格有一行写明姓名、身份证号等列名")
    return Headings(
        first=first + 1,
        last=last + 1,
        labels=labels,
        mapping=match(labels, offered),
        above=_above(sheet.rows[:first]),
    )


def repeats(headings: Headings, row: Sequence[str]) -> bool:
    """Whether a later row says the headings once more, as on every printed page."""
    keys = headings.keys
    different = 0
    for column, heading in keys.items():
        if column >= len(row) or not row[column] or key(row[column]) != heading:
            different += 1
            if len(keys) - different < max(2, len(keys) * _REPEATED_SHARE):
                return False
    return len(keys) - different >= 2


def key(label: str) -> str:
    """A heading without remarks in brackets, signs, spaces, width and case."""
    folded = text.fold(label)
    return _SIGNS.sub("", _REMARK.sub("", folded)) or _SIGNS.sub("", folded)


def _alike(
    labels: Sequence[str], words: Mapping[str, str], found: Mapping[int, str]
) -> Iterable[tuple[float, int, str]]:
    taken = frozenset(found.values())
    for column, label in enumerate(labels):
        heading = key(label)
        if column in found or len(heading) < _SHORTEST_ALIKE:
            continue
        for word, field in words.items():
            if field not in taken and len(word) >= _SHORTEST_ALIKE:
                yield difflib.SequenceMatcher(None, heading, word).ratio(), column, field


def _joined(rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """One label per column: the lowest that is written."""
    labels = [""] * max((len(row) for row in rows), default=0)
    for row in rows:
        for column, cell in enumerate(row):
            labels[column] = text.line(cell) or labels[column]
    return tuple(labels)


def _score(labels: Sequence[str], words: set[str]) -> int:
    return len({key(label) for label in labels if label} & words)


def _above(rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    kinds: list[str] = []
    group_possible = True
    for row in reversed(rows):
        written = [text.line(cell) for cell in row]
        filled = [cell for cell in written if cell]
        if not filled:
            kinds.append("blank")
            continue
        group = group_possible and _groups(written, filled)
        group_possible = group
        kinds.append("group_header" if group else "title")
    return tuple(reversed(kinds))


def _groups(written: Sequence[str], filled: Sequence[str]) -> bool:
    """Labels over several columns, and not one title over all of them."""
    if len(filled) == 1 and written[0]:
        return False
    return all(len(cell) <= 12 and not _FILLED_IN.search(cell) for cell in filled)
