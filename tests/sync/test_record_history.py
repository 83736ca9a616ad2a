"""The history of a record: from the server, from the beginning; without it, what is known here."""

import dataclasses
from collections.abc import Callable

import pytest

from sqzl_desktop.app import DeviceSession
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.domain.kinds.topic import Topic
from sqzl_desktop.services import conflicts, elements, flow_steps
from sqzl_desktop.services.histories import FROM_THE_BEGINNING, ONLY_HERE
from sqzl_desktop.services.workspace import Workspace
from tests.field import Field
from tests.places import GRID

Laptops = Callable[..., DeviceSession]


def change(ws: Workspace, record_id: str, **fields: object) -> None:
    record = elements.get(ws, "resident", record_id)
    elements.save(ws, dataclasses.replace(record, **fields))


@pytest.fixture
def two(laptops: Laptops) -> tuple[DeviceSession, DeviceSession]:
    return laptops("wang", "A"), laptops("ma", "B")


@pytest.fixture
def person(two: tuple[DeviceSession, DeviceSession]) -> str:
    """Registered and changed on A before B saw it first."""
    a, b = two
    made = elements.save(a.ws, Resident(name="马小明", grid_id=GRID, phone="15400000000"))
    change(a.ws, made.id, phone="15411111111")
    a.sync()
    b.sync()
    return made.id


def lines(session: DeviceSession, record_id: str) -> list[tuple[str, str, str, str, str]]:
    found = session.history("resident", record_id).changes
    return [(each.by, each.label, each.before, each.after, each.state) for each in found]


def test_what_was_before_this_devices_time_is_told_by_the_server(
    two: tuple[DeviceSession, DeviceSession], person: str
) -> None:
    _, b = two
    change(b.ws, person, name="马晓明")

    found = b.history("resident", person)

    assert (found.is_complete, found.note) == (True, FROM_THE_BEGINNING)
    assert lines(b, person) == [
        ("马网格", "姓名", "马小明", "马晓明", "pending"),
        ("王网格", "联系电话", "154****0000", "154****1111", "confirmed"),
        ("王网格", "登记", "", "", "confirmed"),
    ]


def test_without_a_network_it_says_that_it_is_a_part(
    field: Field, two: tuple[DeviceSession, DeviceSession], person: str
) -> None:
    _, b = two
    change(b.ws, person, name="马晓明")
    field.network.is_up = False

    found = b.history("resident", person)

    assert not found.is_complete
    assert found.note.startswith(ONLY_HERE)
    assert "连不上服务器" in found.note
    assert [each.label for each in found.changes] == ["姓名", "登记"]


def test_value_that_was_kept_beside_is_marked_until_it_is_chosen(
    field: Field, two: tuple[DeviceSession, DeviceSession], person: str
) -> None:
    a, b = two
    change(a.ws, person, phone="15422222222")
    change(b.ws, person, phone="15433333333")
    a.sync()
    field.clock.advance(minutes=1)
    b.sync()
    assert lines(b, person)[0] == ("马网格", "联系电话", "154****2222", "154****3333", "kept")

    (conflict,) = conflicts.open_conflicts(b.ws)
    conflicts.settle(b.ws, conflict.id, "other")
    field.clock.advance(minutes=1)
    b.sync()

    assert lines(b, person)[0] == ("马网格", "联系电话", "154****2222", "154****3333", "confirmed")


def test_steps_and_references_are_told_in_words(
    two: tuple[DeviceSession, DeviceSession],
) -> None:
    a, _ = two
    topic = elements.save(a.ws, Topic(title="停车"))
    flow_steps.take_step(a.ws, "topic", topic.id, "adopt")
    a.sync()

    told = [(each.label, each.before, each.after) for each in a.history("topic", topic.id).changes]

    assert ("确定议题", "", "") in told
    assert "状态" in {label for label, _, _ in told}


def test_record_the_server_does_not_have_yet_is_told_from_here(
    two: tuple[DeviceSession, DeviceSession],
) -> None:
    a, _ = two
    made = elements.save(a.ws, Resident(name="马小明", grid_id=GRID))

    found = a.history("resident", made.id)

    assert not found.is_complete
    assert {each.state for each in found.changes} == {"pending"}
