"""The kind `handover`."""

import sqlalchemy as sa

DDL = """
CREATE TABLE handover (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, record_kind TEXT,
record_id TEXT, "action" TEXT, "values" TEXT, operation TEXT, "by" TEXT, at TEXT, device TEXT,
state TEXT, decided_by TEXT, decided_at TEXT, reason TEXT, extra TEXT, PRIMARY KEY (id));
CREATE INDEX handover_grid_id ON handover (grid_id);
"""


def apply(tx: sa.Connection) -> None:
    """Create its table."""
    for statement in DDL.split(";"):
        if statement.strip():
            tx.exec_driver_sql(statement.replace("\n", " "))
