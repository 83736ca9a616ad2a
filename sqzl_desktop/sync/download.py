"""下载: the files of a snapshot; what broke off goes on where it stopped."""

from collections.abc import Callable, Sequence

from sqzl_desktop.base.errors import Offline
from sqzl_desktop.protocol.messages import Piece
from sqzl_desktop.store import downloads
from sqzl_desktop.store.engine import Store
from sqzl_desktop.sync.transport import Transport

ATTEMPTS = 3
Arrived = Callable[[int, int], None]  # bytes so far, bytes in all; may raise to stop


def fetch(
    store: Store, transport: Transport, pieces: Sequence[Piece], arrived: Arrived
) -> dict[str, bytes]:
    """The files by grid. What has come is kept when it breaks off, and not fetched again."""
    with store.read() as tx:
        come = {piece.id: bytearray(downloads.content(tx, piece.id)) for piece in pieces}
    total = sum(piece.size for piece in pieces)

    def one_more() -> None:
        arrived(sum(map(len, come.values())), total)

    try:
        for piece in pieces:
            _complete(transport, piece, come[piece.id], one_more)
    except BaseException:
        with store.write() as tx:
            downloads.keep(tx, {name: bytes(content) for name, content in come.items()})
        raise
    return {piece.grid: bytes(come[piece.id]) for piece in pieces}


def _complete(
    transport: Transport, piece: Piece, come: bytearray, one_more: Callable[[], None]
) -> None:
    for attempt in range(ATTEMPTS):
        if len(come) >= piece.size:
            return
        try:
            for part in transport.download(piece.id, len(come)):
                come += part
                one_more()
            return
        except Offline:
            if attempt == ATTEMPTS - 1:
                raise
