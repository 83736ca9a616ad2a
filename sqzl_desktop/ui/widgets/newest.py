"""最新值: what was changed in a form goes onto the record as it is now, not as it was shown."""

import dataclasses
from typing import Any

from sqzl_desktop.base.errors import Invalid
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.schema.kind import Column, Kind
from sqzl_desktop.services import elements
from sqzl_desktop.services.workspace import Workspace


class Overtaken(Invalid):
    """Others changed the same fields after the form was filled.

    `newest` is what stands now, `edited` the same with what was typed put onto it.
    """

    def __init__(self, problems: dict[str, str], newest: Element, edited: Element) -> None:
        super().__init__(problems)
        self.newest = newest
        self.edited = edited


def save_over(ws: Workspace, shown: Element, edited: Element) -> Element:
    """Save the difference between what was shown and what was made of it.

    Sync may have brought changes while somebody was typing: fields that were not touched keep
    them. A field that both sides changed is shown first (Overtaken), and saved the second time.
    """
    if not shown.id:
        return elements.save(ws, edited)
    kind = elements.kind_of(shown)
    newest = elements.get(ws, kind.name, shown.id)
    problems: dict[str, str] = {}
    values: dict[str, Any] = {}
    for column in changed_columns(kind, shown, edited):
        old, mine = getattr(shown, column.name), getattr(edited, column.name)
        now = getattr(newest, column.name)
        if column.type == "many":
            mine = tuple(sorted((set(now) | set(mine) - set(old)) - (set(old) - set(mine))))
        elif now not in (old, mine):
            problems[column.name] = _sentence(ws, column, now)
        values[column.name] = mine
    onto = dataclasses.replace(newest, **values)
    if problems:
        raise Overtaken(problems, newest, onto)
    return elements.save(ws, onto)


def changed_columns(kind: Kind[Any], before: Element, after: Element) -> list[Column]:
    """The fields in which two states of a record differ."""
    return [
        each
        for each in kind.columns
        if getattr(before, each.name) != getattr(after, each.name)
    ]  # fmt: skip


def _sentence(ws: Workspace, column: Column, now: Any) -> str:
    if column.type == "ref":
        text = elements.titles(ws, column.facts.target, [now]).get(now, "")
    else:
        text = elements.masked(column, now)
    stands = f"改为“{text}”" if text else "清空"
    return f"您填写期间，这一项已被他人{stands}。请核对；再次保存将采用您填的内容"
