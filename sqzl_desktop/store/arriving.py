"""到达: what the server says of many records, into the store at once."""

import itertools
import operator
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
from sqzl_desktop.store import confirmed, history, proof, search
from sqzl_desktop.store.changes import UNSENT

Layout = list[tuple[str, str]]
_AMONG = "IN (SELECT value FROM json_each(?))"
_operation = msgspec.json.Decoder(Operation)


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
        self.layout = tabular.layout(kind)
        self.names = ["id", *(name for name, _ in self.layout), tabular.EXTRA]
        sounding = {column.name for column in search_text.searched(kind)}
        self.sounding = {n for n, name in enumerate(self.names) if name in sounding}
        self.numbers = _numbers(self.layout)
        self.worked_out: dict[str, tuple[Any, ...]] = {}
        self.differing: dict[str, tuple[int, ...]] = {}

    def take(self, given: Mapping[str, Row | None]) -> None:
        """Rows by id; None: it is gone from this device's sight."""
        known = self._known(given)
        shown = self._without_strays(self._shown(given), known)
        own = self._own(record_id for record_id, each in known.items() if each.base is not None)
        self._forget({i: each for i, each in known.items() if given[i] is None})
        rows = [row for row in given.values() if row is not None]
        self._note(rows, known, shown)
        numbers = self._register(rows, known)
        self._show(rows, numbers, shown, own)
        self._settle_bases(rows, known, own)

    def _known(self, ids: Iterable[str]) -> dict[str, _Known]:
        found = self.tx.exec_driver_sql(
            "SELECT rows.id, rows.no, grid, rev, deleted, hash, base.fields FROM rows"
            f" LEFT JOIN base ON base.no = rows.no WHERE kind = ? AND rows.id {_AMONG}",
            (self.kind.name, _list(ids)),
        )
        return {record_id: _Known(*rest) for record_id, *rest in found.all()}

    def _shown(self, ids: Iterable[str]) -> dict[str, tuple[Any, ...]]:
        columns = ", ".join(f'"{name}"' for name in self.names)
        found = self.tx.exec_driver_sql(
            f'SELECT {columns} FROM "{self.kind.name}" WHERE id {_AMONG}', (_list(ids),)
        )
        return {row[0]: tuple(row) for row in found.all()}

    def _without_strays(
        self, shown: dict[str, tuple[Any, ...]], known: Mapping[str, _Known]
    ) -> dict[str, tuple[Any, ...]]:
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
        for each in gone.values():
            self._count_out(each)
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
        shown: Mapping[str, tuple[Any, ...]],
    ) -> None:
        """Keep what becomes of the confirmed values, field by field."""
        lines: list[dict[str, Any]] = []
        for row in rows:
            here = known.get(row.id)
            if here is None or not here.rev:
                continue
            there = shown.get(row.id)
            changed = _differing(self.numbers, there, self._values(row)) if there else ()
            self.differing[row.id] = changed
            before, after = _changes(self.layout, (here, there), row, changed)
            lines += history.lines(row, before, after, writes=row.writes, at=self.at)
        history.add(self.tx, lines)

    def _values(self, row: Row) -> tuple[Any, ...]:
        """The confirmed values of a row as its table keeps them; worked out once."""
        found = self.worked_out.get(row.id)
        if found is None:
            found = self.worked_out[row.id] = tabular.values(self.kind, row.id, row.fields)
        return found

    def _register(self, rows: Sequence[Row], known: Mapping[str, _Known]) -> dict[str, int]:
        """The confirmed facts of the rows; their numbers by id."""
        numbers = {record_id: each.no for record_id, each in known.items()}
        free = itertools.count(confirmed.last_number(self.tx) + 1)
        made, edited = [], []
        for row in rows:
            hashed = row_hash(row)
            facts = (row.grid, row.rev, int(row.deleted), row.last,
                     msgspec.json.encode(row.writes).decode(), hashed)  # fmt: skip
            if row.id in known:
                self._count_out(known[row.id])
                edited.append((*facts, numbers[row.id]))
            else:
                numbers[row.id] = next(free)
                made.append((*facts, numbers[row.id], self.kind.name, row.id, self.community))
            if not row.deleted:
                self.sums.setdefault(row.grid, Sum()).add(hashed)
        _many(self.tx, "UPDATE rows SET grid = ?, rev = ?, deleted = ?, last = ?, writes = ?,"
              " hash = ? WHERE no = ?", edited)  # fmt: skip
        _many(self.tx, "INSERT INTO rows (grid, rev, deleted, last, writes, hash, no, kind, id,"
              " community) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", made)  # fmt: skip
        return numbers

    def _show(
        self,
        rows: Sequence[Row],
        numbers: Mapping[str, int],
        shown: Mapping[str, tuple[Any, ...]],
        own: Mapping[str, list[Operation]],
    ) -> None:
        """Bring what is shown to the confirmed values and this device's changes upon them."""
        hidden: list[tuple[int, str]] = []
        made: list[tuple[Any, ...]] = []
        edited: dict[tuple[int, ...], list[tuple[Any, ...]]] = {}
        texts: list[tuple[int, Mapping[str, Json]]] = []
        for row in rows:
            fields, deleted, after = row.fields, row.deleted, self._values(row)
            if row.id in own:
                fields, deleted = overlay(row, own[row.id])
                after = tabular.values(self.kind, row.id, fields)
            before, no = shown.get(row.id), numbers[row.id]
            if deleted:
                if before:
                    hidden.append((no, row.id))
                continue
            if before is None:
                made.append(after)
                texts.append((no, fields))
                continue
            changed = None if row.id in own else self.differing.get(row.id)
            if changed is None:
                changed = _differing(self.numbers, before, after)
            if changed:
                edited.setdefault(changed, []).append((*(after[n] for n in changed), row.id))
                if self.sounding.intersection(changed):
                    texts.append((no, fields))
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
            _many(self.tx, f"UPDATE {table} SET {values} WHERE id = ?", lines)

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

    def _count_out(self, known: _Known) -> None:
        if known.hash and not known.deleted:
            self.sums.setdefault(known.grid, Sum()).drop(known.hash)


