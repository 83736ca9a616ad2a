"""应用: what the server sends, into the store; data and cursor in one transaction."""

import hashlib
from collections.abc import Callable, Iterable, Mapping

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from sqzl_desktop.base.errors import KnownError
from sqzl_desktop.protocol import snapshot
from sqzl_desktop.protocol.digest import Sum
from sqzl_desktop.protocol.messages import Answers, Page, Piece, SnapshotOffer
from sqzl_desktop.store import (
    arriving,
    blobs,
    changes,
    confirmed,
    downloads,
    history,
    journal,
    proof,
    tables,
    traces,
)
from sqzl_desktop.store.engine import Store
from sqzl_desktop.sync import guard


class Differs(KnownError):
    """This device and the server disagree about what is confirmed."""


class Cursor(msgspec.Struct, frozen=True):
    """Where a community's log was read up to, in which life of the server, with which scope."""

    epoch: str
    scope_version: int
    cursor: int


_cursor = sa.select(
    tables.cursor.c.epoch, tables.cursor.c.scope_version, tables.cursor.c.cursor
).where(tables.cursor.c.community == sa.bindparam("community"))


def read_cursor(tx: sa.Connection, community: str) -> Cursor | None:
    """The cursor of a community, None before its first sync."""
    found = tx.execute(_cursor, {"community": community}).one_or_none()
    return None if found is None else Cursor(*found)


def known_scopes(tx: sa.Connection) -> set[int]:
    """The scope versions under which the communities were read."""
    return set(tx.execute(sa.select(tables.cursor.c.scope_version)).scalars())


def apply_page(
    store: Store,
    community: str,
    page: Page,
    at: str,
    *,
    answers: Answers | None = None,
    accept_removals: bool = False,
) -> None:
    """Take a page of the log in, with its cursor. Raises Differs when the digests do.

    `answers` are those that came with it, to be kept in the same transaction. On the last page
    answered operations are finished. Unsent work is never touched. A page that removes too much
    raises Guarded, unless a person accepts it.
    """
    after = Cursor(page.epoch, page.scope_version, page.cursor)
    if not (page.entries or answers):
        with store.read() as tx:
            if _is_finished(tx, community, after):
                _compare(tx, community, page)
                return
    with store.write() as tx:
        if answers is not None:
            _take_answers(tx, answers)
        guard.check_page(tx, community, page.entries, more=page.more, accepted=accept_removals)
        if any(entry.row is None for entry in page.entries):
            traces.mark(tx)
        if page.entries:
            arriving.take(tx, community, page.entries, at)
            confirmed.keep_authors(tx, page.authors)
        if not page.more:
            if changes.answered_after(tx, community, page.cursor):
                raise Differs("服务器的数据退回到了较早的状态，将重新核对")
            changes.finish(tx, community, page.cursor)
            journal.forget_covered(tx, community, page.durable_through, at)
        _write_cursor(tx, community, after)
    with store.read() as tx:
        _compare(tx, community, page)


def keep_answers(store: Store, answers: Answers) -> None:
    """Keep what the server said of operations."""
    with store.write() as tx:
        _take_answers(tx, answers)


def _take_answers(tx: sa.Connection, answers: Answers) -> None:
    """What the server holds for others leaves traces here."""
    changes.answer(tx, answers.answers, answers.seq)
    if any(each.outcome == "held" for each in answers.answers):
        traces.mark(tx)


def _is_finished(tx: sa.Connection, community: str, cursor: Cursor) -> bool:
    """Is there nothing to write: the cursor stands there already, every answer is settled?"""
    return read_cursor(tx, community) == cursor and not changes.has_answered(tx, community)


def _compare(tx: sa.Connection, community: str, page: Page) -> None:
    if page.digests is None:
        return
    mine = confirmed.digests(confirmed.read_sums(tx, community))
    if mine != _counted(page.digests):
        raise Differs("本机与服务器的数据核对不一致，将重新下载一次")


