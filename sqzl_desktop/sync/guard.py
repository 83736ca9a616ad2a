"""阀门: a batch that would remove a great part of what is here waits for a person.

An answer that is empty by mistake must not be read as "everything was deleted". What a change of
scope takes away is meant and passes; so does what this device itself deleted, and as much as
a redrawing of the grids, which comes with what it moved, says it has moved.
"""

from collections.abc import Sequence

import msgspec
import sqlalchemy as sa

from sqzl_desktop.base.errors import KnownError
from sqzl_desktop.domain.kinds.redrawing import REDRAWING
from sqzl_desktop.protocol.messages import Entry
from sqzl_desktop.store import meta, tables

SHARE = 0.2
FEWEST = 50
_CHUNK = 400
Keys = set[tuple[str, str]]


class Guarded(KnownError):
    """What came would remove too much; nothing of it was applied."""

    def __init__(self, community: str, removed: int, total: int) -> None:
        self.community = community
        self.removed = removed
        self.total = total
        super().__init__(
            f"服务器发来的更新会从本机移除社区{community}的{removed}条资料（共{total}条），"
            "已暂停下载，本机内容没有变动。请先向信息管理人员核实，确认无误后再允许移除"
        )


class Tally(msgspec.Struct, frozen=True):
    """How much the pages of one sequence have removed so far, of how much at its start."""

    removed: int
    total: int


def check_page(
    tx: sa.Connection, community: str, entries: Sequence[Entry], *, more: bool, accepted: bool
) -> None:
    """Call before a page is applied, in its transaction. Raises Guarded.

    The tally is kept with the pages, so that a sequence of small ones, also over several rounds,
    is judged as the one batch it is.
    """
    name = f"removing/{community}"
    kept = meta.get(tx, name)
    leaving = max(0, _leaving(tx, entries) - _redrawn(entries))
    if leaving and not accepted:
        before = msgspec.json.decode(kept, type=Tally) if kept else Tally(0, count(tx, community))
        tally = Tally(before.removed + leaving, before.total)
        check(community, tally.removed, tally.total)
        if more:
            meta.put(tx, name, msgspec.json.encode(tally).decode())
    if kept and (accepted or not more):
        meta.put(tx, name, "")


def check(community: str, removed: int, total: int) -> None:
    """Raises Guarded where so many of so many are too many."""
    if removed >= FEWEST and removed > SHARE * total:
        raise Guarded(community, removed, total)


def here(tx: sa.Connection, community: str) -> Keys:
    """What is here of a community: confirmed and not deleted, or new from this device."""
    columns = tables.rows.c
    query = sa.select(columns.kind, columns.id).where(
        columns.community == community, columns.deleted == 0
    )
    return {(kind, record_id) for kind, record_id in tx.execute(query)}


def count(tx: sa.Connection, community: str) -> int:
    """How many confirmed records are here of a community."""
    columns = tables.rows.c
    query = sa.select(sa.func.count()).where(
        columns.community == community, columns.deleted == 0, columns.rev > 0
    )
    return int(tx.execute(query).scalar_one())


def _redrawn(entries: Sequence[Entry]) -> int:
    """How many records the redrawings among the entries have moved."""
    drawn = [each.row.fields for each in entries if each.row and each.kind == REDRAWING.name]
    return sum(count for each in drawn if isinstance(count := each.get("moved_count"), int))


def _leaving(tx: sa.Connection, entries: Sequence[Entry]) -> int:
    """How many of the entries take away something that is here, other than by our own delete."""
    last = {
        (each.kind, each.id): each.row.last if each.row else ""
        for each in entries
        if each.row is None or each.row.deleted
    }
    rows, outbox = tables.rows.c, tables.outbox.c
    left = 0
    ids = sorted({record_id for _, record_id in last})
    for start in range(0, len(ids), _CHUNK):
        some = ids[start : start + _CHUNK]
        present = sa.select(rows.kind, rows.id).where(rows.id.in_(some), rows.deleted == 0)
        mine = sa.select(outbox.id).where(
            outbox.id.in_(sorted({last[key] for key in last if key[1] in set(some)} - {""}))
        )
        own = set(tx.execute(mine).scalars())
        left += sum(last.get((kind, record_id), "") not in own
                    for kind, record_id in tx.execute(present)
                    if (kind, record_id) in last)  # fmt: skip
    return left
