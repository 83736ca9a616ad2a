"""补报: a server restored from a backup is offered what it lacks of this device's work."""

from sqzl_desktop.base.clock import Clock
from sqzl_desktop.protocol.messages import MOST_IDS, Ids
from sqzl_desktop.store import journal
from sqzl_desktop.store.engine import Store
from sqzl_desktop.sync.transport import Transport


def offer_again(store: Store, transport: Transport, community: str, clock: Clock) -> None:
    """Ask what the server knows of what is owed; what it lacks joins the line of unsent work."""
    with store.read() as tx:
        ids = journal.asked_about(journal.owed(tx, community))
    if not ids:
        return
    known: set[str] = set()
    for start in range(0, len(ids), MOST_IDS):
        some = Ids(ids[start : start + MOST_IDS])
        known.update(transport.known(community, some).ids)
    with store.write() as tx:
        journal.release(tx, community, known, clock.now())
