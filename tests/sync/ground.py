"""The ground that invented histories stand on: a server and enrolled laptops, new in milliseconds.

Real client library, real ASGI application, real encrypted files. What is spared is only what each
history would repeat: enrolment, migrations, and the compiling of statements. The files of the
first day are made once per process and copied (in memory where there is a memory file system);
the engines stay and open the copies.
"""

import asyncio
import contextlib
import itertools
import shutil
import tempfile
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import httpx
import msgspec
from anyio import to_thread

from sqzl_desktop.app import DeviceSession
from sqzl_desktop.base import ids
from sqzl_desktop.base.clock import FixedClock
from sqzl_desktop.base.errors import SignInNeeded
from sqzl_desktop.protocol.messages import EnrolRequest, Person
from sqzl_desktop.services.profile import PROFILE_FILE, Profile
from sqzl_desktop.store import meta
from sqzl_desktop.store.engine import STORE_FILE, Store, open_store
from sqzl_desktop.store.migrations import migrate
from sqzl_desktop.sync import apply
from sqzl_desktop.sync.transport import HttpTransport
from tests.field import PASSWORD, start
from tests.places import KEY, NOW

ACCOUNTS = ("wang", "ma", "li")
CLONE = "clone"
LOST, CUT = "lost", "cut"
_MEMORY = Path("/dev/shm")


class Wire(httpx.BaseTransport):
    """Bytes to the ASGI application and back. `plan` says what befalls the next requests.

    A number: the request arrives that many times. LOST: it arrives, the answer does not. CUT: it
    does not arrive.
    """

    def __init__(self, ground: "Ground") -> None:
        self._ground = ground
        self.plan: list[str | int] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        fate = self.plan.pop(0) if self.plan else 1
        if fate == CUT:
            raise httpx.ConnectError("cut", request=request)
        body = request.read()
        for _ in range(fate if isinstance(fate, int) else 1):
            answer = self._ground.loop.run_until_complete(self._ask(request, body))
        if fate == LOST:
            raise httpx.ReadError("lost", request=request)
        return answer

    async def _ask(self, request: httpx.Request, body: bytes) -> httpx.Response:
        received = iter([{"type": "http.request", "body": body, "more_body": False}])
        sent: list[Any] = []

        async def receive() -> Any:
            return next(received, {"type": "http.disconnect"})

        async def send(message: Any) -> None:
            sent.append(message)

        await self._ground.field.app(_scope(request), receive, send)
        content = b"".join(each.get("body", b"") for each in sent[1:])
        stream = httpx.ByteStream(content)
        return httpx.Response(sent[0]["status"], headers=sent[0]["headers"], stream=stream)


def _scope(request: httpx.Request) -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": request.method,
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "scheme": "http",
        "path": request.url.path,
        "raw_path": request.url.raw_path,
        "query_string": request.url.query,
        "server": ("server", 80),
        "client": ("127.0.0.1", 1),
        "root_path": "",
    }


class Laptop:
    """A device of the ground: its store, its way to the server, its clock."""

    def __init__(self, ground: "Ground", name: str, account: str) -> None:
        self.name = name
        self.account = account
        self.clock = FixedClock(NOW)
        self.wire = Wire(ground)
        client = httpx.Client(base_url="http://server", transport=self.wire, trust_env=False)
        self.transport = HttpTransport("http://server", client)
        self.folder = ground.folder / name
        self.folder.mkdir()
        self.store: Store
        self.session: DeviceSession

    @property
    def file(self) -> Path:
        """The encrypted file."""
        return self.folder / STORE_FILE

    def wake(self, person: Person | None = None, access: str = "") -> None:
        """A fresh session over the same store, as after a restart of the program.

        With `person` and `access` it is as signed in as it was then.
        """
        self.store.engine.dispose()
        self.wire.plan.clear()
        self.transport.use(access)
        self.session = DeviceSession(self.store, self.transport, self.clock)
        self.session._engine._person = person

    def sync(self) -> None:
        """A round; where the server wants the password, the person gives it."""
        try:
            self.session.sync()
        except SignInNeeded:
            profile = Profile("http://server", self.account, self.name)
            (self.folder / PROFILE_FILE).write_bytes(msgspec.json.encode(profile))
            self.session.sign_in(PASSWORD)
            self.session.sync()

    def image(self) -> bytes:
        """The disk as it is now."""
        self.store.engine.dispose()
        return self.file.read_bytes()

    def replace_by(self, image: bytes, person: Person | None = None, access: str = "") -> None:
        """Another disk."""
        self.store.engine.dispose()
        for path in self.folder.glob(f"{STORE_FILE}-*"):
            path.unlink()
        self.file.write_bytes(image)
        self.wake(person, access)


