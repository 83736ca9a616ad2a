"""A laptop whose rows went bad finds it out, repairs itself, says so, and knows when to stop."""

import random
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from sqzl_desktop.app import DeviceSession
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.server import repair as server_repair
from sqzl_desktop.server.tables import BUCKET
from sqzl_desktop.services import elements
from sqzl_desktop.store import proof
from tests.field import Field
from tests.places import COMMUNITY, GRID, OTHER_GRID
from tests.sync.test_round import assert_settled

Laptops = Callable[..., DeviceSession]
ROW = "id = (SELECT id FROM rows WHERE kind = 'resident' LIMIT 1 OFFSET {at})"
FLIPS = (
    f"UPDATE resident SET name = '别人' WHERE {ROW}",
    f"UPDATE resident SET phone = NULL WHERE {ROW}",
    f"UPDATE resident SET tags = 'not json' WHERE {ROW}",
    "UPDATE resident SET extra = '{broken' WHERE " + ROW,
    f"UPDATE resident SET community_id = '1' WHERE {ROW}",
    f"DELETE FROM resident WHERE {ROW}",
    f"UPDATE rows SET rev = rev + 1 WHERE {ROW}",
    f"UPDATE rows SET rev = 0 WHERE {ROW}",
    f"UPDATE rows SET deleted = 1 WHERE {ROW}",
    f"UPDATE rows SET hash = x'00' WHERE {ROW}",
    f"UPDATE rows SET hash = NULL WHERE {ROW}",
    f"UPDATE rows SET grid = 'elsewhere' WHERE {ROW}",
    f"UPDATE rows SET kind = 'resident2' WHERE {ROW}",
    f"DELETE FROM rows WHERE {ROW}",
    "UPDATE bucket SET count = count + 1",
    "UPDATE bucket SET total = '00000000000000000000000000000001'",
    "DELETE FROM bucket",
    "INSERT INTO rows (kind, id, community, grid, rev, deleted, last, writes, hash) VALUES"
    f" ('resident', 'ghost', '{COMMUNITY}', '{GRID}', 3, 0, '', '[]', x'01')",
)


def populate(session: DeviceSession, many: int = 40) -> None:
    elements.save_all(session.ws, [
        Resident(name=f"居民{each}", grid_id=(GRID, OTHER_GRID)[each % 2],
                 phone=f"154{each:08d}", tags=("K01",)) for each in range(many)
    ])  # fmt: skip
    session.sync()


def spoil(session: DeviceSession, *statements: str) -> None:
    with session.ws.store.write() as tx:
        for each in statements:
            tx.exec_driver_sql(each)


def reopened(field: Field, session: DeviceSession) -> DeviceSession:
    """The same laptop after its program was started again."""
    return DeviceSession(session.ws.store, field.connect(""), field.clock)


def shown(session: DeviceSession) -> list[Resident]:
    found = elements.find(session.ws, "resident", limit=-1)
    return sorted(found, key=lambda each: each.id)  # type: ignore[arg-type, return-value]


def count_requests(field: Field, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    asked: list[str] = []
    before = type(field).connect

    def connect(self: Field, server: str) -> object:
        transport = before(self, server)
        hooks = {"request": [lambda request: asked.append(request.url.path)]}
        transport._client.event_hooks = hooks
        return transport

    monkeypatch.setattr(type(field), "connect", connect)
    return asked


@pytest.mark.parametrize("flip", FLIPS)
def test_flip_is_found_by_the_next_proving_pull_and_repaired(
    field: Field, laptops: Laptops, flip: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    a = laptops("wang", "A")
    populate(a)
    expected = shown(a)
    asked = count_requests(field, monkeypatch)
    spoil(a, flip.replace("{at}", str(7)))

    a = reopened(field, a)
    done = a.sync()

    assert done.repaired == (COMMUNITY,)
    assert "自动修复" in done.warnings()[0]
    assert shown(a) == expected
    assert_settled(a)
    assert not [path for path in asked if "snapshot" in path], "only the rows that differ"
    assert a.sync().repaired == ()


def test_sums_alone_do_not_find_a_row_gone_bad(laptops: Laptops) -> None:
    a = laptops("wang", "A")
    populate(a)
    spoil(a, FLIPS[0].replace("{at}", str(3)))

    assert a.sync().repaired == (), "proved a moment ago: the hour is not over"
    with a.ws.store.read() as tx:
        assert not proof.is_sound(tx, COMMUNITY)


def test_rows_are_proved_again_after_an_hour(field: Field, laptops: Laptops) -> None:
    a = laptops("wang", "A")
    populate(a)
    spoil(a, FLIPS[0].replace("{at}", str(3)))
    field.clock.advance(minutes=61)

    assert a.sync().repaired == (COMMUNITY,)
    assert "别人" not in [each.name for each in shown(a)]


def test_many_random_flips_are_repaired_with_unsent_work_untouched(
    field: Field, laptops: Laptops
) -> None:
    a, b = laptops("wang", "A"), laptops("ma", "B")
    populate(b)
    a.sync()
    elements.save(a.ws, Resident(name="新来的", grid_id=GRID))
    field.network.is_up = False
    mine = shown(a)
    elements.save(a.ws, Resident(id=mine[5].id, name=mine[5].name, grid_id=mine[5].grid_id,
                                 phone="15499999999", tags=mine[5].tags))  # fmt: skip
    with a.ws.store.read() as tx:
        outbox = tx.exec_driver_sql("SELECT id, body FROM outbox ORDER BY no").all()
    field.network.is_up = True
    chance = random.Random(5)
    for _ in range(12):
        spoil(a, chance.choice(FLIPS[:14]).replace("{at}", str(chance.randrange(40))))

    a = reopened(field, a)
    rounds = [a.sync() for _ in range(2)]
    b.sync()

    assert rounds[0].repaired == (COMMUNITY,)
    assert rounds[1].repaired == rounds[1].differs == ()
    with a.ws.store.read() as tx:
        assert tx.exec_driver_sql("SELECT id, body FROM outbox ORDER BY no").all() == outbox
    assert shown(a) == shown(b)
    assert "15499999999" in [each.phone for each in shown(b)]
    assert_settled(a, b)


def test_repair_stops_by_itself_when_the_server_is_wrong_for_ever(
    field: Field, laptops: Laptops, monkeypatch: pytest.MonkeyPatch
) -> None:
    a = laptops("wang", "A")
    populate(a)
    database = field.app.state.database
    wrong = sa.update(BUCKET).where(BUCKET.c.grid == GRID).values(total="0" * 31 + "1")
    database.writing(lambda connection: connection.execute(wrong))
    before = shown(a)
    asked = count_requests(field, monkeypatch)

    a = reopened(field, a)
    first = a.sync()
    asked.clear()
    again = [a.sync() for _ in range(3)]

    assert first.differs == (COMMUNITY,)
    assert "请联系信息管理人员" in first.warnings()[-1]
    assert [each.differs for each in again] == [(COMMUNITY,)] * 3
    repairs = {"digests", "hashes", "rows", "snapshot", "diverged"}
    assert not [path for path in asked if path.rpartition("/")[2] in repairs]
    (line,) = server_repair.divergence_lines(database)
    assert f"\t{COMMUNITY}\t" in line
    assert line.endswith(f"\tA\t{GRID}")
    assert shown(a) == before
    field.clock.advance(hours=25)
    asked.clear()
    a.sync()
    assert [path for path in asked if path.endswith("/digests")], "a new day, a new try"
