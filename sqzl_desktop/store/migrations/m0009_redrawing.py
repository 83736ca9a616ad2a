"""Redrawings of the grids; the outline of a community."""

import sqlalchemy as sa

from sqzl_desktop.store.migrations.widening import widen

DDL = """
CREATE TABLE redrawing (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, name TEXT, reason TEXT,
    decided_on TEXT, plan TEXT, building_count BLOB, dwelling_count BLOB, household_count BLOB,
    resident_count BLOB, moved_count BLOB, extra TEXT, PRIMARY KEY (id));
CREATE INDEX redrawing_grid_id ON redrawing (grid_id);
"""


def apply(tx: sa.Connection) -> None:
    """Create the table, add the column."""
    for statement in DDL.split(";"):
        if statement.strip():
            tx.exec_driver_sql(" ".join(statement.split()))
    widen(tx, "community", ["outline"])
