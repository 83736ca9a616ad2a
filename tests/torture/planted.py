"""A made-up city with a canary in every text of every kind in every grid, and people beside it."""

import dataclasses
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa

from sqzl_desktop.base.clock import FixedClock
from sqzl_desktop.domain.access import COMMUNITY_LEAD, ROLES
from sqzl_desktop.domain.kinds import KINDS
from sqzl_desktop.protocol.messages import Operation, Row
from sqzl_desktop.schema.kind import Kind
from sqzl_desktop.server import accounts, scope
from sqzl_desktop.server.database import Database
from sqzl_desktop.server.ledger import Change, commit
from sqzl_desktop.server.rows import load
from sqzl_desktop.server.settings import Settings
from sqzl_desktop.server.tables import BLOB, DEVICE, OPERATION, TOKEN
from tests.admitted import Admitted, admit

HOME, NEXT_DOOR, OTHER_STREET, FAR = (
    "640104001001", "640104001002", "640104002001", "640105001001",
)  # fmt: skip
SCOPES: tuple[tuple[str, ...], ...] = (
    (f"{HOME}001",),
    (f"{HOME}001", f"{HOME}002"),
    (f"{HOME}001", f"{NEXT_DOOR}001"),
    (HOME,),
    (NEXT_DOOR, f"{FAR}001"),
    ("640104001",),
    ("640105",),
    (f"{HOME}999",),
    (),
)


@dataclasses.dataclass(frozen=True)
class Place:
    """A grid, or with grid "" what is common to a community; `canary` is in all its texts."""

    community: str
    grid: str

    @property
    def canary(self) -> str:
        """A word that is nowhere else."""
        return "KQ" + hashlib.sha256(f"{self.community}/{self.grid}".encode()).hexdigest()[:14]

    @property
    def operation(self) -> str:
        """The operation that wrote everything here."""
        return f"{self.canary}-op"

    @property
    def content(self) -> bytes:
        """The bytes of the attachment here."""
        return f"photo of {self.canary}".encode()

    @property
    def sha256(self) -> str:
        """Their name."""
        return hashlib.sha256(self.content).hexdigest()

    def record(self, kind: str) -> str:
        """The id of the record of a kind here."""
        return f"{self.canary}-{kind}"


PLACES = tuple(
    Place(community, f"{community}{number}" if number else "")
    for community in (HOME, NEXT_DOOR, OTHER_STREET, FAR)
    for number in ("", "001", "002")
)


def in_sight(codes: tuple[str, ...], place: Place) -> bool:
    """Is the place entrusted by these codes? Said again, apart from the rule of the program."""
    for code in codes:
        if len(code) <= 12 and place.community.startswith(code):
            return True
        if len(code) == 15 and (place.grid == code or (not place.grid and
                                                       code[:12] == place.community)):  # fmt: skip
            return True
    return False


def hidden(codes: tuple[str, ...]) -> list[str]:
    """The words that whoever has these codes may never be told."""
    unseen = [place for place in PLACES if not in_sight(codes, place)]
    known = {place.community for place in PLACES if in_sight(codes, place)}
    words = {word for place in unseen for word in (place.canary, place.grid, place.sha256)}
    return sorted((words | {place.community for place in unseen}) - known - {""})


@dataclasses.dataclass(frozen=True)
class City:
    """The planted database and everybody in it."""

    epoch: str
    people: tuple[Admitted, ...]
    outcasts: dict[str, Admitted]  # why their token is worth nothing


def plant(database: Database, settings: Settings) -> City:
    """Fill an empty server."""

    def fill(connection: sa.Connection) -> City:
        for place in PLACES:
            _fill_place(connection, place, settings.blob_folder)
        _move_about(connection)
        clock = settings.clock
        people = tuple(
            admit(connection, f"{role}{n}", role, codes, clock)
            for role in ROLES
            for n, codes in enumerate(SCOPES)
        )
        return City(scope.epoch(connection), people, _outcasts(connection, clock))

    return database.writing(fill)


