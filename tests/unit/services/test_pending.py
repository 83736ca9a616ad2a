"""What the server did not take: what it says, and what becomes of each way out."""

import dataclasses
from collections.abc import Callable

import pytest

from sqzl_desktop.app import DeviceSession
from sqzl_desktop.base.errors import NotFound, Refused
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.domain.kinds.topic import Topic
from sqzl_desktop.services import elements, flow_steps, health, pending, people
from sqzl_desktop.services.workspace import Workspace
from tests.field import Field, take_away
from tests.places import COMMUNITY, GRID, OTHER_GRID
from tests.refusing import refuse

Laptops = Callable[..., DeviceSession]


@pytest.fixture
def wang(laptops: Laptops) -> DeviceSession:
    return laptops("wang", "A")


def saved(ws: Workspace, **values: object) -> Resident:
    made = elements.save(ws, Resident(**{"name": "马小明", "grid_id": GRID, **values}))  # type: ignore[arg-type]
    assert isinstance(made, Resident)
    return made


def refused_edit(wang: DeviceSession) -> Resident:
    """A person whose new phone number the server refused."""
    person = saved(wang.ws, phone="15411111111")
    wang.sync()
    elements.save(wang.ws, dataclasses.replace(person, phone="15422222222"))
    refuse(wang, "号码不对", "请核对号码")
    return person


def phone(ws: Workspace, record_id: str) -> str:
    found = elements.get(ws, "resident", record_id)
    assert isinstance(found, Resident)
    return found.phone


def test_entry_says_what_was_meant_why_not_and_since_when(wang: DeviceSession) -> None:
    person = refused_edit(wang)

    (entry,) = pending.entries(wang.ws)

    (meant,) = entry.meant
    assert (meant.kind, meant.record_id, meant.title) == ("resident", person.id, "马小明")
    assert meant.action == "修改"
    assert meant.fields == (pending.FieldChange("联系电话", "154****1111", "154****2222"),)
    assert (entry.reason, entry.advice, entry.is_held) == ("号码不对", "请核对号码", False)
    assert entry.made_at == wang.ws.clock.now()
    assert phone(wang.ws, person.id) == "15411111111"


def test_offered_again_it_stands_upon_todays_record(wang: DeviceSession) -> None:
    person = refused_edit(wang)
    (entry,) = pending.entries(wang.ws)
    now = elements.get(wang.ws, "resident", person.id)
    elements.save(wang.ws, dataclasses.replace(now, name="马晓明"))

    pending.offer_again(wang.ws, entry.id)

    assert pending.entries(wang.ws) == []
    done = wang.sync()
    assert (done.pushed, done.refused) == (2, 0)
    found = elements.get(wang.ws, "resident", person.id)
    assert isinstance(found, Resident)
    assert (found.name, found.phone) == ("马晓明", "15422222222")
    assert all(each.is_well for each in health.check_store(wang.ws))


def test_corrected_it_is_offered_with_the_correction(wang: DeviceSession) -> None:
    person = refused_edit(wang)
    (entry,) = pending.entries(wang.ws)

    draft = pending.draft(wang.ws, entry.id)
    assert not draft.is_new
    assert isinstance(draft.filled, Resident)
    assert draft.filled.phone == "15422222222"
    corrected = dataclasses.replace(draft.filled, phone="15433333333")
    pending.offer_changed(wang.ws, entry.id, draft.shown, corrected)

    assert pending.entries(wang.ws) == []
    wang.sync()
    assert phone(wang.ws, person.id) == "15433333333"


def test_given_up_it_is_kept_and_can_be_taken_back(wang: DeviceSession) -> None:
    refused_edit(wang)
    (entry,) = pending.entries(wang.ws)

    operations = pending.give_up(wang.ws, [entry.id])
    assert pending.entries(wang.ws) == []
    assert wang.sync_state().refused == 0
    assert wang.sync().pushed == 0
    with pytest.raises(NotFound):
        pending.offer_again(wang.ws, entry.id)

    pending.take_back(wang.ws, operations)

    assert pending.entries(wang.ws) == [entry]
    with wang.ws.store.read() as tx:
        actions = tx.exec_driver_sql("SELECT action FROM audit ORDER BY no").scalars().all()
    assert actions == ["drop", "take_back"]


