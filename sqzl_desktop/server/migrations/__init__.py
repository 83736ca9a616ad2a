"""迁移: MIGRATIONS in order, and the runner that brings a database to the present form."""

from collections.abc import Callable

import sqlalchemy as sa

from sqzl_desktop.base.errors import KnownError
from sqzl_desktop.server.database import Database
from sqzl_desktop.server.migrations import (
    m0001_initial,
    m0002_blobs,
    m0003_scope_history,
    m0004_partitions,
    m0005_purge,
    m0006_divergence,
    m0007_quarantine,
    m0008_exchange,
    m0009_sign_in,
    m0010_duplicates,
    m0011_divide_identity,
    m0012_log_operations,
)

MIGRATIONS: tuple[Callable[[sa.Connection], None], ...] = (
    m0001_initial.apply,
    m0002_blobs.apply,
    m0003_scope_history.apply,
    m0004_partitions.apply,
    m0005_purge.apply,
    m0006_divergence.apply,
    m0007_quarantine.apply,
    m0008_exchange.apply,
    m0009_sign_in.apply,
    m0010_duplicates.apply,
    m0011_divide_identity.apply,
    m0012_log_operations.apply,
)

_META = "CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)"
_START_LOCK = 640100  # any number, the same for every server process


def migrate(database: Database) -> None:
    """Apply what is missing, in one transaction; KnownError when the database is newer than we."""
    database.writing(_migrate)


def _migrate(connection: sa.Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_START_LOCK)))
    connection.exec_driver_sql(_META)
    version = connection.scalar(sa.text("SELECT value FROM meta WHERE name = 'schema'"))
    done = int(version) if version else 0
    if done > len(MIGRATIONS):
        raise KnownError(
            f"数据库由更新的服务器程序建立（版本{done}，本程序为{len(MIGRATIONS)}），"
            "请先更新服务器程序"
        )
    if done == len(MIGRATIONS):
        return
    for step in MIGRATIONS[done:]:
        step(connection)
    connection.execute(sa.text("DELETE FROM meta WHERE name = 'schema'"))
    connection.execute(
        sa.text("INSERT INTO meta (name, value) VALUES ('schema', :version)"),
        {"version": str(len(MIGRATIONS))},
    )