def pieces_to_fetch(
    store: Store, community: str, offer: SnapshotOffer, *, whole: bool
) -> list[Piece]:
    """The files of the grids whose rows this device does not hold as the server does.

    The same digest under the same epoch means the same rows. All of them with `whole`.
    """
    with store.read() as tx:
        cursor = read_cursor(tx, community)
        mine = confirmed.digests(confirmed.read_sums(tx, community))
    if whole or cursor is None or cursor.epoch != offer.epoch:
        return offer.pieces
    return [each for each in offer.pieces if mine.get(each.grid) != offer.digests[each.grid]]


def apply_snapshot(
    store: Store,
    community: str,
    offer: SnapshotOffer,
    contents: Mapping[str, bytes],
    taken: Callable[[int], None],
    *,
    accept_removals: bool = False,
) -> int:
    """Replace what is confirmed of a community; returns the rows that were put.

    `contents` are the files of the grids to replace; the other grids of the offer stay, everything
    else goes. The files' hashes and the digests are checked before anything is committed. `taken`
    is told now and then how many rows were put. Raises Guarded where too
    much would vanish, unless the scope changed or a person accepts it.
    """
    _check_files(offer, contents)
    with store.write(much=True) as tx:
        known = read_cursor(tx, community)
        if known:
            traces.mark(tx)
        meant = accept_removals or not known or known.scope_version != offer.scope_version
        before = set() if meant else guard.here(tx, community)
        staying = {piece.grid for piece in offer.pieces} - contents.keys()
        sums = _clear_all_but(tx, community, staying)
        rows = _load(tx, community, contents.values(), sums, taken)
        if confirmed.digests(sums) != _counted(offer.digests):
            raise Differs("下载的数据核对不一致，将重新下载")
        confirmed.write_sums(tx, community, sums)
        if known and known.epoch != offer.epoch:
            journal.reopen(tx, community)
            blobs.reopen(tx, community)
        changes.finish(tx, community, offer.cursor)
        changes.show_own(tx, community)
        if before:
            guard.check(community, len(before - guard.here(tx, community)), len(before))
        history.forget_unseen(tx)
        downloads.clear(tx)
        _write_cursor(tx, community, Cursor(offer.epoch, offer.scope_version, offer.cursor))
    return rows


def _clear_all_but(tx: sa.Connection, community: str, staying: set[str]) -> dict[str, Sum]:
    """Make room; the sums of what stays."""
    proof.forget_strays(tx)
    confirmed.clear_unconfirmed(tx, community)
    for grid in confirmed.grids(tx, community) - staying:
        confirmed.clear(tx, community, grid)
    sums = confirmed.read_sums(tx, community)
    return {grid: each for grid, each in sums.items() if grid in staying}


def _check_files(offer: SnapshotOffer, contents: Mapping[str, bytes]) -> None:
    for piece in offer.pieces:
        content = contents.get(piece.grid)
        if content is not None and hashlib.sha256(content).hexdigest() != piece.sha256:
            raise Differs("下载的数据不完整，将重新下载")


def _load(
    tx: sa.Connection,
    community: str,
    contents: Iterable[bytes],
    sums: dict[str, Sum],
    taken: Callable[[int], None],
) -> int:
    rows = 0
    loading = confirmed.Loading(tx, community, sums)
    for content in contents:
        head, parts = snapshot.read(content)
        confirmed.keep_authors(tx, head.authors)
        for part in parts:
            loading.take(part)
            rows += len(part.values)
            taken(rows)
    loading.finish()
    return rows


def _counted(digests: confirmed.Digests) -> confirmed.Digests:
    """The digests of grids that have rows: an emptied grid and an unknown one are the same."""
    return {grid: each for grid, each in digests.items() if each[0]}


def _write_cursor(tx: sa.Connection, community: str, cursor: Cursor) -> None:
    tx.execute(_PUT_CURSOR, {"community": community, **msgspec.structs.asdict(cursor)})


_NEW_CURSOR = insert(tables.cursor)
_PUT_CURSOR = _NEW_CURSOR.on_conflict_do_update(
    index_elements=["community"],
    set_={name: _NEW_CURSOR.excluded[name] for name in ("epoch", "scope_version", "cursor")},
)
