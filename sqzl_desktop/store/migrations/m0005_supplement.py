"""The kind `supplement`."""

import sqlalchemy as sa

DDL = """
CREATE TABLE supplement (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, record_kind TEXT,
record_id TEXT, step TEXT, content TEXT, "by" TEXT, device TEXT, made_at TEXT, received_at TEXT,
extra TEXT, PRIMARY KEY (id));
CREATE INDEX supplement_grid_id ON supplement (grid_id);
"""


def apply(tx: sa.Connection) -> None:
    """Create its table."""
    for statement in DDL.split(";"):
        if statement.strip():
            tx.exec_driver_sql(statement.replace("\n", " "))
