"""Where the community's order stood when an operation was done: which backups cover it."""

import sqlalchemy as sa


def apply(tx: sa.Connection) -> None:
    """Add the column; 0 keeps what is there already for good."""
    tx.exec_driver_sql("ALTER TABLE outbox ADD COLUMN seq INTEGER NOT NULL DEFAULT 0")
