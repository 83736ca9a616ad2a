"""Two records of one person become one, on one laptop and over a server."""

import dataclasses
import datetime as dt
from collections.abc import Callable

import pytest

from sqzl_desktop.app import DeviceSession
from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain.kinds.aged_care import AgedCare
from sqzl_desktop.domain.kinds.household import Household
from sqzl_desktop.domain.kinds.residence import Residence
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.domain.kinds.visit import Visit
from sqzl_desktop.services import (
    conflicts,
    duplicates,
    elements,
    finding,
    merging,
    pending,
    people,
    undo,
)
from sqzl_desktop.services.workspace import Workspace
from tests.places import GRID, NOW

NUMBER, OTHER_NUMBER = "64010419900101123X", "640104198505052348"
BORN = dt.date(1990, 1, 1)


def add(ws: Workspace, name: str = "马小明", **fields: object) -> Resident:
    saved = elements.save(ws, Resident(name=name, grid_id=GRID, **fields))  # type: ignore[arg-type]
    assert isinstance(saved, Resident)
    return saved


def get(ws: Workspace, record_id: str) -> Resident:
    found = elements.get(ws, "resident", record_id)
    assert isinstance(found, Resident)
    return found


def visit(ws: Workspace, record: Resident, content: str) -> None:
    elements.save(ws, Visit(resident_id=record.id, visited_at=NOW, category="01",
                            content=content, grid_id=GRID))  # fmt: skip


def test_filled_beats_empty_a_number_that_passes_another_and_newer_older(ws: Workspace) -> None:
    first = add(ws, phone="15412345678", employer="老单位")
    second = add(ws, name="马晓明", id_number=NUMBER)
    elements.save(ws, dataclasses.replace(get(ws, first.id), employer=""))

    found = merging.compare(ws, [first.id, second.id])

    assert found.ids == (second.id, first.id), "the one with a number that passes is kept"
    proposed = {each.label: each.texts[each.proposed] for each in found.lines}
    assert proposed == {"姓名": "马晓明", "证件号码": "640*************3X",
                        "联系电话": "154****5678"}  # fmt: skip


def test_all_that_names_the_other_is_found_at_the_kept_one(ws: Workspace) -> None:
    kept, other = add(ws, phone="15412345678"), add(ws, name="马晓明", id_number=NUMBER)
    visit(ws, kept, "在家"), visit(ws, other, "不在家")
    stay = elements.save(ws, Residence(resident_id=other.id, dwelling_id="d1", grid_id=GRID,
                                       from_on=dt.date(2020, 1, 1)))  # fmt: skip
    care = elements.save(ws, AgedCare(resident_id=other.id, grid_id=GRID))
    home = elements.save(ws, Household(head_id=other.id, head_name="马晓明", grid_id=GRID))

    merging.merge(ws, [kept.id, other.id], {"id_number": 1})

    card = people.resident_card(ws, other.id)
    assert card.resident == get(ws, kept.id), "finding the alias leads to the kept one"
    assert (card.resident.name, card.resident.id_number) == ("马小明", NUMBER)
    assert {each.content for each in card.visits} == {"在家", "不在家"}
    for kind, each in (("residence", stay), ("aged_care", care)):
        assert elements.get(ws, kind, each.id).resident_id == kept.id  # type: ignore[attr-defined]
    assert elements.get(ws, "household", home.id).head_id == kept.id  # type: ignore[attr-defined]
    assert elements.count(ws, "resident") == 1
    assert people.living_in(ws, "d1") == [card.resident]
    assert other.id in {hit.id for hit in finding.find_text(ws, "马晓明", kinds=["resident"])}


def test_merge_can_be_undone_as_a_whole(ws: Workspace) -> None:
    kept, other = add(ws, phone="15412345678"), add(ws, name="马晓明", id_number=NUMBER)
    stay = elements.save(ws, Residence(resident_id=other.id, dwelling_id="d1", grid_id=GRID))
    before = get(ws, kept.id), get(ws, other.id), elements.get(ws, "residence", stay.id)

    done = merging.merge(ws, [kept.id, other.id], {"id_number": 1, "name": 1})
    undo.undo(ws, done.group)

    after = get(ws, kept.id), get(ws, other.id), elements.get(ws, "residence", stay.id)
    assert after == before
    assert elements.count(ws, "resident") == 2


