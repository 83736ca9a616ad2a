"""A server in this process and devices that talk to it, for the contract tests."""

import asyncio
import contextlib
import datetime as dt
import hashlib
import itertools
import json
import threading
from typing import Any

import httpx
import msgspec
import zstandard

from sqzl_desktop.base.clock import FixedClock
from sqzl_desktop.base.ids import new_id
from sqzl_desktop.protocol import messages, snapshot, version
from sqzl_desktop.protocol.digest import Sum, row_hash
from sqzl_desktop.protocol.messages import Answer, Operation, Page, Row
from sqzl_desktop.server import accounts
from sqzl_desktop.server.accounts import Account
from sqzl_desktop.server.app import create_app
from sqzl_desktop.server.settings import Settings

COMMUNITY = "640104001001"
NORTH = "640104001001001"
SOUTH = "640104001001002"
WEST = "640104001001003"
PASSWORD = "correct horse"
START = dt.datetime(2026, 7, 1, 1, 0, tzinfo=dt.UTC)


@contextlib.contextmanager
def background_loop():
    """An event loop in a thread of its own, so that tests may ask from any thread."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield loop
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()


class Backend:
    """A server with its accounts."""

    def __init__(self, url, cache, loop):
        self.clock = FixedClock(START)
        self.cache = cache
        self.app = create_app(Settings(url, cache, self.clock))
        self.database = self.app.state.database
        self.loop = loop

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.database.close()

    def ask(self, method, path, **request) -> httpx.Response:
        """One request, as over the network."""

        async def asked():
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://server") as client:
                return await client.request(method, path, **request)

        return asyncio.run_coroutine_threadsafe(asked(), self.loop).result(60)

    def account(self, name, *scope, role="grid_worker"):
        """An account with this scope."""
        made = Account(name, f"{name}同志", role, scope or (COMMUNITY,), 1, False)
        self.database.writing(lambda connection: accounts.add(connection, made, PASSWORD))
        return made

    def device(self, name, *scope, role="grid_worker"):
        """An enrolled device of a new account."""
        self.account(name, *scope, role=role)
        return Device(self, name)


def rows_of(part: snapshot.Part) -> list[Row]:
    """The rows that a part of a snapshot stands for."""
    return [
        Row(part.kind, record, part.grid, rev, fields, json.loads(writes), last)
        for (record, rev, writes, last, _), fields in zip(part.register, part.fields(), strict=True)
    ]


class Device:
    """What a desktop keeps of the server, and nothing else."""

    def __init__(self, backend, account):
        self.backend = backend
        self.account = account
        self.headers = {version.HEADER: str(version.PROTOCOL)}
        self.enrolment = self.enrol()
        self.incarnation = new_id()
        self.numbers = itertools.count(1)
        self.rows: dict[tuple[str, str], Row] = {}
        self.digests: dict[str, tuple[int, str]] = {}
        self.cursor = 0
        self.epoch = ""
        self.scope_version = 1
        self.connect()

    def enrol(self):
        asked = messages.EnrolRequest(self.account, PASSWORD, f"{self.account}的电脑")
        answer = self.backend.ask(
            "POST", "/v1/enrol", content=messages.encode(asked), headers=self.headers
        )
        assert answer.status_code == 200, answer.text
        return msgspec.json.decode(answer.content, type=messages.Enrolment)

    def connect(self):
        asked = messages.TokenRequest(self.enrolment.device, self.enrolment.secret)
        answer = self.ask("POST", "/v1/token", content=messages.encode(asked))
        assert answer.status_code == 200, answer.text
        token = msgspec.json.decode(answer.content, type=messages.Token)
        self.headers["Authorization"] = f"Bearer {token.access}"
        return token

    def ask(self, method, path, **request):
        headers = {**self.headers, **request.pop("headers", {})}
        return self.backend.ask(method, path, headers=headers, **request)

    def operation(self, action, kind, record, **parts) -> Operation:
        parts.setdefault("n", next(self.numbers))
        parts.setdefault("id", new_id())
        return Operation(
            kind=kind, record=record, action=action, made_at="2026-07-01T00:59:00Z", **parts
        )

    def put(self, kind, record, fields: dict[str, Any], **parts) -> Operation:
        """A put as a device makes it: it names the operations whose values it shows."""
        row = self.rows.get((kind, record))
        saw = {name: self.writer(row, name) for name in fields} if row else {}
        parts.setdefault("saw", saw)
        return self.operation("put", kind, record, fields=fields, **parts)

    def delete(self, kind, record, **parts) -> Operation:
        row = self.rows.get((kind, record))
        parts.setdefault("saw", {"*": row.last if row else ""})
        return self.operation("delete", kind, record, **parts)

    def step(self, kind, record, step, **parts) -> Operation:
        return self.operation("step", kind, record, step=step, **parts)

    @staticmethod
    def writer(row, name):
        return row.writes.get(name) or (row.writes.get("*", "") if name in row.fields else "")

    def send(self, *operations, community=COMMUNITY, epoch=None, incarnation=None, zstd=True):
        """Push; the response as it came."""
        message = messages.Push(
            self.known_epoch() if epoch is None else epoch,
            incarnation or self.incarnation,
            list(operations),
        )
        content = messages.encode(message)
        headers = {}
        if zstd:
            content = zstandard.compress(content)
            headers = {"Content-Encoding": "zstd"}
        return self.ask("POST", f"/v1/c/{community}/push", content=content, headers=headers)

    def push(self, *operations, **where) -> list[Answer]:
        answer = self.send(*operations, **where)
        assert answer.status_code == 200, answer.text
        return msgspec.json.decode(answer.content, type=messages.Answers).answers

    def outcomes(self, *operations, **where) -> list[str]:
        return [answer.outcome for answer in self.push(*operations, **where)]

    def known_epoch(self):
        if not self.epoch:
            self.epoch = self.offer().epoch
        return self.epoch

    def offer(self, community=COMMUNITY) -> messages.SnapshotOffer:
        answer = self.ask("GET", f"/v1/c/{community}/snapshot")
        assert answer.status_code == 200, answer.text
        return msgspec.json.decode(answer.content, type=messages.SnapshotOffer)

    def download(self, offer) -> dict[str, bytes]:
        """The files of an offer by grid, as they come."""
        found = {}
        for piece in offer.pieces:
            answer = self.ask("GET", f"/v1/snapshots/{piece.id}")
            assert answer.status_code == 200, answer.text
            assert hashlib.sha256(answer.content).hexdigest() == piece.sha256
            found[piece.grid] = answer.content
        return found

    def everything(self) -> bytes:
        """What the files of an offer hold, unpacked."""
        opener = zstandard.ZstdDecompressor()
        files = self.download(self.offer()).values()
        return b"".join(opener.decompressobj().decompress(content) for content in files)

    def load_snapshot(self):
        """First sync: everything visible replaces what was here."""
        offer = self.offer()
        self.rows = {}
        for content in self.download(offer).values():
            head, parts = snapshot.read(content)
            rows = [row for part in parts for row in rows_of(part)]
            assert head.rows == len(rows)
            self.rows |= {(row.kind, row.id): row for row in rows}
        self.cursor, self.digests, self.epoch = offer.cursor, offer.digests, offer.epoch

    def page(self, *, limit=2000, community=COMMUNITY) -> Page:
        query = {
            "since": self.cursor,
            "limit": limit,
            "scope": self.scope_version,
            "epoch": self.known_epoch(),
        }
        answer = self.ask("GET", f"/v1/c/{community}/pull", params=query)
        assert answer.status_code == 200, answer.text
        return msgspec.json.decode(answer.content, type=Page)

    def pull(self, *, limit=2000) -> list[Page]:
        """Take in the log up to its end."""
        pages = [self.page(limit=limit)]
        self.take(pages[0])
        while pages[-1].more:
            pages.append(self.page(limit=limit))
            self.take(pages[-1])
        return pages

    def take(self, page):
        for entry in page.entries:
            if entry.row is None:
                self.rows.pop((entry.kind, entry.id), None)
            else:
                self.rows[entry.kind, entry.id] = entry.row
        self.cursor = page.cursor
        self.digests = page.digests if page.digests is not None else self.digests

    def live(self) -> dict[tuple[str, str], Row]:
        return {key: row for key, row in self.rows.items() if not row.deleted}

    def recomputed(self) -> dict[str, tuple[int, str]]:
        """The digests of what is here, to compare with what the server says."""
        sums: dict[str, Sum] = {grid: Sum() for grid in self.digests}
        for row in self.live().values():
            sums.setdefault(row.grid, Sum()).add(row_hash(row))
        return {grid: each.wire() for grid, each in sums.items()}

    def conflicts(self) -> list[Row]:
        return [
            row
            for (kind, _), row in self.live().items()
            if kind == "conflict" and row.fields["state"] == "open"
        ]


def resident(**fields) -> dict[str, Any]:
    """The fields of a new resident."""
    return {"community_id": COMMUNITY, "grid_id": NORTH, "name": "王秀兰", **fields}


def topic(**fields) -> dict[str, Any]:
    """The fields of a new topic."""
    return {"community_id": COMMUNITY, "title": "加装电梯", **fields}


def known_to_both(first, second, kind="resident", fields=None):
    """A record that both devices have pulled."""
    record = new_id()
    assert first.outcomes(first.put(kind, record, fields or resident())) == ["applied"]
    first.pull()
    second.pull()
    return record


def everywhere(lead, *devices, grid=NORTH) -> str:
    """A new resident that all of them know."""
    record = new_id()
    assert lead.outcomes(lead.put("resident", record, resident(grid_id=grid))) == ["applied"]
    for device in (lead, *devices):
        device.pull()
    return record
