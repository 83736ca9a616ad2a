"""范围: what a device does when less is entrusted to its user: forget, leave no trace, say so."""

import msgspec
import sqlalchemy as sa

from sqzl_desktop.base.clock import Clock
from sqzl_desktop.base.errors import Offline
from sqzl_desktop.domain.access import NOTHING, Actor, Zones, visible
from sqzl_desktop.protocol.messages import Person, PurgeReceipt
from sqzl_desktop.store import audit, changes, traces
from sqzl_desktop.store.engine import Store
from sqzl_desktop.sync.transport import ServerRefusal, Transport


def zones_of(person: Person, community: str) -> Zones:
    """What a person sees of a community, by what the server says of them now."""
    actor = Actor(person.account, person.name, person.role, tuple(person.scope))
    return visible(actor, community) or NOTHING


def lost_communities(tx: sa.Connection, person: Person) -> list[str]:
    """The communities on this device of which nothing is entrusted any more.

    Only the codes of a newer scope say so: an empty list of communities alone takes nothing away.
    """
    return [
        community
        for community, version in traces.known_communities(tx).items()
        if person.scope_version > version and zones_of(person, community) == NOTHING
    ]


def is_tidy(tx: sa.Connection, person: Person) -> bool:
    """Is nothing to be removed, and does the server know what was?"""
    return traces.is_told(tx, person.scope_version)


def is_outdated(store: Store, person: Person) -> bool:
    """Was something read under another scope than this is? Then it is not known what may stay."""
    with store.read() as tx:
        return any(each != person.scope_version for each in traces.known_communities(tx).values())


def let_go(store: Store, community: str, person: Person) -> None:
    """Forget at once what is not entrusted any more; the server will be told."""
    with store.write() as tx:
        removed = traces.let_go(tx, community, zones_of(person, community))
        traces.note_removed(tx, removed)


def leave(store: Store, community: str, person: Person) -> None:
    """Forget a whole community, after what was unsent has been pushed. What is still unsent stays,
    and goes with the next round."""
    with store.write() as tx:
        changes.finish(tx, community)
        removed = traces.let_go(tx, community, zones_of(person, community))
        if removed.rows:
            traces.note_removed(tx, removed)
        if not traces.has_unanswered(tx, community):
            traces.forget_community(tx, community)


def tidy(store: Store, person: Person, clock: Clock) -> None:
    """Remove every trace of what is out of sight, from the file and from its log."""
    with store.read() as tx:
        if not traces.is_marked(tx):
            return
    with store.write() as tx:
        for community in traces.known_communities(tx):
            traces.let_go(tx, community, zones_of(person, community))

        def note(kind: str, record_id: str, detail: str) -> None:
            subject = (kind, record_id, detail)
            audit.note(tx, clock.now(), person.account, "forget", subject)

        traces.remove(tx, note)
    if store.shrink_log():
        with store.write() as tx:
            traces.unmark(tx)


def tell(store: Store, transport: Transport, person: Person) -> None:
    """Send the purge receipt that is due; without a network it waits for the next round."""
    version = person.scope_version
    with store.read() as tx:
        known = traces.known_communities(tx)
        removed = traces.removed_so_far(tx)
        if not removed and traces.told_version(tx) == version:
            return
    if any(each != version for each in known.values()):
        return
    try:
        transport.purged(PurgeReceipt(version, removed))
    except (Offline, ServerRefusal):
        return
    with store.write() as tx:
        if msgspec.json.encode(traces.removed_so_far(tx)) == msgspec.json.encode(removed):
            traces.told(tx, version)
