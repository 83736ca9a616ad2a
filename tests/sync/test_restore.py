"""The server restored from a backup: nothing that a surviving laptop did is lost."""

import dataclasses
from collections.abc import Callable

import pytest

from sqzl_desktop.app import DeviceSession
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.domain.kinds.topic import Topic
from sqzl_desktop.server import backup
from sqzl_desktop.services import conflicts, consultations, elements, flow_steps
from sqzl_desktop.store import journal
from tests.field import Field
from tests.places import GRID, MEETING
from tests.sync.restoring import back_up, known_to_server, outbox, restore
from tests.sync.test_round import assert_settled

Laptops = Callable[..., DeviceSession]


def save(session: DeviceSession, name: str, **fields: str) -> str:
    return elements.save(session.ws, Resident(name=name, grid_id=GRID, **fields)).id


def change(session: DeviceSession, record: str, **fields: str) -> None:
    found = elements.get(session.ws, "resident", record)
    elements.save(session.ws, dataclasses.replace(found, **fields))


def phone(session: DeviceSession, record: str) -> str:
    found = elements.get(session.ws, "resident", record)
    assert isinstance(found, Resident)
    return found.phone


def names(session: DeviceSession) -> list[str]:
    return sorted(each.name for each in elements.find(session.ws, "resident"))  # type: ignore


def sync(*sessions: DeviceSession) -> None:
    for session in sessions:
        session.sync()


@pytest.mark.parametrize("by_tool", [True, False])
def test_work_since_the_backup_comes_back(field: Field, laptops: Laptops, by_tool: bool) -> None:
    a, b = laptops("wang", "A"), laptops("ma", "B")
    save(a, "甲")
    sync(a, b)
    backup = back_up(field, "backup.db")
    save(a, "乙")
    save(b, "丙")
    sync(a, b, a)

    restore(field, backup, by_tool=by_tool)
    assert a.sync().pushed == 1
    sync(b, a)

    assert names(a) == names(b) == ["丙", "乙", "甲"]
    assert set(outbox(a)) | set(outbox(b)) <= known_to_server(field)
    assert_settled(a, b)


def test_device_without_a_journal_would_lose_its_work(
    field: Field, laptops: Laptops, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "reopen", lambda _tx, _community: None)
    a = laptops("wang", "A")
    backup = back_up(field, "backup.db")
    save(a, "甲")
    a.sync()

    restore(field, backup)
    sync(a, a)

    assert names(a) == []


def test_edits_of_one_field_by_turns_come_back_in_their_order(
    field: Field, laptops: Laptops
) -> None:
    a, b = laptops("wang", "A"), laptops("ma", "B")
    backup = back_up(field, "backup.db")
    person = save(a, "甲", phone="15400000000")
    sync(a, b)
    change(b, person, phone="15411111111")
    sync(b, a)
    change(a, person, phone="15422222222")
    sync(a, b)
    change(b, person, phone="15433333333")
    sync(b, a)

    restore(field, backup)
    sync(b)
    assert (b.sync_state().pending, names(b)) == (2, [])
    for _ in range(3):
        sync(a, b)

    assert phone(a, person) == phone(b, person) == "15433333333"
    assert conflicts.open_conflicts(a.ws) == []
    assert_settled(a, b)


def test_steps_and_groups_by_turns_come_back(field: Field, laptops: Laptops) -> None:
    a, b = laptops("wang", "A"), laptops("ma", "B")
    backup = back_up(field, "backup.db")
    topic = elements.save(a.ws, Topic(title="公共车位划线"))
    sync(a, b)
    made = consultations.from_topic(b.ws, topic.id)
    flow_steps.take_step(b.ws, "consultation", made.id, "announce", MEETING)
    sync(b, a)

    restore(field, backup)
    for _ in range(2):
        sync(b, a)

    for each in (a, b):
        assert elements.get(each.ws, "consultation", made.id).state == "announced"
        assert elements.refused(each.ws) == []
    assert_settled(a, b)


def test_unsent_work_upon_lost_work_waits_for_it(field: Field, laptops: Laptops) -> None:
    a, b = laptops("wang", "A"), laptops("ma", "B")
    backup = back_up(field, "backup.db")
    person = save(a, "甲")
    sync(a, b)
    change(b, person, phone="15411111111")

    restore(field, backup)
    b.sync()
    save(b, "乙")
    sync(b, a, b, a)

    assert names(a) == ["乙", "甲"]
    assert phone(a, person) == "15411111111"
    assert_settled(a, b)


