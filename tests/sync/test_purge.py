"""After a grid is lost, nothing of it is left in any byte of the device, and the server is told."""

import contextlib
import dataclasses
from collections.abc import Callable, Iterator

import msgspec
import pytest

from sqzl_desktop.app import DeviceSession
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.domain.kinds.topic import Topic
from sqzl_desktop.server import accounts, purges
from sqzl_desktop.services import elements, handovers
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import keys, traces
from tests import plain
from tests.field import PASSWORD, Field, take_away
from tests.places import COMMUNITY, GRID, OTHER_GRID

Laptops = Callable[..., DeviceSession]
PLANTED = {"id_number": "11010519491231002X", "employer": "zqcanaryemployer"}
CHANGED = {"employer": "xqcanarysecond", "remark": "金丝雀备注"}
SEARCHED = ("491231002x", "2001321949")  # as the index holds it: folded, and its tail backwards
ELSEWHERE = "640105001001"


def plant(ws: Workspace, grid: str = OTHER_GRID, **fields: object) -> Resident:
    values = {"grid_id": grid, "name": "金丝雀", "id_type": "111", **PLANTED, **fields}
    saved = elements.save(ws, Resident(**values))  # type: ignore[arg-type]
    assert isinstance(saved, Resident)
    return saved


def change(ws: Workspace, record_id: str, **fields: object) -> None:
    record = elements.get(ws, "resident", record_id)
    elements.save(ws, dataclasses.replace(record, **fields))


def left(session: DeviceSession) -> list[str]:
    """The planted words that are still in some byte of the laptop's store, its WAL included."""
    folder = session.ws.store.folder
    key = keys.open_key(folder, PASSWORD, vault=None)
    planted = [*PLANTED.values(), *CHANGED.values(), "金丝雀", *SEARCHED]
    return [word for word in planted if plain.holds(folder, key, word)]


def entrust(field: Field, account: str, *scope: str) -> None:
    field.app.state.database.writing(
        lambda connection: accounts.entrust(connection, account, scope, field.clock)
    )


def overdue(field: Field) -> list[str]:
    with field.app.state.database.reading() as connection:
        return [each.label for each in purges.overdue(connection, field.clock)]


@pytest.fixture
def worker(laptops: Laptops) -> DeviceSession:
    """A laptop that knows a resident of the other grid in every way it can."""
    session = laptops("wang", "A")
    person = plant(session.ws)
    change(session.ws, person.id, **CHANGED)
    session.sync()
    change(session.ws, person.id, phone="15411111111")
    session.sync()
    assert set(left(session)) >= {*PLANTED.values(), *CHANGED.values()}
    return session


def test_no_byte_of_a_lost_grid_is_left(field: Field, worker: DeviceSession) -> None:
    take_away(field, "wang", OTHER_GRID)

    worker.sync()

    assert left(worker) == []
    assert elements.count(worker.ws, "dwelling") == 1  # its other grid is there still
    worker.sync()
    assert left(worker) == []


def test_no_byte_of_a_record_that_moved_away_is_left(
    laptops: Laptops, worker: DeviceSession
) -> None:
    ha = laptops("ha", "B")
    worker.sync()
    (person,) = elements.find(ha.ws, "resident")
    li = laptops("li", "C")
    change(li.ws, person.id, grid_id=GRID)
    li.sync()

    ha.sync()

    assert left(ha) == []


def test_no_byte_of_a_lost_community_is_left(field: Field, worker: DeviceSession) -> None:
    elements.save(worker.ws, Topic(title="楼道灯"))
    entrust(field, "wang", ELSEWHERE)

    worker.sync()

    assert left(worker) == []
    with worker.ws.store.read() as tx:
        for table in ("rows", "base", "outbox", "history", "author", "bucket"):
            assert tx.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == 0, table
        assert list(traces.known_communities(tx)) == [ELSEWHERE]
        for table in ("community", "grid", "dwelling", "topic", "resident"):
            assert tx.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == 0, table
    assert overdue(field) == []
    field.clock.advance(minutes=1)
    worker.sync()


def test_late_registration_leaves_too_and_waits_for_the_new_worker(
    field: Field, laptops: Laptops
) -> None:
    a, b = laptops("wang", "A"), laptops("ha", "B")
    field.network.is_up = False
    plant(a.ws, **CHANGED)
    take_away(field, "wang", OTHER_GRID)
    field.clock.advance(hours=30)
    field.network.is_up = True

    done = a.sync()
    b.sync()

    assert done.refused == 1
    assert left(a) == []
    (view,) = handovers.open_handovers(b.ws)
    assert (view.title, view.what) == ("金丝雀", "登记居民")


