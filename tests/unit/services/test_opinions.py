"""社情民意: collected, grouped to a topic or a case, answered."""

import datetime as dt

import pytest

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain.kinds.opinion import Opinion
from sqzl_desktop.domain.kinds.topic import Topic
from sqzl_desktop.services import elements, opinions
from sqzl_desktop.services.workspace import Workspace
from tests.places import GRID

TODAY = dt.date(2026, 6, 30)


def slips(ws: Workspace, *contents: str) -> list[Opinion]:
    return opinions.collect(ws, [Opinion(content=each, grid_id=GRID) for each in contents])


def test_box_of_slips_is_written_down_in_one_action(ws: Workspace) -> None:
    made = slips(ws, "希望加装电梯", "停车位不够", "楼道灯坏了")

    assert [each.collected_on for each in made] == [TODAY] * 3
    assert {each.collector_name for each in made} == {ws.actor.name}
    with ws.store.read() as tx:
        groups = tx.exec_driver_sql("SELECT DISTINCT body ->> 'group' FROM outbox").scalars().all()
    assert len(groups) == 1


def test_opinions_become_a_topic_with_their_number_of_supporters(ws: Workspace) -> None:
    some = slips(ws, "希望加装电梯", "老人上楼难，装电梯吧")

    topic = opinions.to_new_topic(ws, [each.id for each in some], title="加装电梯")

    assert (topic.title, topic.supporter_count, topic.raised_on) == ("加装电梯", 2, TODAY)
    assert [each.id for each in opinions.of(ws, "topic", topic.id)] == sorted(
        each.id for each in some
    )


def test_opinion_supports_a_topic_until_it_is_taken_out(ws: Workspace) -> None:
    topic = elements.save(ws, Topic(title="加装电梯", supporter_count=5))
    (slip,) = slips(ws, "希望加装电梯")

    assert opinions.to_topic(ws, [slip.id], topic.id).supporter_count == 6

    assert opinions.take_out(ws, slip.id).topic_id == ""
    after = elements.get(ws, "topic", topic.id)
    assert isinstance(after, Topic)
    assert after.supporter_count == 5


def test_grouped_opinion_is_not_grouped_again(ws: Workspace) -> None:
    (slip,) = slips(ws, "希望加装电梯")
    opinions.to_new_topic(ws, [slip.id])

    with pytest.raises(Refused, match="已经归入"):
        opinions.to_new_case(ws, [slip.id])


def test_opinion_becomes_a_case_with_who_said_it(ws: Workspace) -> None:
    made = opinions.collect(
        ws, [Opinion(content="楼道灯坏了一个月", grid_id=GRID, speaker_name="马小明")]
    )

    case = opinions.to_new_case(ws, [made[0].id])

    assert (case.title, case.reporter_name, case.state) == (
        "楼道灯坏了一个月",
        "马小明",
        "reported",
    )
    (grouped,) = opinions.of(ws, "case", case.id)
    assert grouped.case_id == case.id


def test_opinions_that_say_much_the_same_are_found(ws: Workspace) -> None:
    slips(ws, "小区停车位不够，晚上回来没地方停车", "希望加装电梯")

    found = opinions.similar(ws, "停车位不够，回来晚了没地方停")

    assert [each.opinion.content[:7] for each in found] == ["小区停车位不够"]


def test_answer_is_kept_with_its_day_and_author(ws: Workspace) -> None:
    (slip,) = slips(ws, "楼道灯坏了")

    opinions.reply(ws, [slip.id], "本周五更换")

    after = elements.get(ws, "opinion", slip.id)
    assert isinstance(after, Opinion)
    assert (after.reply, after.replied_on, after.replied_by) == ("本周五更换", TODAY, ws.actor.name)


def test_empty_answer_is_refused(ws: Workspace) -> None:
    (slip,) = slips(ws, "楼道灯坏了")

    with pytest.raises(Refused, match="答复内容"):
        opinions.reply(ws, [slip.id], "  ")