def _changes(
    layout: Layout, here: tuple[_Known, tuple[Any, ...] | None], row: Row, changed: Sequence[int]
) -> tuple[Mapping[str, Json], Mapping[str, Json]]:
    """Confirmed fields before and after; of a row that is shown as confirmed, the changed."""
    known, shown = here
    if known.base is not None:
        return msgspec.json.decode(known.base), row.fields
    if shown is None:
        return {}, row.fields
    if all(n <= len(layout) and layout[n - 1][1] not in tabular.JSON_TYPES for n in changed):
        named = [(n, *layout[n - 1]) for n in changed]
        before = {name: tabular.as_json(kind_of, shown[n]) for n, name, kind_of in named}
        return before, {name: row.fields.get(name) for name in before}
    try:
        return tabular.fields(layout, shown), row.fields
    except msgspec.MsgspecError:
        return {}, row.fields  # gone bad on the disk: what arrives takes its place


def _differing(
    numbers: Sequence[int], before: tuple[Any, ...], after: tuple[Any, ...]
) -> tuple[int, ...]:
    """The places at which two rows are not the same."""
    found = list(itertools.compress(itertools.count(), map(operator.ne, before, after)))
    found += [n for n in numbers
              if type(before[n]) is not type(after[n]) and before[n] == after[n]]  # fmt: skip
    return tuple(found)


def _numbers(layout: Layout) -> list[int]:
    """The places of numbers in a row: 62 and 62.0 are equal, and not the same."""
    return [n for n, (_, kind_of) in enumerate(layout, 1) if kind_of in ("number", "decimal")]


def _many(tx: sa.Connection, statement: str, lines: Sequence[tuple[Any, ...]]) -> None:
    if lines:
        tx.exec_driver_sql(statement, list(lines))


def _list(ids: Iterable[str]) -> str:
    return msgspec.json.encode(list(ids)).decode()
