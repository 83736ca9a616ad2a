"""回访: who is to be asked what they think of a case that is done with, and what they said."""

import dataclasses
import datetime as dt
import hashlib
from collections import defaultdict

from sqzl_desktop.base.clock import BEIJING
from sqzl_desktop.domain.case_flow import MOST_CALLS
from sqzl_desktop.domain.case_indicators import DISPLEASED, next_month
from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.domain.kinds.case import Case
from sqzl_desktop.services import case_look, case_work, flow_steps
from sqzl_desktop.services.cases import Moment
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import records

NOT_REACHED, DECLINED = "未接通", "拒访"
_OTHERS_SAID = "回访不满意："


@dataclasses.dataclass(frozen=True, slots=True)
class Call:
    """A call as it begins. `missed` are the attempts made in vain, `left` how many remain.

    `merged_into` is what the case is called that this one was merged into, "" mostly.
    """

    case: Case
    class_name: str
    merged_into: str
    missed: tuple[Moment, ...]
    left: int


def begin(ws: Workspace, case_id: str) -> Call:
    """All that is needed to call somebody back."""
    look = case_look.look(ws, case_id)
    done = look.case.callback_missed or 0
    missed = [each for each in look.moments if each.step == "call_missed"]
    return Call(
        case=look.case,
        class_name=look.class_name,
        merged_into=look.titles.get("merged_into", ""),
        missed=tuple(missed[len(missed) - done :]),
        left=MOST_CALLS - done,
    )


def save(ws: Workspace, case_id: str, *, grade: str, reason: str, note: str) -> Case:
    """Write down what somebody said; Refused where they are not content and no reason is given."""
    said = {
        "satisfaction": grade,
        "dissatisfaction_reason": reason.strip() if grade in DISPLEASED else "",
        "callback_note": note.strip(),
    }
    return case_work.step(ws, case_id, "callback", said)


def missed(ws: Workspace, case_id: str, *, how: str, note: str) -> Case:
    """回访未果: write down an attempt that led to nothing, and why."""
    said = "　".join(filter(None, (how, note.strip())))
    return case_work.step(ws, case_id, "call_missed", {"callback_note": said})


def may_rework(ws: Workspace, case: Case) -> bool:
    """May this person have it done again, now that somebody is not content? No query."""
    is_open = any(each.step == "rework" for each in flow_steps.open_steps(ws, case))
    return is_open and case.satisfaction in DISPLEASED


def rework_reason(case: Case) -> str:
    """Why it is to be done again, as it was said in the call."""
    return f"{_OTHERS_SAID}{case.dissatisfaction_reason}"


def rework(ws: Workspace, case_id: str, reason: str) -> Case:
    """返工: have it done again."""
    return case_work.step(ws, case_id, "rework", {"rework_reason": reason.strip()})


def sample(ws: Workspace, month: dt.date, of_each_grid: int) -> list[str]:
    """抽样: so many closed cases of a month of each grid, ids in the order they were drawn.

    Lots are drawn by the month alone: whoever sees a grid draws the same of its cases, today and
    tomorrow. Whose reporter is unknown cannot be asked.
    """
    first, after = (dt.datetime.combine(day, dt.time(), BEIJING)
                    for day in (month.replace(day=1), next_month(month)))  # fmt: skip
    in_month = [Filter("state", "=", "closed"), Filter("closed_at", ">=", first),
                Filter("closed_at", "<", after)]  # fmt: skip
    by_grid: dict[str, list[str]] = defaultdict(list)
    with ws.store.read() as tx:
        for each in records.find(tx, "case", filters=in_month, limit=-1):
            if isinstance(each, Case) and _may_be_asked(each):
                by_grid[each.home_grid_id or each.grid_id].append(each.id)
    drawn = [
        sorted(some, key=lambda case_id: _lot(month, case_id))[:of_each_grid]
        for _grid, some in sorted(by_grid.items())
    ]
    return [each for some in drawn for each in some]


def _may_be_asked(case: Case) -> bool:
    return not case.is_anonymous and bool(case.reporter_name or case.reporter_phone)


def _lot(month: dt.date, case_id: str) -> bytes:
    return hashlib.sha256(f"{month:%Y-%m} {case_id}".encode()).digest()
