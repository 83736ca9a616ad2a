"""Every situation a case may be in when somebody asks for a step, made from the table itself.

What is right is also said once more, by hand: the table below is not made from the program's.
"""

import dataclasses
from collections.abc import Iterator
from typing import Any

from sqzl_desktop.domain.access import COMMUNITY_LEAD, GRID_WORKER, ROLES, Actor
from sqzl_desktop.domain.case_flow import CASE_FLOW
from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.flow import Transition
from sqzl_desktop.domain.kinds.case import CASE, Case
from sqzl_desktop.schema import codec
from tests.contracts.backend import COMMUNITY, NORTH

STATES = tuple(each.code for each in code_list("case_state").codes)
KEPT = "01990000-0000-7000-8000-0000000000aa"  # the case that others are merged into
AFTER_TOMORROW = "2099-01-01T00:00:00Z"

OPEN = "reported confirmed filed dispatched returned handling fed_back verified parked"

# step: the states it leaves, where it leads ("" stays), who may: b both, l the lead alone
BY_HAND = """
confirm         reported                                                -> confirmed   b
file            reported confirmed                                      -> filed       b
decline         reported confirmed                                      -> declined    l
handle_on_spot  reported confirmed filed                                -> closed      b
dispatch        filed returned                                          -> dispatched  b
return          dispatched handling                                     -> returned    b
handle          dispatched                                              -> handling    b
next_phase      handling                                                -> -           b
feed_back       handling                                                -> fed_back    b
verify          fed_back                                                -> verified    b
rework          fed_back verified closed                                -> handling    b
close           verified                                                -> closed      b
extend          dispatched handling                                     -> -           b
grant           dispatched handling                                     -> -           l
deny            dispatched handling                                     -> -           l
urge            filed dispatched returned handling fed_back verified parked -> -       l
park            filed dispatched returned handling                      -> parked      l
resume          parked                                                  -> handling    b
void            OPEN                                                    -> void        l
merge           OPEN                                                    -> merged      l
callback        closed merged                                           -> -           b
call_missed     closed merged                                           -> -           b
"""

VALUES: dict[str, Any] = {
    "class_code": "06010", "decline_reason": "不属社区职责", "measures": "已清运",
    "handler_kind": "01", "handler": "城管中队", "return_reason": "不属我方职责",
    "feedback": "现场已清", "rework_reason": "没有清干净", "extension_until": AFTER_TOMORROW,
    "extension_reason": "待协调", "urge_note": "请尽快办理", "park_reason": "等待规划",
    "void_reason": "误报", "merged_into": KEPT, "satisfaction": "02",
    "callback_note": "未接通",
}  # fmt: skip

# per guarded step: what makes the guard refuse, and a part of its sentence
FORBIDDEN: dict[str, tuple[dict[str, Any], str]] = {
    "file": ({"source": "02"}, "要先“核实”"),
    "verify": ({"collector": "somebody", "collector_name": "某人"}, "核查由采集人某人"),
    "extend": ({"extension_state": "asked"}, "不能重复申请"),
    "grant": ({"extension_state": ""}, "没有待审批的延期申请"),
    "deny": ({"extension_state": ""}, "没有待审批的延期申请"),
    "merge": ({"merged_into": "itself"}, "不能并入案件自己"),
    "callback": ({"satisfaction": "03"}, "请先填写：不满意原因"),
    "call_missed": ({"callback_missed": 3}, "3次回访未果"),
}
LEAD_PASSES = ("verify",)  # the lead checks in the collector's place


@dataclasses.dataclass(frozen=True)
class Situation:
    """Somebody of a post asks for a step of a case; `sentence` is a part of why not, "" if open."""

    step: str
    role: str
    fields: dict[str, Any]  # of the case before, as JSON
    values: dict[str, Any]  # that come with the step
    target: str
    sentence: str

    @property
    def actor(self) -> Actor:
        """Who asks."""
        return Actor(self.role, self.role, self.role, (COMMUNITY,))

    def case(self, record_id: str) -> Case:
        """The case before the step."""
        return codec.from_fields(CASE, record_id, self.fields)

    def given(self, record_id: str) -> dict[str, Any]:
        """The values of the step, decoded; `itself` stands for the case."""
        return {
            name: codec.decode(CASE.column(name), record_id if value == "itself" else value)
            for name, value in self.values.items()
        }


def rules() -> dict[str, tuple[tuple[str, ...], str, tuple[str, ...]]]:
    """The table said by hand: step to sources, target, posts."""
    found = {}
    for line in BY_HAND.replace("OPEN", OPEN).strip().splitlines():
        left, right = line.split("->")
        step, *sources = left.split()
        target, who = right.split()
        posts = (GRID_WORKER, COMMUNITY_LEAD) if who == "b" else (COMMUNITY_LEAD,)
        found[step] = tuple(sources), "" if target == "-" else target, posts
    return found


def situations() -> Iterator[Situation]:
    """Step x state x post; then each thing a step needs left out; then each guard."""
    said = rules()
    for transition in CASE_FLOW.transitions:
        step = transition.step
        sources, target, posts = said[step]
        for state in STATES:
            for role in ROLES:
                why = "只有" if state not in sources else "" if role in posts else "岗位"
                yield _situation(transition, role, state, target, why)
        state, role = sources[0], posts[0]
        for name in transition.needs:
            label = CASE.column(name).label
            made = _situation(transition, role, state, target, f"请先填写：{label}")
            left = {key: value for key, value in made.values.items() if key != name}
            yield dataclasses.replace(made, values=left)
        if step in FORBIDDEN:
            yield from _guarded(transition, state, posts, target)


def _guarded(
    transition: Transition, state: str, posts: tuple[str, ...], target: str
) -> Iterator[Situation]:
    changed, sentence = FORBIDDEN[transition.step]
    for role in posts:
        passes = role == COMMUNITY_LEAD and transition.step in LEAD_PASSES
        made = _situation(transition, role, state, target, "" if passes else sentence)
        of_step = {name: value for name, value in changed.items() if name in transition.needs}
        before = {name: value for name, value in changed.items() if name not in of_step}
        fields = {name: value for name, value in {**made.fields, **before}.items() if value != ""}
        yield dataclasses.replace(made, fields=fields, values={**made.values, **of_step})


def _situation(
    transition: Transition, role: str, state: str, target: str, sentence: str
) -> Situation:
    fields = {
        "community_id": COMMUNITY, "grid_id": NORTH, "title": "楼道堆物", "source": "01",
        "collector": role, "state": state,
    }  # fmt: skip
    if transition.step in ("grant", "deny"):
        fields["extension_state"] = "asked"
    values = {name: VALUES[name] for name in transition.needs}
    return Situation(transition.step, role, fields, values, target or state, sentence)
