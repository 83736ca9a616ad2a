"""The history of scopes: what was entrusted to an account, version by version, and since when."""

import sqlalchemy as sa

_TABLE = """
CREATE TABLE scope_change (
    account TEXT NOT NULL, version BIGINT NOT NULL, scope TEXT NOT NULL,
    changed_at BIGINT NOT NULL, PRIMARY KEY (account, version))
"""
_PRESENT = """
INSERT INTO scope_change (account, version, scope, changed_at)
    SELECT name, scope_version, scope, 0 FROM account
"""


def apply(connection: sa.Connection) -> None:
    """Make the table; the present scopes are the first versions that are known."""
    connection.exec_driver_sql(_TABLE)
    connection.exec_driver_sql(_PRESENT)
