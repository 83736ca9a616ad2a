"""The log names the operations of each change, so that no author is told twice."""

import sqlalchemy as sa


def apply(connection: sa.Connection) -> None:
    """Add the column. Lines from before name none, which means all."""
    connection.exec_driver_sql("ALTER TABLE log ADD COLUMN operations TEXT NOT NULL DEFAULT ''")
