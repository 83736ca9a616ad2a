"""Backups of the server's file in the middle of things, and restores of them into it."""

import contextlib
import sqlite3
from pathlib import Path

import sqlalchemy as sa

from sqzl_desktop.app import DeviceSession
from sqzl_desktop.server import epoch
from sqzl_desktop.server.tables import OPERATION
from tests.field import Field


def back_up(field: Field, name: str) -> Path:
    """A copy of the server's database as it is now."""
    target = field.folder / name
    _copy(field.folder / "server.db", target)
    return target


def restore(field: Field, backup: Path, *, by_tool: bool = True) -> None:
    """Put a copy back; by hand (a file laid over the other) nobody changes the epoch."""
    _copy(backup, field.folder / "server.db")
    if by_tool:
        field.app.state.database.writing(epoch.take_new)


def known_to_server(field: Field) -> set[str]:
    with field.app.state.database.reading() as connection:
        return set(connection.scalars(sa.select(OPERATION.c.id)))


def outbox(session: DeviceSession) -> dict[str, str]:
    """Operation to state."""
    with session.ws.store.read() as tx:
        rows = tx.exec_driver_sql("SELECT id, state FROM outbox")
        return {row.id: row.state for row in rows}


def _copy(source: Path, target: Path) -> None:
    with (
        contextlib.closing(sqlite3.connect(source)) as old,
        contextlib.closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new)
