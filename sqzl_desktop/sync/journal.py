"""补报: a server restored from a backup is offered what it lacks of this device's work."""

from collections.abc import Sequence

from sqzl_desktop.base.clock import Clock
from sqzl_desktop.protocol.messages import MOST_IDS, Ids
from sqzl_desktop.store import journal
from sqzl_desktop.store.engine import Store
from sqzl_desktop.sync.transport import Transport


def offer_again(store: Store, transport: Transport, community: str, clock: Clock) -> None:
    """Ask what the server knows of what is owed; what it lacks joins the line of unsent work."""
    with store.read() as tx:
        ids = journal.asked_about(journal.owed(tx, community))
    if ids:
        known = _known(transport, community, ids)
        with store.write() as tx:
            journal.release(tx, community, known, clock.now())


def is_forgotten(store: Store, transport: Transport, community: str) -> bool:
    """Does the server lack what it said it had taken, or say otherwise now what came of it? Then
    all of it is owed again.

    Asked when the two sides differ: an older file may lie in the place of the server's, and other
    devices may have gone on from there before anybody was ahead of it.
    """
    with store.read() as tx:
        taken = journal.taken(tx, community)
    known = _known(transport, community, list(taken))
    if all(known.get(each, "?") in ("", outcome) for each, outcome in taken.items()):
        return False
    with store.write() as tx:
        journal.reopen(tx, community)
    return True


def _known(transport: Transport, community: str, ids: Sequence[str]) -> dict[str, str]:
    """Those the server knows, and what came of them where it says so ("" where it does not)."""
    known: dict[str, str] = {}
    for start in range(0, len(ids), MOST_IDS):
        told = transport.known(community, Ids(list(ids[start : start + MOST_IDS])))
        known |= dict.fromkeys(told.ids, "") | told.outcomes
    return known


def owes(store: Store, community: str) -> bool:
    """Is there work that the server lacks and that waits for something else to come first?"""
    with store.read() as tx:
        return bool(journal.owed(tx, community))
