"""重来: fetch what differs from the server, or everything, and put it in place of what is here."""

from collections.abc import Callable

from sqzl_desktop.store import downloads
from sqzl_desktop.store.engine import Store
from sqzl_desktop.sync.apply import Differs, apply_snapshot, pieces_to_fetch
from sqzl_desktop.sync.download import fetch
from sqzl_desktop.sync.transport import Transport

PREPARING, DOWNLOADING, WRITING = "正在准备数据", "正在下载数据", "正在写入本机"
Told = Callable[[str, int, int], None]  # what is being done, how much of how much; may raise


def replace(
    store: Store,
    transport: Transport,
    community: str,
    told: Told,
    *,
    whole: bool,
    accept_removals: bool,
) -> int:
    """How many rows were put. What broke off goes on where it stopped the next time.

    Raises Differs when what came is not what was announced, Guarded when it would remove too much.
    """
    told(PREPARING, 0, 0)
    offer = transport.snapshot(community)
    wanted = pieces_to_fetch(store, community, offer, whole=whole)
    total = sum(piece.rows for piece in wanted)
    try:
        return apply_snapshot(
            store,
            community,
            offer,
            fetch(store, transport, wanted, lambda done, size: told(DOWNLOADING, done, size)),
            lambda done: told(WRITING, done, total),
            accept_removals=accept_removals,
        )
    except Differs:
        with store.write() as tx:
            downloads.clear(tx)
        raise
