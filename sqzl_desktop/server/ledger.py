"""账: the part of a write that fixes its place in the community's order.

Everything here runs last in a transaction, because the counter row is held until its commit: that
is what makes the order of numbers the order of commits.
"""

import dataclasses
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from sqzl_desktop.protocol.digest import Sum, row_hash
from sqzl_desktop.protocol.messages import Row
from sqzl_desktop.server import bulk
from sqzl_desktop.server.rows import Stored
from sqzl_desktop.server.tables import BUCKET, COUNTER, LOG, RECORD

_CURRENT = sa.select(COUNTER.c.seq).where(COUNTER.c.community == sa.bindparam("in_community"))
_ADVANCE = (
    sa.update(COUNTER)
    .where(COUNTER.c.community == sa.bindparam("in_community"))
    .values(seq=COUNTER.c.seq + sa.bindparam("by"))
    .returning(COUNTER.c.seq)
)
_ALL_SUMS = sa.select(BUCKET.c.grid, BUCKET.c["count"], BUCKET.c.total).where(
    BUCKET.c.community == sa.bindparam("in_community")
)
_SOME_SUMS = bulk.Among(lambda among: _ALL_SUMS.where(among(BUCKET.c.grid)))


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """A record before and after; `before` None: it is new."""

    before: Stored | None
    after: Row


def commit(connection: sa.Connection, community: str, changes: Sequence[Change]) -> int:
    """Number the changes, write records, log and digests; the last number given."""
    if not changes:
        return current(connection, community)
    last = _advance(connection, community, len(changes))
    first = last - len(changes) + 1
    numbered = [
        Change(each.before, msgspec.structs.replace(each.after, rev=rev))
        for rev, each in enumerate(changes, first)
    ]
    hashes = [row_hash(each.after) for each in numbered]
    _write_records(connection, community, numbered, hashes)
    bulk.insert(connection, LOG, [_log_entry(community, each) for each in numbered])
    _write_buckets(connection, community, numbered, hashes)
    return last


def current(connection: sa.Connection, community: str) -> int:
    """The last number given in a community; 0 before the first."""
    return connection.scalar(_CURRENT, {"in_community": community}) or 0


def digests(
    connection: sa.Connection, community: str, grids: Collection[str] | None
) -> dict[str, tuple[int, str]]:
    """Count and sum of the rows of those grids; of every grid with None."""
    if grids is None:
        lines = connection.execute(_ALL_SUMS, {"in_community": community})
    else:
        lines = _SOME_SUMS.run(connection, sorted(grids), in_community=community)
    return {grid: (count, total) for grid, count, total in lines}


def _advance(connection: sa.Connection, community: str, by: int) -> int:
    last = connection.scalar(_ADVANCE, {"in_community": community, "by": by})
    if last is None:
        connection.execute(sa.insert(COUNTER).values(community=community, seq=by))
        return by
    return int(last)


def _write_records(
    connection: sa.Connection, community: str, changes: Sequence[Change], hashes: Sequence[bytes]
) -> None:
    lines = [
        _values(community, change.after, digest.hex())
        for change, digest in zip(changes, hashes, strict=True)
    ]
    places = list(zip(changes, lines, strict=True))
    bulk.insert(connection, RECORD, [line for change, line in places if change.before is None])
    bulk.update(connection, RECORD, [line for change, line in places if change.before])


def _values(community: str, row: Row, digest: str) -> dict[str, Any]:
    return {
        "community": community,
        "kind": row.kind,
        "id": row.id,
        "grid": row.grid,
        "rev": row.rev,
        "deleted": int(row.deleted),
        "fields": msgspec.json.encode(row.fields).decode(),
        "writes": msgspec.json.encode(row.writes).decode(),
        "last": row.last,
        "hash": digest,
    }


def _log_entry(community: str, change: Change) -> dict[str, Any]:
    return {
        "community": community,
        "seq": change.after.rev,
        "kind": change.after.kind,
        "id": change.after.id,
        "grid_before": change.before.row.grid if change.before else None,
        "grid_after": change.after.grid,
        "operations": " ".join(_brought(change)),
    }


def _brought(change: Change) -> list[str]:
    """The operations that the record names since this change; of a new one it need not be said."""
    if change.before is None:
        return []
    before = change.before.row
    new = {*change.after.writes.values(), change.after.last}
    return sorted(new - {*before.writes.values(), before.last})


def _write_buckets(
    connection: sa.Connection, community: str, changes: Sequence[Change], hashes: Sequence[bytes]
) -> None:
    touched = {each.after.grid for each in changes}
    touched |= {each.before.row.grid for each in changes if each.before}
    sums = _sums(connection, community, touched)
    known = set(sums)
    gone: dict[str, list[bytes]] = {}
    come: dict[str, list[bytes]] = {}
    for change, digest in zip(changes, hashes, strict=True):
        before = change.before
        if before and not before.row.deleted:
            gone.setdefault(before.row.grid, []).append(bytes.fromhex(before.hash))
        if not change.after.deleted:
            come.setdefault(change.after.grid, []).append(digest)
    for grid in sorted(gone.keys() | come.keys()):
        each = sums.setdefault(grid, Sum())
        each.leave(gone.get(grid, ()))
        each.join(come.get(grid, ()))
    lines = [
        {"community": community, "grid": grid, "count": each.count, "total": each.wire()[1]}
        for grid, each in sums.items()
    ]
    bulk.insert(connection, BUCKET, [line for line in lines if line["grid"] not in known])
    bulk.update(connection, BUCKET, [line for line in lines if line["grid"] in known])


def _sums(connection: sa.Connection, community: str, grids: Iterable[str]) -> dict[str, Sum]:
    found = digests(connection, community, set(grids))
    return {grid: Sum.read(wire) for grid, wire in found.items()}
