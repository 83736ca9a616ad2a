"""补充: what came with a step that somebody else had already taken stays on the record."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqzl_desktop.base import text
from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.flows import FLOWS
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.domain.kinds.attachment import ATTACHMENT
from sqzl_desktop.domain.kinds.supplement import SUPPLEMENT
from sqzl_desktop.protocol.merge import ALL
from sqzl_desktop.protocol.messages import Operation, Row
from sqzl_desktop.schema import codec
from sqzl_desktop.schema.fields import Json
from sqzl_desktop.schema.kind import Kind
from sqzl_desktop.server import checks
from sqzl_desktop.server.desk import Desk
from sqzl_desktop.server.refusals import Rejected

NAME = SUPPLEMENT.name
_OPERATION = uuid.UUID("4b6f3a52-8a4e-4d7c-9a31-51c2e0a7d816")


def photos(unit: Sequence[Operation]) -> list[Operation]:
    """Of the operations of a step, those that add photos and files to its record."""
    step = next(each for each in unit if each.action == "step")
    about = {"record_kind": step.kind, "record_id": step.record}
    return [
        each
        for each in unit
        if (each.kind, each.action) == (ATTACHMENT.name, "put")
        and about.items() <= each.fields.items()
    ]


def put_down(desk: Desk, unit: Sequence[Operation]) -> None:
    """Keep a late step, and what its author filled in for it, beside the record."""
    step = next(each for each in unit if each.action == "step")
    subject = desk.rows[step.kind, step.record]
    fields: dict[str, Json] = {
        "community_id": desk.scene.community,
        "grid_id": subject.grid,
        "record_kind": step.kind,
        "record_id": step.record,
        "step": FLOWS[step.kind].transition(step.step).label,
        "content": "\n".join(
            line for each in unit for line in lines(BY_NAME[each.kind], each.fields)
        ),
        "by": desk.scene.actor.name,
        "device": desk.scene.device_label,
        "made_at": moment(SUPPLEMENT, "made_at", step.made_at),
        "received_at": desk.scene.received_at,
    }
    present = {name: value for name, value in fields.items() if value not in ("", None)}
    each = str(uuid.uuid5(_OPERATION, step.id))
    desk.rows[NAME, each] = Row(NAME, each, subject.grid, 0, present, {ALL: step.id}, step.id)


def lines(kind: Kind[Any], fields: Mapping[str, Json]) -> Iterator[str]:
    """Field by field as people read it; what identifies a person stays hidden."""
    for column in kind.columns:
        if column.name not in fields or column.name in kind.guarded:
            continue
        try:
            value = codec.decode(column, fields[column.name])
        except codec.Unreadable:
            continue
        shown = text.clean(codec.cell_text(column, value, code_list))
        if shown:
            hidden = text.mask(shown, column.format) if column.facts.sensitive else shown
            yield f"{column.label}：{hidden}"


def moment(kind: Kind[Any], name: str, claimed: str) -> Json:
    """What a device's clock claimed, in its one form; None where it says nothing readable."""
    try:
        return checks.canonical(kind.column(name), claimed)
    except Rejected:
        return None
