"""校验: what is wrong with a record, field by field, in sentences."""

import datetime as dt
from collections.abc import Callable, Collection
from typing import Any

from sqzl_desktop.base import identity
from sqzl_desktop.schema.codec import CodeLists
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.schema.kind import Column, Kind

LONGEST_TEXT = 500
LONGEST_NOTE = 20_000
LONGEST_OUTLINE = 100_000


def problems(
    kind: Kind[Any],
    record: Element,
    *,
    lists: CodeLists,
    today: dt.date,
    touched: Collection[str] | None = None,
) -> dict[str, str]:
    """Field to sentence for everything that keeps a record from being saved; {} when it may be.

    With `touched`, the values of other fields are known to be right; rules that bind several
    fields are checked all the same.
    """
    found: dict[str, str] = {}
    for name, column in kind.by_name.items():
        if touched is not None and name not in touched:
            continue
        sentence = _problem(column, getattr(record, column.name), lists)
        if sentence:
            found[name] = sentence
    if kind.in_grid and not record.grid_id:
        found["grid_id"] = "请选择所属网格"
    for field, sentence in kind.errors(record, today).items():
        found.setdefault(field, sentence)
    return found


def doubts(kind: Kind[Any], record: Element, *, today: dt.date) -> dict[str, str]:
    """Field to sentence for what is probably wrong but may be saved."""
    return dict(kind.doubts(record, today))


def _problem(column: Column, value: Any, lists: CodeLists) -> str:
    if value == column.default:
        return f"请填写{column.label}" if column.facts.required else ""
    if column.type == "code":
        return _code_problem(column, (value,), lists)
    if column.type == "many":
        return _code_problem(column, value, lists)
    if column.type in ("text", "note"):
        return _text_problem(column, value)
    if column.type == "outline" and len(value) > LONGEST_OUTLINE:
        return f"{column.label}的顶点太多，请简化后再保存"
    if column.type in ("number", "decimal") and value < 0:
        return f"{column.label}不能是负数"
    return ""


def _code_problem(column: Column, values: tuple[str, ...], lists: CodeLists) -> str:
    known = lists(column.facts.codes)
    unknown = [value for value in values if value not in known]
    return f"{column.label}“{unknown[0]}”不在代码表中，请从列表中选择" if unknown else ""


def _text_problem(column: Column, value: str) -> str:
    longest = LONGEST_NOTE if column.type == "note" else LONGEST_TEXT
    if len(value) > longest:
        return f"{column.label}太长：{len(value)}字，最多{longest}字"
    checked = _FORMATS.get(column.format)
    return checked(value) if checked else ""


# which document an id_number is depends on the record: the kind's own rule checks it
_FORMATS: dict[str, Callable[[str], str]] = {
    "phone": identity.phone_problem,
    "uscc": identity.uscc_problem,
}
