"""Two laptops and a server: what a day of work does to both."""

import dataclasses
from collections.abc import Callable

import pytest

from sqzl_desktop.app import DeviceSession
from sqzl_desktop.base.errors import Offline
from sqzl_desktop.domain.kinds.consultation import Consultation
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.domain.kinds.topic import Topic
from sqzl_desktop.services import (
    conflicts,
    consultations,
    elements,
    flow_steps,
    histories,
    supplements,
)
from sqzl_desktop.services.session import SyncDone
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import confirmed, proof
from tests.field import Field, take_away
from tests.places import COMMUNITY, GRID, MEETING, OTHER_GRID

Laptops = Callable[..., DeviceSession]


def save(ws: Workspace, **fields: object) -> Resident:
    saved = elements.save(ws, Resident(**{"grid_id": GRID, **fields}))  # type: ignore[arg-type]
    assert isinstance(saved, Resident)
    return saved


def change(ws: Workspace, record_id: str, **fields: object) -> None:
    record = elements.get(ws, "resident", record_id)
    elements.save(ws, dataclasses.replace(record, **fields))


def seen(ws: Workspace, record_id: str) -> Resident:
    record = elements.get(ws, "resident", record_id)
    assert isinstance(record, Resident)
    return record


def assert_settled(*sessions: DeviceSession) -> None:
    """Every device has the same digests, computed from its rows, and nothing waits."""
    sums = []
    for session in sessions:
        with session.ws.store.read() as tx:
            kept = confirmed.digests(confirmed.read_sums(tx, COMMUNITY))
            assert kept == confirmed.digests(proof.sums(proof.proofs(tx, COMMUNITY)))
            sums.append(kept)
        assert session.sync_state().pending == 0
    assert all(each == sums[0] for each in sums)


@pytest.fixture
def two(laptops: Laptops) -> tuple[DeviceSession, DeviceSession]:
    return laptops("wang", "A"), laptops("ma", "B")


def test_first_sync_brings_what_is_in_scope(laptops: Laptops) -> None:
    wang, ha = laptops("wang"), laptops("ha")

    assert elements.count(wang.ws, "dwelling") == 1
    assert elements.count(ha.ws, "dwelling") == 0
    assert elements.count(ha.ws, "grid") == 2


def test_new_record_reaches_the_other_laptop(two: tuple[DeviceSession, DeviceSession]) -> None:
    a, b = two
    person = save(a.ws, name="马小明", sex="1", tags=("K01",))
    assert elements.sync_state(a.ws, "resident", person.id) == "pending"

    a.sync()
    b.sync()

    assert seen(b.ws, person.id) == person
    assert elements.sync_state(a.ws, "resident", person.id) == "confirmed"
    assert_settled(a, b)


def test_different_fields_merge(two: tuple[DeviceSession, DeviceSession]) -> None:
    a, b = two
    person = save(a.ws, name="马小明")
    a.sync()
    b.sync()
    change(a.ws, person.id, phone="15412345678", tags=("K01",))
    change(b.ws, person.id, employer="宏达运输公司", tags=("K03",))

    for each in (a, b, a):
        each.sync()

    for each in (a, b):
        found = seen(each.ws, person.id)
        assert (found.phone, found.employer) == ("15412345678", "宏达运输公司")
        assert found.tags == ("K01", "K03")
        assert conflicts.open_conflicts(each.ws) == []
    assert_settled(a, b)


def clash(two: tuple[DeviceSession, DeviceSession]) -> tuple[Resident, SyncDone]:
    a, b = two
    person = save(a.ws, name="马小明", phone="15400000000")
    a.sync()
    b.sync()
    change(a.ws, person.id, phone="15411111111")
    change(b.ws, person.id, phone="15422222222", employer="宏达运输公司")
    a.sync()
    done = b.sync()
    a.sync()
    return person, done


def test_same_field_is_kept_beside_and_shown_to_both(
    two: tuple[DeviceSession, DeviceSession],
) -> None:
    person, done = clash(two)

    assert done.conflicts == 1
    for each in two:
        assert seen(each.ws, person.id).phone == "15411111111"
        assert seen(each.ws, person.id).employer == "宏达运输公司"
        (conflict,) = conflicts.open_conflicts(each.ws)
        assert (conflict.label, conflict.title) == ("联系电话", "马小明")
        assert (conflict.standing.value, conflict.standing.by) == ("154****1111", "王网格")
        assert (conflict.other.value, conflict.other.by) == ("154****2222", "马网格")
        assert conflict.other.device == "B"
    assert_settled(*two)


@pytest.mark.parametrize(("keep", "phone"), [("standing", "15411111111"), ("other", "15422222222")])
def test_choice_settles_the_conflict_everywhere(
    two: tuple[DeviceSession, DeviceSession], keep: str, phone: str
) -> None:
    a, b = two
    person, _ = clash(two)

    conflicts.settle(a.ws, conflicts.open_conflicts(a.ws)[0].id, keep)
    assert seen(a.ws, person.id).phone == phone
    assert conflicts.open_conflicts(a.ws) == []
    a.sync()
    b.sync()

    for each in two:
        assert seen(each.ws, person.id).phone == phone
        assert conflicts.open_conflicts(each.ws) == []
    assert_settled(a, b)


