"""On PostgreSQL every question about a community goes to one partition of a table."""

import json
import re

import pytest
import sqlalchemy as sa

from sqzl_desktop.base.ids import new_id
from sqzl_desktop.server.database import Database
from sqzl_desktop.server.migrations import MIGRATIONS, m0004_partitions, migrate
from sqzl_desktop.server.tables import metadata
from tests.contracts.backend import COMMUNITY, NORTH, SOUTH, Backend, known_to_both, resident

pytestmark = pytest.mark.postgres
DIVIDED = ("counter", "record", "log", "bucket", "operation", "stream", "open_conflict")


@pytest.fixture
def backend(postgres_url, tmp_path, loop):
    with Backend(postgres_url, tmp_path / "cache", loop) as running:
        yield running


@pytest.fixture
def statements(backend):
    """Every statement from now on, with the parameters of its first execution."""
    seen = []

    def note(_connection, _cursor, statement, parameters, _context, many):
        seen.append((statement, parameters[0] if many else parameters))

    sa.event.listen(backend.database._engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(backend.database._engine, "before_cursor_execute", note)


def work_of_a_day(first, second):
    """Pushes of every kind, pulls, a snapshot and a history."""
    first.load_snapshot()
    second.load_snapshot()
    ids = [known_to_both(first, second) for _ in range(2)]
    record = ids[0]
    first.push(first.put("resident", record, {"name": "王一"}))
    second.push(second.put("resident", record, {"name": "王二"}))  # is kept beside it
    first.pull()
    second.pull()
    [conflict] = first.conflicts()
    first.push(first.step("conflict", conflict.id, "settle", fields={"choice": "other"}))
    first.push(first.put("resident", record, {"grid_id": SOUTH}))
    second.pull()
    second.push(second.delete("resident", ids[1]))
    topic = second.put("topic", new_id(), {"community_id": COMMUNITY, "title": "加装电梯"})
    second.push(topic, second.put("resident", new_id(), resident(grid_id=NORTH)))
    second.push(topic)  # again
    first.pull()
    first.load_snapshot()
    assert first.ask("GET", f"/v1/c/{COMMUNITY}/history/resident/{record}").status_code == 200


def partitions(connection, statement, parameters):
    """The partitions that a plan would read, by table."""
    text = f"EXPLAIN (FORMAT JSON) {statement}"
    [[plan]] = connection.exec_driver_sql(text, parameters).all()
    plan = plan if isinstance(plan, str) else json.dumps(plan)
    found = {}
    for name, number in re.findall(r'"Relation Name": "([a-z_]+)_(\d\d)"', plan):
        found.setdefault(name, set()).add(number)
    return found


def test_every_hot_statement_reads_one_partition(backend, statements):
    first, second = backend.device("张三"), backend.device("李四")
    statements.clear()
    work_of_a_day(first, second)

    about = re.compile(rf"\b({'|'.join((*DIVIDED, 'identity'))})\b")
    hot = {text: parameters for text, parameters in statements if about.search(text)}
    everywhere = [text for text in hot if "WHERE" not in text and "INSERT" not in text]
    places, touched = set(), set()
    with backend.database.reading() as connection:
        connection.exec_driver_sql("SET TRANSACTION READ WRITE")
        for text, parameters in hot.items():
            if text in everywhere:
                continue
            found = partitions(connection, text, parameters)
            touched |= found.keys()
            assert all(len(numbers) == 1 for numbers in found.values()), (text, found)
            places |= {number for numbers in found.values() for number in numbers}
    assert len(places) == 1  # a community lies in the same partition of every table
    assert touched >= set(DIVIDED)
    assert everywhere == []


def test_statement_that_forgets_the_community_would_be_found(backend):
    with backend.database.reading() as connection:
        statement = "SELECT * FROM record WHERE id = 'x'"

        assert len(partitions(connection, statement, None)["record"]) > 1


def test_rows_of_a_community_lie_in_one_partition(backend):
    first, second = backend.device("张三"), backend.device("李四")
    work_of_a_day(first, second)

    with backend.database.reading() as connection:
        for name in DIVIDED:
            query = f"SELECT count(*), count(DISTINCT tableoid) FROM {name}"
            rows, places = connection.exec_driver_sql(query).one()
            assert (places, rows > 0) == (1, True) or name == "open_conflict"


# asked of a device over all communities, or by the operator now and then
WHOLE = {"blob", "divergence", "quarantine"}


def test_every_table_that_hot_questions_go_to_is_divided(backend):
    query = "SELECT relname FROM pg_class WHERE relkind = 'p'"
    with backend.database.reading() as connection:
        divided = set(connection.exec_driver_sql(query).scalars())
    begins = {name for name, table in metadata.tables.items()
              if next(iter(table.primary_key)).name == "community"}  # fmt: skip

    assert divided == begins - WHOLE


def filled(connection):
    """A few rows in every table, of many communities."""
    for name in DIVIDED:
        columns = connection.execute(
            sa.text("SELECT column_name, data_type FROM information_schema.columns "
                    "WHERE table_name = :name ORDER BY ordinal_position"), {"name": name},
        ).all()  # fmt: skip
        for number in range(40):
            values = [
                number if kind == "bigint" else f"{column}-{number}" for column, kind in columns
            ]
            places = ", ".join(["%s"] * len(values))
            connection.exec_driver_sql(f"INSERT INTO {name} VALUES ({places})", tuple(values))


def everything(connection):
    return {
        name: connection.exec_driver_sql(f"SELECT * FROM {name} ORDER BY 1, 2").all()
        for name in DIVIDED
    }


def shape(connection):
    inspector = sa.inspect(connection)
    return {
        name: (
            [(each["name"], str(each["type"]), each["nullable"])
             for each in inspector.get_columns(name)],
            inspector.get_pk_constraint(name)["constrained_columns"],
            sorted(tuple(each["column_names"]) for each in inspector.get_indexes(name)),
        )
        for name in DIVIDED
    }  # fmt: skip


def test_conversion_keeps_every_row_and_index(cluster, monkeypatch):
    url = cluster.new_database()
    database = Database(url)
    at = MIGRATIONS.index(m0004_partitions.apply)
    monkeypatch.setattr("sqzl_desktop.server.migrations.MIGRATIONS", MIGRATIONS[:at])
    migrate(database)
    monkeypatch.setattr("sqzl_desktop.server.migrations.MIGRATIONS", MIGRATIONS[: at + 1])
    database.writing(filled)
    with database.reading() as connection:
        before = everything(connection), shape(connection)

    migrate(database)

    with database.reading() as connection:
        assert (everything(connection), shape(connection)) == before
        places = "SELECT count(DISTINCT tableoid) FROM record"
        assert connection.exec_driver_sql(places).scalar() > 1
        left = "SELECT count(*) FROM pg_class WHERE relname LIKE '%%whole%%'"
        assert connection.exec_driver_sql(left).scalar() == 0
    database.close()
    cluster.drop(url)
