"""民主协商: from a topic to a consultation, and its steps."""

from typing import Any

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.domain.kinds.consultation import Consultation
from sqzl_desktop.domain.kinds.topic import Topic
from sqzl_desktop.services import elements, flow_steps, numbers
from sqzl_desktop.services.saving import put
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import changes

MEETING = "01"


def from_topic(ws: Workspace, topic_id: str, **values: Any) -> Consultation:
    """确定议题: adopt a topic and make its consultation, numbered, in one action."""
    with ws.store.write() as tx:
        topic = elements.wanted(tx, "topic", topic_id)
        assert isinstance(topic, Topic)
        action = changes.Action(tx, ws.clock.now(), grouped=True)
        if topic.state == "collected":
            flow_steps.take_in(ws, action, topic, "adopt")
        elif topic.state != "adopted":
            raise Refused("这个议题没有被列入，不能组织协商")
        consultation = Consultation(
            **{
                "community_id": topic.community_id,
                "title": topic.title,
                "topic_id": topic.id,
                "form": MEETING,
                "number": numbers.next_number(ws, tx, "consultation", topic.community_id),
                **values,
            }
        )
        made = put(ws, action, consultation, BY_NAME["consultation"])
    assert isinstance(made, Consultation)
    return made
