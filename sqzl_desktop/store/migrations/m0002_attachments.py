"""Attachments, and the contents of those that are on this device."""

import sqlalchemy as sa

DDL = """
CREATE TABLE attachment (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, record_kind TEXT,
record_id TEXT, name TEXT, media_type TEXT, size BLOB, sha256 TEXT, taken_at TEXT, caption TEXT,
extra TEXT, PRIMARY KEY (id));
CREATE INDEX attachment_grid_id ON attachment (grid_id);
CREATE INDEX attachment_record ON attachment (record_id);
CREATE TABLE blob (attachment TEXT NOT NULL, community TEXT NOT NULL, sha256 TEXT NOT NULL, size
INTEGER NOT NULL, sent INTEGER NOT NULL, stored INTEGER NOT NULL, problem TEXT NOT NULL, PRIMARY
KEY (attachment));
CREATE TABLE blob_part (attachment TEXT NOT NULL, no INTEGER NOT NULL, content BLOB NOT NULL,
PRIMARY KEY (attachment, no));
"""


def apply(tx: sa.Connection) -> None:
    """Create the tables."""
    for statement in DDL.split(";"):
        if statement.strip():
            tx.exec_driver_sql(statement.replace("\n", " "))
