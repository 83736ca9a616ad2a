"""案件流程: 发现 → 核实 → 立案 → 派遣 → 处置 → 反馈 → 核查 → 结案, with its ways back and aside.

One table for the button, the query and the server. What a step writes of itself is `stamp`: the
device does it by its own clock for what is shown until the server answers, the server by its own.
"""

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqzl_desktop.domain.access import COMMUNITY_LEAD, GRID_WORKER, Actor
from sqzl_desktop.domain.case_indicators import DISPLEASED
from sqzl_desktop.domain.flow import Flow, Occasion, Transition
from sqzl_desktop.domain.kinds.case import ANOTHER_GRID, CASE, Case

BOTH = (COMMUNITY_LEAD, GRID_WORKER)
LEAD = (COMMUNITY_LEAD,)

BEFORE_FILING = ("reported", "confirmed")
UNDER_WAY = ("filed", "dispatched", "returned", "handling", "fed_back", "verified", "parked")
OPEN = (*BEFORE_FILING, *UNDER_WAY)
WITH_HANDLER = ("dispatched", "handling")  # the states in which it lies in a handler's grid
ENDED = ("closed", "declined", "void", "merged")

MOST_CALLS = 3  # attempts to call back after which nobody need try again
# 核实: what the public or the media say is checked before it is filed
PUBLIC_SOURCES = ("02", "03", "04", "05", "08", "09", "12")


def _confirmed_if_public(case: Case, _actor: Actor) -> str:
    if case.source in PUBLIC_SOURCES and case.confirmed_at is None:
        return "居民、热线或媒体反映的情况要先“核实”，再立案"
    return ""


def _by_collector(case: Case, actor: Actor) -> str:
    """核查: on the spot, by whoever collected it, or the lead in their place."""
    if actor.role == COMMUNITY_LEAD or case.collector in ("", actor.account):
        return ""
    return f"核查由采集人{case.collector_name}到现场进行；本人不在时请社区负责人办理"


def _not_asked_yet(case: Case, _actor: Actor) -> str:
    return "延期申请还没有审批，不能重复申请" if case.extension_state == "asked" else ""


def _asked(case: Case, _actor: Actor) -> str:
    return "" if case.extension_state == "asked" else "没有待审批的延期申请"


def _told_why(case: Case, _actor: Actor) -> str:
    """民评: a bad mark without its reason helps nobody."""
    if case.satisfaction in DISPLEASED and not case.dissatisfaction_reason:
        return "反映人不满意的，请先填写：不满意原因"
    return ""


def _not_given_up(case: Case, _actor: Actor) -> str:
    if (case.callback_missed or 0) < MOST_CALLS:
        return ""
    return f"已经{MOST_CALLS}次回访未果，不必再访；联系上时直接登记“回访”"


def _into_another(case: Case, _actor: Actor) -> str:
    return "不能并入案件自己" if case.merged_into == case.id else ""


TRANSITIONS = (
    Transition(
        "confirm", "核实", ("reported",), "confirmed", BOTH, asks=("confirm_note",)
    ),
    Transition(
        "file", "立案", BEFORE_FILING, "filed", BOTH,
        needs=("class_code",), asks=("urgency", "filing_note"), guard=_confirmed_if_public,
    ),
    Transition(
        "decline", "不予立案", BEFORE_FILING, "declined", LEAD, needs=("decline_reason",)
    ),
    Transition(
        "handle_on_spot", "自办自结", (*BEFORE_FILING, "filed"), "closed", BOTH,
        needs=("measures",), asks=("outcome",),
    ),
    Transition(
        "dispatch", "派遣", ("filed", "returned"), "dispatched", BOTH,
        needs=("handler_kind", "handler"),
        asks=("handler_grid_id", "co_handlers", "dispatch_note"),
        clears=("return_reason", "handled_by"),
    ),
    Transition(
        "return", "退单", ("dispatched", "handling"), "returned", BOTH, needs=("return_reason",)
    ),
    Transition("handle", "接办处置", ("dispatched",), "handling", BOTH, asks=("handled_by",)),
    Transition(
        "next_phase", "进入下一阶段", ("handling",), "", BOTH, asks=("measures",)
    ),
    Transition(
        "feed_back", "反馈", ("handling",), "fed_back", BOTH,
        needs=("measures", "feedback"), clears=("rework_reason",),
    ),
    Transition(
        "verify", "核查通过", ("fed_back",), "verified", BOTH,
        asks=("check_note",), guard=_by_collector,
    ),
    Transition(
        "rework", "返工", ("fed_back", "verified", "closed"), "handling", BOTH,
        needs=("rework_reason",), clears=("feedback", "check_note", "outcome"),
    ),
    Transition("close", "结案", ("verified",), "closed", BOTH, asks=("outcome",)),
    Transition(
        "extend", "申请延期", ("dispatched", "handling"), "", BOTH,
        needs=("extension_until", "extension_reason"), guard=_not_asked_yet,
    ),
    Transition(
        "grant", "批准延期", ("dispatched", "handling"), "", LEAD,
        asks=("extension_note",), guard=_asked,
    ),
    Transition(
        "deny", "不予延期", ("dispatched", "handling"), "", LEAD,
        asks=("extension_note",), guard=_asked,
    ),
    Transition("urge", "督办", UNDER_WAY, "", LEAD, needs=("urge_note",)),
    Transition(
        "park", "挂账", ("filed", "dispatched", "returned", "handling"), "parked", LEAD,
        needs=("park_reason",), asks=("parked_until",),
    ),
    Transition("resume", "恢复办理", ("parked",), "handling", BOTH, clears=("parked_until",)),
    Transition("void", "作废", OPEN, "void", LEAD, needs=("void_reason",)),
    Transition(
        "merge", "合并", OPEN, "merged", LEAD, needs=("merged_into",), guard=_into_another
    ),
    Transition(
        "callback", "回访", ("closed", "merged"), "", BOTH, needs=("satisfaction",),
        asks=("dissatisfaction_reason", "callback_note"), guard=_told_why,
    ),
    Transition(
        "call_missed", "回访未果", ("closed", "merged"), "", BOTH, needs=("callback_note",),
        guard=_not_given_up,
    ),
)  # fmt: skip

