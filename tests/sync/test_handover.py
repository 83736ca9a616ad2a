"""Two laptops and a grid that changes hands: nobody's work is lost, and its new worker decides."""

import dataclasses
from collections.abc import Callable

import pytest

from sqzl_desktop.app import DeviceSession
from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.services import elements, handovers
from sqzl_desktop.services.handovers import HandoverView
from sqzl_desktop.services.workspace import Workspace
from tests.field import Field, take_away
from tests.places import OTHER_GRID

Laptops = Callable[..., DeviceSession]


def save(ws: Workspace, **fields: object) -> Resident:
    saved = elements.save(ws, Resident(**{"grid_id": OTHER_GRID, **fields}))  # type: ignore[arg-type]
    assert isinstance(saved, Resident)
    return saved


def change(ws: Workspace, record_id: str, **fields: object) -> None:
    record = elements.get(ws, "resident", record_id)
    elements.save(ws, dataclasses.replace(record, **fields))


def seen(ws: Workspace, record_id: str) -> Resident:
    record = elements.get(ws, "resident", record_id)
    assert isinstance(record, Resident)
    return record


@pytest.fixture
def two(laptops: Laptops) -> tuple[DeviceSession, DeviceSession]:
    return laptops("wang", "A"), laptops("ha", "B")


def too_late(field: Field, *work: Callable[[], object]) -> None:
    """The grid is taken from wang, who works on without network until the grace is over."""
    field.network.is_up = False
    for each in work:
        each()
    take_away(field, "wang", OTHER_GRID)
    field.clock.advance(hours=25)
    field.network.is_up = True


def one(ws: Workspace) -> HandoverView:
    (found,) = handovers.open_handovers(ws)
    return found


def test_work_of_the_last_day_counts_without_a_question(
    field: Field, two: tuple[DeviceSession, DeviceSession]
) -> None:
    a, b = two
    person = save(a.ws, name="马小明", phone="15400000000")
    a.sync()
    change(a.ws, person.id, phone="15411111111")
    take_away(field, "wang", OTHER_GRID)

    a.sync()
    b.sync()

    assert seen(b.ws, person.id).phone == "15411111111"
    assert handovers.open_handovers(b.ws) == []
    assert elements.count(a.ws, "resident") == 0


def test_late_change_is_shown_masked_and_done_when_accepted(
    field: Field, two: tuple[DeviceSession, DeviceSession]
) -> None:
    a, b = two
    person = save(a.ws, name="马小明", phone="15400000000", tags=("K01",))
    a.sync()
    too_late(field, lambda: change(a.ws, person.id, phone="15411111111", tags=("K03",)))
    a.sync()
    b.sync()

    view = one(b.ws)
    assert (view.title, view.what, view.by, view.device) == ("马小明", "修改居民", "王网格", "A")
    assert ("联系电话", "154****0000", "154****1111") in view.changes
    assert handovers.open_count(b.ws) == 1
    change(b.ws, person.id, tags=("K01", "K04"))

    handovers.accept(b.ws, view.id)
    assert handovers.open_handovers(b.ws) == []
    done = b.sync()

    assert done.refused == done.conflicts == 0
    assert (seen(b.ws, person.id).phone, seen(b.ws, person.id).tags) == (
        "15411111111", ("K03", "K04"),
    )  # fmt: skip


def test_late_registration_and_what_followed_are_accepted_in_order(
    field: Field, two: tuple[DeviceSession, DeviceSession]
) -> None:
    a, b = two
    made: list[Resident] = []
    too_late(
        field,
        lambda: made.append(save(a.ws, name="马小明")),
        lambda: change(a.ws, made[0].id, phone="15411111111"),
    )
    a.sync()
    b.sync()
    first, second = handovers.open_handovers(b.ws)
    assert (first.title, first.what) == ("马小明", "登记居民")

    with pytest.raises(Refused, match="请先接受那一项"):
        handovers.accept(b.ws, second.id)
    handovers.accept(b.ws, first.id)
    handovers.accept(b.ws, second.id)
    b.sync()

    assert seen(b.ws, made[0].id).phone == "15411111111"
    assert elements.sync_state(b.ws, "resident", made[0].id) == "confirmed"


def test_late_deletion_needs_a_yes(field: Field, two: tuple[DeviceSession, DeviceSession]) -> None:
    a, b = two
    person = save(a.ws, name="马小明")
    a.sync()
    too_late(field, lambda: elements.delete(a.ws, "resident", person.id))
    a.sync()
    b.sync()
    assert one(b.ws).what == "删除居民"

    handovers.accept(b.ws, one(b.ws).id)
    b.sync()

    assert elements.count(b.ws, "resident") == 0


def test_declined_work_changes_nothing_and_says_why(
    field: Field, two: tuple[DeviceSession, DeviceSession]
) -> None:
    a, b = two
    person = save(a.ws, name="马小明", phone="15400000000")
    a.sync()
    too_late(field, lambda: change(a.ws, person.id, phone="15411111111"))
    a.sync()
    b.sync()

    with pytest.raises(Refused, match="原因"):
        handovers.decline(b.ws, one(b.ws).id, " ")
    handovers.decline(b.ws, one(b.ws).id, "电话已核实，不改")
    b.sync()

    assert seen(b.ws, person.id).phone == "15400000000"
    (kept,) = elements.find(b.ws, "handover")
    assert (kept.state, kept.decided_by, kept.reason) == (  # type: ignore[attr-defined]
        "declined", "哈网格", "电话已核实，不改",
    )  # fmt: skip


def test_second_to_decide_is_told_and_his_own_work_stands(
    field: Field, laptops: Laptops, two: tuple[DeviceSession, DeviceSession]
) -> None:
    a, b = two
    lead = laptops("li", "C")
    person = save(a.ws, name="马小明", phone="15400000000")
    a.sync()
    too_late(field, lambda: change(a.ws, person.id, phone="15411111111"))
    for each in (a, b, lead):
        each.sync()
    handovers.decline(lead.ws, one(lead.ws).id, "电话已核实，不改")
    handovers.accept(b.ws, one(b.ws).id)
    change(b.ws, person.id, employer="宏达运输公司")
    lead.sync()

    done = b.sync()

    assert done.refused == 2
    assert "李书记" in elements.refused(b.ws)[0][2]
    assert (seen(b.ws, person.id).phone, seen(b.ws, person.id).employer) == (
        "15400000000", "宏达运输公司",
    )  # fmt: skip
