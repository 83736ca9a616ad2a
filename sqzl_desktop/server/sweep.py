"""清理: contents that no attachment names any more leave the server's folder."""

import contextlib
import time
from pathlib import Path

import msgspec
import sqlalchemy as sa

from sqzl_desktop.domain.kinds.attachment import ATTACHMENT
from sqzl_desktop.server.blobs import is_sha
from sqzl_desktop.server.database import Database
from sqzl_desktop.server.tables import RECORD

DAY_SECONDS = 24 * 3600


class _Fields(msgspec.Struct):
    sha256: str = ""


def sweep(database: Database, folder: Path, *, days: int) -> str:
    """Remove what has not been named for so many days; says what was done.

    The days give time to rows that come after their contents, and to a restore from backup.
    """
    with database.reading() as connection:
        named = _named(connection)
    oldest = time.time() - days * DAY_SECONDS
    files, size = 0, 0
    for path in folder.glob("*/*/*"):
        if not is_sha(path.name) or (path.parent.parent.name, path.name) in named:
            continue
        with contextlib.suppress(FileNotFoundError):
            found = path.stat()
            if found.st_mtime < oldest:
                path.unlink()
                files, size = files + 1, size + found.st_size
    return f"已清理{files}个不再使用的附件，共{size / (1 << 20):.1f}MB"


def _named(connection: sa.Connection) -> set[tuple[str, str]]:
    """(community, SHA-256) of every attachment that is not deleted."""
    query = sa.select(RECORD.c.community, RECORD.c.fields).where(
        RECORD.c.kind == ATTACHMENT.name, RECORD.c.deleted == 0
    )
    return {
        (each.community, msgspec.json.decode(each.fields, type=_Fields).sha256)
        for each in connection.execute(query)
    }
