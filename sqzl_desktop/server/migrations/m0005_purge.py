"""Receipts of devices that have removed what their users lost."""

import sqlalchemy as sa

_TABLE = """
CREATE TABLE purge (
    device TEXT NOT NULL, version BIGINT NOT NULL, account TEXT NOT NULL, removed TEXT NOT NULL,
    received_at TEXT NOT NULL, PRIMARY KEY (device, version))
"""


def apply(connection: sa.Connection) -> None:
    """Make the table."""
    connection.exec_driver_sql(_TABLE)
