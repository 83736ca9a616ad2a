"""裁决: what becomes of each operation of a push, one by one and group by group."""

from collections.abc import Sequence
from typing import Any

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.domain.kinds.case import CASE
from sqzl_desktop.protocol.merge import merge
from sqzl_desktop.protocol.messages import Operation, Outcome
from sqzl_desktop.schema.kind import Kind
from sqzl_desktop.server import (
    aliases,
    case_steps,
    checks,
    handovers,
    redrawings,
    steps,
    supplements,
)
from sqzl_desktop.server.desk import Desk, Verdict
from sqzl_desktop.server.refusals import Held, Late, Rejected

_ADVICE = "请同步后查看最新情况，再重新办理"
_KEPT_ADVICE = "请在“待处理”中选择保留哪一个"


def judge(desk: Desk, operations: Sequence[Operation]) -> dict[str, Verdict]:
    """Operation id to verdict. Those of one group stand or fall together, in the first's place."""
    verdicts: dict[str, Verdict] = {}
    for unit in _units(operations):
        if len(unit) == 1:
            verdict = _keep(desk, unit, _or_beaten(desk, unit, _verdict(desk, unit[0])))
            verdicts[unit[0].id] = verdict
            continue
        trial = desk.trial()
        found: dict[str, Verdict] = {}
        for operation in unit:
            found[operation.id] = verdict = _verdict(trial, operation)
            if not verdict.stands:
                found = _kept_of_group(desk, unit, _or_beaten(desk, unit, verdict))
                break
        else:
            desk.adopt(trial)
        verdicts |= found
    return verdicts


def _or_beaten(desk: Desk, unit: Sequence[Operation], verdict: Verdict) -> Verdict:
    """A step that is held because another took the record out of the grid is a late step."""
    if verdict.outcome == "held":
        for each in unit:
            if each.action == "step" and (beaten := steps.beaten(desk, each)):
                return beaten
    return verdict


def _keep(desk: Desk, unit: Sequence[Operation], verdict: Verdict) -> Verdict:
    """The verdict on a unit, after what may not be lost of it was put beside the record."""
    if verdict.outcome == "held":
        for operation in unit:
            handovers.put_down(desk, operation)
    subjects = {(each.kind, each.record) for each in unit}
    if verdict.told and len(subjects) == 1 and subjects <= desk.rows.keys():
        supplements.put_down(desk, unit)
        return Verdict("noop", verdict.told, "可在该记录的“补充说明”中查看")
    return verdict


def _kept_of_group(desk: Desk, unit: Sequence[Operation], verdict: Verdict) -> dict[str, Verdict]:
    """The verdicts on a group that fell. Photos that came with a late step stay on its record."""
    photos = supplements.photos(unit) if verdict.told else []
    rest = [each for each in unit if each not in photos]
    trial = desk.trial()
    found = {each.id: _verdict(trial, each) for each in photos}
    found |= dict.fromkeys((each.id for each in rest), _keep(trial, rest, verdict))
    if all(each.stands for each in found.values()):
        desk.adopt(trial)
        return found
    return dict.fromkeys((each.id for each in unit), _keep(desk, unit, verdict))


def _units(operations: Sequence[Operation]) -> list[list[Operation]]:
    units: dict[str, list[Operation]] = {}
    for operation in operations:
        units.setdefault(operation.group or f"/{operation.id}", []).append(operation)
    return list(units.values())


def _verdict(desk: Desk, operation: Operation) -> Verdict:
    desk.sign(operation)
    try:
        kind = BY_NAME.get(operation.kind)
        if kind is None:
            raise Rejected(
                f"服务器不认识要素种类“{operation.kind}”", "请联系信息管理人员更新服务器"
            )
        if operation.action == "step":
            return steps.take(desk, kind, operation)
        return _write(desk, kind, operation)
    except (Held, Rejected) as refused:
        outcome: Outcome = "held" if isinstance(refused, Held) else "rejected"
        told = refused.told if isinstance(refused, Late) else ""
        return Verdict(outcome, str(refused), refused.advice, told=told)
    except Refused as refused:
        return Verdict("rejected", str(refused), _ADVICE)


def _write(desk: Desk, kind: Kind[Any], operation: Operation) -> Verdict:
    if kind.name in ("conflict", handovers.NAME):
        raise Rejected(f"{kind.label}记录由服务器生成，不能直接修改", _KEPT_ADVICE)
    key = kind.name, operation.record
    row = desk.rows.get(key)
    checks.right(desk.scene, "create" if row is None else "write", kind)
    if row is None and "community_id" not in operation.fields:
        handovers.refuse_before_accepted(desk, operation)
    checks.in_sight(desk.scene, row, operation)
    if operation.action == "put":
        is_reported = row is None and kind.name == CASE.name
        operation = case_steps.received(desk, operation) if is_reported else operation
        operation = checks.cleaned(desk.scene, kind, row, operation)
        operation = case_steps.timed(desk, operation) if is_reported else operation
    merged = merge(row, operation, list(desk.still_open.get(key, {}).values()), desk.agreed)
    if kind.name == redrawings.NAME and row is None:
        merged = redrawings.carry_out(desk, operation, merged)
    desk.take(key, merged)
    if row is not None and kind.name == aliases.NAME:
        aliases.follow_edit(desk, row.id, operation)
    if merged.agreed:
        desk.agreed[operation.id] = merged.agreed
    advice = _KEPT_ADVICE if merged.outcome == "conflict_kept" else ""
    return Verdict(merged.outcome, merged.reason, advice, merged.agreed)
