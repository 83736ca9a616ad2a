"""列入与撤出: what a record of an attention group does to its resident, in the same action."""

import dataclasses

import sqlalchemy as sa

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain import attention
from sqzl_desktop.domain.attention import GROUP_OF
from sqzl_desktop.domain.attention_fields import Attention
from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.domain.kinds.resident import RESIDENT, Resident
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.services.saving import put
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import changes, records


def put_marked(
    ws: Workspace, action: changes.Action, kind: str, before: Element, record: Element
) -> Element:
    """Write a record of a group; its tags come onto the resident, those it no longer gives go."""
    assert isinstance(before, Attention)
    assert isinstance(record, Attention)
    if not record.id:
        _refuse_second(ws, action.tx, kind, record)
    saved = put(ws, action, record, BY_NAME[kind])
    resident = records.get(action.tx, "resident", record.resident_id)
    if isinstance(resident, Resident):
        gone = set(attention.tags_of(kind, before, ws.today)) if before.id else set()
        tags = set(resident.tags) - gone | set(attention.tags_of(kind, saved, ws.today))
        if tags != set(resident.tags):
            tagged = dataclasses.replace(resident, tags=tuple(sorted(tags)))
            put(ws, action, tagged, RESIDENT)
    return saved


def is_grouped(kind: str) -> bool:
    """Does saving a record of this kind change others along with it?"""
    return kind in GROUP_OF


def _refuse_second(ws: Workspace, tx: sa.Connection, kind: str, record: Attention) -> None:
    same = [Filter("resident_id", "=", record.resident_id)]
    for each in records.find(tx, kind, filters=same):
        if isinstance(each, Attention) and attention.is_running(each.until_on, ws.today):
            label = BY_NAME[kind].label
            raise Refused(f"此人已经列入{label}，请打开原来的登记修改，或先办理撤出")
