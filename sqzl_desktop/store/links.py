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


def inside_buildings(tx: sa.Connection) -> dict[str, dict[str, int]]:
    """Building to how many dwellings, households and residents (by household) it has."""
    found: dict[str, dict[str, int]] = {}
    for kind, query in _INSIDE.items():
        for building, count in tx.exec_driver_sql(query):
            found.setdefault(building, {})[kind] = count
    return found


def astray(tx: sa.Connection) -> dict[str, int]:
    """Building to how many of its dwellings are registered in another grid than it is."""
    return {building: count for building, count in tx.exec_driver_sql(_ASTRAY).all()}  # noqa: C416


_INSIDE = {
    "dwelling": "SELECT building_id, count(*) FROM dwelling WHERE building_id <> ''"
    " GROUP BY building_id",
    "household": "SELECT d.building_id, count(*) FROM household h"
    " JOIN dwelling d ON d.id = h.dwelling_id WHERE d.building_id <> '' GROUP BY d.building_id",
    "resident": "SELECT d.building_id, count(*) FROM resident r"
    " JOIN household h ON h.id = r.household_id JOIN dwelling d ON d.id = h.dwelling_id"
    " WHERE d.building_id <> '' GROUP BY d.building_id",
}
_ASTRAY = (
    "SELECT d.building_id, count(*) FROM dwelling d JOIN building b ON b.id = d.building_id"
    " WHERE ifnull(d.grid_id, '') <> ifnull(b.grid_id, '') GROUP BY d.building_id"
)
