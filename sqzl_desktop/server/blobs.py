"""附件内容: photos and files, named by the SHA-256 of what is in them, in a folder of the server.

A device writes into a file of its own, piece by piece at the offset that was reached. Only a file
that is complete and whose hash is right becomes visible, by a rename; then the database notes
that this attachment's content is here. No lock: who writes the same piece twice writes the same
bytes, and anything else is found by the hash. Every process of a server may share the folder.
"""

import contextlib
import datetime as dt
import hashlib
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from sqzl_desktop.base.clock import Clock
from sqzl_desktop.base.errors import KnownError
from sqzl_desktop.protocol.messages import MOST_CONTENT
from sqzl_desktop.schema import codec
from sqzl_desktop.server.refusals import Refusal
from sqzl_desktop.server.tables import BLOB

DAILY = 1 << 30
MOST_PARTS = 50
PARTS_KEPT_SECONDS = 7 * 24 * 3600
_SHA = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Content:
    """The content of one attachment of one community. All three were checked to be plain names."""

    community: str
    attachment: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Some bytes of a content of `size`, beginning at `offset`."""

    offset: int
    size: int
    body: bytes


def is_sha(text: str) -> bool:
    """Is this a SHA-256 as we write it?"""
    return bool(_SHA.fullmatch(text))


class Blobs:
    """The folder of contents."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock

    def path(self, content: Content) -> Path:
        """Where a complete content lies."""
        return self._folder / content.community / content.sha256[:2] / content.sha256

    def is_kept(self, connection: sa.Connection, content: Content) -> bool:
        """Was this attachment's content received, and is it there?"""
        query = sa.select(BLOB.c.size).where(*_is(content))
        return connection.scalar(query) is not None and self.path(content).exists()

    def reached(self, device: str, content: Content) -> int:
        """How many bytes of it this device has sent so far."""
        try:
            return self._part(device, content).stat().st_size
        except FileNotFoundError:
            return 0

    def take(self, device: str, content: Content, piece: Piece) -> int:
        """Write a piece at the offset that was reached; returns the offset reached now."""
        if not 0 < piece.size <= MOST_CONTENT:
            most = MOST_CONTENT >> 20
            raise Refusal(413, "TOO_LARGE", f"附件是空的或超过{most}MB，不能上传；请压缩后重新添加")
        reached = self.reached(device, content)
        if piece.offset != reached or piece.offset + len(piece.body) > piece.size:
            raise wrong_offset(reached)
        part = self._part(device, content)
        with _plainly():
            if not reached:
                self._make_room(part.parent)
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
                file.seek(piece.offset)
                file.write(piece.body)
        return reached + len(piece.body)

    def finish(self, device: str, content: Content) -> None:
        """Make a complete file visible, durably; a Refusal where its hash is not its name."""
        part, path = self._part(device, content), self.path(content)
        with _plainly():
            with part.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
                os.fsync(file.fileno())
            if digest != content.sha256:
                part.unlink(missing_ok=True)
                raise Refusal(422, "HASH", "附件在传输中损坏，将从头再传一次")
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            part.replace(path)
            _sync_folder(path.parent)

    def note(self, connection: sa.Connection, device: str, content: Content, size: int) -> None:
        """Note that an attachment's content is here; once is enough."""
        if connection.scalar(sa.select(BLOB.c.size).where(*_is(content))) is not None:
            return
        connection.execute(
            sa.insert(BLOB).values(
                community=content.community,
                attachment=content.attachment,
                sha256=content.sha256,
                size=size,
                device=device,
                stored_at=self._text(self._clock.now()),
            )
        )

    def check_quota(self, connection: sa.Connection, device: str, size: int) -> None:
        """A Refusal where a device has sent as much as it may in a day."""
        since = self._text(self._clock.now() - dt.timedelta(days=1))
        query = sa.select(sa.func.coalesce(sa.func.sum(BLOB.c.size), 0))
        sent = connection.scalar(query.where(BLOB.c.device == device, BLOB.c.stored_at > since))
        if int(sent or 0) + size > DAILY:
            raise Refusal(
                429, "QUOTA", "本机今天上传的附件已达上限，明天会自动继续", retry_after=3600
            )

    def _part(self, device: str, content: Content) -> Path:
        return self._folder / "parts" / device / f"{content.community}-{content.sha256}"

    def _make_room(self, folder: Path) -> None:
        """Forget beginnings that nobody went on with; a Refusal where there are too many still."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        oldest = time.time() - PARTS_KEPT_SECONDS
        left = 0
        for path in folder.iterdir():
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_mtime < oldest:
                    path.unlink()
                else:
                    left += 1
        if left >= MOST_PARTS:
            raise Refusal(429, "QUOTA", "本机未传完的附件过多，请稍后再试", retry_after=3600)

    def _text(self, at: dt.datetime) -> str:
        return str(codec.encode(at))


def wrong_offset(reached: int) -> Refusal:
    """Tells a device where to go on."""
    return Refusal(409, "OFFSET", "附件将从断开的地方继续上传", expected=reached)


def _is(content: Content) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        BLOB.c.community == content.community,
        BLOB.c.attachment == content.attachment,
        BLOB.c.sha256 == content.sha256,
    )


@contextlib.contextmanager
def _plainly() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:  # another request of the same device finished it meanwhile
        raise wrong_offset(0) from error
    except OSError as error:
        raise KnownError("服务器暂时不能保存附件，稍后会自动重试") from error


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
