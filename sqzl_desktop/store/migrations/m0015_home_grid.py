"""The grid a case goes back to while another grid handles it; its steps are counted."""

import sqlalchemy as sa

from sqzl_desktop.store.migrations.widening import widen


def apply(tx: sa.Connection) -> None:
    """Widen the case and its steps."""
    widen(tx, "case", ["home_grid_id"])
    widen(tx, "case", ["step_count"], "BLOB")
    widen(tx, "case_step", ["number"], "BLOB")
    tx.exec_driver_sql('CREATE INDEX case_home_grid_id ON "case" (home_grid_id)')
