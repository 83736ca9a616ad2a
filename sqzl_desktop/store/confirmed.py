"""已确认: what the server has said, row by row, and the sums by which both sides compare."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from sqzl_desktop.base.errors import KnownError
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.protocol import search_text, snapshot, tabular
from sqzl_desktop.protocol.digest import Sum, row_hash
from sqzl_desktop.protocol.messages import Author, Row
from sqzl_desktop.schema.fields import Json
from sqzl_desktop.schema.kind import Kind
from sqzl_desktop.store import records, search, tables

UNKNOWN = "服务器有本机程序还不认识的资料种类，请更新程序后再同步"
_MOST_LINES = 50_000  # of the search index, held back; 400 bytes each
Digests = dict[str, tuple[int, str]]


def number(tx: sa.Connection, kind: str, record_id: str) -> int | None:
    """The number under which `rows`, `base` and the search index know a record."""
    columns = tables.rows.c
    query = sa.select(columns.no).where(columns.kind == kind, columns.id == record_id)
    return tx.execute(query).scalar_one_or_none()


def find(tx: sa.Connection, kind: str, record_id: str) -> Row | None:
    """The confirmed row; revision 0 and no fields where the server has not seen it yet."""
    rows, base = tables.rows, tables.base
    query = (
        sa.select(rows, base.c.fields)
        .outerjoin(base, base.c.no == rows.c.no)
        .where(rows.c.kind == kind, rows.c.id == record_id)
    )
    found = tx.execute(query).one_or_none()
    return None if found is None else _row(tx, found)


def _row(tx: sa.Connection, found: Any) -> Row:
    if found.fields is not None:
        fields = msgspec.json.decode(found.fields)
    else:
        fields = {} if found.rev == 0 else records.fields_of(tx, found.kind, found.id) or {}
    writes = msgspec.json.decode(found.writes)
    return Row(found.kind, found.id, found.grid, found.rev, fields, writes, found.last,
               bool(found.deleted))  # fmt: skip


_LAST = sa.select(sa.func.max(tables.rows.c.no))


def last_number(tx: sa.Connection) -> int:
    """The highest number in use; 0 before the first."""
    return int(tx.execute(_LAST).scalar() or 0)


def keep_base(tx: sa.Connection, kind: str, record_id: str, community: str) -> int:
    """Before a change of this device: set the confirmed values aside. Returns the number."""
    no = number(tx, kind, record_id)
    if no is None:
        new = tables.rows.insert().values(
            kind=kind, id=record_id, community=community, grid="", rev=0, deleted=0, last="",
            writes="{}",
        )  # fmt: skip
        no = int(tx.execute(new.returning(tables.rows.c.no)).scalar_one())
        fields: dict[str, Json] = {}
    else:
        fields = records.fields_of(tx, kind, record_id) or {}
    text = msgspec.json.encode(fields).decode()
    tx.execute(insert(tables.base).values(no=no, fields=text).on_conflict_do_nothing(["no"]))
    return no


def drop_base(tx: sa.Connection, no: int) -> None:
    """What is shown is what is confirmed: the copy is needed no more."""
    tx.execute(tables.base.delete().where(tables.base.c.no == no))


def load(tx: sa.Connection, community: str, rows: Iterable[Row]) -> int:
    """Take rows into an emptied community (see `clear`); returns how many."""
    sums = read_sums(tx, community)
    loading = Loading(tx, community, sums)
    total = 0
    for some in _batches(rows):
        register = [(row.id, row.rev, msgspec.json.encode(row.writes).decode(), row.last,
                     row_hash(row)) for row in some]  # fmt: skip
        part = snapshot.part(some[0].kind, some[0].grid, register, [row.fields for row in some])
        loading.take(part)
        total += len(some)
    loading.finish()
    write_sums(tx, community, sums)
    return total


class Loading:
    """Parts of a snapshot on their way into a community where none of their rows is.

    Search texts are kept back and written in few goes: they lie in the index in another order
    than they come. `finish` writes the last of them.
    """

    def __init__(self, tx: sa.Connection, community: str, sums: dict[str, Sum]) -> None:
        self._tx = tx
        self._community = community
        self._sums = sums
        self._next = last_number(tx) + 1
        self._searched: list[search.Line] = []

    def take(self, part: snapshot.Part) -> None:
        """Take a part in and count it in the sums."""
        kind = BY_NAME.get(part.kind)
        if kind is None:
            raise KnownError(UNKNOWN)
        self._sums.setdefault(part.grid, Sum()).join(line[4] for line in part.register)
        start = self._next
        self._next += len(part.register)
        self._tx.exec_driver_sql(
            "INSERT INTO rows (no, kind, id, community, grid, rev, deleted, last, writes, hash)"
            " VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, ?)",
            [(no, part.kind, record_id, self._community, part.grid, rev, last, writes, hashed)
             for no, (record_id, rev, writes, last, hashed) in enumerate(part.register, start)],
        )  # fmt: skip
        self._show(kind, part)
        self._searched += self._lines(kind, part, start)
        if len(self._searched) >= _MOST_LINES:
            self.finish()

    def finish(self) -> None:
        """Everything that was taken can be searched."""
        search.insert(self._tx, self._searched)
        self._searched = []

    def _show(self, kind: Kind[Any], part: snapshot.Part) -> None:
        if set(part.columns) <= set(tabular.layout(kind)):
            names = ["id", *(name for name, _ in part.columns), tabular.EXTRA]
            records.show_many(self._tx, part.kind, names, part.values)
            return
        names = ["id", *(name for name, _ in tabular.layout(kind)), tabular.EXTRA]
        ours = [tabular.values(kind, line[0], fields)
                for line, fields in zip(part.values, part.fields(), strict=True)]  # fmt: skip
        records.show_many(self._tx, part.kind, names, ours)

    def _lines(self, kind: Kind[Any], part: snapshot.Part, start: int) -> list[search.Line]:
        if part.rules == search_text.RULES:
            texts = part.texts
        else:
            texts = snapshot.texts(kind, part.fields())
        return search.finished(kind.name, [(start + place, *text) for place, *text in texts])


def _batches(rows: Iterable[Row], size: int = snapshot.LARGEST_PART) -> Iterable[list[Row]]:
    batch: list[Row] = []
    for row in rows:
        same = batch and (row.kind, row.grid) == (batch[0].kind, batch[0].grid)
        if batch and (not same or len(batch) >= size):
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def clear(tx: sa.Connection, community: str, grid: str) -> None:
    """Forget everything confirmed of a grid ("" is common), and what is shown of it."""
    _clear(tx, "rev > 0 AND community = ? AND grid = ?", (community, grid))


def clear_unconfirmed(tx: sa.Connection, community: str) -> None:
    """Forget the records that the server has not confirmed. Not the outbox: it has them whole."""
    _clear(tx, "rev = 0 AND community = ?", (community,))


def _clear(tx: sa.Connection, which: str, parameters: tuple[str, ...]) -> None:
    numbers = f"SELECT no FROM rows WHERE {which}"
    tx.exec_driver_sql(f"DELETE FROM base WHERE no IN ({numbers})", parameters)
    for kind in BY_NAME:
        of_kind = (*parameters, kind)
        search.forget_all(tx, kind, f"{numbers} AND kind = ?", of_kind)
        tx.exec_driver_sql(
            f'DELETE FROM "{kind}" WHERE id IN (SELECT id FROM rows WHERE {which} AND kind = ?)',
            of_kind,
        )
    tx.exec_driver_sql(f"DELETE FROM rows WHERE {which}", parameters)


def grids(tx: sa.Connection, community: str) -> set[str]:
    """The grids of a community of which this device holds anything."""
    of = tables.rows.c
    return set(tx.execute(sa.select(of.grid).where(of.community == community).distinct()).scalars())


_SUMS = sa.select(tables.bucket.c.grid, tables.bucket.c["count"], tables.bucket.c.total).where(
    tables.bucket.c.community == sa.bindparam("of")
)


def read_sums(tx: sa.Connection, community: str) -> dict[str, Sum]:
    """The sums of a community's grids, as kept."""
    found = tx.execute(_SUMS, {"of": community})
    return {grid: Sum.read((count, total)) for grid, count, total in found}


def write_sums(tx: sa.Connection, community: str, sums: Mapping[str, Sum]) -> None:
    """Keep the sums of a community's grids."""
    lines = [
        (community, grid, each.count, each.wire()[1]) for grid, each in sums.items() if each.count
    ]
    tx.exec_driver_sql("DELETE FROM bucket WHERE community = ?", (community,))
    if lines:
        insert_many = 'INSERT INTO bucket (community, grid, "count", total) VALUES (?, ?, ?, ?)'
        tx.exec_driver_sql(insert_many, lines)


def digests(sums: Mapping[str, Sum]) -> Digests:
    """The sums as they travel; grids without rows are left out."""
    return {grid: each.wire() for grid, each in sums.items() if each.count}


def keep_authors(tx: sa.Connection, authors: Mapping[str, Author]) -> None:
    """Remember who made which operation."""
    if not authors:
        return
    lines: Sequence[tuple[str, ...]] = [
        (operation, each.name, each.received_at, each.made_at, each.device)
        for operation, each in authors.items()
    ]
    tx.exec_driver_sql("INSERT OR REPLACE INTO author VALUES (?, ?, ?, ?, ?)", list(lines))
