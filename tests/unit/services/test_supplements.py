"""Who was second is told once; what he wrote stays where everybody sees it."""

import pytest

from sqzl_desktop.domain.kinds.topic import Topic
from sqzl_desktop.services import elements, flow_steps, supplements


@pytest.fixture
def second(field, laptops):
    """Two laptops that took different steps on one topic; the second has synced after the first."""
    first, second = laptops("wang"), laptops("ma")
    topic = elements.save(first.ws, Topic(community_id=first.ws.communities[0], title="楼道照明"))
    first.sync()
    second.sync()
    flow_steps.take_step(first.ws, "topic", topic.id, "adopt")
    field.clock.advance(minutes=5)
    flow_steps.take_step(second.ws, "topic", topic.id, "refuse", {"decision": "不属公共事务"})
    first.sync()
    second.sync()
    return first, second, topic.id


def test_second_is_told_once_who_was_faster(second):
    first, late, topic = second

    (news,) = supplements.told(late.ws)
    assert (news.kind, news.record_id, news.title) == ("topic", topic, "楼道照明")
    assert news.sentence.startswith("议题已由王网格于")
    assert supplements.told(first.ws) == []

    supplements.heard(late.ws, [news])
    late.sync()
    assert supplements.told(late.ws) == []


def test_supplement_is_seen_by_both_with_both_times(second, field):
    for laptop in second[:2]:
        laptop.sync()
        (kept,) = supplements.of_record(laptop.ws, "topic", second[2])
        assert (kept.by, kept.step) == ("马网格", "不予列入")
        assert kept.content == "审核意见：不属公共事务"
        assert kept.received_at == kept.made_at == field.clock.now()
        assert elements.get(laptop.ws, "topic", second[2]).state == "adopted"


def test_late_step_is_no_longer_waiting_nor_refused(second):
    _first, late, topic = second

    assert not flow_steps.awaits_server(late.ws, "topic", topic)
    assert elements.sync_state(late.ws, "topic", topic) == "confirmed"
    assert elements.refused(late.ws) == []
