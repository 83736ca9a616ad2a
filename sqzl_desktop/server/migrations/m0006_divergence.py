"""Devices whose data could not be brought to agree; the operator looks after them."""

import sqlalchemy as sa

_TABLE = """
CREATE TABLE divergence (
    community TEXT NOT NULL, device TEXT NOT NULL, at TEXT NOT NULL, grids TEXT NOT NULL,
    PRIMARY KEY (community, device))
"""


def apply(connection: sa.Connection) -> None:
    """Make the table."""
    connection.exec_driver_sql(_TABLE)
