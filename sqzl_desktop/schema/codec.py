"""编码: a record as JSON fields, a value as the text of a cell, and back.

Only values that differ from their default are written: a field that is added later costs the
records that lack it nothing, and two programs of different age agree on the same JSON.
"""

import datetime as dt
import math
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from sqzl_desktop.base.clock import BEIJING
from sqzl_desktop.schema.codes import CodeList
from sqzl_desktop.schema.fields import Element, Json, Value
from sqzl_desktop.schema.kind import Column, Kind
from sqzl_desktop.schema.outline import corner_count, outline_text, polygons

E = TypeVar("E", bound=Element)
CodeLists = Callable[[str], CodeList]


class Unreadable(ValueError):
    """A value that is not of its field's type; the text is a Chinese sentence."""


def encode(value: Any) -> Json:
    """A field's value as JSON."""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, dt.date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def decode(column: Column, value: Json) -> Value:
    """JSON as the value of a field; Unreadable where it is of another type."""
    if value is None:
        return column.default
    try:
        return _DECODERS[column.type](value)
    except (TypeError, ValueError) as error:
        raise Unreadable(f"{column.label}的内容无法识别") from error


def to_fields(kind: Kind[Any], record: Element) -> dict[str, Json]:
    """The fields of a record that differ from their default, as JSON."""
    values = ((column, getattr(record, column.name)) for column in kind.columns)
    return {column.name: encode(value) for column, value in values if value != column.default}


def from_fields(kind: Kind[E], record_id: str, fields: Mapping[str, Json]) -> E:
    """The record that JSON fields describe; fields the kind does not know are passed over."""
    values: dict[str, Any] = {
        column.name: decode(column, fields[column.name])
        for column in kind.columns
        if column.name in fields
    }
    return kind.record(id=record_id, **values)


def changed_fields(kind: Kind[Any], before: Element, after: Element) -> dict[str, Json]:
    """What an edit changed: field to new value, None where it went back to its default."""
    changes: dict[str, Json] = {}
    for column in kind.columns:
        value = getattr(after, column.name)
        if value != getattr(before, column.name):
            changes[column.name] = None if value == column.default else encode(value)
    return changes


def cell_text(column: Column, value: Any, lists: CodeLists) -> str:
    """A value as people read it in a list, a form or on paper; references stay ids."""
    if value is None or value == column.default:
        return ""
    if column.type == "code":
        return lists(column.facts.codes).label(value)
    if column.type == "many":
        return "、".join(lists(column.facts.codes).label(code) for code in value)
    if column.type == "moment":
        return f"{value.astimezone(BEIJING):%Y-%m-%d %H:%M}"
    if column.type == "flag":
        return "是"
    if column.type == "decimal":
        return f"{value:.10g}"
    if column.type == "location":
        return f"{value[0]:.6f}, {value[1]:.6f}"
    if column.type == "outline":
        return f"{corner_count(value)}个顶点"
    return str(value)


def parse_cell(column: Column, cell: str, lists: CodeLists) -> Value:
    """The value that a cell's text stands for; Unreadable says in Chinese what is wrong."""
    cell = cell.strip()
    if not cell:
        return column.default
    try:
        return _PARSERS[column.type](cell, column, lists)
    except ValueError as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(f"{column.label}“{cell}”{_EXPECTED[column.type]}") from error


def _moment(value: Any) -> dt.datetime:
    at = dt.datetime.fromisoformat(str(value))
    return at.astimezone(dt.UTC) if at.tzinfo else at.replace(tzinfo=BEIJING).astimezone(dt.UTC)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _finite(value: Any) -> float:
    measure = float(value)
    if not math.isfinite(measure):
        raise ValueError
    return measure


def _place(value: Any) -> tuple[float, float]:
    longitude, latitude = value
    return _finite(longitude), _finite(latitude)


_DECODERS: dict[str, Callable[[Any], Value]] = {
    "text": _text,
    "note": _text,
    "code": _text,
    "ref": _text,
    "number": int,
    "decimal": _finite,
    "date": lambda value: dt.date.fromisoformat(_text(value)),
    "moment": _moment,
    "many": lambda value: tuple(sorted(_text(code) for code in value)),
    "flag": bool,
    "location": _place,
    "outline": lambda value: outline_text(polygons(_text(value))),
}

_EXPECTED = {
    "number": "不是整数",
    "decimal": "不是数字",
    "date": "不是日期，请写成 2026-07-01",
    "moment": "不是时间，请写成 2026-07-01 09:30",
    "location": "不是坐标，请写成 经度, 纬度",
    "outline": "不是范围，请在网格地图中绘制或导入",
    "flag": "请写 是 或 否",
}


def _parse_code(cell: str, column: Column, lists: CodeLists) -> str:
    found = lists(column.facts.codes).find(cell)
    if not found:
        raise Unreadable(f"{column.label}“{cell}”不在代码表中，请从列表中选择")
    return found


def _parse_many(cell: str, column: Column, lists: CodeLists) -> tuple[str, ...]:
    words = [word for word in cell.replace(",", "、").replace("，", "、").split("、") if word]
    return tuple(sorted({_parse_code(word.strip(), column, lists) for word in words}))


def _parse_flag(cell: str) -> bool:
    if cell.lower() in ("是", "1", "true", "yes", "有", "√"):
        return True
    if cell.lower() in ("否", "0", "false", "no", "无", "×"):
        return False
    raise ValueError


_PARSERS: dict[str, Callable[[str, Column, CodeLists], Value]] = {
    "text": lambda cell, _column, _lists: cell,
    "note": lambda cell, _column, _lists: cell,
    "ref": lambda cell, _column, _lists: cell,
    "number": lambda cell, _column, _lists: int(cell),
    "decimal": lambda cell, _column, _lists: _finite(cell),
    "date": lambda cell, _column, _lists: dt.date.fromisoformat(cell),
    "moment": lambda cell, _column, _lists: _moment(cell),
    "code": _parse_code,
    "many": _parse_many,
    "flag": lambda cell, _column, _lists: _parse_flag(cell),
    "location": lambda cell, _column, _lists: _place(cell.replace("，", ",").split(",")),
    "outline": lambda cell, _column, _lists: outline_text(polygons(cell)),
}
