"""办理前核对: what the flow alone cannot tell: the clock, the known classes, other cases.

A device asks it before a step is taken. What comes to the server later is judged there by the flow
alone: a date that was still to come may have passed on the way.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from sqzl_desktop.base.clock import moment_text
from sqzl_desktop.domain.case_flow import OPEN
from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.kinds.case import Case
from sqzl_desktop.services import case_rules
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import records


def refusal(
    ws: Workspace, tx: sa.Connection, case: Case, step: str, values: Mapping[str, Any]
) -> str:
    """Why a step with these values may not be taken, "" where nothing speaks against it."""
    match step:
        case "file":
            return _unknown_class(tx, str(values.get("class_code", case.class_code)))
        case "extend":
            return _too_early(case, values.get("extension_until"), ws.clock.now())
        case "park":
            until = values.get("parked_until")
            over = isinstance(until, dt.date) and until <= ws.today
            return "“挂账至”应是今天以后的日期，到那天会提醒恢复办理" if over else ""
        case "merge":
            return _not_kept(tx, str(values.get("merged_into") or ""))
        case _:
            return ""


def _unknown_class(tx: sa.Connection, code: str) -> str:
    if not code or case_rules.of(tx).book.of(code) is not None:
        return ""
    return f"没有代码为“{code}”的案件类别，请从类别中选择，否则没有办理时限"


def _too_early(case: Case, until: dt.datetime | None, now: dt.datetime) -> str:
    if until is None:
        return ""
    if until <= now:
        return "“延期至”应晚于现在，请重新填写"
    if case.due_at is not None and until <= case.due_at:
        return f"“延期至”应晚于现在的办理时限{moment_text(case.due_at)}，请重新填写"
    return ""


def _not_kept(tx: sa.Connection, case_id: str) -> str:
    kept = records.get(tx, "case", case_id) if case_id else None
    if not isinstance(kept, Case):
        return "没有找到要并入的案件，请从候选中选择" if case_id else ""
    if kept.state in OPEN:
        return ""
    state = code_list("case_state").label(kept.state)
    return f"要并入的案件{kept.number}现在是“{state}”，只能并入在办的案件"
