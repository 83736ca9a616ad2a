"""下载: files that broke off on their way, kept in the encrypted store and nowhere else."""

from collections.abc import Mapping

import sqlalchemy as sa

from sqzl_desktop.store import tables


def content(tx: sa.Connection, snapshot: str) -> bytes:
    """As much of a file as is here."""
    columns = tables.download.c
    query = sa.select(columns.content).where(columns.snapshot == snapshot)
    return tx.execute(query).scalar() or b""


def keep(tx: sa.Connection, contents: Mapping[str, bytes]) -> None:
    """Keep what has come of some files; what was kept of others is of no use any more."""
    clear(tx)
    lines = [{"snapshot": name, "content": each} for name, each in contents.items() if each]
    if lines:
        tx.execute(tables.download.insert(), lines)


def clear(tx: sa.Connection) -> None:
    """Forget every piece."""
    tx.execute(tables.download.delete())
