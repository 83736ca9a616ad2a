"""Outlines of grids, buildings and estates."""

import sqlalchemy as sa

from sqzl_desktop.store.migrations.widening import widen


def apply(tx: sa.Connection) -> None:
    """Add the columns."""
    for kind in ("grid", "building", "estate"):
        widen(tx, kind, ["outline"])
