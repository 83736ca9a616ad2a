"""On PostgreSQL the tables of record data are partitioned by community, with all their rows."""

import sqlalchemy as sa

_TABLES = ("counter", "record", "log", "bucket", "operation", "stream", "open_conflict")
_PARTITIONS = 16

# every index of a table: those that stand for a constraint, and the others as they were written
_INDEXES = sa.text("""
    SELECT coalesce('ALTER TABLE ' || :name || ' ADD ' || pg_get_constraintdef(c.oid),
                    pg_get_indexdef(i.indexrelid))
    FROM pg_index i LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.contype <> 'f'
    WHERE i.indrelid = CAST(:name AS regclass)
    ORDER BY i.indexrelid
""")


def apply(connection: sa.Connection) -> None:
    """Convert each table; SQLite has one file and stays as it is."""
    if connection.dialect.name != "postgresql":
        return
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")  # a city's rows take minutes
    for name in _TABLES:
        divide(connection, name)


def divide(connection: sa.Connection, name: str) -> None:
    """Convert a table, whatever its columns and indexes."""
    indexes = connection.scalars(_INDEXES, {"name": name}).all()
    connection.exec_driver_sql(f"ALTER TABLE {name} RENAME TO {name}_whole")
    connection.exec_driver_sql(
        f"CREATE TABLE {name} (LIKE {name}_whole) PARTITION BY HASH (community)"
    )
    for number in range(_PARTITIONS):
        connection.exec_driver_sql(
            f"CREATE TABLE {name}_{number:02} PARTITION OF {name} "
            f"FOR VALUES WITH (MODULUS {_PARTITIONS}, REMAINDER {number})"
        )
    connection.exec_driver_sql(f"INSERT INTO {name} SELECT * FROM {name}_whole")
    connection.exec_driver_sql(f"DROP TABLE {name}_whole")  # and with it the names of its indexes
    for index in indexes:
        connection.exec_driver_sql(index)
    connection.exec_driver_sql(f"ANALYZE {name}")
