"""The kind `duplicate`."""

import sqlalchemy as sa

DDL = """
CREATE TABLE duplicate (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, record_id TEXT, token
TEXT, state TEXT, dismissed_by TEXT, dismissed_at TEXT, extra TEXT, PRIMARY KEY (id));
CREATE INDEX duplicate_grid_id ON duplicate (grid_id);
CREATE INDEX duplicate_record_id ON duplicate (record_id);
"""


def apply(tx: sa.Connection) -> None:
    """Create its table."""
    for statement in DDL.split(";"):
        if statement.strip():
            tx.exec_driver_sql(statement.replace("\n", " "))