_TIMES = {
    "confirm": "confirmed_at", "file": "filed_at", "dispatch": "dispatched_at",
    "handle": "handling_at", "feed_back": "fed_back_at", "verify": "verified_at",
    "close": "closed_at", "handle_on_spot": "closed_at", "decline": "closed_at",
    "void": "closed_at", "merge": "closed_at", "callback": "callback_at",
}  # fmt: skip
_COUNTS = {
    "return": "return_count", "rework": "rework_count", "urge": "urge_count",
    "call_missed": "callback_missed",
}  # fmt: skip
_ENDS = {
    "close": "closed", "handle_on_spot": "on_spot", "decline": "declined", "void": "void",
    "merge": "merged",
}  # fmt: skip
_EXTENSIONS = {"extend": "asked", "grant": "granted", "deny": "denied"}


def stamp(case: Case, transition: Transition, actor: Actor, occasion: Occasion) -> dict[str, Any]:
    """What a step writes of itself into a case: times, counts, how it ended, and the limits."""
    step, at = transition.step, occasion.at
    changes: dict[str, Any] = {"step_count": (case.step_count or 0) + 1}
    if transition.target:
        changes["state_at"] = at
    if step in _TIMES:
        changes[_TIMES[step]] = at
    if step in _COUNTS:
        changes[_COUNTS[step]] = (getattr(case, _COUNTS[step]) or 0) + 1
    if step in _ENDS:
        changes["close_kind"] = _ENDS[step]
    if step in _EXTENSIONS:
        changes["extension_state"] = _EXTENSIONS[step]
    changes |= _of_step(case, step, actor, at)
    changes |= _place(dataclasses.replace(case, **changes))
    after = dataclasses.replace(case, **changes)
    return changes | dict(occasion.clocks(after))


def _place(case: Case) -> Mapping[str, str]:
    """Where a case lies: in the grid that handles it while it does, else in its own."""
    home = case.home_grid_id or case.grid_id
    is_away = case.state in WITH_HANDLER and case.handler_kind == ANOTHER_GRID
    if is_away and case.home_grid_id:
        return {}  # it stays, also where the grid that handles it was merged into another
    grid = (case.handler_grid_id if is_away else "") or home
    return {"grid_id": grid, "home_grid_id": home if grid != home else ""}


def _of_step(case: Case, step: str, actor: Actor, at: dt.datetime) -> Mapping[str, Any]:
    match step:
        case "confirm" if case.collector != actor.account:
            return {"collector": actor.account, "collector_name": actor.name}
        case "file":
            return {"phase": 1}
        case "handle" if not case.handled_by:
            return {"handled_by": actor.name}
        case "next_phase":
            return {"phase": (case.phase or 1) + 1}
        case "rework":
            return {
                "closed_at": None, "fed_back_at": None, "verified_at": None, "close_kind": "",
                "satisfaction": "", "dissatisfaction_reason": "", "callback_at": None,
                "callback_missed": None, **_said_before(case),
                "pauses": _and_pause(case, case.closed_at, at),
            }  # fmt: skip
        case "grant":
            return {"granted_until": case.extension_until}
        case "park":
            return {"paused_at": at}
        case "resume":
            return {"paused_at": None, "pauses": _and_pause(case, case.paused_at, at)}
        case _:
            return {}


def _said_before(case: Case) -> Mapping[str, Any]:
    """What was said of the round that ends stays on record: it counts in its month."""
    if not case.satisfaction:
        return {}
    return {
        "satisfaction_before": case.satisfaction,
        "callback_before": case.callback_at or case.closed_at,
    }


def _and_pause(case: Case, since: dt.datetime | None, until: dt.datetime) -> str:
    """The pauses with one more: no limit runs while a case is parked, or closed until rework."""
    if since is None:
        return case.pauses
    begun = min(since, until)
    return "\n".join(filter(None, (case.pauses, f"{_iso(begun)}/{_iso(until)}")))


def pauses(case: Case) -> list[tuple[dt.datetime, dt.datetime | None]]:
    """The times in which the limits of a case stood still; the last may go on (None).

    A line that is no interval (of a case taken over from elsewhere) stops no clock.
    """
    read = (_interval(line) for line in case.pauses.splitlines())
    found: list[tuple[dt.datetime, dt.datetime | None]] = [each for each in read if each]
    return [*found, (case.paused_at, None)] if case.paused_at else found


def _interval(line: str) -> tuple[dt.datetime, dt.datetime] | None:
    begun, _, ended = line.partition("/")
    try:
        both = dt.datetime.fromisoformat(begun), dt.datetime.fromisoformat(ended)
    except ValueError:
        return None
    return both if all(each.tzinfo for each in both) else None


def _iso(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _fixed(case: Case, actor: Actor) -> Mapping[str, str]:
    """By what the limit of a filed case is counted; who has to keep it does not change it."""
    if case.filed_at is None or actor.role == COMMUNITY_LEAD:
        return {}
    return dict.fromkeys(
        ("class_code", "urgency"), "立案以后只能由社区负责人修改，时限随之重新计算"
    )


CASE_FLOW = Flow(CASE, "reported", TRANSITIONS, stamp, _fixed)
