"""同类案件: the cases at one place that are still open, however many were there before them."""

from collections.abc import Sequence

import sqlalchemy as sa

PLACES = ("facility_id", "dwelling_id", "building_id")


def open_at(
    tx: sa.Connection, field: str, value: str, states: Sequence[str], limit: int
) -> list[str]:
    """The ids of the newest cases in these states at a component, dwelling or building."""
    assert field in PLACES
    marks = ",".join("?" for _ in states)
    found = tx.exec_driver_sql(
        # +state: the place leads to a few, the states to most of all cases there are
        f'SELECT id FROM "case" WHERE "{field}" = ? AND +state IN ({marks})'
        " ORDER BY +id DESC LIMIT ?",
        (value, *states, limit),
    )
    return [row[0] for row in found]
