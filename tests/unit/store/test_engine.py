"""The encrypted file: opened with its key only, never in clear; transactions whole or not."""

import sqlite3
from pathlib import Path

import pytest

from sqzl_desktop.base.errors import KnownError, Locked
from sqzl_desktop.store import meta, tables
from sqzl_desktop.store.engine import STORE_FILE, Store, open_store
from sqzl_desktop.store.migrations import MIGRATIONS, migrate
from tests.places import KEY


def test_store_is_not_readable_without_its_key(store: Store, tmp_path: Path) -> None:
    store.close()

    content = (tmp_path / STORE_FILE).read_bytes()

    assert not content.startswith(b"SQLite format 3")
    assert "阳光家园".encode() not in content


def test_store_refuses_another_key(store: Store, tmp_path: Path) -> None:
    store.close()

    with pytest.raises(Locked, match="无法用这把密钥打开"):
        open_store(tmp_path, bytes(32))


def test_store_refuses_a_file_in_clear(tmp_path: Path) -> None:
    plain = sqlite3.connect(tmp_path / STORE_FILE)
    plain.execute("CREATE TABLE resident (name)")
    plain.close()

    with pytest.raises(Locked, match="没有加密"):
        open_store(tmp_path, KEY)


def test_store_refuses_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / STORE_FILE).write_bytes("这不是数据库".encode() * 1000)

    with pytest.raises(Locked, match="不是本程序的数据"):
        open_store(tmp_path, KEY)


def test_failed_write_leaves_nothing(store: Store) -> None:
    def break_off() -> None:
        with store.write() as tx:
            meta.put(tx, "half", "done")
            raise InterruptedError

    with pytest.raises(InterruptedError):
        break_off()

    with store.read() as tx:
        assert meta.get(tx, "half") == ""


def test_commits_wait_for_the_disk(store: Store) -> None:
    with store.read() as tx:
        assert tx.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert tx.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


def test_full_disk_is_said_in_a_sentence(store: Store) -> None:
    def fill() -> None:
        with store.write() as tx:
            pages = tx.exec_driver_sql("PRAGMA page_count").scalar_one()
            tx.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
            meta.put(tx, "big", "长" * 500_000)

    with pytest.raises(KnownError, match="磁盘已满"):
        fill()

    with store.read() as tx:
        assert meta.get(tx, "big") == ""


def test_migrations_bring_the_schema_of_the_descriptions(store: Store) -> None:
    with store.read() as tx:
        found = {
            (row[0], row[1]): row[2]
            for table in tx.exec_driver_sql(
                "SELECT name FROM sqlite_master WHERE type = 'table'"
                " AND name NOT LIKE 'search%' AND name NOT LIKE 'sqlite%'"
            ).scalars()
            for row in [
                (table, column[1], column[2])
                for column in tx.exec_driver_sql(f'PRAGMA table_info("{table}")')
            ]
        }

    described = {
        (table.name, column.name): column.type.compile(tx.dialect).upper()
        for table in tables.metadata.tables.values()
        for column in table.columns
    }
    assert found == described


def test_migrate_refuses_the_file_of_a_newer_program(store: Store, clock: object) -> None:
    with store.write() as tx:
        tx.exec_driver_sql("INSERT INTO migration VALUES ('9999_future', '')")

    with pytest.raises(KnownError, match="更新版本的程序"), store.write() as tx:
        migrate(tx, clock)  # type: ignore[arg-type]


def test_migrations_have_growing_names() -> None:
    names = [name for name, _ in MIGRATIONS]

    assert names == sorted(names)
