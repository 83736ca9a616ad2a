import pytest
import sqlalchemy as sa

from sqzl_desktop.base.errors import KnownError
from sqzl_desktop.server.database import Database
from sqzl_desktop.server.migrations import MIGRATIONS, migrate
from sqzl_desktop.server.tables import metadata


@pytest.fixture
def database(tmp_path):
    opened = Database(f"sqlite:///{tmp_path / 'server.db'}")
    yield opened
    opened.close()


def test_migrations_lead_to_the_tables_that_the_program_uses(database):
    migrate(database)

    with database.reading() as connection:
        inspector = sa.inspect(connection)
        there = {
            table: {column["name"]: column["nullable"] for column in inspector.get_columns(table)}
            for table in inspector.get_table_names()
        }
        keys = {table: inspector.get_pk_constraint(table)["constrained_columns"] for table in there}
    tables = metadata.sorted_tables
    assert {name: set(columns) for name, columns in there.items()} == {
        table.name: set(table.c.keys()) for table in tables
    }
    assert keys == {table.name: [column.name for column in table.primary_key] for table in tables}
    empty = {(table, name) for table, columns in there.items() for name in columns
             if columns[name] and name not in keys[table]}  # fmt: skip
    assert empty == {("log", "grid_before")}


def test_migrating_again_keeps_the_epoch(database):
    def epoch():
        with database.reading() as connection:
            return connection.scalar(sa.text("SELECT value FROM meta WHERE name = 'epoch'"))

    migrate(database)
    first = epoch()
    migrate(database)

    assert len(first) == 32
    assert epoch() == first


def test_newer_database_is_left_alone(database):
    migrate(database)
    newer = str(len(MIGRATIONS) + 1)
    database.writing(
        lambda connection: connection.execute(
            sa.text("UPDATE meta SET value = :newer WHERE name = 'schema'"), {"newer": newer}
        )
    )

    with pytest.raises(KnownError, match="请先更新服务器程序"):
        migrate(database)


def test_failed_migration_leaves_nothing(database, monkeypatch):
    def broken(connection):
        MIGRATIONS[0](connection)
        raise KnownError("磁盘已满")

    monkeypatch.setattr("sqzl_desktop.server.migrations.MIGRATIONS", (broken,))

    with pytest.raises(KnownError):
        migrate(database)

    with database.reading() as connection:
        assert sa.inspect(connection).get_table_names() == []


@pytest.mark.parametrize("url", ["", "x", "mysql://host/db", "sqlite://", "oracle:///x"])
def test_unknown_database_address_is_a_sentence(url):
    with pytest.raises(KnownError, match="数据库地址无法识别"):
        Database(url)


def test_every_unique_key_of_record_data_begins_with_the_community():
    record_data = ["counter", "record", "log", "bucket", "operation", "stream", "open_conflict"]

    for name in record_data:
        assert next(iter(metadata.tables[name].primary_key)).name == "community"
