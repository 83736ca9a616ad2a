"""快照: a file for each grid, named by what the grid holds, so that whoever sees it shares it."""

import contextlib
import hashlib
import json
import os
import re
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa
from starlette.responses import FileResponse, Response

from sqzl_desktop.domain import access
from sqzl_desktop.domain.access import Zones
from sqzl_desktop.protocol import snapshot
from sqzl_desktop.protocol.messages import Piece, SnapshotOffer
from sqzl_desktop.server import ledger, pull, rows, scope
from sqzl_desktop.server.refusals import Refusal
from sqzl_desktop.server.sign_in import Caller
from sqzl_desktop.server.tables import OPERATION, RECORD

KEPT_SECONDS = 2 * 3600  # `ahead` names those that hold every hour
_IN_GRID = sa.and_(
    RECORD.c.community == sa.bindparam("of"),
    RECORD.c.grid == sa.bindparam("in_grid"),
    RECORD.c.deleted == 0,
)
_of = RECORD.c
_HELD = sa.select(_of.kind, _of.id, _of.rev, _of.writes, _of.last, _of.hash, _of.fields).where(
    _IN_GRID
)  # sorted by us: for the order of the key SQLite would read the whole community
# by far the most of the authors that are wanted, and by one query: most rows were written once
_LAST_WRITTEN = rows.written(
    OPERATION.c.community == sa.bindparam("of"),
    OPERATION.c.id.in_(sa.select(RECORD.c.last).where(_IN_GRID)),
)
_NAME = re.compile(r"[0-9a-f]{32}", re.ASCII)


class Built(msgspec.Struct, frozen=True):
    """What lies beside a prepared file: for whose eyes it is, and what it holds."""

    community: str
    grid: str
    rows: int
    size: int
    sha256: str


def offer(connection: sa.Connection, caller: Caller, community: str, cache: Path) -> SnapshotOffer:
    """Files of the caller's view of a community as it is now; those not there yet are made."""
    zones = scope.zones(caller, community)
    return SnapshotOffer(
        scope.epoch(connection),
        caller.account.scope_version,
        ledger.current(connection, community),
        pieces(connection, community, zones, cache),
        pull.digests(connection, community, zones),
    )


def pieces(connection: sa.Connection, community: str, zones: Zones, cache: Path) -> list[Piece]:
    """The files of a community's visible grids that hold anything, made where they are missing."""
    cache.mkdir(parents=True, exist_ok=True, mode=0o700)
    _forget_old(cache)
    epoch = scope.epoch(connection)
    found: list[Piece] = []
    for grid, digest in sorted(pull.digests(connection, community, zones).items()):
        if not digest[0]:
            continue
        name = _name(epoch, community, grid, digest)
        built = _described(cache, name) or _build(connection, community, grid, cache / name)
        found.append(Piece(name, grid, built.rows, built.size, built.sha256))
    return found


def file(caller: Caller, name: str, cache: Path) -> Response:
    """The bytes of a prepared file, for those who see its grid."""
    built = _described(cache, name) if _NAME.fullmatch(name) else None
    theirs = access.visible(caller.account.actor, built.community) if built else None
    if built is None or theirs is None or not theirs.holds(built.grid):
        raise Refusal(404, "NOT_FOUND", "没有这份下载文件，请重新开始下载")
    return FileResponse(
        cache / name,
        media_type="application/octet-stream",
        headers={"Cache-Control": "no-store"},
    )


def _name(epoch: str, community: str, grid: str, digest: tuple[int, str]) -> str:
    key = json.dumps([snapshot.form(), epoch, community, grid, digest])
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def _described(cache: Path, name: str) -> Built | None:
    try:
        built = msgspec.json.decode((cache / f"{name}.json").read_bytes(), type=Built)
        for path in (cache / name, cache / f"{name}.json"):
            os.utime(path)
    except FileNotFoundError:
        return None
    return built


def _build(connection: sa.Connection, community: str, grid: str, target: Path) -> Built:
    asked = {"of": community, "in_grid": grid}
    lines = sorted(connection.execute(_HELD, asked).all(), key=itemgetter(0, 1))
    authors = {
        line.id: rows.author(line) for line in connection.execute(_LAST_WRITTEN, asked).all()
    }
    others = set[str]().union(*map(rows.operations_of, lines)) - authors.keys()
    authors |= rows.authors(connection, community, others)
    authors = dict(sorted(authors.items()))  # whoever makes the file, its bytes are the same
    digest = hashlib.sha256()
    size = 0
    with _temporary(target) as path:
        with path.open("wb") as file:
            messages = (snapshot.Head(len(lines), authors), *_parts(grid, lines))
            for content in snapshot.write(messages):
                digest.update(content)
                size += file.write(content)
        built = Built(community, grid, len(lines), size, digest.hexdigest())
        path.replace(target)
    with _temporary(target) as path:
        path.write_bytes(msgspec.json.encode(built))
        path.replace(target.with_name(f"{target.name}.json"))
    return built


def _parts(grid: str, lines: Sequence[Any]) -> Iterator[snapshot.Part]:
    for kind, same_kind in groupby(lines, key=itemgetter(0)):
        for some in rows.chunks(list(same_kind), snapshot.LARGEST_PART):
            register = [
                (line.id, line.rev, line.writes, line.last, bytes.fromhex(line.hash))
                for line in some
            ]
            yield snapshot.part(kind, grid, register, [rows.fields(line) for line in some])


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
