"""到达: what the server says of many records, into the store at once."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from sqzl_desktop.base.errors import KnownError
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.protocol import search_text, tabular
from sqzl_desktop.protocol.digest import Sum, row_hash
from sqzl_desktop.protocol.merge import overlay
from sqzl_desktop.protocol.messages import Entry, Operation, Row
from sqzl_desktop.schema.fields import Json
from sqzl_desktop.schema.kind import Kind
from sqzl_desktop.store import confirmed, differences, history, proof, search
from sqzl_desktop.store.changes import UNSENT
from sqzl_desktop.store.differences import Shown, Values, Wanted

_AMONG = "IN (SELECT value FROM json_each(?))"
_operation = msgspec.json.Decoder(Operation)
_encode = msgspec.json.Encoder().encode


class _Known(NamedTuple):
    """What this device holds of a record; `base` is JSON, None where it has no changes upon it."""

    no: int
    grid: str
    rev: int
    deleted: int
    hash: bytes | None
    base: str | None


def take(tx: sa.Connection, community: str, entries: Sequence[Entry], at: str) -> None:
    """Take rows and departures in and count them in the sums; `at` is when they were received.

    Where this device has unsent changes, they are put upon the new values again. Raises KnownError
    for a kind that this program does not know, before anything of it is skipped.
    """
    sums = confirmed.read_sums(tx, community)
    entries = sorted(entries, key=lambda entry: entry.kind)
    for name, some in itertools.groupby(entries, key=lambda entry: entry.kind):
        if name not in BY_NAME:
            raise KnownError(confirmed.UNKNOWN)
        given = {entry.id: entry.row for entry in some}
        _Arrival(tx, community, BY_NAME[name], sums, at).take(given)
    confirmed.write_sums(tx, community, sums)


class _Arrival:
    """Rows of one kind on their way into the tables."""

    def __init__(
        self, tx: sa.Connection, community: str, kind: Kind[Any], sums: dict[str, Sum], at: str
    ) -> None:
        self.tx = tx
        self.community = community
        self.kind = kind
        self.sums = sums
        self.at = at
        self.names = ["id", *(name for name, _ in tabular.layout(kind)), tabular.EXTRA]
        sounding = {column.name for column in search_text.searched(kind)}
        self.sounding = {n for n, name in enumerate(self.names) if name in sounding}

    def take(self, given: Mapping[str, Row | None]) -> None:
        """Rows by id; None: it is gone from this device's sight."""
        known = self._known(given)
        shown = self._without_strays(self._shown(given), known)
        own = self._own(record_id for record_id, each in known.items() if each.base is not None)
        self._forget({i: each for i, each in known.items() if given[i] is None})
        rows = [row for row in given.values() if row is not None]
        wanted = {row.id: overlay(row, own[row.id]) if row.id in own else (row.fields, row.deleted)
                  for row in rows}  # fmt: skip
        differing = differences.found(self.kind, shown, wanted)
        self._note(rows, known, shown, differing)
        numbers = self._register(rows, known)
        self._show(wanted, numbers, shown, differing)
        self._settle_bases(rows, known, own)

    def _known(self, ids: Iterable[str]) -> dict[str, _Known]:
        found = _asked(
            self.tx,
            "SELECT rows.id, rows.no, grid, rev, deleted, hash, base.fields FROM rows"
            f" LEFT JOIN base ON base.no = rows.no WHERE kind = ? AND rows.id {_AMONG}",
            (self.kind.name, _list(ids)),
        )
        return {line[0]: _Known._make(line[1:]) for line in found}

    def _shown(self, ids: Iterable[str]) -> dict[str, Shown]:
        columns = ", ".join(f'"{name}"' for name in self.names)
        query = f'SELECT rowid, {columns} FROM "{self.kind.name}" WHERE id {_AMONG}'
        return {line[1]: (line[0], line[1:]) for line in _asked(self.tx, query, (_list(ids),))}

    def _without_strays(
        self, shown: dict[str, Shown], known: Mapping[str, _Known]
    ) -> dict[str, Shown]:
        """A row that is shown and not registered was damaged: what arrives takes its place."""
        strays = shown.keys() - known.keys()
        if strays:
            proof.forget_strays(self.tx)
        return {record_id: each for record_id, each in shown.items() if record_id not in strays}

    def _own(self, ids: Iterable[str]) -> dict[str, list[Operation]]:
        wanted = list(ids)
        found: dict[str, list[Operation]] = {}
        if not wanted:
            return found
        states = ", ".join(f"'{state}'" for state in UNSENT)
        bodies = self.tx.exec_driver_sql(
            f"SELECT record, body FROM outbox WHERE kind = ? AND record {_AMONG}"
            f" AND state IN ({states}) ORDER BY no",
            (self.kind.name, _list(wanted)),
        )
        for record_id, body in bodies.all():
            found.setdefault(record_id, []).append(_operation.decode(body))
        return found

    def _forget(self, gone: Mapping[str, _Known]) -> None:
        """Rows left this device's sight. Unsent changes stay in the outbox."""
        self._count_out(gone.values())
        self._hide([(each.no, record_id) for record_id, each in gone.items()])
        numbers = [(each.no,) for each in gone.values()]
        _many(self.tx, "DELETE FROM base WHERE no = ?", numbers)
        _many(self.tx, "DELETE FROM rows WHERE no = ?", numbers)
        for record_id in gone:
            history.forget(self.tx, self.kind.name, record_id)

    def _note(
        self,
        rows: Sequence[Row],
        known: Mapping[str, _Known],
        shown: Mapping[str, Shown],
        differing: Mapping[str, Values],
    ) -> None:
        """Keep what becomes of the confirmed values, field by field."""
        lines: list[history.Line] = []
        layout = tabular.layout(self.kind)
        for row in rows:
            here = known.get(row.id)
            if here is None or not here.rev:
                continue
            before: Mapping[str, Json] = {}
            after: Mapping[str, Json] = row.fields
            if here.base is not None:
                before = msgspec.json.decode(here.base)
            elif row.id in shown:
                before, after = differences.fields(
                    layout, shown[row.id][1], row.fields, differing[row.id]
                )
            lines += history.lines(row, before, after, writes=row.writes, at=self.at)
        history.add(self.tx, lines)

    def _register(self, rows: Sequence[Row], known: Mapping[str, _Known]) -> dict[str, int]:
        """The confirmed facts of the rows; their numbers by id."""
        numbers = {record_id: each.no for record_id, each in known.items()}
        free = itertools.count(confirmed.last_number(self.tx) + 1)
        made, edited = [], []
        counted: dict[str, list[bytes]] = {}
        for row in rows:
            hashed = row_hash(row)
            facts = (row.grid, row.rev, int(row.deleted), row.last,
                     _encode(row.writes).decode(), hashed)  # fmt: skip
            if row.id in known:
                edited.append((*facts, numbers[row.id]))
            else:
                numbers[row.id] = next(free)
                made.append((*facts, numbers[row.id], self.kind.name, row.id, self.community))
            if not row.deleted:
                counted.setdefault(row.grid, []).append(hashed)
        self._count_out(known[row.id] for row in rows if row.id in known)
        for grid, hashes in counted.items():
            self.sums.setdefault(grid, Sum()).join(hashes)
        _many(self.tx, "UPDATE rows SET grid = ?, rev = ?, deleted = ?, last = ?, writes = ?,"
              " hash = ? WHERE no = ?", edited)  # fmt: skip
        _many(self.tx, "INSERT INTO rows (grid, rev, deleted, last, writes, hash, no, kind, id,"
              " community) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", made)  # fmt: skip
        return numbers

    def _show(
        self,
        wanted: Mapping[str, Wanted],
        numbers: Mapping[str, int],
        shown: Mapping[str, Shown],
        differing: Mapping[str, Values],
    ) -> None:
        """Bring what is shown to the confirmed values and this device's changes upon them."""
        hidden: list[tuple[int, str]] = []
        made: list[tuple[Any, ...]] = []
        edited: dict[tuple[int, ...], list[tuple[Any, ...]]] = {}
        texts: list[tuple[int, Mapping[str, Json]]] = []
        for record_id, (fields, deleted) in wanted.items():
            here = shown.get(record_id)
            if deleted:
                if here:
                    hidden.append((numbers[record_id], record_id))
            elif here is None:
                made.append(tabular.values(self.kind, record_id, fields))
                texts.append((numbers[record_id], fields))
            elif changed := differing[record_id]:
                edited.setdefault(tuple(changed), []).append((*changed.values(), here[0]))
                if not self.sounding.isdisjoint(changed):
                    texts.append((numbers[record_id], fields))
        self._hide(hidden)
        self._write(made, edited)
        search.forget(self.tx, self.kind.name, [no for no, _ in texts])
        search.index_many(self.tx, self.kind, texts)

    def _write(
        self,
        made: Sequence[tuple[Any, ...]],
        edited: Mapping[tuple[int, ...], list[tuple[Any, ...]]],
    ) -> None:
        quoted = [f'"{name}"' for name in self.names]
        places = ", ".join("?" * len(quoted))
        table = f'"{self.kind.name}"'
        _many(self.tx, f"INSERT INTO {table} ({', '.join(quoted)}) VALUES ({places})", made)
        for changed, lines in edited.items():
            values = ", ".join(f"{quoted[n]} = ?" for n in changed)
            _many(self.tx, f"UPDATE {table} SET {values} WHERE rowid = ?", lines)

    def _hide(self, some: Sequence[tuple[int, str]]) -> None:
        table = f'"{self.kind.name}"'
        _many(self.tx, f"DELETE FROM {table} WHERE id = ?", [(i,) for _, i in some])
        search.forget(self.tx, self.kind.name, [no for no, _ in some])

    def _settle_bases(
        self, rows: Sequence[Row], known: Mapping[str, _Known], own: Mapping[str, list[Operation]]
    ) -> None:
        """Confirmed values are set aside where unsent changes lie upon them, and only there."""
        based = [row for row in rows if row.id in known and known[row.id].base is not None]
        kept = [(msgspec.json.encode(row.fields).decode(), known[row.id].no)
                for row in based if row.id in own]  # fmt: skip
        dropped = [(known[row.id].no,) for row in based if row.id not in own]
        _many(self.tx, "UPDATE base SET fields = ? WHERE no = ?", kept)
        _many(self.tx, "DELETE FROM base WHERE no = ?", dropped)

    def _count_out(self, some: Iterable[_Known]) -> None:
        counted: dict[str, list[bytes]] = {}
        for each in some:
            if each.hash and not each.deleted:
                counted.setdefault(each.grid, []).append(each.hash)
        for grid, hashes in counted.items():
            self.sums.setdefault(grid, Sum()).leave(hashes)


def _asked(tx: sa.Connection, query: str, parameters: tuple[str, ...]) -> list[tuple[Any, ...]]:
    """Many lines as the driver gives them: to make rows of them costs as much as to find them."""
    raw: Any = tx.connection.driver_connection
    found: list[tuple[Any, ...]] = raw.execute(query, parameters).fetchall()
    return found


def _many(tx: sa.Connection, statement: str, lines: Sequence[tuple[Any, ...]]) -> None:
    if lines:
        tx.exec_driver_sql(statement, list(lines))


def _list(ids: Iterable[str]) -> str:
    return msgspec.json.encode(list(ids)).decode()
