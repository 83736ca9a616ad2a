"""加字段: new columns for kinds that already have a table."""

from collections.abc import Sequence

import sqlalchemy as sa


def widen(tx: sa.Connection, kind: str, names: Sequence[str], kept_as: str = "TEXT") -> None:
    """Add columns of one SQL type to a kind's table.

    What a newer program wrote into such a field lay among the fields this program did not know;
    from now on it is in its column.
    """
    for name in names:
        tx.exec_driver_sql(f'ALTER TABLE "{kind}" ADD COLUMN "{name}" {kept_as}')
        tx.exec_driver_sql(
            f'UPDATE "{kind}" SET "{name}" = json_extract(extra, \'$.{name}\'),'
            f" extra = nullif(json_remove(extra, '$.{name}'), '{{}}')"
            f" WHERE json_type(extra, '$.{name}') IS NOT NULL"
        )
