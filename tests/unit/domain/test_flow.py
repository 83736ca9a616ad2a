"""Steps: the table decides, the same for button, command line and server."""

import pytest

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain.access import CLERK, COMMUNITY_LEAD, GRID_WORKER, Actor
from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.flow import Flow, advance
from sqzl_desktop.domain.flows import FLOWS
from sqzl_desktop.domain.kinds.topic import Topic
from sqzl_desktop.domain.topic_flow import TOPIC_FLOW

LEAD = Actor("li", "李书记", COMMUNITY_LEAD, ("640104001002",))


@pytest.mark.parametrize("flow", FLOWS.values(), ids=FLOWS.keys())
def test_table_names_states_fields_and_roles_that_exist(flow: Flow) -> None:
    states = code_list(flow.kind.column("state").facts.codes)

    assert flow.initial in states
    for each in flow.transitions:
        assert {*each.sources, each.target or flow.initial} <= {code.code for code in states.codes}
        assert {*each.brings, *each.clears} <= flow.kind.known
    assert "state" in flow.kind.guarded


@pytest.mark.parametrize("flow", FLOWS.values(), ids=FLOWS.keys())
def test_every_state_is_reached(flow: Flow) -> None:
    reached = {flow.initial}
    for _ in flow.transitions:
        reached |= {
            each.target for each in flow.transitions if each.target and set(each.sources) & reached
        }

    assert reached == {flow.initial, *(each.target for each in flow.transitions if each.target)}


def test_step_changes_the_state_and_brings_its_values() -> None:
    topic = Topic(id="1", title="停车", state="collected")

    after = advance(TOPIC_FLOW, topic, "refuse", actor=LEAD, values={"decision": "不属社区职责"})

    assert (after.state, after.decision) == ("refused", "不属社区职责")


@pytest.mark.parametrize(
    ("state", "step", "actor", "sentence"),
    [
        ("adopted", "adopt", LEAD, "现在是“已确定”"),
        ("collected", "refuse", LEAD, "请先填写：审核意见"),
        ("collected", "adopt", Actor("z", "张敏", CLERK, ("640104001002",)), "岗位不能办理"),
        ("collected", "launch", LEAD, "没有“launch”这一步"),
    ],
)
def test_refusal_says_why(state: str, step: str, actor: Actor, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        advance(TOPIC_FLOW, Topic(id="1", title="停车", state=state), step, actor=actor, values={})


def test_open_steps_are_those_of_state_and_role() -> None:
    worker = Actor("w", "王", GRID_WORKER, ("640104001002001",))
    topic = Topic(id="1", title="停车", state="collected")

    assert [each.step for each in TOPIC_FLOW.open_to(topic, worker)] == ["adopt", "refuse", "merge"]
    assert TOPIC_FLOW.open_to(Topic(id="1", title="停车", state="merged"), worker) == []
