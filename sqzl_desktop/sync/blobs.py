"""附件上传下载: contents go up piece by piece after their rows; they come down when looked at."""

import dataclasses
import functools
import hashlib
from collections.abc import Callable

import sqlalchemy as sa

from sqzl_desktop.base.errors import KnownError
from sqzl_desktop.protocol.messages import Kept
from sqzl_desktop.store import blobs
from sqzl_desktop.store.blobs import Content
from sqzl_desktop.store.engine import Store
from sqzl_desktop.sync.transport import ServerRefusal, Transport

MOST_KEPT = 500 << 20  # of what the server has, too
_ATTEMPTS = 3
Told = Callable[[int, int], None]  # bytes so far, bytes in all; may raise to stop


def upload(store: Store, transport: Transport, community: str, told: Told) -> int:
    """Send what the server has not got, each from where it stopped; returns how many it has now.

    A content that the server refuses is marked and waits; the others go on. Raises Offline.
    """
    with store.read() as tx:
        waiting = blobs.unsent(tx, community)
    done = 0
    total, before = sum(each.size for each in waiting), 0
    for each in waiting:
        sending = _Upload(store, transport, each, functools.partial(_told, told, before, total))
        try:
            sending.run()
            done += 1
        except ServerRefusal as refusal:
            if refusal.status == 401:
                raise
            with store.write() as tx:
                blobs.refused(tx, each.attachment, str(refusal))
        before += each.size
    return done


def _told(told: Told, before: int, total: int, sent: int) -> None:
    told(before + sent, total)


@dataclasses.dataclass(frozen=True)
class _Upload:
    store: Store
    transport: Transport
    content: Content
    told: Callable[[int], None]

    def run(self) -> None:
        offset, left = self.content.sent, _ATTEMPTS
        while True:
            self.told(offset)
            try:
                kept = self._send(offset)
            except ServerRefusal as refusal:
                left -= 1
                if refusal.code not in ("OFFSET", "HASH") or not left:
                    raise
                offset = refusal.expected if refusal.code == "OFFSET" else 0
                continue
            offset = kept.offset
            with self.store.write() as tx:
                blobs.sent(tx, self.content.attachment, offset, complete=kept.complete)
            if kept.complete:
                return

    def _send(self, offset: int) -> Kept:
        with self.store.read() as tx:
            piece = blobs.piece(tx, self.content.attachment, offset)
        return self.transport.send_piece(self.content, offset, piece)


def fetch(store: Store, transport: Transport, attachment: str, of: tuple[str, str]) -> None:
    """Get a content from the server; `of` is (community, SHA-256). Checked before it is kept."""
    community, sha256 = of
    content = transport.content(community, attachment, sha256)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise KnownError("下载的附件不完整，请稍后再打开一次")
    with store.write() as tx:
        blobs.keep(tx, attachment, community, sha256, content, stored=True)


def has_surplus(tx: sa.Connection) -> bool:
    """Is there anything to tidy?"""
    return blobs.has_surplus(tx, MOST_KEPT)


def tidy(store: Store) -> None:
    """Drop contents of attachments that are gone, and the oldest where they take much room."""
    with store.read() as tx:
        if not has_surplus(tx):
            return
    with store.write() as tx:
        blobs.forget_unseen(tx)
        blobs.trim(tx, MOST_KEPT)
