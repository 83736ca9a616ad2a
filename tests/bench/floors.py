"""The bare database underneath: the same rows as JSON, written and read without any protocol."""

import contextlib
import dataclasses
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

import psycopg
import sqlalchemy as sa

Line = tuple[str, str, str, str]  # community, kind, id, fields as JSON


@dataclasses.dataclass(frozen=True)
class Bare:
    """A connection of its own and the statements of its dialect."""

    name: str
    connection: "psycopg.Connection[tuple[str, ...]] | sqlite3.Connection"
    upsert: str
    select: str

    def write(self, lines: Sequence[Line]) -> None:
        """Upsert the lines in one durable transaction."""
        cursor = self.connection.cursor()
        cursor.executemany(self.upsert, lines)
        self.connection.commit()

    def read(self, count: int) -> list[tuple[str, ...]]:
        """Some rows."""
        found = self.connection.cursor().execute(self.select, (count,)).fetchall()
        self.connection.commit()
        return found


_UPSERT = (
    "INSERT INTO bare (community, kind, id, fields) VALUES ({0}, {0}, {0}, {0}) "
    "ON CONFLICT (community, kind, id) DO UPDATE SET fields = excluded.fields"
)
_TABLE = (
    "CREATE TABLE bare (community text, kind text, id text, fields {}, "
    "PRIMARY KEY (community, kind, id))"
)


@contextlib.contextmanager
def bare(database: str, folder: Path) -> Iterator[Bare]:
    """The same kind of database as the server's, in the same place."""
    url = sa.make_url(database)
    if url.drivername == "sqlite":
        with contextlib.closing(sqlite3.connect(folder / "bare.db")) as lite:
            lite.execute("PRAGMA journal_mode=WAL")
            lite.execute("PRAGMA synchronous=FULL")
            lite.execute(_TABLE.format("text"))
            yield Bare("sqlite3", lite, _UPSERT.format("?"), "SELECT * FROM bare LIMIT ?")
        return
    host, name = str(url.query["host"]), str(url.database)
    with psycopg.connect(host=host, dbname=name, user=url.username) as server:
        server.execute(_TABLE.format("jsonb"))
        server.commit()
        yield Bare("psycopg", server, _UPSERT.format("%s"), "SELECT * FROM bare LIMIT %s")
