"""审计: who revealed, exported, printed what; each line chained to the one before."""

import datetime as dt
import hashlib

import sqlalchemy as sa

from sqzl_desktop.schema.codec import encode
from sqzl_desktop.store import tables


def note(
    tx: sa.Connection, at: dt.datetime, account: str, action: str, subject: tuple[str, str, str]
) -> None:
    """Add a line. `subject` is (kind, record, detail); the detail names fields, never values."""
    last = tx.execute(
        sa.select(tables.audit.c.hash).order_by(tables.audit.c.no.desc()).limit(1)
    ).scalar()
    kind, record, detail = subject
    line = (str(encode(at)), account, action, kind, record, detail)
    tx.execute(
        tables.audit.insert().values(
            at=line[0], account=account, action=action, kind=kind, record=record, detail=detail,
            hash=_chained(last or "", line),
        )
    )  # fmt: skip


def is_intact(tx: sa.Connection) -> bool:
    """Does every line follow from the one before it?"""
    columns = tables.audit.c
    last = ""
    for row in tx.execute(sa.select(tables.audit).order_by(columns.no)):
        line = (row.at, row.account, row.action, row.kind, row.record, row.detail)
        if row.hash != _chained(last, line):
            return False
        last = row.hash
    return True


def _chained(last: str, line: tuple[str, ...]) -> str:
    return hashlib.sha256("\x1f".join((last, *line)).encode()).hexdigest()