def _outcasts(connection: sa.Connection, clock: Any) -> dict[str, Admitted]:
    made = {name: admit(connection, name, COMMUNITY_LEAD, (HOME,), clock)
            for name in ("expired", "revoked", "disabled", "forged")}  # fmt: skip
    mine = TOKEN.c.device == made["expired"].device
    connection.execute(sa.update(TOKEN).where(mine).values(expires_at=1))
    accounts.revoke(connection, made["revoked"].device, clock)
    of = accounts.ACCOUNT
    connection.execute(sa.update(of).where(of.c.name == "disabled").values(disabled=1))
    made["forged"] = dataclasses.replace(made["forged"], access="x" * 43)
    return made


def _fill_place(connection: sa.Connection, place: Place, blobs: Path) -> None:
    fields = {kind.name: _fields(kind, place) for kind in KINDS}
    fields["attachment"] |= {"sha256": place.sha256}
    writes = {"*": place.operation}
    rows = [Row(name, place.record(name), place.grid, 0, values, writes, place.operation)
            for name, values in fields.items()]  # fmt: skip
    gone = Row("resident", f"{place.canary}-gone", place.grid, 0, fields["resident"], writes,
               place.operation, True)  # fmt: skip
    commit(connection, place.community, [Change(None, row) for row in (*rows, gone)])
    connection.execute(sa.insert(OPERATION), _operation(place))
    connection.execute(sa.insert(DEVICE), _device(place))
    kept = {column.name: column.type.python_type() for column in BLOB.c} | {
        "community": place.community, "attachment": place.record("attachment"),
        "sha256": place.sha256, "size": len(place.content),
    }  # fmt: skip
    connection.execute(sa.insert(BLOB), kept)
    path = blobs / place.community / place.sha256[:2] / place.sha256
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(place.content)


def _fields(kind: Kind[Any], place: Place) -> dict[str, Any]:
    found: dict[str, Any] = {"unheard_of": place.canary}
    for column in kind.columns:
        if column.type in ("text", "note", "code", "ref"):
            found[column.name] = f"{place.canary}{column.name}"
        elif column.type == "many":
            found[column.name] = [place.canary]
    found |= {"community_id": place.community, "grid_id": place.grid}
    return {name: value for name, value in found.items() if value}


def _operation(place: Place) -> dict[str, Any]:
    made = Operation(1, place.operation, "resident", place.record("resident"), "put", "",
                     {"name": place.canary})  # fmt: skip
    line = dict.fromkeys(OPERATION.c.keys(), "")
    return line | {
        "community": place.community, "device": f"{place.canary}-device", "n": 1,
        "id": place.operation, "kind": "resident", "record": made.record, "outcome": "applied",
        "author_name": f"{place.canary}某", "reason": place.canary, "agreed": "{}",
        "body": msgspec.json.encode(made).decode(), "received_at": "2026-07-01T00:00:00Z",
    }  # fmt: skip


def _device(place: Place) -> dict[str, Any]:
    columns = {column.name: column.type.python_type() for column in DEVICE.c}
    return columns | {
        "id": f"{place.canary}-device", "serial": 1000 + PLACES.index(place), "code": place.canary,
        "label": f"{place.canary}的电脑", "revoked": "1",
    }  # fmt: skip


def _move_about(connection: sa.Connection) -> None:
    """Records that went from grid to grid: those left behind are told they are gone, no more."""
    for community in (HOME, FAR):
        places = [place for place in PLACES if place.community == community]
        for n, (here, there) in enumerate(_pairs(places)):
            key = "resident", f"moved-{n}"
            steps = [here, there] if n % 2 else [here, there, here, there]
            for place in steps:
                before = load(connection, community, [key]).get(key)
                row = Row(*key, place.grid, 0, _fields(KINDS[5], place), {"*": place.operation},
                          place.operation)  # fmt: skip
                commit(connection, community, [Change(before, row)])


def _pairs(places: list[Place]) -> Iterator[tuple[Place, Place]]:
    return ((here, there) for here in places for there in places if here != there)


def clock() -> FixedClock:
    """The time stands still, so that a token that holds, holds."""
    import datetime as dt

    return FixedClock(dt.datetime(2026, 7, 1, 1, tzinfo=dt.UTC))
