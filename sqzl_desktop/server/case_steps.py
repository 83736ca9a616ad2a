"""办理记录: what a step of a case was, put down when it takes effect, by the server alone."""

import uuid
from collections.abc import Iterator

import msgspec

from sqzl_desktop.domain.access import ROLES
from sqzl_desktop.domain.flows import FLOWS
from sqzl_desktop.domain.kinds.case import CASE
from sqzl_desktop.domain.kinds.case_step import CASE_STEP
from sqzl_desktop.protocol.merge import ALL
from sqzl_desktop.protocol.messages import Operation, Row
from sqzl_desktop.schema import codec
from sqzl_desktop.schema.fields import Json
from sqzl_desktop.server import case_merging, checks, supplements
from sqzl_desktop.server.desk import Desk

NAME = CASE_STEP.name
_GIVEN = ("number", "state", "collector", "collector_name")  # a device says these of a new case
_OPERATION = uuid.UUID("6f0e3a0c-2f0b-4e0c-8a8e-0d9b6f7c1e52")


def received(desk: Desk, operation: Operation) -> Operation:
    """A new case as it counts: reported when the server has it, whatever a device's clock says.

    When it was noticed stays as it was said, as far as that is not still to come.
    """
    now = desk.scene.received_at
    of_steps = set(CASE.guarded) - set(_GIVEN)
    fields = {name: value for name, value in operation.fields.items() if name not in of_steps}
    said = supplements.moment(CASE, "discovered_at", str(fields.get("discovered_at")))
    if said:
        fields["discovered_at"] = min(str(said), now)
    return msgspec.structs.replace(
        operation, fields={**fields, "reported_at": now, "state_at": now}
    )


def timed(desk: Desk, operation: Operation) -> Operation:
    """A new case, checked, with the limit within which it is to be looked at."""
    case = checks.described(CASE, operation.record, operation.fields)
    limits = desk.occasion().clocks(case)
    known = {name: codec.encode(value) for name, value in limits.items() if value is not None}
    return msgspec.structs.replace(operation, fields={**operation.fields, **known})


def put_down(desk: Desk, operation: Operation, before: Row, after: Row) -> None:
    """Put the step a case has just taken on the desk, with what was filled in for it.

    `before` is the case with what came with the step, before the step took effect.
    """
    flow = FLOWS[CASE.name]
    transition = flow.transition(operation.step)
    filled = {name: before.fields[name] for name in transition.brings if name in before.fields}
    fields: dict[str, Json] = {
        "community_id": desk.scene.community,
        "grid_id": after.grid,
        "case_id": after.id,
        "number": after.fields["step_count"],
        "step": operation.step,
        "label": transition.label,
        "from_state": str(before.fields.get("state") or flow.initial),
        "to_state": str(after.fields["state"]),
        "by": desk.scene.actor.name,
        "role": ROLES.get(desk.scene.actor.role, ""),
        "device": desk.scene.device_label,
        "content": "\n".join([*supplements.lines(CASE, filled), *_into(desk, after)]),
        "made_at": supplements.moment(CASE_STEP, "made_at", operation.made_at),
        "received_at": desk.scene.received_at,
    }
    present = {name: value for name, value in fields.items() if value not in ("", None)}
    each = str(uuid.uuid5(_OPERATION, operation.id))
    desk.rows[NAME, each] = Row(
        NAME, each, after.grid, 0, present, {ALL: operation.id}, operation.id
    )


def _into(desk: Desk, after: Row) -> Iterator[str]:
    """Into which case it was merged; of one in another grid no more than the number is told."""
    kept = desk.rows.get((CASE.name, str(after.fields.get(case_merging.INTO) or "")))
    if kept is not None and after.fields["state"] == "merged":
        told = CASE.title if kept.grid == after.grid else ("number",)
        named = (str(kept.fields.get(name) or "") for name in told)
        yield f"并入：{' '.join(filter(None, named))}"