def test_edit_after_delete_is_kept_and_can_be_chosen(
    two: tuple[DeviceSession, DeviceSession],
) -> None:
    a, b = two
    person = save(a.ws, name="马小明")
    a.sync()
    b.sync()
    elements.delete(a.ws, "resident", person.id)
    change(b.ws, person.id, phone="15422222222")
    a.sync()
    b.sync()
    assert elements.count(b.ws, "resident") == 0

    (conflict,) = conflicts.open_conflicts(b.ws)
    assert conflict.about == "edit_after_delete"
    conflicts.settle(b.ws, conflict.id, "other")
    b.sync()
    a.sync()

    assert seen(a.ws, person.id).phone == "15422222222"
    assert_settled(a, b)


def test_stale_delete_waits_for_a_person(two: tuple[DeviceSession, DeviceSession]) -> None:
    a, b = two
    person = save(a.ws, name="马小明")
    a.sync()
    b.sync()
    change(a.ws, person.id, phone="15411111111")
    elements.delete(b.ws, "resident", person.id)
    a.sync()
    b.sync()
    a.sync()

    assert seen(b.ws, person.id).phone == "15411111111"
    assert [each.about for each in conflicts.open_conflicts(b.ws)] == ["stale_delete"]
    assert_settled(a, b)


def test_work_without_network_is_kept_and_sent_later(
    field: Field, two: tuple[DeviceSession, DeviceSession]
) -> None:
    a, b = two
    field.network.is_up = False
    person = save(a.ws, name="马小明")
    with pytest.raises(Offline, match="都在本机"):
        a.sync()
    assert a.sync_state().online is False
    assert seen(a.ws, person.id) == person

    field.network.is_up = True
    a.sync()
    b.sync()

    assert seen(b.ws, person.id) == person


def test_record_moved_to_another_grid_leaves_and_arrives(laptops: Laptops) -> None:
    wang, ha = laptops("wang"), laptops("ha")
    person = save(wang.ws, name="马小明", grid_id=OTHER_GRID)
    wang.sync()
    ha.sync()
    assert elements.count(ha.ws, "resident") == 1

    change(wang.ws, person.id, grid_id=GRID)
    wang.sync()
    ha.sync()

    assert elements.count(ha.ws, "resident") == 0
    with ha.ws.store.read() as tx:
        assert (
            tx.exec_driver_sql("SELECT count(*) FROM search WHERE search MATCH '马'").scalar() == 0
        )


def test_store_survives_lock_and_unlock_with_unsent_work(field: Field) -> None:
    session = field.laptop("wang")
    person = save(session.ws, name="马小明")
    session.close()

    again = field.opener().unlock(field.folder / "wang", "seven-stones-7")

    assert seen(again.ws, person.id) == person
    assert again.sync_state().pending == 1
    again.sync()
    assert again.sync_state().pending == 0
    again.close()


def test_steps_taken_offline_are_confirmed_by_the_server(
    two: tuple[DeviceSession, DeviceSession],
) -> None:
    a, b = two
    topic = elements.save(a.ws, Topic(title="公共车位划线"))
    made = consultations.from_topic(a.ws, topic.id)
    flow_steps.take_step(a.ws, "consultation", made.id, "announce", MEETING)

    done = a.sync()
    b.sync()

    assert done.refused == 0
    found = elements.get(b.ws, "consultation", made.id)
    assert isinstance(found, Consultation)
    assert (found.state, found.number, found.host) == ("announced", made.number, "李书记")
    assert_settled(a, b)


def test_second_of_two_same_steps_is_told_and_loses_nothing(
    two: tuple[DeviceSession, DeviceSession],
) -> None:
    a, b = two
    topic = elements.save(a.ws, Topic(title="公共车位划线"))
    a.sync()
    b.sync()
    for session, decision in ((a, "同意列入"), (b, "属执法部门职责")):
        step = "adopt" if session is a else "refuse"
        flow_steps.take_step(session.ws, "topic", topic.id, step, {"decision": decision})
    a.sync()

    done = b.sync()

    assert done.refused == 0
    found = elements.get(b.ws, "topic", topic.id)
    assert isinstance(found, Topic)
    assert (found.state, found.decision) == ("adopted", "同意列入")
    (told,) = supplements.told(b.ws)
    assert "王网格" in told.sentence
    (kept,) = supplements.of_record(b.ws, "topic", topic.id)
    assert "属执法部门职责" in kept.content


def test_history_tells_who_changed_what(two: tuple[DeviceSession, DeviceSession]) -> None:
    a, b = two
    person = save(a.ws, name="马小明", phone="15400000000")
    a.sync()
    b.sync()
    change(b.ws, person.id, phone="15422222222")
    b.sync()
    a.sync()

    latest = histories.local(a.ws, "resident", person.id).changes[0]

    assert (latest.by, latest.device, latest.label) == ("马网格", "B", "联系电话")
    assert (latest.before, latest.after) == ("154****0000", "154****2222")
    assert not latest.pending


def test_grid_taken_away_leaves_nothing_behind(field: Field, laptops: Laptops) -> None:
    wang = laptops("wang", "A")
    person = save(wang.ws, name="马小明", grid_id=OTHER_GRID)
    change(wang.ws, person.id, phone="15411111111")
    wang.sync()

    take_away(field, "wang", OTHER_GRID)
    wang.sync()

    assert elements.count(wang.ws, "resident") == 0
    assert wang.ws.actor.scope == (GRID,)
    with wang.ws.store.read() as tx:
        for table in ("history", "rows", "base"):
            left = f"SELECT count(*) FROM {table}"
            kept = " WHERE kind = 'resident'" if table != "base" else ""
            assert tx.exec_driver_sql(left + kept).scalar() == 0
        assert (
            tx.exec_driver_sql("SELECT count(*) FROM search WHERE search MATCH '马'").scalar() == 0
        )
