"""下载: the pieces of a snapshot on their way, kept in the encrypted file and nowhere else."""

import sqlalchemy as sa

from sqzl_desktop.store import tables


def size(tx: sa.Connection, snapshot: str) -> int:
    """How many bytes of it are here."""
    columns = tables.download.c
    total = sa.select(sa.func.sum(sa.func.length(columns.content)))
    return int(tx.execute(total.where(columns.snapshot == snapshot)).scalar() or 0)


def append(tx: sa.Connection, snapshot: str, content: bytes) -> None:
    """Keep a further piece; pieces of other snapshots are of no use any more."""
    download = tables.download
    tx.execute(download.delete().where(download.c.snapshot != snapshot))
    tx.execute(download.insert().values(snapshot=snapshot, content=content))


def content(tx: sa.Connection, snapshot: str) -> bytes:
    """All of it that is here."""
    columns = tables.download.c
    query = sa.select(columns.content).where(columns.snapshot == snapshot).order_by(columns.no)
    return b"".join(tx.execute(query).scalars())


def clear(tx: sa.Connection) -> None:
    """Forget every piece."""
    tx.execute(tables.download.delete())
