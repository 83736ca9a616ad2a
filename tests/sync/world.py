"""The world of the invented histories: what there is, what was acknowledged, how it heals.

A history is a list of steps (rule, by, which, value), small numbers all: the same list gives the
same history, whoever invented it, and dropping steps leaves a history. Refusals and a missing
network are answers; anything else that is raised is a failure.
"""

import contextlib
import dataclasses
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from sqzl_desktop.base.errors import UserError
from sqzl_desktop.base.ids import loaded_id
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.server.tables import COUNTER, DEVICE, OPERATION, RECORD
from sqzl_desktop.services import elements
from sqzl_desktop.store import meta
from tests.places import GRID, OTHER_GRID
from tests.sync.ground import ACCOUNTS, CUT, LOST, Ground, Laptop

Step = tuple[str, int, int, int]
GRIDS = (GRID, OTHER_GRID)
MOST = {"resident": 4, "household": 2, "topic": 2, "case": 2}
VALUES = ("甲", "乙", "")
FIELDS = ("employer", "remark", "phone", "registered_home")
TAGS = ("K01", "K02", "K03")
TROUBLE: tuple[tuple[str | int, ...], ...] = (
    (), (), (LOST,), (1, LOST), (1, 1, LOST), (CUT,), (1, CUT), (LOST, LOST, LOST),
    (2, 2, 2), (5, 5, 5), (1, 3, LOST), (2, CUT),
)  # fmt: skip


def canary(record_id: str) -> str:
    """A text that stands in this record and in what tells of it, and nowhere else."""
    return f"渠口{record_id[:8]}"


class World:
    """A history under way."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.laptops: list[Laptop] = [ground.laptops[name] for name in ACCOUNTS]
        self.known: dict[str, list[str]] = {kind: [] for kind in MOST}
        self.images: dict[str, bytes] = {}
        self.noted: dict[str, int] = {}  # per laptop, the last outbox number that was looked at
        self.made: set[str] = set()  # operations that were acknowledged 已存本机
        self.restored = False  # the server may have forgotten what it had rejected
        self.spoiled = 0  # how often rows on a disk went bad
        self.excused: set[str] = set()  # of those, the ones that went with a disk or a restore
        self.backups: list[bytes] = [ground.server_at_first]
        self.any_stopped = False
        self.packs: list[tuple[str, bytes]] = []  # on USB sticks, with the laptops they come from
        self.receipts: list[tuple[str, bytes]] = []

    def note(self, laptop: Laptop) -> None:
        """What the screen has acknowledged is remembered; row and operation came together."""
        with laptop.store.read() as tx:
            found = tx.exec_driver_sql(
                "SELECT outbox.no, outbox.id, outbox.state, base.no IS NOT NULL FROM outbox"
                " LEFT JOIN rows ON rows.kind = outbox.kind AND rows.id = outbox.record"
                " LEFT JOIN base ON base.no = rows.no WHERE outbox.no > ? ORDER BY outbox.no",
                (self.noted.get(laptop.name, 0),),
            ).all()
        for no, operation, state, has_base in found:
            assert has_base or state != "pending", "an operation without its row"
            self.made.add(operation)
            self.noted[laptop.name] = no

    def heal(self) -> None:
        """Everybody back on the network, long enough for every word to reach everybody.

        After a restore of the server the laptops offer again what it lacks, and in turns: one's
        work may stand on another's. What stands on work that nobody has any more goes after a week.
        """
        for _ in range(3 if self.restored else 1):
            self._everybody_syncs()
        if self.restored and any(map(owes, self.laptops)):
            self.ground.clock.advance(days=8)
            for laptop in self.laptops:
                laptop.clock.advance(days=8)
            self._everybody_syncs()

    def _everybody_syncs(self) -> None:
        for laptop in self.laptops:
            self._sync(laptop)
        for laptop in self.laptops[:-1]:
            if not self.is_level(laptop):
                self._sync(laptop)

    def _sync(self, laptop: Laptop) -> None:
        if self.is_shut_out(laptop):
            try_to(laptop.sync)
        else:
            laptop.sync()

    def is_level(self, laptop: Laptop) -> bool:
        """Has this laptop read all there is, and has it nothing of its own on the way?"""
        with self.ground.database.reading() as connection:
            seq = connection.scalar(sa.select(COUNTER.c.seq))
        with laptop.store.read() as tx:
            read = tx.exec_driver_sql("SELECT cursor FROM cursor").scalar()
            unsettled = "SELECT 1 FROM outbox WHERE state IN ('pending', 'answered', 'owed')"
            return bool(read == seq and tx.exec_driver_sql(unsettled).first() is None)

    def is_shut_out(self, laptop: Laptop) -> bool:
        """Does the server say that this device is stopped?"""
        if not self.any_stopped:
            return False
        with laptop.store.read() as tx:
            device = meta.get(tx, "device")
        with self.ground.database.reading() as connection:
            return bool(connection.scalar(sa.select(DEVICE.c.revoked).where(DEVICE.c.id == device)))

    def excuse_lost(self) -> None:
        """After a disaster: what is on no machine any more cannot be asked for."""
        with self.ground.database.reading() as connection:
            left = set(connection.scalars(sa.select(OPERATION.c.id)))
        for laptop in self.laptops:
            with laptop.store.read() as tx:
                left |= set(tx.exec_driver_sql("SELECT id FROM outbox WHERE body <> ''").scalars())
        self.excused |= self.made - left

    def picture(self) -> list[tuple[Any, ...]]:
        """The server's rows: what all of it came to."""
        with self.ground.database.reading() as connection:
            of = RECORD.c
            found = connection.execute(sa.select(RECORD).order_by(of.kind, of.id))
            return [tuple(row) for row in found]


def owes(laptop: Laptop) -> bool:
    """Does this laptop keep work back because a restored server lacks what it stands on?"""
    with laptop.store.read() as tx:
        return tx.exec_driver_sql("SELECT 1 FROM outbox WHERE state = 'owed'").first() is not None


def try_to(work: Callable[..., Any], *words: Any, **named: Any) -> None:
    """Do it; a refusal is an answer, being offline is life."""
    with contextlib.suppress(UserError):
        work(*words, **named)


def seen(world: World, laptop: Laptop, kind: str, which: int) -> Any:
    """One of the records there are, as that laptop shows it, or None."""
    known = world.known[kind]
    if not known:
        return None
    try:
        return elements.get(laptop.session.ws, kind, known[which % len(known)])
    except UserError:
        return None


def born(world: World, kind: str) -> str:
    """The id of a new record, "" when there are enough."""
    known = world.known[kind]
    if len(known) == MOST[kind]:
        return ""
    known.append(loaded_id(f"{kind} {len(known)}"))
    return known[-1]


def change(laptop: Laptop, record: Element | None, **fields: Any) -> None:
    """Edit a record as a form does."""
    if record is not None:
        try_to(elements.save, laptop.session.ws, dataclasses.replace(record, **fields))
