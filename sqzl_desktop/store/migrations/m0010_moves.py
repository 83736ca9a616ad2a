"""When a household ended; the record that a resident's record was merged into."""

import sqlalchemy as sa

from sqzl_desktop.store.migrations.widening import widen


def apply(tx: sa.Connection) -> None:
    """Add the columns."""
    widen(tx, "household", ["ended_on"])
    widen(tx, "resident", ["merged_into"])
    tx.exec_driver_sql("CREATE INDEX resident_merged_into ON resident (merged_into)")