class Ground:
    """One server and the laptops of three accounts (and one that may become a clone)."""

    def __init__(self) -> None:
        place = _MEMORY if _MEMORY.is_dir() else None
        self._place = tempfile.TemporaryDirectory(dir=place, prefix="sqzl-ground-")
        self.folder = Path(self._place.name)
        self.loop = asyncio.new_event_loop()
        self.clock = FixedClock(NOW)
        self.repairs = 0  # how often a device and the server did not agree
        self.field = start(self.folder, self.clock, rates={})  # days go by in seconds
        with _inline():
            self.laptops = {name: self._enrolled(name) for name in ACCOUNTS}
        self.laptops[CLONE] = Laptop(self, CLONE, "wang")
        shutil.copyfile(self.laptops["wang"].file, self.laptops[CLONE].file)
        self.laptops[CLONE].store = open_store(self.laptops[CLONE].folder, KEY)
        self.database.close()
        self._first_day = {name: each.image() for name, each in self.laptops.items()}
        self._signed_in = {name: _signed_in(self.laptops[name]) for name in ACCOUNTS}
        self._server_file = self.folder / "server.db"
        self.server_at_first = self._server_file.read_bytes()

    @property
    def database(self) -> Any:
        """The server's database."""
        return self.field.app.state.database

    def _enrolled(self, account: str) -> Laptop:
        laptop = Laptop(self, account, account)
        enrolment = laptop.transport.enrol(EnrolRequest(account, PASSWORD, account))
        laptop.store = open_store(laptop.folder, KEY)
        with laptop.store.write() as tx:
            migrate(tx, self.clock)
            facts = {
                "device": enrolment.device,
                "secret": enrolment.secret,
                "code": enrolment.code,
                "incarnation": ids.new_id(),
                "person": msgspec.json.encode(enrolment.person).decode(),
            }
            for name, value in facts.items():
                meta.put(tx, name, value)
        laptop.wake()
        laptop.session.sync()
        return laptop

    @contextlib.contextmanager
    def first_day(self) -> Iterator["Ground"]:
        """Everything as it was after enrolment, and the same ids for the same history."""
        self.database.close()
        self.restore_server(self.server_at_first)
        for name in ("cache", "cache-blobs"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        self.clock.at = NOW
        for name, laptop in self.laptops.items():
            laptop.clock.at = NOW
            laptop.replace_by(self._first_day[name], *self._signed_in.get(name, ()))
        self.repairs = 0
        with _inline(), _repeatable_ids(), mock.patch.object(apply, "_compare", self._comparing()):
            yield self

    def _comparing(self) -> Any:
        """Both sides' sums are compared as ever; it is only counted how often they differ."""
        compare = apply._compare

        def counted(*words: Any) -> None:
            try:
                compare(*words)
            except apply.Differs:
                self.repairs += 1
                raise

        return counted

    def restore_server(self, image: bytes) -> None:
        """Another disk for the server."""
        self.database.close()
        for path in self.folder.glob("server.db-*"):
            path.unlink()
        self._server_file.write_bytes(image)

    def server_image(self) -> bytes:
        """The server's disk as it is now."""
        self.database.close()
        return self._server_file.read_bytes()

    def close(self) -> None:
        """Remove it all."""
        for laptop in self.laptops.values():
            laptop.store.close()
            laptop.transport.close()
        self.database.close()
        self.loop.close()
        self._place.cleanup()


def _signed_in(laptop: Laptop) -> tuple[Person | None, str]:
    access = laptop.transport._client.headers["Authorization"]
    return laptop.session._engine._person, access.removeprefix("Bearer ")


@contextlib.contextmanager
def _inline() -> Iterator[None]:
    """The server's work in the one thread there is: no pool, the same functions."""

    async def at_once(work: Any, *words: Any, **_named: Any) -> Any:
        return work(*words)

    kept = to_thread.run_sync
    to_thread.run_sync = at_once  # type: ignore[assignment]
    try:
        yield
    finally:
        to_thread.run_sync = kept


@contextlib.contextmanager
def _repeatable_ids() -> Iterator[None]:
    numbers = itertools.count(1)

    def urandom(size: int) -> bytes:
        return next(numbers).to_bytes(size, "big")

    kept = ids.os, ids.time
    ids.os = types.SimpleNamespace(urandom=urandom)  # type: ignore[assignment]
    ids.time = types.SimpleNamespace(time_ns=lambda: 1)  # type: ignore[assignment]
    try:
        yield
    finally:
        ids.os, ids.time = kept
