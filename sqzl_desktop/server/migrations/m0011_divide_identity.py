"""On PostgreSQL the hashes of identity numbers are partitioned as the other record data."""

import sqlalchemy as sa

from sqzl_desktop.server.migrations.m0004_partitions import divide


def apply(connection: sa.Connection) -> None:
    """Convert the table; SQLite stays as it is."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        divide(connection, "identity")
