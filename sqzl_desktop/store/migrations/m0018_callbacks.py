"""Attempts to call back in vain, and what was said of a case before it was done again."""

import sqlalchemy as sa

from sqzl_desktop.store.migrations.widening import widen


def apply(tx: sa.Connection) -> None:
    """Add the columns."""
    widen(tx, "case", ["satisfaction_before", "callback_before"])
    widen(tx, "case", ["callback_missed"], "BLOB")