def test_work_that_is_not_answered_outlives_the_purge(
    field: Field, laptops: Laptops, worker: DeviceSession
) -> None:
    """Saved in the moment between push and purge: kept, sent in the next round."""
    (person,) = elements.find(worker.ws, "resident")
    take_away(field, "wang", OTHER_GRID)
    with between_push_and_purge(worker, lambda: change(worker.ws, person.id, phone="15422222222")):
        worker.sync()
    assert worker.sync_state().pending == 1
    assert elements.count(worker.ws, "resident") == 0

    worker.sync()

    ha = laptops("ha", "B")
    (found,) = elements.find(ha.ws, "resident")
    assert found.phone == "15422222222"  # type: ignore[attr-defined]
    worker.sync()
    assert left(worker) == []


@contextlib.contextmanager
def between_push_and_purge(session: DeviceSession, work: Callable[[], None]) -> Iterator[None]:
    """Do `work` when the device asks for the log: after its push, before it knows of the loss."""
    transport = session._transport
    pull, todo = transport.pull, [work]

    def pulled(*args: object, **named: object) -> object:
        while todo:
            todo.pop()()
        return pull(*args, **named)  # type: ignore[arg-type]

    transport.pull = pulled  # type: ignore[method-assign,assignment]
    yield
    transport.pull = pull  # type: ignore[method-assign]


def test_receipt_is_sent_and_awaited_until_then(field: Field, worker: DeviceSession) -> None:
    field.clock.advance(minutes=1)
    take_away(field, "wang", OTHER_GRID)
    assert overdue(field) == ["A"]

    worker.sync()

    assert overdue(field) == []
    with worker.ws.store.read() as tx:
        assert traces.removed_so_far(tx) == []
        assert not traces.is_marked(tx)


def test_lost_answer_to_the_receipt_is_no_loss(field: Field, worker: DeviceSession) -> None:
    take_away(field, "wang", OTHER_GRID)
    purged = worker._transport.purged
    worker._transport.purged = lambda receipt: field_cut(field, purged, receipt)  # type: ignore
    worker.sync()
    with worker.ws.store.read() as tx:
        assert [each.grids for each in traces.removed_so_far(tx)] == [[OTHER_GRID]]
    del worker._transport.purged

    worker.sync()

    with worker.ws.store.read() as tx:
        assert traces.removed_so_far(tx) == []


def field_cut(field: Field, purged: Callable[..., object], receipt: object) -> object:
    field.network.answers_lost = 1
    return purged(receipt)


def test_gained_grid_arrives_while_the_lost_one_goes(field: Field, laptops: Laptops) -> None:
    ha = laptops("ha", "B")
    entrust(field, "ha", GRID)

    ha.sync()

    assert elements.count(ha.ws, "dwelling") == 1
    with ha.ws.store.read() as tx:
        grids = tx.exec_driver_sql("SELECT DISTINCT grid FROM rows").scalars()
        assert set(grids) == {"", GRID}


def test_answer_without_communities_takes_nothing_away(worker: DeviceSession) -> None:
    """A server that forgot everything says: no communities. That is no change of scope."""
    engine = worker._engine
    engine._person = msgspec.structs.replace(engine.sign_in(), communities=[])

    worker.sync()

    assert elements.count(worker.ws, "resident") == 1
    assert COMMUNITY in {each.community_id for each in elements.find(worker.ws, "grid")}


@pytest.mark.parametrize("missing", ["optimize", "outbox", "log"])
def test_search_finds_what_a_careless_purge_leaves(
    field: Field, worker: DeviceSession, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    """The control: each part of the clean-up is needed, and the byte search sees it missing."""
    if missing == "log":
        monkeypatch.setattr(type(worker.ws.store), "shrink_log", lambda _store: True)
    else:
        remove = traces.remove

        def careless(tx, note):  # type: ignore[no-untyped-def]
            class Without:
                def __getattr__(self, name):  # type: ignore[no-untyped-def]
                    return getattr(tx, name)

                def exec_driver_sql(self, statement, *rest):  # type: ignore[no-untyped-def]
                    skipped = {"optimize": "optimize", "outbox": "DELETE FROM outbox"}[missing]
                    return None if skipped in statement else tx.exec_driver_sql(statement, *rest)

            remove(Without(), note)  # type: ignore[arg-type]

        monkeypatch.setattr(traces, "remove", careless)
    take_away(field, "wang", OTHER_GRID)

    worker.sync()

    assert left(worker)
