"""First sync, one change: the encrypted store against raw SQLCipher."""

import dataclasses
from pathlib import Path

import msgspec
import sqlcipher3.dbapi2 as sqlcipher

from sqzl_desktop.app import DeviceOpener, DeviceSession
from sqzl_desktop.protocol import snapshot
from sqzl_desktop.protocol.messages import Row
from sqzl_desktop.services import elements
from sqzl_desktop.store import tables
from sqzl_desktop.sync.transport import HttpTransport
from tests.bench.figures import Figure, median_ms, seconds
from tests.demo.server import DemoServer
from tests.demo.told import PASSWORD

KEY = bytes(range(32))
QUERIES = 200


def enrolled(folder: Path, server: DemoServer, account: str) -> DeviceSession:
    """A new laptop of an account."""
    return DeviceOpener().enrol(
        folder, server=server.address, account=account, password=PASSWORD, label=account
    )


def first_sync(folder: Path, server: DemoServer) -> tuple[Figure, DeviceSession]:
    """Records per second from an empty laptop to a searchable community."""
    early = enrolled(folder / "early", server, "li")  # the server makes the files for it
    early.sync()
    early.close()
    session = enrolled(folder / "first", server, "li")
    done = []
    took = seconds(lambda: done.append(session.sync()))
    rows, floor = raw_first_sync(server.address, "li", folder)
    pulled = done[0].pulled
    return Figure("first sync", pulled / took, rows / floor, "records/s",
                  "raw encrypted insert of the same rows, same indexes"), session  # fmt: skip


def raw_first_sync(address: str, account: str, folder: Path) -> tuple[int, float]:
    """(rows, seconds) of what an account would download, inserted raw into `raw.db`."""
    rows = _snapshot_lines(address, account)
    return len(rows), seconds(lambda: _raw_insert(folder / "raw.db", rows))


def _snapshot_lines(address: str, account: str) -> list[bytes]:
    """Every row of the community as JSON, the way a log page carries it."""
    from sqzl_desktop.protocol.messages import EnrolRequest, TokenRequest

    transport = HttpTransport(address)
    enrolment = transport.enrol(EnrolRequest(account, PASSWORD, "floor"))
    transport.token(TokenRequest(enrolment.device, enrolment.secret))
    lines = []
    for piece in transport.snapshot(enrolment.person.communities[0]).pieces:
        _, parts = snapshot.read(b"".join(transport.download(piece.id, 0)))
        for part in parts:
            for line, fields in zip(part.register, part.fields(), strict=True):
                writes = msgspec.Raw(line[2].encode())
                row = (part.kind, line[0], piece.grid, line[1], fields, writes, line[3], False)
                lines.append(msgspec.json.encode(row))
    transport.close()
    return lines


def _raw_insert(path: Path, lines: list[bytes]) -> None:
    """Decode the rows and insert them, nothing else: no search index, no hashes."""
    decode = msgspec.json.Decoder(Row).decode
    connection = sqlcipher.connect(str(path), isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    for table in tables.TABLES.values():
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        connection.execute(f'CREATE TABLE "{table.name}" ({names}, PRIMARY KEY (id))')
        for index in table.indexes:
            of = ", ".join(column.name for column in index.columns)
            connection.execute(f'CREATE INDEX "{index.name}" ON "{table.name}" ({of})')
    connection.execute("BEGIN")
    for line in lines:
        row = decode(line)
        fields = {"id": row.id} | {
            name: str(value) if isinstance(value, list) else value
            for name, value in row.fields.items()
            if name in tables.TABLES[row.kind].columns
        }
        names = ", ".join(f'"{name}"' for name in fields)
        places = ", ".join("?" * len(fields))
        connection.execute(
            f'INSERT INTO "{row.kind}" ({names}) VALUES ({places})', tuple(fields.values())
        )
    connection.execute("COMMIT")
    connection.close()


def one_change(session: DeviceSession, folder: Path) -> Figure:
    """One changed record, pushed and pulled, over HTTP."""
    person = next(iter(elements.find(session.ws, "resident", limit=1)))
    numbers = iter(range(10_000))

    def change() -> None:
        remark = f"{next(numbers)}"
        elements.save(session.ws, dataclasses.replace(person, remark=remark))  # type: ignore
        session.sync()

    session.sync()
    raw = sqlcipher.connect(str(folder / "raw.db"), isolation_level=None)
    raw.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
    raw.execute("PRAGMA synchronous = FULL")
    update = "UPDATE resident SET remark = ? WHERE id = ?"
    floor = median_ms(lambda: raw.execute(update, (str(next(numbers)), person.id)), 100)
    ours = median_ms(change, 50)
    raw.close()
    return Figure("one change: save, push, pull", ours, floor, "ms",
                  "one raw encrypted update with fsync")  # fmt: skip


def nothing_to_do(session: DeviceSession, server: DemoServer) -> Figure:
    """A round that finds nothing."""
    import httpx

    client = httpx.Client(base_url=server.address)
    floor = median_ms(lambda: client.get("/health"), 100)
    client.close()
    return Figure("a round with nothing to do", median_ms(session.sync, 100), floor, "ms",
                  "one GET of /health")  # fmt: skip
