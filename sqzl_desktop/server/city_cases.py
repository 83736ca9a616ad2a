"""样例城市的案件: each with the steps that have led it where it is, as the flow takes them."""

import datetime as dt
import functools
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqzl_desktop.base.clock import BEIJING
from sqzl_desktop.domain import case_clock
from sqzl_desktop.domain.access import COMMUNITY_LEAD, GRID_WORKER, ROLES, Actor
from sqzl_desktop.domain.case_classes import ClassBook
from sqzl_desktop.domain.case_flow import CASE_FLOW
from sqzl_desktop.domain.case_indicators import DISPLEASED
from sqzl_desktop.domain.flow import Occasion, Transition, advance
from sqzl_desktop.domain.kinds.case import CASE, Case
from sqzl_desktop.domain.working_time import NATIONAL
from sqzl_desktop.schema import codec
from sqzl_desktop.schema.fields import Json
from sqzl_desktop.server.city_tables import Row
from sqzl_desktop.server.city_words import Record, code, given, known_id, matter, paper_number
from sqzl_desktop.server.supplements import lines

_STEP = uuid.UUID("3e0b7b52-9d0a-4a55-8d3c-7f6a1f0a9c11")
_BETWEEN = dt.timedelta(hours=2)
_TO_HANDLER = ("file", "dispatch", "handle", "feed_back", "verify", "close")
_WAYS: dict[str, tuple[str, ...]] = {
    "待核实": (),
    "已核实": ("confirm",),
    "已受理": _TO_HANDLER[:1],
    "已派遣": _TO_HANDLER[:2],
    "处置中": _TO_HANDLER[:3],
    "待核查": _TO_HANDLER[:4],
    "已核查": _TO_HANDLER[:5],
    "已结案": _TO_HANDLER,
    "已退回": (*_TO_HANDLER[:2], "return"),
    "已挂账": (*_TO_HANDLER[:3], "park"),
    "不予立案": ("decline",),
    "已作废": ("file", "void"),
}
# what the lists call otherwise than the reports of a year
_CLASSES = {
    "楼道堆物": "X04", "电动车飞线充电": "X02", "暖气不热": "M10", "下水堵塞返水": "M12",
    "停水未提前通知": "M08", "邻里噪声纠纷": "D02", "漏水损害赔偿": "D02", "家庭赡养纠纷": "D01",
    "拖欠工资": "D07", "物业服务纠纷": "D18",
    "高龄津贴": "M02", "低保政策咨询": "M01", "居住证办理": "M16",
}  # fmt: skip
_DISPUTE, _OFFICE, _PROPERTY, _MEDIATION = "矛盾纠纷", "01", "02", "06"
_LEAD = ("urge", "decline", "void", "park", "close")


@functools.cache
def _limits() -> Any:
    return case_clock.clocks(ClassBook(), NATIONAL)


def case(row: Row, workers: Mapping[str, str], lead: str) -> Iterator[Record]:
    """A case and the steps taken of it. `workers` names who looks after which grid."""
    made, begun = _reported(row, workers), _moment(row["reported_at"])
    assert begun is not None
    steps = list(_steps(made, row))
    ended = _moment(row["closed_at"])
    to_go = len([each for each, _ in steps if each.step != "callback"])
    pause = (ended - begun) / to_go if ended and to_go else _BETWEEN
    put_down: list[Record] = []
    for number, (transition, values) in enumerate(steps, 1):
        role = COMMUNITY_LEAD if transition.step in _LEAD else GRID_WORKER
        name = lead if role == COMMUNITY_LEAD else made.collector_name
        at = ended if ended and number >= to_go else begun + number * pause
        before, actor = made, Actor(made.collector, name, role, ())
        occasion = Occasion(at.replace(microsecond=0), _limits())
        made = advance(
            CASE_FLOW, before, transition.step, actor=actor, values=values, occasion=occasion
        )
        put_down.append(_step(transition, (before, made), actor, at))
    fields = codec.to_fields(CASE, made)
    if ended or made.due_at is None:  # an open case has the limit of its class, an old one its own
        fields["due_at"] = _json(_moment(row["due_at"]))
    yield "case", made.id, {name: value for name, value in fields.items() if value is not None}
    yield from put_down


def _reported(row: Row, workers: Mapping[str, str]) -> Case:
    reported_at = _moment(row["reported_at"])
    return Case(
        id=known_id(row["case_id"]),
        grid_id=row["grid_code"],
        number=paper_number(
            "case", row["community_code"], year=int(row["reported_at"][:4]), source=row["case_id"]
        ),
        title=row["title"],
        category=code("case_category", row["category"]),
        class_code=_CLASSES.get(row["title"]) or matter(row["title"]) or row["class"],
        description=row["text"],
        place=row["location"],
        urgency="01",
        state=CASE_FLOW.initial,
        source=code("case_source", row["source"]),
        reporter_name=row["reporter"],
        reporter_phone=row["reporter_phone"],
        discovered_at=reported_at,
        reported_at=reported_at,
        state_at=reported_at,
        collector_name=workers.get(row["grid_code"], ""),
    )


def _steps(made: Case, row: Row) -> Iterator[tuple[Transition, dict[str, Any]]]:
    """The steps on the way to where the row says it is, with what was filled in for each."""
    way: Sequence[str] = _WAYS[row["status"]]
    if way[:1] == ("file",) and CASE_FLOW.transition("file").guard(made, Actor("", "", "", ())):
        way = ("confirm", *way)
    office = row["dept"] or "社区居民委员会"
    kind = _MEDIATION if row["category"] == _DISPUTE else _PROPERTY if "物业" in office else _OFFICE
    said: dict[str, dict[str, Any]] = {
        "confirm": {"confirm_note": "到现场核实，情况属实"},
        "dispatch": {"handler_kind": kind, "handler": office},
        "return": {"return_reason": "经核实不属我单位职责"},
        "feed_back": {
            "measures": row["result"] or "已到现场处置",
            "feedback": "已处置完毕，请核查",
        },
        "verify": {"check_note": "到现场核查，与反馈一致"},
        "close": {"outcome": row["result"]},
        "park": {"park_reason": "需列入改造计划，近期不能办结"},
        "decline": {"decline_reason": "不属社区处理范围，已告知反映渠道"},
        "void": {"void_reason": "重复登记"},
    }
    for step in way:
        yield CASE_FLOW.transition(step), said.get(step, {})
    if grade := code("satisfaction", row["satisfaction"]):
        why = {"dissatisfaction_reason": "没有写明"} if grade in DISPLEASED else {}
        yield CASE_FLOW.transition("callback"), {"satisfaction": grade, **why}


def _step(
    transition: Transition, cases: tuple[Case, Case], actor: Actor, at: dt.datetime
) -> Record:
    before, after = cases
    filled = codec.to_fields(CASE, after)
    fields: dict[str, Json] = given(
        grid_id=after.grid_id,
        case_id=after.id,
        number=after.step_count,
        step=transition.step,
        label=transition.label,
        from_state=before.state,
        to_state=after.state,
        by=actor.name,
        role=ROLES[actor.role],
        content="\n".join(lines(CASE, {k: filled[k] for k in transition.brings if k in filled})),
        made_at=_json(at),
        received_at=_json(at),
    )
    return "case_step", str(uuid.uuid5(_STEP, f"{after.id}/{after.step_count}")), fields


def _moment(text: str) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text).replace(tzinfo=BEIJING) if text else None


def _json(at: dt.datetime | None) -> Json:
    return codec.encode(at.replace(microsecond=0)) if at else None