def test_alias_is_not_merged_again(ws: Workspace) -> None:
    one, two, three = add(ws), add(ws), add(ws)
    merging.merge(ws, [one.id, two.id], {})

    with pytest.raises(Refused, match="已经并入"):
        merging.merge(ws, [three.id, two.id], {})


def test_suspicions_are_ranked_and_two_numbers_that_pass_are_two_people(ws: Workspace) -> None:
    phone = [add(ws, name="哈兰", phone="15412345678") for _ in range(2)]
    born = [add(ws, name="丁一", born_on=BORN) for _ in range(2)]
    for number in (NUMBER, OTHER_NUMBER):
        add(ws, name="王五", phone="15487654321", id_number=number)

    found = duplicates.suspicions(ws)

    assert [each.reason for each in found] == ["born", "phone"]
    assert {key for key, _ in found[0].residents} == {each.id for each in born}
    duplicates.looked_at(ws, found[0])
    assert [each.reason for each in duplicates.suspicions(ws)] == ["phone"]
    merging.merge(ws, [each.id for each in phone], {})
    assert duplicates.suspicions(ws) == []


Laptops = Callable[..., DeviceSession]


@pytest.fixture
def pair(laptops: Laptops) -> tuple[DeviceSession, DeviceSession, str, str]:
    """Two laptops that both know two records of one person."""
    wang, ma = laptops("wang"), laptops("ma")
    one, two = add(wang.ws, phone="15412345678"), add(wang.ws, name="马晓明", id_number=NUMBER)
    wang.sync()
    ma.sync()
    return wang, ma, one.id, two.id


def shown(session: DeviceSession) -> dict[str, tuple[str, str]]:
    with session.ws.store.read() as tx:
        lines = tx.exec_driver_sql("SELECT id, name, coalesce(merged_into, '') FROM resident")
        return {row[0]: (row[1], row[2]) for row in lines}


def test_both_merge_the_same_pair_in_opposite_directions(
    pair: tuple[DeviceSession, DeviceSession, str, str],
) -> None:
    wang, ma, one, two = pair
    merging.merge(wang.ws, [one, two], {"id_number": 1})
    merging.merge(ma.ws, [two, one], {"phone": 1})

    for session in (wang, ma, wang, ma):
        session.sync()

    assert shown(wang) == shown(ma) == {one: ("马小明", ""), two: ("马晓明", one)}
    assert get(ma.ws, one).id_number == NUMBER
    (entry,) = pending.entries(ma.ws)
    assert "已由他人合并" in entry.reason
    assert pending.entries(wang.ws) == []


@pytest.mark.parametrize("edit_first", [True, False])
def test_edit_on_the_alias_that_nobody_saw_waits_beside_the_kept_record(
    pair: tuple[DeviceSession, DeviceSession, str, str], edit_first: bool
) -> None:
    wang, ma, one, two = pair
    merging.merge(wang.ws, [one, two], {"id_number": 1})
    elements.save(ma.ws, dataclasses.replace(get(ma.ws, two), employer="新单位"))

    for session in (ma, wang) if edit_first else (wang, ma):
        session.sync()
    wang.sync()
    ma.sync()

    for session in (wang, ma):
        (conflict,) = conflicts.open_conflicts(session.ws)
        assert (conflict.record_id, conflict.label) == (one, "服务处所")
        assert conflict.other.value == "新单位"
    conflicts.settle(wang.ws, conflict.id, "other")
    wang.sync()
    ma.sync()
    assert get(ma.ws, one).employer == "新单位"


def test_merged_pair_is_marked_no_more_and_undone_it_is_again(
    laptops: Laptops,
) -> None:
    wang = laptops("wang")
    one, two = add(wang.ws, id_number=NUMBER), add(wang.ws, name="马晓明", id_number=NUMBER)
    wang.sync()
    assert duplicates.open_count(wang.ws) == 1, "persons are counted, not marks"

    done = merging.merge(wang.ws, [one.id, two.id], {})
    assert duplicates.open_count(wang.ws) == 0
    wang.sync()
    assert elements.count(wang.ws, "duplicate") == 0

    undo.undo(wang.ws, done.group)
    wang.sync()
    assert duplicates.open_count(wang.ws) == 1
