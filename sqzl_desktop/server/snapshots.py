"""快照: a file of everything visible, prepared once, fetched in ranges, good for a first sync."""

import contextlib
import hashlib
import json
import os
import re
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa
import zstandard
from starlette.responses import FileResponse, Response

from sqzl_desktop.domain import access
from sqzl_desktop.domain.access import Zones
from sqzl_desktop.domain.kinds import KINDS
from sqzl_desktop.protocol.messages import SnapshotOffer
from sqzl_desktop.server import ledger, pull, rows, scope
from sqzl_desktop.server.refusals import Refusal
from sqzl_desktop.server.sign_in import Caller
from sqzl_desktop.server.tables import RECORD

KEPT_SECONDS = 24 * 3600
_NAME = re.compile(r"[0-9a-f]{32}", re.ASCII)
_PARTS = 2000


class Built(msgspec.Struct, frozen=True):
    """What lies beside a prepared file: for whose eyes it is, and what it holds."""

    community: str
    grids: list[str] | None
    rows: int
    size: int
    sha256: str


def offer(connection: sa.Connection, caller: Caller, community: str, cache: Path) -> SnapshotOffer:
    """A file of the caller's view of a community as it is now; made unless it is there."""
    zones = scope.zones(caller, community)
    epoch = scope.epoch(connection)
    cursor = ledger.current(connection, community)
    name = _name(epoch, community, zones, cursor)
    built = _described(cache, name)
    if built is None:
        cache.mkdir(parents=True, exist_ok=True, mode=0o700)
        _forget_old(cache)
        built = _build(connection, community, zones, cursor, cache / name)
    return SnapshotOffer(
        name,
        epoch,
        caller.account.scope_version,
        cursor,
        built.rows,
        built.size,
        built.sha256,
        pull.digests(connection, community, zones),
    )


def file(caller: Caller, name: str, cache: Path) -> Response:
    """The bytes of a prepared file, for those who see exactly what it was made for."""
    built = _described(cache, name) if _NAME.fullmatch(name) else None
    theirs = access.visible(caller.account.actor, built.community) if built else None
    if built is None or theirs is None or _grids(theirs) != built.grids:
        raise Refusal(404, "NOT_FOUND", "没有这份下载文件，请重新开始下载")
    return FileResponse(
        cache / name,
        media_type="application/octet-stream",
        headers={"Cache-Control": "no-store"},
    )


def _name(epoch: str, community: str, zones: Zones, cursor: int) -> str:
    key = json.dumps([epoch, community, _grids(zones), cursor])
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def _grids(zones: Zones) -> list[str] | None:
    return None if zones.grids is None else sorted(zones.grids)


def _described(cache: Path, name: str) -> Built | None:
    try:
        built = msgspec.json.decode((cache / f"{name}.json").read_bytes(), type=Built)
        for path in (cache / name, cache / f"{name}.json"):
            os.utime(path)
    except FileNotFoundError:
        return None
    return built


def _build(
    connection: sa.Connection, community: str, zones: Zones, cursor: int, target: Path
) -> Built:
    visible = sa.and_(
        RECORD.c.community == community, RECORD.c.deleted == 0, rows.within(zones, RECORD.c.grid)
    )
    count = connection.scalar(sa.select(sa.func.count()).select_from(RECORD).where(visible)) or 0
    digest = hashlib.sha256()
    with _temporary(target) as path:
        with path.open("wb") as plain:
            writer = zstandard.ZstdCompressor(level=6).stream_writer(plain, closefd=False)
            with writer:
                for line in _lines(connection, community, visible, (cursor, count)):
                    writer.write(line + b"\n")
        with path.open("rb") as finished:
            while part := finished.read(1 << 20):
                digest.update(part)
        built = Built(community, _grids(zones), count, path.stat().st_size, digest.hexdigest())
        path.replace(target)
    with _temporary(target) as path:
        path.write_bytes(msgspec.json.encode(built))
        path.replace(target.with_name(f"{target.name}.json"))
    return built


def _lines(
    connection: sa.Connection,
    community: str,
    visible: sa.ColumnElement[bool],
    head: tuple[int, int],
) -> Iterator[bytes]:
    yield msgspec.json.encode({"cursor": head[0], "rows": head[1]})
    writers = sa.select(RECORD.c.writes, RECORD.c.last).where(visible).distinct()
    operations = rows.operations_in(connection.execute(writers))
    yield msgspec.json.encode(rows.authors(connection, community, operations))
    for row in _every(connection, visible):
        yield msgspec.json.encode(rows.raw(row))


def _every(connection: sa.Connection, visible: sa.ColumnElement[bool]) -> Iterator[sa.Row[Any]]:
    named = [kind.name for kind in KINDS]
    for kind in named:
        yield from _some(connection, sa.and_(visible, RECORD.c.kind == kind))
    yield from _some(connection, sa.and_(visible, RECORD.c.kind.not_in(named)))


def _some(connection: sa.Connection, which: sa.ColumnElement[bool]) -> Iterator[sa.Row[Any]]:
    query = sa.select(RECORD).where(which).order_by(RECORD.c.kind, RECORD.c.id)
    streamed = query.execution_options(yield_per=_PARTS)
    yield from connection.execute(streamed)


@contextlib.contextmanager
def _temporary(target: Path) -> Iterator[Path]:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".making-")
    os.close(handle)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _forget_old(cache: Path) -> None:
    oldest = time.time() - KEPT_SECONDS
    for path in cache.iterdir():
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < oldest:
                path.unlink()
