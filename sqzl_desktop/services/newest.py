"""最新值: what was changed in a form goes onto the record as it is now, not as it was shown."""

import dataclasses
from typing import Any

import sqlalchemy as sa

from sqzl_desktop.base.errors import Invalid
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.schema.kind import Column, Kind
from sqzl_desktop.services import elements, listing
from sqzl_desktop.services.saving import put
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import changes


class Overtaken(Invalid):
    """Others changed the same fields after the form was filled.

    `newest` is what stands now, `edited` the same with what was typed put onto it.
    """

    def __init__(self, problems: dict[str, str], newest: Element, edited: Element) -> None:
        super().__init__(problems)
        self.newest = newest
        self.edited = edited


def save_over(ws: Workspace, shown: Element, edited: Element) -> Element:
    """Save the difference between what was shown and what was made of it, in one transaction.

    Sync may have brought changes while somebody was typing: fields that were not touched keep
    them. A field that both sides changed is shown first (Overtaken), and saved the second time.
    """
    with ws.store.write() as tx:
        kind = elements.kind_of(edited)
        onto = put_onto(tx, kind, shown, edited) if shown.id else edited
        is_grouped = listing.is_grouped(kind.name)
        action = changes.Action(tx, ws.clock.now(), grouped=is_grouped)
        if is_grouped:
            return listing.put_marked(ws, action, kind.name, shown, onto)
        return put(ws, action, onto, kind)


def put_onto(tx: sa.Connection, kind: Kind[Any], shown: Element, edited: Element) -> Element:
    """The record as it is now, with what was made of what was shown; Overtaken as above."""
    newest = elements.wanted(tx, kind.name, shown.id)
    problems: dict[str, str] = {}
    values: dict[str, Any] = {}
    for column in changed_columns(kind, shown, edited):
        old, mine = getattr(shown, column.name), getattr(edited, column.name)
        now = getattr(newest, column.name)
        if column.type == "many":
            mine = tuple(sorted((set(now) | set(mine) - set(old)) - (set(old) - set(mine))))
        elif now not in (old, mine):
            problems[column.name] = _sentence(tx, column, now)
        values[column.name] = mine
    onto = dataclasses.replace(newest, **values)
    if problems:
        raise Overtaken(problems, newest, onto)
    return onto


def changed_columns(kind: Kind[Any], before: Element, after: Element) -> list[Column]:
    """The fields in which two states of a record differ."""
    return [
        each
        for each in kind.columns
        if getattr(before, each.name) != getattr(after, each.name)
    ]  # fmt: skip


def _sentence(tx: sa.Connection, column: Column, now: Any) -> str:
    text = elements.worded(tx, column, now)
    stands = f"改为“{text}”" if text else "清空"
    return f"您填写期间，这一项已被他人{stands}。请核对；再次保存将采用您填的内容"
