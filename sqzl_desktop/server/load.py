"""装载: a city's records in bulk. Loading the same again changes nothing."""

import dataclasses
import itertools
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from sqzl_desktop.base.clock import Clock
from sqzl_desktop.base.ids import new_id
from sqzl_desktop.protocol.digest import operation_hash
from sqzl_desktop.protocol.merge import ALL, writer
from sqzl_desktop.protocol.messages import Operation, Row
from sqzl_desktop.schema import codec
from sqzl_desktop.schema.fields import Json
from sqzl_desktop.server import duplicates, ledger, rows
from sqzl_desktop.server.database import Database
from sqzl_desktop.server.ledger import Change
from sqzl_desktop.server.rows import Stored
from sqzl_desktop.server.tables import OPERATION

AUTHOR = "系统装载"
BATCH = 10_000

Loaded = tuple[str, str, str, Mapping[str, Json]]  # community, kind, id, fields


@dataclasses.dataclass(slots=True)
class Counts:
    """What a load did."""

    made: int = 0
    changed: int = 0
    same: int = 0

    @property
    def sentence(self) -> str:
        """The counts for the operator."""
        return f"装载完成：新增{self.made}条，更新{self.changed}条，未变{self.same}条"


def load(
    database: Database,
    records: Iterable[Loaded],
    clock: Clock,
    *,
    report: Callable[[str], None] = lambda _line: None,
) -> Counts:
    """Bring the records in, batch by batch, each batch of one community in one transaction."""
    counts = Counts()
    run = str(uuid.uuid4())
    for number, (community, batch) in enumerate(_batches(records), 1):
        received_at = str(codec.encode(clock.now()))
        operation = _operation(number, received_at)

        def work(
            connection: sa.Connection,
            community: str = community,
            batch: Sequence[Loaded] = batch,
            operation: Operation = operation,
        ) -> list[Change]:
            changes = _changes(connection, community, batch, operation.id)
            if changes:
                connection.execute(sa.insert(OPERATION), _line(community, run, operation))
                every = duplicates.follow(connection, community, changes)
                ledger.commit(connection, community, every)
            return changes

        changes = database.writing(work)
        made = sum(each.before is None for each in changes)
        counts.made += made
        counts.changed += len(changes) - made
        counts.same += len(batch) - len(changes)
        report(f"{community}：{len(batch)}条，其中新增{made}条，更新{len(changes) - made}条")
    database.writing(_measure)
    return counts


def _measure(connection: sa.Connection) -> None:
    # without statistics the planner reads whole tables until it has gathered its own
    connection.exec_driver_sql("ANALYZE")


def _batches(records: Iterable[Loaded]) -> Iterator[tuple[str, list[Loaded]]]:
    for community, found in itertools.groupby(records, key=lambda each: each[0]):
        while batch := list(itertools.islice(found, BATCH)):
            yield community, batch


def _changes(
    connection: sa.Connection, community: str, batch: Sequence[Loaded], operation: str
) -> list[Change]:
    given = {(kind, record_id): fields for _, kind, record_id, fields in batch}
    before = rows.load(connection, community, given, lock=True)
    ours = _earlier_loads(connection, community) if before else frozenset()
    changes: list[Change] = []
    for key, fields in given.items():
        values: dict[str, Json] = {n: value for n, value in fields.items() if value is not None}
        stored = before.get(key)
        if stored is None:
            grid = str(values.get("grid_id", ""))
            row = Row(*key, grid, 0, values, {ALL: operation}, operation)
            changes.append(Change(None, row))
        elif (edited := _edited(stored, values, operation, ours)) is not None:
            changes.append(Change(stored, edited))
    return changes


def _edited(
    stored: Stored, values: Mapping[str, Json], operation: str, ours: frozenset[str]
) -> Row | None:
    """The record with the loaded values upon it; what people have written since stays."""
    row = stored.row
    changed = {
        name: value
        for name, value in values.items()
        if row.fields.get(name) != value and writer(row, name) in ours
    }
    if not changed or row.deleted:
        return None
    fields = {**row.fields, **changed}
    return msgspec.structs.replace(
        row,
        fields=fields,
        writes={**row.writes, **dict.fromkeys(changed, operation)},
        last=operation,
        grid=str(fields.get("grid_id", "")),
    )


def _earlier_loads(connection: sa.Connection, community: str) -> frozenset[str]:
    of = OPERATION.c
    query = sa.select(of.id).where(of.community == community, of.device == "")
    return frozenset(connection.scalars(query)) | {""}  # "": nobody has written it yet


def _operation(number: int, made_at: str) -> Operation:
    operation = new_id()
    return Operation(number, operation, "load", operation, "put", made_at)


def _line(community: str, run: str, operation: Operation) -> dict[str, Any]:
    return {
        "community": community,
        "device": "",
        "incarnation": run,
        "n": operation.n,
        "id": operation.id,
        "hash": operation_hash(operation),
        "kind": operation.kind,
        "record": operation.record,
        "account": "",
        "author_name": AUTHOR,
        "received_at": operation.made_at,
        "made_at": operation.made_at,
        "body": msgspec.json.encode(operation).decode(),
        "outcome": "applied",
        "reason": "",
        "advice": "",
        "agreed": "{}",
    }
