"""Refresh tokens that rotate, what a device tells of itself, and guesses counted for all processes.

A device that was enrolled before goes on with its secret: it is the first token of its family.
"""

import secrets

import sqlalchemy as sa

_STATEMENTS = (
    "ALTER TABLE device ADD COLUMN refresh TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE device ADD COLUMN program TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE device ADD COLUMN pending BIGINT NOT NULL DEFAULT 0",
    "CREATE TABLE guess (account TEXT PRIMARY KEY, count BIGINT NOT NULL, open_at BIGINT NOT NULL)",
    "CREATE INDEX guess_open_at ON guess (open_at)",
)


def apply(connection: sa.Connection) -> None:
    """Widen the table of devices, make that of guesses and the key of the refresh tokens."""
    for statement in _STATEMENTS:
        connection.exec_driver_sql(statement)
    made = sa.text("INSERT INTO meta (name, value) VALUES ('refresh_key', :value)")
    connection.execute(made, {"value": secrets.token_hex(32)})
