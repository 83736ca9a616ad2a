"""What is asked of the rooms of a building."""

import datetime as dt

import pytest

from sqzl_desktop.domain import tower_rooms
from sqzl_desktop.domain.tower import SHOP, Door
from sqzl_desktop.domain.tower_rooms import Care, Room

TODAY = dt.date(2026, 6, 30)
DAY = dt.timedelta(days=1)


def answers(room: Room) -> set[str]:
    return {each.name for each in tower_rooms.questions([room]) if each.asks(room, TODAY)}


@pytest.mark.parametrize(
    ("room", "answered"),
    [
        (Room(Door("a"), use="03"), {"vacant"}),
        (Room(Door("a"), use="01"), {"unvisited", "unknown"}),
        (Room(Door("a", purpose=SHOP)), set()),
        (Room(Door("a"), use="02", people=2), {"unvisited", "rented"}),
        (Room(Door("a"), people=1, last_visit_on=dt.date(2026, 4, 1)), set()),
        (Room(Door("a"), people=1, last_visit_on=dt.date(2026, 3, 31)), {"unvisited"}),
        (Room(Door("a"), people=1, last_visit_on=TODAY, is_due=True, tags=("K04",)),
         {"due", "K04"}),
        (Room(Door("a"), people=1, last_visit_on=TODAY, oldest_born_on=dt.date(1946, 6, 30)),
         {"old"}),
        (Room(Door("a"), people=1, last_visit_on=TODAY, oldest_born_on=dt.date(1946, 7, 1)),
         set()),
    ],
)  # fmt: skip
def test_questions_are_answered(room: Room, answered: set[str]) -> None:
    assert answers(room) == answered


def test_tags_of_sensitive_groups_never_stand_on_a_door() -> None:
    assert tower_rooms.shown_tags(["K17", "K04", "K18", "K01", "K04"]) == ("K01", "K04")


def test_name_of_the_householder_is_masked() -> None:
    names = ["马建国", "王海", "欧阳文博", "李", ""]
    assert [tower_rooms.masked_name(name) for name in names] == ["马**", "王*", "欧**", "李*", ""]


def due(*cares: Care, last: dt.date | None = None, planned: dt.date | None = None) -> bool:
    return tower_rooms.is_due(cares, last_on=last, planned_on=planned, today=TODAY)


def test_visit_is_due_an_interval_after_the_last() -> None:
    assert due(Care("aged_care"), last=TODAY - 30 * DAY)
    assert not due(Care("aged_care"), last=TODAY - 29 * DAY)
    assert due(Care("aged_care", interval_days=7), last=TODAY - 7 * DAY)


def test_visit_is_due_an_interval_after_the_person_was_listed() -> None:
    assert due(Care("hardship", since_on=TODAY - 90 * DAY))
    assert not due(Care("hardship", since_on=TODAY - 89 * DAY))
    assert not due(Care("hardship"))


def test_nobody_is_due_after_the_care_has_ended() -> None:
    assert not due(Care("aged_care", until_on=TODAY - DAY), last=TODAY - 60 * DAY)


def test_planned_visit_is_due_until_it_is_made() -> None:
    assert due(planned=TODAY)
    assert due(planned=TODAY - DAY, last=TODAY - 9 * DAY)
    assert not due(planned=TODAY - DAY, last=TODAY)
    assert not due(planned=TODAY + DAY)


def test_every_tag_that_may_be_shown_has_a_sign_of_its_own() -> None:
    signs = list(tower_rooms.TAG_SIGNS.values())
    assert len(set(signs)) == len(signs)


def test_quarter_and_leap_day() -> None:
    assert tower_rooms.quarter_start(dt.date(2026, 12, 31)) == dt.date(2026, 10, 1)
    assert tower_rooms.old_before(dt.date(2028, 2, 29)) == dt.date(1948, 2, 29)
    assert tower_rooms.counts([Room(Door("a"), use="77")])["99"] == 1