def test_record_that_was_refused_goes_and_comes_with_the_decision(wang: DeviceSession) -> None:
    person = saved(wang.ws)
    refuse(wang, "重复登记")
    (entry,) = pending.entries(wang.ws)
    assert entry.meant[0].action == "登记"

    operations = pending.give_up(wang.ws, [entry.id])
    assert elements.count(wang.ws, "resident") == 0
    pending.take_back(wang.ws, operations)

    assert elements.get(wang.ws, "resident", person.id) == person


def test_refused_record_that_is_edited_in_its_form_is_offered_whole(wang: DeviceSession) -> None:
    person = saved(wang.ws, phone="15411111111")
    refuse(wang, "姓名不对")

    elements.save(wang.ws, dataclasses.replace(person, name="马晓明"))

    assert pending.entries(wang.ws) == []
    assert wang.sync().refused == 0
    found = elements.get(wang.ws, "resident", person.id)
    assert isinstance(found, Resident)
    assert (found.name, found.phone) == ("马晓明", "15411111111")


def test_refused_record_that_is_deleted_is_given_up(wang: DeviceSession) -> None:
    person = saved(wang.ws)
    refuse(wang, "重复登记")

    elements.delete(wang.ws, "resident", person.id)

    assert elements.count(wang.ws, "resident") == 0
    assert pending.entries(wang.ws) == []
    wang.sync()
    assert elements.count(wang.ws, "resident") == 0


def test_operations_of_one_action_stay_together(wang: DeviceSession) -> None:
    person = Resident(name="马小明", community_id=COMMUNITY, grid_id=GRID)
    person, _ = people.move_in(wang.ws, person, dwelling_id="d1", kind_of_stay="", from_on=None)
    refuse(wang, "重复登记")

    (entry,) = pending.entries(wang.ws)
    assert [each.kind for each in entry.meant] == ["resident", "residence"]
    draft = pending.draft(wang.ws, entry.id)
    assert draft.is_new
    corrected = dataclasses.replace(draft.filled, name="马晓明")
    pending.offer_changed(wang.ws, entry.id, draft.shown, corrected)

    assert wang.sync().refused == 0
    assert elements.count(wang.ws, "residence") == 1
    assert elements.titles(wang.ws, "resident", [person.id]) == {person.id: "马晓明"}


def test_held_changes_lie_with_the_new_owner_and_are_only_noted(
    wang: DeviceSession, field: Field
) -> None:
    saved(wang.ws, grid_id=OTHER_GRID)
    take_away(field, "wang", OTHER_GRID)
    field.clock.advance(hours=30)
    wang.sync()

    (entry,) = pending.entries(wang.ws)
    assert (entry.is_held, entry.can_change, entry.can_offer) == (True, False, False)
    pending.give_up(wang.ws, [entry.id])

    assert pending.entries(wang.ws) == []


def test_step_that_is_not_open_any_more_is_not_offered_again(wang: DeviceSession) -> None:
    topic = elements.save(wang.ws, Topic(title="停车"))
    wang.sync()
    flow_steps.take_step(wang.ws, "topic", topic.id, "adopt")
    refuse(wang, "他人已办理")
    (entry,) = pending.entries(wang.ws)
    assert entry.meant[0].action == "确定议题"
    flow_steps.take_step(wang.ws, "topic", topic.id, "adopt")

    with pytest.raises(Refused):
        pending.offer_again(wang.ws, entry.id)

    assert pending.entries(wang.ws) == [entry]


def test_what_was_given_up_goes_with_its_grid_and_what_is_held_keeps_no_values(
    wang: DeviceSession, field: Field
) -> None:
    saved(wang.ws, name="马秘密", grid_id=OTHER_GRID)
    refuse(wang, "重复登记")
    (entry,) = pending.entries(wang.ws)
    pending.give_up(wang.ws, [entry.id])
    saved(wang.ws, name="马机密", grid_id=OTHER_GRID)
    take_away(field, "wang", OTHER_GRID)
    field.clock.advance(hours=30)

    wang.sync()

    with wang.ws.store.read() as tx:
        kept = "".join(tx.exec_driver_sql("SELECT body FROM outbox").scalars())
    assert "秘密" not in kept
    assert "机密" not in kept
    (held,) = pending.entries(wang.ws)
    assert (held.is_held, held.meant[0].fields) == (True, ())
