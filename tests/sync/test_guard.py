"""A batch that would empty the laptop waits for a person; what was meant to leave, leaves."""

from collections.abc import Callable

import msgspec
import sqlalchemy as sa

from sqzl_desktop.app import DeviceSession
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.server import rows
from sqzl_desktop.server.ledger import Change, commit
from sqzl_desktop.server.tables import BUCKET, RECORD
from sqzl_desktop.services import elements
from tests.field import Field, take_away
from tests.places import COMMUNITY, GRID, OTHER_GRID

Laptops = Callable[..., DeviceSession]


def populate(session: DeviceSession, many: int, grid: str = GRID) -> list[str]:
    saved = elements.save_all(
        session.ws, [Resident(name=f"居民{number}", grid_id=grid) for number in range(many)]
    )
    session.sync()
    return [each.id for each in saved]


def lose(field: Field, ids: list[str]) -> None:
    """The server believes that these were deleted."""

    def delete(connection: sa.Connection) -> None:
        found = rows.load(connection, COMMUNITY, [("resident", each) for each in ids])
        commit(connection, COMMUNITY, [
            Change(each, msgspec.structs.replace(each.row, deleted=True, last="mistake"))
            for each in found.values()
        ])  # fmt: skip

    field.app.state.database.writing(delete)


def residents(session: DeviceSession) -> int:
    return elements.count(session.ws, "resident")


def test_mass_removal_waits_until_a_person_accepts_it(field: Field, laptops: Laptops) -> None:
    a = laptops("wang", "A")
    lose(field, populate(a, 120)[:60])

    first = a.sync()
    assert "移除" in first.warnings()[0]
    assert "没有变动" in first.guarded[0]
    assert residents(a) == 120
    assert a.sync().guarded

    again = a.sync(accept_removals=True)

    assert (again.guarded, residents(a)) == ((), 60)
    assert a.sync().guarded == ()


def test_small_removals_pass(field: Field, laptops: Laptops) -> None:
    a = laptops("wang", "A")
    lose(field, populate(a, 120)[:20])

    assert a.sync().guarded == ()
    assert residents(a) == 100


def test_work_goes_up_while_a_removal_waits(field: Field, laptops: Laptops) -> None:
    a, b = laptops("wang", "A"), laptops("ma", "B")
    lose(field, populate(a, 120))
    elements.save(a.ws, Resident(name="马小明", grid_id=GRID))

    done = a.sync()
    b.sync()

    assert (done.pushed, len(done.guarded)) == (1, 1)
    assert residents(b) == 1


def test_own_mass_deletion_is_not_held_up(laptops: Laptops) -> None:
    a = laptops("wang", "A")
    for each in populate(a, 80):
        elements.delete(a.ws, "resident", each)

    assert a.sync().guarded == ()
    assert residents(a) == 0


def test_empty_snapshot_does_not_empty_the_laptop(field: Field, laptops: Laptops) -> None:
    a = laptops("wang", "A")
    populate(a, 120)

    def empty(connection: sa.Connection) -> None:
        connection.execute(sa.delete(RECORD))
        connection.execute(sa.delete(BUCKET))

    field.app.state.database.writing(empty)

    assert a.sync().guarded
    assert residents(a) == 120


def test_taken_scope_is_meant(field: Field, laptops: Laptops) -> None:
    a = laptops("wang", "A")
    populate(a, 80, OTHER_GRID)
    take_away(field, "wang", OTHER_GRID)

    assert a.sync().guarded == ()
    assert residents(a) == 0
