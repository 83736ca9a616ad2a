"""A server and as many devices as a test wants, in one process, over the real ASGI app."""

import asyncio
import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import sqlalchemy as sa
from starlette.applications import Starlette

from sqzl_desktop.app import DeviceOpener, DeviceSession
from sqzl_desktop.base.clock import FixedClock
from sqzl_desktop.domain.access import COMMUNITY_LEAD, GRID_WORKER
from sqzl_desktop.server import accounts
from sqzl_desktop.server.app import create_app
from sqzl_desktop.server.ledger import Change, commit
from sqzl_desktop.server.limits import RATES, Rate
from sqzl_desktop.server.settings import Settings
from sqzl_desktop.sync.transport import HttpTransport
from tests.places import COMMUNITY, GRID, OTHER_GRID, rows

PASSWORD = "seven-stones-7"
ACCOUNTS = (
    ("wang", "王网格", GRID_WORKER, (GRID, OTHER_GRID)),
    ("ma", "马网格", GRID_WORKER, (GRID, OTHER_GRID)),
    ("ha", "哈网格", GRID_WORKER, (OTHER_GRID,)),
    ("li", "李书记", COMMUNITY_LEAD, (COMMUNITY,)),
)


class Switch:
    """A network that can be cut, before the server hears or before it is heard."""

    def __init__(self) -> None:
        self.is_up = True
        self.answers_lost = 0
        self.torn_after = 0  # bytes of the next download, then cut once
        self.asked: list[str] = []  # the paths of every request


class InProcess(httpx.BaseTransport):
    """Calls the ASGI app in this process, unless the network is cut."""

    def __init__(self, app: Starlette, switch: Switch) -> None:
        self._through = httpx.ASGITransport(app)
        self._switch = switch

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._switch.asked.append(request.url.path)
        if not self._switch.is_up:
            raise httpx.ConnectError("the network is cut", request=request)
        if request.url.path == "/v1/events":  # an answer without an end cannot be handed over whole
            raise httpx.ConnectError("no streams through this network", request=request)
        answer = asyncio.run(self._ask(request))
        if self._switch.answers_lost:
            self._switch.answers_lost -= 1
            raise httpx.ReadError("cut before the answer came", request=request)
        return answer

    async def _ask(self, request: httpx.Request) -> httpx.Response:
        copy = httpx.Request(
            request.method, request.url, headers=request.headers, content=request.read()
        )
        answer = await self._through.handle_async_request(copy)
        content = b"".join([piece async for piece in answer.aiter_raw()])
        stream: httpx.SyncByteStream = httpx.ByteStream(content)
        if self._switch.torn_after and request.url.path.startswith("/v1/snapshots/"):
            stream = _Torn(content[: self._switch.torn_after])
            self._switch.torn_after = 0
        return httpx.Response(answer.status_code, headers=answer.headers, stream=stream)


class _Torn(httpx.SyncByteStream):
    """Some bytes, then a broken connection."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def __iter__(self) -> Iterator[bytes]:
        yield self._content
        raise httpx.ReadError("cut in the middle")


@dataclasses.dataclass
class Field:
    """The server, the network, and a way to hand out laptops."""

    app: Starlette
    network: Switch
    clock: FixedClock
    folder: Path

    def opener(self) -> DeviceOpener:
        return DeviceOpener(self.clock, self.connect)

    def laptop(self, account: str, name: str = "") -> DeviceSession:
        """Enrol a new laptop for an account and sync it once."""
        folder = self.folder / (name or account)
        session = self.opener().enrol(
            folder, server="http://server", account=account, password=PASSWORD, label=folder.name
        )
        session.sync()
        return session

    def connect(self, _server: str) -> HttpTransport:
        client = httpx.Client(base_url="http://server", transport=InProcess(self.app, self.network))
        return HttpTransport("http://server", client)


def start(folder: Path, clock: FixedClock, rates: Mapping[str, Rate] = RATES) -> Field:
    """A server on a fresh SQLite file with a small community and its accounts."""
    database = f"sqlite:///{folder / 'server.db'}"
    app = create_app(Settings(database, folder / "cache", clock, rates=rates))

    def seed(connection: sa.Connection) -> None:
        commit(connection, COMMUNITY, [Change(None, row) for row in rows()])
        for name, display, role, scope in ACCOUNTS:
            account = accounts.Account(name, display, role, scope, 1, disabled=False)
            accounts.add(connection, account, PASSWORD)

    app.state.database.writing(seed)
    return Field(app, Switch(), clock, folder)


def take_away(field: Field, account: str, grid: str) -> None:
    """The server's administrator gives a grid of this account to nobody."""

    def lessen(connection: sa.Connection) -> None:
        found = accounts.find(connection, account)
        assert found is not None
        accounts.entrust(
            connection, account, [code for code in found.scope if code != grid], field.clock
        )

    field.app.state.database.writing(lessen)
