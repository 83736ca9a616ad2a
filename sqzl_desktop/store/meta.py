"""登记: small facts about this device and its counters."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from sqzl_desktop.store import tables

_value = sa.select(tables.meta.c.value).where(tables.meta.c.name == sa.bindparam("name"))
_some = sa.select(tables.meta).where(tables.meta.c.name.in_(sa.bindparam("names", expanding=True)))


def get(tx: sa.Connection, name: str, default: str = "") -> str:
    """The value kept under a name."""
    found = tx.execute(_value, {"name": name}).scalar_one_or_none()
    return default if found is None else str(found)


def get_some(tx: sa.Connection, names: Sequence[str]) -> dict[str, str]:
    """The values kept under some names, "" where there is none."""
    found = {row.name: row.value for row in tx.execute(_some, {"names": names})}
    return {name: found.get(name, "") for name in names}


def put(tx: sa.Connection, name: str, value: str) -> None:
    """Keep a value under a name."""
    statement = insert(tables.meta).values(name=name, value=value)
    tx.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": value}))


def forget(tx: sa.Connection, name: str) -> None:
    """Keep nothing under a name any longer."""
    tx.execute(tables.meta.delete().where(tables.meta.c.name == name))


def count_on(tx: sa.Connection, name: str, step: int = 1) -> int:
    """The next number of a counter, from 1. With a step, the last of that many numbers."""
    statement = insert(tables.counter).values(name=name, value=step)
    grown = statement.on_conflict_do_update(
        index_elements=["name"], set_={"value": tables.counter.c.value + step}
    ).returning(tables.counter.c.value)
    return int(tx.execute(grown).scalar_one())
