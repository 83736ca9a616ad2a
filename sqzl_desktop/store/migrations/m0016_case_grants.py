"""Until when an extension was granted, apart from what is asked for next."""

import sqlalchemy as sa

from sqzl_desktop.store.migrations.widening import widen


def apply(tx: sa.Connection) -> None:
    """Add the column."""
    widen(tx, "case", ["granted_until"])