def test_nobody_waits_for_ever_for_a_laptop_that_is_gone(field: Field, laptops: Laptops) -> None:
    a, b = laptops("wang", "A"), laptops("ma", "B")
    backup = back_up(field, "backup.db")
    person = save(a, "甲")
    sync(a, b)
    change(b, person, phone="15411111111")
    b.sync()

    restore(field, backup)
    b.sync()
    assert b.sync_state().pending == 1
    (waiting,) = outbox(b)
    field.clock.advance(days=8)
    b.sync()

    assert b.sync_state().pending == 0
    assert waiting in known_to_server(field)  # which keeps what was in it
    ((_, record, reason, _),) = elements.refused(b.ws)
    assert (record, reason[:10]) == (person, "这项修改没有被接受；")


def test_second_restore_while_things_are_owed(field: Field, laptops: Laptops) -> None:
    a, b = laptops("wang", "A"), laptops("ma", "B")
    empty = back_up(field, "backup.db")
    person = save(a, "甲")
    sync(a, b)
    change(b, person, phone="15411111111")
    b.sync()

    restore(field, empty)
    b.sync()
    restore(field, empty)
    sync(b, a, b, a)

    assert phone(a, person) == phone(b, person) == "15411111111"
    assert_settled(a, b)


def test_kept_conflict_and_its_settling_come_back(field: Field, laptops: Laptops) -> None:
    a, b = laptops("wang", "A"), laptops("ma", "B")
    person = save(a, "甲", phone="15400000000")
    sync(a, b)
    backup = back_up(field, "backup.db")
    change(a, person, phone="15411111111")
    change(b, person, phone="15422222222")
    sync(a, b, a)
    conflicts.settle(a.ws, conflicts.open_conflicts(a.ws)[0].id, "other")
    sync(a, b)

    restore(field, backup)
    for _ in range(3):
        sync(a, b)

    assert phone(a, person) == phone(b, person) == "15422222222"
    assert conflicts.open_conflicts(a.ws) == conflicts.open_conflicts(b.ws) == []
    assert_settled(a, b)


def test_epoch_is_raised_once_for_everybody(field: Field, laptops: Laptops) -> None:
    a, b = laptops("wang", "A"), laptops("ma", "B")
    backup = back_up(field, "backup.db")
    save(a, "甲")
    sync(a, b)
    restore(field, backup, by_tool=False)

    snapshots = [session._engine.round().snapshots for session in (a, b, a, b)]

    assert snapshots == [1, 1, 0, 0]
    assert names(b) == ["甲"]


def bodies(session: DeviceSession) -> list[int]:
    """The length of every kept operation, in order."""
    with session.ws.store.read() as tx:
        return list(tx.exec_driver_sql("SELECT length(body) FROM outbox ORDER BY no").scalars())


def back_up_by_command(field: Field, name: str) -> None:
    backup.back_up(field.app.state.database, field.folder / name, field.clock)


def test_journal_is_shortened_only_when_covered_and_old(field: Field, laptops: Laptops) -> None:
    a = laptops("wang", "A")
    person = save(a, "甲")
    a.sync()
    field.clock.advance(days=31)
    save(a, "乙")
    a.sync()
    assert all(bodies(a)), "no backup, nothing is dropped"

    back_up_by_command(field, "first")
    save(a, "丙")
    a.sync()

    assert [bool(length) for length in bodies(a)] == [False, True, True]
    change(a, person, phone="15411111111")
    a.sync()
    assert phone(a, person) == "15411111111"


def test_shortened_journal_still_survives_a_restore_of_the_backup(
    field: Field, laptops: Laptops
) -> None:
    a, b = laptops("wang", "A"), laptops("ma", "B")
    person = save(a, "甲")
    sync(a, b)
    field.clock.advance(days=31)
    back_up_by_command(field, "first")
    change(b, person, phone="15411111111")
    save(a, "乙")
    sync(a, b, a)
    assert not all(bodies(a))

    database = field.app.state.database
    backup.restore(database, field.folder / "first", replace=True)
    sync(a, b, a)

    assert names(a) == names(b) == ["乙", "甲"]
    assert phone(a, person) == "15411111111"
    assert_settled(a, b)
