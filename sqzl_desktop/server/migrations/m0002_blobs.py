"""Which attachments' contents were received; the contents themselves are files."""

import sqlalchemy as sa

_TABLES = """
CREATE TABLE blob (
    community TEXT NOT NULL, attachment TEXT NOT NULL, sha256 TEXT NOT NULL, size BIGINT NOT NULL,
    device TEXT NOT NULL, stored_at TEXT NOT NULL, PRIMARY KEY (community, attachment, sha256));
CREATE INDEX blob_device ON blob (device, stored_at);
"""


def apply(connection: sa.Connection) -> None:
    """Make the table."""
    for statement in _TABLES.split(";"):
        if statement.strip():
            connection.exec_driver_sql(statement)
