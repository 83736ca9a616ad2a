"""归属: to what the records of some grids belong, read without the records themselves."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from sqzl_desktop.domain.kinds import KINDS
from sqzl_desktop.store.tables import TABLES


def links(
    tx: sa.Connection, grids: Collection[str], names: Sequence[str]
) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Kind, id, grid, and those of the named fields that are filled in, of all that lies there."""
    wanted = msgspec.json.encode(sorted(grids)).decode()
    for kind in KINDS:
        table = TABLES[kind.name]
        asked = [table.c[name] for name in names if name in kind.known]
        among = sa.text("grid_id IN (SELECT value FROM json_each(:grids))")
        query = sa.select(table.c.id, table.c.grid_id, *asked).where(among)
        for row in tx.execute(query, {"grids": wanted}):
            given = zip(asked, row[2:], strict=True)
            yield (
                kind.name,
                row[0],
                row[1],
                {column.name: value for column, value in given if value},
            )


def counts(tx: sa.Connection, kind: str) -> dict[str, int]:
    """How many records of a kind each grid has."""
    table = TABLES[kind]
    query = sa.select(table.c.grid_id, sa.func.count()).group_by(table.c.grid_id)
    return {grid or "": count for grid, count in tx.execute(query)}
