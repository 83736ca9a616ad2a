"""修复: where this device and the server differ, find the rows and fetch just those. Bounded.

First within 24 hours: only the rows that differ. Second: a whole snapshot. Then it stops, and the
person and the operator are told. The outbox is never touched.
"""

import datetime as dt

import msgspec
import sqlalchemy as sa

from sqzl_desktop.protocol.digest import BUCKETS, Sum, bucket
from sqzl_desktop.protocol.messages import MOST_KEYS, Diverged, Entry, Keys, Rows
from sqzl_desktop.schema.codec import encode
from sqzl_desktop.store import arriving, changes, confirmed, meta, proof
from sqzl_desktop.store.engine import Store
from sqzl_desktop.store.proof import Proof
from sqzl_desktop.sync import guard
from sqzl_desktop.sync.apply import Differs
from sqzl_desktop.sync.transport import ServerRefusal, Transport

MOST_TRIES = 2
MEMORY = dt.timedelta(hours=24)
PROVE_EVERY = dt.timedelta(hours=1)
Key = tuple[str, str]
_moments = msgspec.json.Decoder(list[dt.datetime])


def prove(store: Store, community: str, proved: dict[str, dt.datetime], now: dt.datetime) -> None:
    """Once an hour: are the rows what is kept of them? Raises Differs. `proved`: when they were."""
    last = proved.get(community)
    if last is not None and abs(now - last) < PROVE_EVERY:
        return
    with store.read() as tx:
        if not proof.is_sound(tx, community):
            raise Differs("本机数据与核对数不一致，将修复")
    proved[community] = now


class Mending:
    """Repairs the rows of one community."""

    def __init__(
        self, store: Store, transport: Transport, community: str, now: dt.datetime
    ) -> None:
        self._store = store
        self._transport = transport
        self._community = community
        self._now = now

    def begin(self) -> int:
        """How often it was tried within 24 hours; remembers, over restarts, that it is again."""
        name = f"repairs/{self._community}"
        with self._store.write() as tx:
            kept = _moments.decode(meta.get(tx, name, "[]"))
            recent = [at for at in kept if abs(self._now - at) < MEMORY]
            if len(recent) < MOST_TRIES:
                meta.put(tx, name, msgspec.json.encode([*recent, self._now]).decode())
        return len(recent)

    def mend(self, theirs: confirmed.Digests, *, accept_removals: bool) -> None:
        """Make what lies here what the server has, grid by grid. Raises Guarded."""
        with self._store.write() as tx:
            mine = confirmed.digests(proof.rehash(tx, self._community))
        put: list[Rows] = []
        surplus: list[Key] = []
        for grid in sorted(theirs.keys() | mine.keys()):
            if mine.get(grid, _nothing) != theirs.get(grid, _nothing):
                wrong, extra = self._compare(grid, is_there=grid in theirs)
                put += self._fetch(wrong)
                surplus += extra
        with self._store.write() as tx:
            if not accept_removals:
                guard.check(self._community, len(surplus), guard.count(tx, self._community))
            self._replace(tx, put, surplus)

    def _compare(self, grid: str, *, is_there: bool) -> tuple[list[Key], list[Key]]:
        """(rows that are wrong or missing here, rows that the server does not have)."""
        with self._store.read() as tx:
            mine = [each for each in proof.proofs(tx, self._community) if each.grid == grid]
        if not is_there:
            return [], [(each.kind, each.id) for each in mine]
        sums = self._transport.digests(self._community, grid).sums
        parts = [at for at, ours in enumerate(_in_parts(mine)) if ours.wire() != tuple(sums[at])]
        if not parts:
            return [], []
        listed = self._transport.hashes(self._community, grid, parts).rows
        theirs = {(kind, record_id): digest for kind, record_id, digest in listed}
        ours = {
            (each.kind, each.id): each.real.hex() for each in mine if bucket(each.id) in set(parts)
        }
        wrong = [key for key, digest in theirs.items() if ours.get(key) != digest]
        return wrong, sorted(ours.keys() - theirs.keys())

    def _fetch(self, keys: list[Key]) -> list[Rows]:
        return [
            self._transport.rows(self._community, Keys(keys[start : start + MOST_KEYS]))
            for start in range(0, len(keys), MOST_KEYS)
        ]

    def _replace(self, tx: sa.Connection, put: list[Rows], surplus: list[Key]) -> None:
        proof.forget_strays(tx)
        fetched = [row for part in put for row in part.rows]
        for kind, record_id in [*surplus, *((row.kind, row.id) for row in fetched)]:
            proof.discard(tx, kind, record_id)
        entries = [Entry(row.kind, row.id, row) for row in fetched]
        arriving.take(tx, self._community, entries, str(encode(self._now)))
        for part in put:
            confirmed.keep_authors(tx, part.authors)
        changes.show_own(tx, self._community)
        proof.rehash(tx, self._community)

    def tell_operator(self, theirs: confirmed.Digests | None) -> None:
        """Say to the server, once a day, that this device cannot be brought to agree."""
        name = f"diverged/{self._community}"
        with self._store.read() as tx:
            told = meta.get(tx, name)
            mine = confirmed.digests(confirmed.read_sums(tx, self._community))
        if told and abs(self._now - dt.datetime.fromisoformat(told)) < MEMORY:
            return
        known = theirs or {}
        grids = [
            grid for grid in sorted(known.keys() | mine.keys()) if known.get(grid) != mine.get(grid)
        ]
        try:
            self._transport.diverged(Diverged(self._community, grids))
        except ServerRefusal:
            return  # an older server does not listen; the person is told all the same
        with self._store.write() as tx:
            meta.put(tx, name, self._now.isoformat())


_nothing = Sum().wire()


def _in_parts(some: list[Proof]) -> list[Sum]:
    parts = [Sum() for _ in range(BUCKETS)]
    for each in some:
        parts[bucket(each.id)].add(each.real)
    return parts
