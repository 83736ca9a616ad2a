"""The cases in the order of their limits, state by state; ended ones by their end; by collector."""

import sqlalchemy as sa

STATEMENTS = (
    'CREATE INDEX case_inbox ON "case" (state,'
    " CASE state WHEN 'parked' THEN coalesce(parked_until, '~')"
    " ELSE min(coalesce(stage_due_at, due_at, '~'), coalesce(due_at, stage_due_at, '~')) END, id,"
    " collector, grid_id, handler_grid_id, extension_state, urgency, source, class_code, handler,"
    " reported_at, due_at, stage_due_at, parked_until)",
    "CREATE INDEX case_closed ON \"case\" (coalesce(closed_at, ''), id, state)",
    "CREATE INDEX case_collector ON \"case\" (collector, coalesce(reported_at, ''), id)",
)


def apply(tx: sa.Connection) -> None:
    """Make them."""
    for statement in STATEMENTS:
        tx.exec_driver_sql(statement)
