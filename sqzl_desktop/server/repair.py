"""修复: where a device and the server differ, in three questions; and who could not be helped."""

import logging
from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from sqzl_desktop.base.clock import Clock
from sqzl_desktop.protocol.digest import BUCKETS, Sum, bucket
from sqzl_desktop.protocol.messages import Diverged, Hashes, Rows, SubDigests
from sqzl_desktop.schema import codec
from sqzl_desktop.server import rows, scope
from sqzl_desktop.server.database import Database
from sqzl_desktop.server.refusals import Refusal
from sqzl_desktop.server.rows import Key
from sqzl_desktop.server.sign_in import Caller
from sqzl_desktop.server.tables import DEVICE, DIVERGENCE, RECORD

_log = logging.getLogger(__name__)


def sub_digests(connection: sa.Connection, caller: Caller, community: str, grid: str) -> SubDigests:
    """The digest of a grid, in parts."""
    sums = [Sum() for _ in range(BUCKETS)]
    for _, record_id, digest in _hashes(connection, caller, community, grid):
        sums[bucket(record_id)].add(bytes.fromhex(digest))
    return SubDigests([each.wire() for each in sums])


def hashes(
    connection: sa.Connection, caller: Caller, community: str, grid: str, parts: frozenset[int]
) -> Hashes:
    """The rows of some parts of a grid, by their hashes."""
    found = _hashes(connection, caller, community, grid)
    return Hashes([line for line in found if bucket(line[1]) in parts])


def some_rows(
    connection: sa.Connection, caller: Caller, community: str, keys: Sequence[Key]
) -> Rows:
    """The rows of those keys that the caller sees."""
    zones = scope.zones(caller, community)
    found = [
        each.row
        for each in rows.load(connection, community, keys).values()
        if zones.holds(each.row.grid) and not each.row.deleted
    ]
    named = {op for row in found for op in (*row.writes.values(), row.last)}
    return Rows(found, rows.authors(connection, community, named))


def note_divergence(
    connection: sa.Connection, caller: Caller, told: Diverged, clock: Clock
) -> None:
    """Keep, for the operator, that a device could not be brought to agree."""
    zones = scope.zones(caller, told.community)
    theirs = {grid for grid in told.grids if not grid or grid.startswith(told.community)}
    grids = sorted(grid for grid in theirs if zones.holds(grid))
    of = DIVERGENCE.c
    mine = sa.and_(of.community == told.community, of.device == caller.device)
    connection.execute(sa.delete(DIVERGENCE).where(mine))
    connection.execute(
        sa.insert(DIVERGENCE).values(
            community=told.community,
            device=caller.device,
            at=str(codec.encode(clock.now())),
            grids=",".join(grids),
        )
    )
    _log.error("device %s diverged in %s: %s", caller.device, told.community, ",".join(grids))


def divergence_lines(database: Database) -> Iterator[str]:
    """One line a device and community that could not be brought to agree, newest first."""
    query = (
        sa.select(DIVERGENCE, DEVICE.c.label)
        .outerjoin(DEVICE, DEVICE.c.id == DIVERGENCE.c.device)
        .order_by(DIVERGENCE.c.at.desc())
    )
    with database.reading() as connection:
        for each in connection.execute(query):
            yield "\t".join((each.at, each.community, each.device, each.label or "", each.grids))


def _hashes(
    connection: sa.Connection, caller: Caller, community: str, grid: str
) -> Iterator[tuple[str, str, str]]:
    if not scope.zones(caller, community).holds(grid):
        raise Refusal(403, "FORBIDDEN", "该网格不在您的负责范围内")
    of = RECORD.c
    query = sa.select(of.kind, of.id, of.hash).where(
        of.community == community, of.grid == grid, of.deleted == 0
    )
    for row in connection.execute(query):
        yield row.kind, row.id, row.hash
