"""核验: the hashes of the confirmed rows, worked out from what really lies in the tables.

The sums that are kept follow every change but know nothing of a page of the file gone bad. These
do, and they cost reading everything: some of the time, off the window's thread.
"""

import dataclasses
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
import sqlalchemy as sa

from sqzl_desktop.domain.kinds import KINDS
from sqzl_desktop.protocol import tabular
from sqzl_desktop.protocol.digest import Sum, row_hash
from sqzl_desktop.protocol.messages import Row
from sqzl_desktop.schema.fields import Json
from sqzl_desktop.schema.kind import Kind
from sqzl_desktop.store import confirmed, records, search, tables

_PART = 1000
_decode = msgspec.json.Decoder(dict[str, Any]).decode


@dataclasses.dataclass(frozen=True, slots=True)
class Proof:
    """A row as it lies here: the hash that is kept of it, and the one it really has.

    `real` is empty where the row cannot be read.
    """

    no: int
    kind: str
    id: str
    grid: str
    kept: bytes
    real: bytes


def proofs(tx: sa.Connection, community: str) -> Iterator[Proof]:
    """Every confirmed row that is not deleted."""
    rows = tables.rows.c
    there = set(
        tx.execute(sa.select(rows.kind).where(rows.community == community).distinct()).scalars()
    )
    for kind in KINDS:
        if kind.name not in there:
            continue
        layout = tabular.layout(kind)
        columns = ", ".join(f't."{name}"' for name, _ in layout)
        found = tx.exec_driver_sql(
            "SELECT r.no, r.id, r.grid, r.rev, r.hash, b.fields, t.id,"
            f" {columns}, t.{tabular.EXTRA}"
            " FROM rows r LEFT JOIN base b ON b.no = r.no"
            f' LEFT JOIN "{kind.name}" t ON t.id = r.id'
            " WHERE r.kind = ? AND r.community = ? AND r.deleted = 0 AND r.rev > 0",
            (kind.name, community),
        )
        for part in found.partitions(_PART):
            for line in part:
                yield _proof(kind, layout, line)


def sums(some: Iterable[Proof]) -> dict[str, Sum]:
    """What those rows really add up to, grid by grid."""
    found: dict[str, Sum] = {}
    for each in some:
        found.setdefault(each.grid, Sum()).add(each.real)
    return found


def is_sound(tx: sa.Connection, community: str) -> bool:
    """Does what lies here agree with the hashes and sums that are kept of it?"""
    found: dict[str, Sum] = {}
    for each in proofs(tx, community):
        if each.real != each.kept:
            return False
        found.setdefault(each.grid, Sum()).add(each.real)
    return confirmed.digests(found) == confirmed.digests(confirmed.read_sums(tx, community))


def rehash(tx: sa.Connection, community: str) -> dict[str, Sum]:
    """Set the kept hashes and sums right by the rows; the sums."""
    rows = tables.rows
    _drop_unknown(tx)
    _drop_numberless(tx)
    some = list(proofs(tx, community))
    for each in some:
        if each.kept != each.real:
            tx.execute(rows.update().where(rows.c.no == each.no).values(hash=each.real))
    found = sums(some)
    confirmed.write_sums(tx, community, found)
    return found


def discard(tx: sa.Connection, kind: str, record_id: str) -> None:
    """Forget what is confirmed of a row and shown of it. Not its history, not the outbox."""
    no = confirmed.number(tx, kind, record_id)
    if no is not None:
        records.hide(tx, kind, no, record_id)
        confirmed.drop_base(tx, no)
        tx.execute(tables.rows.delete().where(tables.rows.c.no == no))


def forget_strays(tx: sa.Connection) -> None:
    """Drop what is shown, the search texts and the kept values of rows that are not registered."""
    _drop_unknown(tx)
    for kind in KINDS:
        tx.exec_driver_sql(
            f'DELETE FROM "{kind.name}" WHERE id NOT IN (SELECT id FROM rows WHERE kind = ?)',
            (kind.name,),
        )
    _drop_numberless(tx)


def _drop_unknown(tx: sa.Connection) -> None:
    """A row of a kind that there is not has gone bad."""
    rows = tables.rows
    tx.execute(rows.delete().where(rows.c.kind.not_in([kind.name for kind in KINDS])))


def _drop_numberless(tx: sa.Connection) -> None:
    """Search texts and kept values under numbers that no row has."""
    for table, column in (("search", search.NUMBER), ("base", "no")):
        tx.exec_driver_sql(f"DELETE FROM {table} WHERE {column} NOT IN (SELECT no FROM rows)")


def _proof(kind: Kind[Any], layout: Any, line: Any) -> Proof:
    no, record_id, grid, rev, kept, base = line[:6]
    try:
        fields: dict[str, Json] = _decode(base) if base is not None else {}
        if base is None and line[6] is not None:
            fields = tabular.fields(layout, line[6:])
        real = row_hash(Row(kind.name, record_id, grid, rev, fields, {}, ""))
    except (msgspec.MsgspecError, UnicodeError, TypeError, ValueError):
        real = b""
    return Proof(no, kind.name, record_id, grid, kept or b"", real)
