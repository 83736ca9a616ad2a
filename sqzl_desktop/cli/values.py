"""取值: words of a command line as kinds and field values."""

from collections.abc import Sequence
from typing import Any

from sqzl_desktop.base.errors import Invalid, Refused
from sqzl_desktop.cli.output import say
from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.schema.codec import Unreadable, parse_cell
from sqzl_desktop.schema.kind import Kind


def kind_named(name: str) -> Kind[Any]:
    """The kind of that identifier; Refused with the list of identifiers otherwise."""
    if name not in BY_NAME:
        known = "、".join(f"{kind.name}（{kind.label}）" for kind in BY_NAME.values())
        raise Refused(f"没有名为“{name}”的要素种类，可用的有：{known}")
    return BY_NAME[name]


def values_of(kind: Kind[Any], pairs: Sequence[str]) -> dict[str, Any]:
    """FIELD=VALUE words as field values; codes may be given by code or by name."""
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for pair in pairs:
        name, sign, cell = pair.partition("=")
        if not sign:
            raise SystemExit(_usage(f"“{pair}”应写成 字段=值"))
        if name not in kind.known:
            known = "、".join(column.name for column in kind.columns)
            raise Refused(f"{kind.label}没有字段“{name}”，可用的字段：{known}")
        try:
            values[name] = parse_cell(kind.column(name), cell, code_list)
        except Unreadable as error:
            problems[name] = str(error)
    if problems:
        raise Invalid(problems)
    return values


def _usage(sentence: str) -> int:
    say(sentence)
    return 2
