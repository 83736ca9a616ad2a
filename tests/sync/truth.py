"""What the server's tables say, read once: the ground on which the oracle stands."""

import collections
import dataclasses
import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from sqzl_desktop.server import rows
from sqzl_desktop.server.tables import BUCKET, OPERATION, QUARANTINE, RECORD
from tests.sync.world import World

Key = tuple[str, str]


@dataclasses.dataclass(frozen=True)
class Told:
    """An operation as the server keeps it."""

    id: str
    key: Key
    action: str
    fields: Mapping[str, Any]
    saw: Mapping[str, str]
    sets: Mapping[str, Any]
    step: str
    group: str
    outcome: str
    place: int


@dataclasses.dataclass(frozen=True)
class Truth:
    """The server's tables, read once."""

    operations: Mapping[str, Told]
    rows: Mapping[Key, Any]
    buckets: Mapping[str, tuple[int, str]]
    quarantine: set[str]
    restored: bool


def read(world: World) -> Truth:
    """Everything the server knows of the community."""
    with world.ground.database.reading() as connection:
        lines = connection.execute(sa.select(OPERATION).order_by(sa.text("rowid"))).all()
        found = [rows.stored(row).row for row in connection.execute(sa.select(RECORD))]
        buckets = {
            row.grid: (row.count, row.total) for row in connection.execute(sa.select(BUCKET))
        }
        quarantine = set(connection.scalars(sa.select(QUARANTINE.c.id)))
    twice = [each for each, times in collections.Counter(line.id for line in lines).items()
             if times > 1]  # fmt: skip
    assert not twice, f"operations written down twice: {twice}"
    told = {line.id: _told(line, place) for place, line in enumerate(lines)}
    return Truth(
        told, {(row.kind, row.id): row for row in found}, buckets, quarantine, world.restored
    )


def _told(line: Any, place: int) -> Told:
    body = json.loads(line.body)
    return Told(
        line.id, (line.kind, line.record), body["action"], body.get("fields", {}),
        body.get("saw", {}), body.get("sets", {}), body.get("step", ""), body.get("group", ""),
        line.outcome, place,
    )  # fmt: skip
