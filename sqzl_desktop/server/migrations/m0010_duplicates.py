"""Keyed hashes of residents' ID numbers, by which the same number in two records is found.

Residents that are there already are learnt when they are next written.
"""

import secrets

import sqlalchemy as sa

_TABLE = """
CREATE TABLE identity (
    community TEXT NOT NULL, id TEXT NOT NULL, hash TEXT NOT NULL, grid TEXT NOT NULL,
    last TEXT NOT NULL, marked BIGINT NOT NULL, PRIMARY KEY (community, id))
"""


def apply(connection: sa.Connection) -> None:
    """Make the table and the key, which never leaves the server."""
    connection.exec_driver_sql(_TABLE)
    connection.exec_driver_sql("CREATE INDEX identity_hash ON identity (community, hash)")
    line = sa.text("INSERT INTO meta (name, value) VALUES ('identity_key', :key)")
    connection.execute(line, {"key": secrets.token_hex(32)})
