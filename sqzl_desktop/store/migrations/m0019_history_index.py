"""The history of a record is found by the index that keeps its lines apart: one index fewer."""

import sqlalchemy as sa

STATEMENTS = ("DROP INDEX history_record",)


def apply(tx: sa.Connection) -> None:
    """Nothing of what is stored changes."""
    for statement in STATEMENTS:
        tx.exec_driver_sql(statement)
