"""社情民意: opinions collected, grouped to a topic or a case, and answered."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain.filters import Filter, Order
from sqzl_desktop.domain.kinds.case import Case
from sqzl_desktop.domain.kinds.opinion import OPINION, Opinion
from sqzl_desktop.domain.kinds.topic import TOPIC, Topic
from sqzl_desktop.services import cases, elements
from sqzl_desktop.services.saving import put
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import changes, records

UNGROUPED = (Filter("topic_id", "empty", ""), Filter("case_id", "empty", ""))
_ALIKE, _LOOKED_AT = 30, 2000
_FROM_OPINION = "13"  # case_source: 社情民意


@dataclasses.dataclass(frozen=True, slots=True)
class Similar:
    """An opinion that says much the same; `score` of 100."""

    opinion: Opinion
    score: int


def collect(ws: Workspace, some: Sequence[Opinion]) -> list[Opinion]:
    """收集: write down opinions, one or a whole box of slips, in one action."""
    made: list[Opinion] = []
    with ws.store.write() as tx:
        action = changes.Action(tx, ws.clock.now(), grouped=len(some) > 1)
        for each in some:
            saved = put(ws, action, _collected(ws, each), OPINION)
            assert isinstance(saved, Opinion)
            made.append(saved)
    return made


def similar(ws: Workspace, content: str, *, but: str = "") -> list[Similar]:
    """Opinions not yet grouped that say much the same, the most alike first."""
    with ws.store.read() as tx:
        found = records.find(
            tx, "opinion", filters=UNGROUPED, order=[Order("collected_on", True)],
            limit=_LOOKED_AT,
        )  # fmt: skip
    pairs = _pairs(content)
    scored = [
        Similar(each, _score(pairs, _pairs(each.content)))
        for each in found
        if isinstance(each, Opinion) and each.id != but
    ]
    return sorted((each for each in scored if each.score >= _ALIKE), key=lambda each: -each.score)


def to_new_topic(ws: Workspace, ids: Sequence[str], **values: Any) -> Topic:
    """归为议题: a new topic of several opinions, in one action."""
    with ws.store.write() as tx:
        some = _ungrouped(tx, ids)
        topic = Topic(
            **{
                "community_id": some[0].community_id,
                "title": some[0].content[:30],
                "background": "\n".join(each.content for each in some),
                "proposer_name": some[0].speaker_name,
                "proposer_id": some[0].resident_id,
                "supporter_count": len(some),
                "raised_on": ws.today,
                **values,
            }
        )
        action = changes.Action(tx, ws.clock.now(), grouped=True)
        made = put(ws, action, topic, TOPIC)
        _lead_to(ws, action, some, topic_id=made.id)
    assert isinstance(made, Topic)
    return made


def to_topic(ws: Workspace, ids: Sequence[str], topic_id: str) -> Topic:
    """归入议题: opinions that support a topic already there."""
    with ws.store.write() as tx:
        some = _ungrouped(tx, ids)
        topic = elements.wanted(tx, "topic", topic_id)
        assert isinstance(topic, Topic)
        action = changes.Action(tx, ws.clock.now(), grouped=True)
        supporters = (topic.supporter_count or 0) + len(some)
        after = put(ws, action, dataclasses.replace(topic, supporter_count=supporters), TOPIC)
        _lead_to(ws, action, some, topic_id=topic.id)
    assert isinstance(after, Topic)
    return after


def to_new_case(ws: Workspace, ids: Sequence[str], **values: Any) -> Case:
    """转为案件: a new case of one or several opinions, in one action."""
    with ws.store.write() as tx:
        some = _ungrouped(tx, ids)
        first = some[0]
        case = Case(
            **{
                "community_id": first.community_id,
                "grid_id": first.grid_id,
                "title": first.content[:30],
                "description": "\n".join(each.content for each in some),
                "building_id": first.building_id,
                "reporter_name": first.speaker_name,
                "reporter_phone": first.speaker_phone,
                "is_anonymous": first.is_anonymous,
                "source": _FROM_OPINION,
                **values,
            }
        )
        action = changes.Action(tx, ws.clock.now(), grouped=True)
        made = cases.report_in(ws, action, case)
        _lead_to(ws, action, some, case_id=made.id)
    return made


def to_case(ws: Workspace, ids: Sequence[str], case_id: str) -> None:
    """归入案件: opinions about a case already under way."""
    with ws.store.write() as tx:
        some = _ungrouped(tx, ids)
        elements.wanted(tx, "case", case_id)
        action = changes.Action(tx, ws.clock.now(), grouped=len(some) > 1)
        _lead_to(ws, action, some, case_id=case_id)


def take_out(ws: Workspace, opinion_id: str) -> Opinion:
    """移出: an opinion that was grouped wrongly waits to be grouped again."""
    with ws.store.write() as tx:
        opinion = _opinion(tx, opinion_id)
        action = changes.Action(tx, ws.clock.now(), grouped=bool(opinion.topic_id))
        if opinion.topic_id:
            topic = records.get(tx, "topic", opinion.topic_id)
            if isinstance(topic, Topic) and topic.supporter_count:
                fewer = dataclasses.replace(topic, supporter_count=topic.supporter_count - 1)
                put(ws, action, fewer, TOPIC)
        after = put(ws, action, dataclasses.replace(opinion, topic_id="", case_id=""), OPINION)
    assert isinstance(after, Opinion)
    return after


def reply(ws: Workspace, ids: Sequence[str], text: str) -> int:
    """答复: what was said to those who said it, today, by this person; returns how many."""
    if not text.strip():
        raise Refused("请先填写答复内容")
    with ws.store.write() as tx:
        some = [_opinion(tx, each) for each in ids]
        action = changes.Action(tx, ws.clock.now(), grouped=len(some) > 1)
        for each in some:
            answered = dataclasses.replace(
                each, reply=text, replied_on=ws.today, replied_by=ws.actor.name
            )
            put(ws, action, answered, OPINION)
    return len(some)


def of(ws: Workspace, kind: str, record_id: str) -> list[Opinion]:
    """The opinions that were grouped to a topic or a case, oldest first."""
    about = [Filter(f"{kind}_id", "=", record_id)]
    with ws.store.read() as tx:
        found = records.find(tx, "opinion", filters=about, order=[Order("collected_on", False)])
    return [each for each in found if isinstance(each, Opinion)]


def _pairs(content: str) -> set[str]:
    plain = "".join(filter(str.isalnum, content))
    return {plain[at : at + 2] for at in range(max(1, len(plain) - 1))}


def _score(one: set[str], other: set[str]) -> int:
    """Dice's coefficient of the pairs of characters, of 100: it needs no word boundaries."""
    return round(200 * len(one & other) / (len(one) + len(other)))


def _collected(ws: Workspace, opinion: Opinion) -> Opinion:
    return dataclasses.replace(
        opinion,
        collected_on=opinion.collected_on or ws.today,
        collector_name=opinion.collector_name or ws.actor.name,
    )


def _lead_to(
    ws: Workspace,
    action: changes.Action,
    some: Sequence[Opinion],
    *,
    topic_id: str = "",
    case_id: str = "",
) -> None:
    for each in some:
        grouped = dataclasses.replace(each, topic_id=topic_id, case_id=case_id)
        put(ws, action, grouped, OPINION, coming=(topic_id, case_id))


def _ungrouped(tx: sa.Connection, ids: Sequence[str]) -> list[Opinion]:
    if not ids:
        raise Refused("请先选择意见")
    some = [_opinion(tx, each) for each in ids]
    if any(each.topic_id or each.case_id for each in some):
        raise Refused("所选意见中有的已经归入议题或案件，请先移出再归入")
    return some


def _opinion(tx: sa.Connection, opinion_id: str) -> Opinion:
    opinion = elements.wanted(tx, "opinion", opinion_id)
    assert isinstance(opinion, Opinion)
    return opinion
