"""The order of numbers is the order of commits: a reader never learns later of something earlier.

The negative control takes its numbers from a sequence, as one would without thinking: the same
reader then misses lines, which shows that it would notice.
"""

import concurrent.futures
import functools
import random
import threading

import pytest
import sqlalchemy as sa

from sqzl_desktop.base.ids import new_id
from sqzl_desktop.server.database import Database
from tests.contracts.backend import COMMUNITY, Device, resident

WRITERS, PUSHES = 6, 15


def test_reader_beside_many_writers_misses_nothing(backend):
    devices = [backend.device(f"网格员{n}") for n in range(WRITERS)]
    reader = backend.device("读者")
    reader.known_epoch()
    done = threading.Event()

    def write(device):
        for n in range(PUSHES):
            count = 1 + n % 3
            puts = [device.put("resident", new_id(), resident()) for _ in range(count)]
            assert device.outcomes(*puts) == ["applied"] * count

    def read():
        while not done.is_set():
            for page in reader.pull(limit=7):
                if page.digests is not None:
                    assert reader.recomputed() == page.digests

    with concurrent.futures.ThreadPoolExecutor(WRITERS + 1) as pool:
        reading = pool.submit(read)
        try:
            for writing in [pool.submit(write, device) for device in devices]:
                writing.result(60)
        finally:
            done.set()
        reading.result(60)

    reader.pull()
    assert len(reader.rows) == WRITERS * PUSHES * 2
    assert reader.recomputed() == reader.digests
    revs = sorted(row.rev for row in reader.rows.values())
    assert revs == list(range(1, len(revs) + 1))


def test_writers_of_one_record_lose_no_value(backend):
    devices = [backend.device(f"网格员{n}") for n in range(4)]
    record = new_id()
    devices[0].push(devices[0].put("resident", record, resident()))
    for device in devices:
        device.pull()
    puts = [
        device.put("resident", record, {"phone": f"1389500111{n}"})
        for n, device in enumerate(devices)
    ]

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        outcomes = [each[0] for each in pool.map(Device.outcomes, devices, puts)]

    assert sorted(outcomes) == ["applied", "conflict_kept", "conflict_kept", "conflict_kept"]
    devices[0].pull()
    standing = devices[0].rows["resident", record].fields["phone"]
    others = {row.fields["other_value"].strip('"') for row in devices[0].conflicts()}
    assert others | {standing} == {f"1389500111{n}" for n in range(4)}
    assert devices[0].recomputed() == devices[0].digests


def test_record_made_twice_at_once_is_made_once(backend):
    devices = [backend.device(f"书记{n}", role="community_lead") for n in range(4)]
    record = f"{COMMUNITY}001"
    fields = {"community_id": COMMUNITY, "code": record, "name": "第一网格"}
    puts = [device.put("grid", record, fields) for device in devices]

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        outcomes = [each[0] for each in pool.map(Device.outcomes, devices, puts)]

    assert sorted(outcomes) == ["applied", "noop", "noop", "noop"]


@pytest.mark.postgres
def test_numbers_from_a_sequence_would_be_missed(postgres_url):
    database = Database(postgres_url)
    database.writing(
        lambda connection: connection.execute(sa.text("CREATE TABLE naive (seq BIGSERIAL, id INT)"))
    )
    done = threading.Event()
    seen: set[int] = set()

    def insert(connection, number):
        connection.execute(sa.text("INSERT INTO naive (id) VALUES (:id)"), {"id": number})
        # some writers take longer than others between number and commit
        connection.execute(sa.select(sa.func.pg_sleep(random.random() / 100)))

    def write(first):
        for number in range(first, first + 40):
            database.writing(functools.partial(insert, number=number))

    def read():
        cursor = 0
        while True:
            last_round = done.is_set()
            with database.reading() as connection:
                query = sa.text("SELECT seq, id FROM naive WHERE seq > :cursor ORDER BY seq")
                for seq, number in connection.execute(query, {"cursor": cursor}):
                    cursor = seq
                    seen.add(number)
            if last_round:
                return

    with concurrent.futures.ThreadPoolExecutor(WRITERS + 1) as pool:
        reading = pool.submit(read)
        for writing in [pool.submit(write, n * 40) for n in range(WRITERS)]:
            writing.result(60)
        done.set()
        reading.result(60)
    database.close()

    missed = WRITERS * 40 - len(seen)
    assert missed > WRITERS * 40 // 100
