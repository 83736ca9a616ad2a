"""附件内容: photos and files that are on this device, inside the encrypted file and nowhere else.

A content is `local` until the server has some of it, `uploading` until it has all, then `stored`;
an attachment whose content is not here is `absent`.
"""

import dataclasses
from collections.abc import Collection
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from sqzl_desktop.protocol.messages import PIECE
from sqzl_desktop.store.tables import TABLES, blob, blob_part

State = Literal["local", "uploading", "stored", "absent"]
_attachment = TABLES["attachment"].c


@dataclasses.dataclass(frozen=True, slots=True)
class Content:
    """A content on this device. `sent` bytes of it have reached the server."""

    attachment: str
    community: str
    sha256: str
    size: int
    sent: int
    problem: str


def keep(
    tx: sa.Connection, attachment: str, community: str, sha256: str, content: bytes, *, stored: bool
) -> None:
    """Keep the content of an attachment; `stored` where it came from the server."""
    values = {
        "community": community,
        "sha256": sha256,
        "size": len(content),
        "sent": len(content) if stored else 0,
        "stored": int(stored),
        "problem": "",
    }
    put = insert(blob).values(attachment=attachment, **values)
    tx.execute(put.on_conflict_do_update(index_elements=["attachment"], set_=values))
    tx.execute(blob_part.delete().where(blob_part.c.attachment == attachment))
    parts = [
        {"attachment": attachment, "no": start // PIECE, "content": content[start : start + PIECE]}
        for start in range(0, len(content), PIECE)
    ]
    tx.execute(blob_part.insert(), parts)


def content(tx: sa.Connection, attachment: str) -> bytes | None:
    """The content of an attachment, None where it is not here."""
    query = sa.select(blob_part.c.content).where(blob_part.c.attachment == attachment)
    parts = list(tx.execute(query.order_by(blob_part.c.no)).scalars())
    return b"".join(parts) if parts else None


def piece(tx: sa.Connection, attachment: str, offset: int) -> bytes:
    """What comes after `offset`, at most one piece of an upload."""
    of = blob_part.c
    first = offset // PIECE
    query = sa.select(of.content).where(of.attachment == attachment, of.no.in_((first, first + 1)))
    near = b"".join(tx.execute(query.order_by(of.no)).scalars())
    start = offset - first * PIECE
    return near[start : start + PIECE]


def state(tx: sa.Connection, attachment: str) -> State:
    """How far the content of an attachment has come."""
    query = sa.select(blob.c.sent, blob.c.stored).where(blob.c.attachment == attachment)
    found = tx.execute(query).one_or_none()
    if found is None:
        return "absent"
    if found.stored:
        return "stored"
    return "uploading" if found.sent else "local"


def problem(tx: sa.Connection, attachment: str) -> str:
    """Why the server did not take a content, "" where it did or was not asked."""
    query = sa.select(blob.c.problem).where(blob.c.attachment == attachment)
    return str(tx.execute(query).scalar() or "")


def unsent(tx: sa.Connection, community: str) -> list[Content]:
    """The contents of a community that the server has not got, oldest first.

    Those it refused come last: they must not keep the others waiting.
    """
    of = blob.c
    query = (
        sa.select(of.attachment, of.community, of.sha256, of.size, of.sent, of.problem)
        .where(of.community == community, of.stored == 0)
        .order_by(of.problem != "", of.attachment)
    )
    return [Content(*row) for row in tx.execute(query)]


def unsent_count(tx: sa.Connection) -> int:
    """How many contents the server has not got."""
    query = sa.select(sa.func.count()).where(blob.c.stored == 0)
    return int(tx.execute(query).scalar_one())


def unsent_of(tx: sa.Connection, kind: str, record_id: str) -> int:
    """How many contents of a record's attachments the server has not got."""
    query = (
        sa.select(sa.func.count())
        .select_from(blob)
        .join(TABLES["attachment"], _attachment.id == blob.c.attachment)
        .where(_attachment.record_id == record_id, _attachment.record_kind == kind)
        .where(blob.c.stored == 0)
    )
    return int(tx.execute(query).scalar_one())


def sent(tx: sa.Connection, attachment: str, offset: int, *, complete: bool) -> None:
    """Note how far the server has it."""
    change = blob.update().where(blob.c.attachment == attachment)
    tx.execute(change.values(sent=offset, stored=int(complete), problem=""))


def reopen(tx: sa.Connection, community: str) -> None:
    """The server lives another life: ask again whether it has what it once had.

    Where it has, an empty piece at the end of the upload is answered so.
    """
    change = blob.update().where(blob.c.community == community, blob.c.stored == 1)
    tx.execute(change.values(stored=0, sent=blob.c.size))


def refused(tx: sa.Connection, attachment: str, problem: str) -> None:
    """Note why the server did not take it."""
    tx.execute(blob.update().where(blob.c.attachment == attachment).values(problem=problem))


def forget(tx: sa.Connection, attachment: str) -> None:
    """Drop the content of an attachment from this device."""
    for table in (blob, blob_part):
        tx.execute(table.delete().where(table.c.attachment == attachment))


def forget_unseen(tx: sa.Connection) -> int:
    """Drop what the server has and no attachment in sight names: deleted, or out of scope."""
    seen = sa.select(_attachment.id)
    return _drop(tx, sa.and_(blob.c.stored == 1, blob.c.attachment.not_in(seen)))


def purge(tx: sa.Connection, community: str, grids: Collection[str]) -> int:
    """Drop what the server has of grids that are given up; returns how much is unsent and stays.

    Contents that were not sent are this device's work: they stay until they are, and go with the
    next purge. Call it before or after the rows are removed.
    """
    leaving = sa.select(_attachment.id).where(
        _attachment.community_id == community, _attachment.grid_id.in_(sorted(grids))
    )
    here = blob.c.community == community
    of_grids = blob.c.attachment.in_(leaving)
    unseen = blob.c.attachment.not_in(sa.select(_attachment.id))
    _drop(tx, sa.and_(here, sa.or_(of_grids, unseen), blob.c.stored == 1))
    left = sa.select(sa.func.count()).where(here, sa.or_(of_grids, unseen), blob.c.stored == 0)
    return int(tx.execute(left).scalar_one())


def has_surplus(tx: sa.Connection, most: int) -> bool:
    """Is there anything for `forget_unseen` or `trim` to do?"""
    unseen, total = tx.exec_driver_sql(
        "SELECT coalesce(max(attachment NOT IN (SELECT id FROM attachment)), 0),"
        " coalesce(sum(size), 0) FROM blob WHERE stored = 1"
    ).one()
    return bool(unseen) or int(total) > most


def trim(tx: sa.Connection, most: int) -> None:
    """Keep contents that the server has too to `most` bytes; the oldest attachments go first."""
    of = blob.c
    newest = sa.select(of.attachment, of.size).where(of.stored == 1).order_by(of.attachment.desc())
    total = 0
    for attachment, size in tx.execute(newest).all():
        total += size
        if total > most:
            forget(tx, attachment)


def _drop(tx: sa.Connection, which: sa.ColumnElement[bool]) -> int:
    gone = list(tx.execute(sa.select(blob.c.attachment).where(which)).scalars())
    for attachment in gone:
        forget(tx, attachment)
    return len(gone)
