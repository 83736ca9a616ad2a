"""唤醒: streams of server-sent events that say "community X has come to N", and nothing else.

One task of the process asks the counters once a second, whatever the number of streams, and looks
again now and then whether each stream's token still holds. A stream costs a connection and a few
kilobytes. An event that is lost costs time, never data: devices ask by themselves too.
"""

import asyncio
import contextlib
import dataclasses
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import Any

import msgspec
import sqlalchemy as sa
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from sqzl_desktop.base.clock import Clock
from sqzl_desktop.base.errors import KnownError
from sqzl_desktop.protocol import version
from sqzl_desktop.protocol.messages import News
from sqzl_desktop.server import scope, sign_in
from sqzl_desktop.server.database import Database
from sqzl_desktop.server.refusals import Refusal
from sqzl_desktop.server.sign_in import Caller
from sqzl_desktop.server.tables import COUNTER

Known = Callable[[Request, Callable[[sa.Connection, Caller], Any]], Awaitable[Any]]

MOST_STREAMS = 3000
POLL_SECONDS = 1.0
HEARTBEAT_SECONDS = 20.0
RECHECK_TURNS = 30  # every token is looked at again after so many polls
_HEARTBEAT = b":\n\n"


class Stream:
    """One device that listens. What it has not been sent yet is kept as the newest state only."""

    def __init__(self, device: str, token: str, communities: Iterable[str], scope: int) -> None:
        self.device = device
        self.token = token
        self.communities = frozenset(communities)
        self.scope = scope
        self.sent_at = time.monotonic()
        self._waiting: dict[str, News] = {}
        self._told: dict[str, int] = {}
        self._is_over = False
        self._something = asyncio.Event()

    def tell(self, news: News) -> None:
        """Send this soon; a newer word on the same replaces it."""
        if news.community and self._told.get(news.community, -1) >= news.seq:
            return
        if news.community:
            self._told[news.community] = news.seq
        self._waiting[news.community] = news
        self._something.set()

    def beat(self) -> None:
        """Say something, so that both ends notice when the other is gone."""
        self._something.set()

    def end(self) -> None:
        """Close it; the device will come back."""
        self._is_over = True
        self._something.set()

    async def lines(self) -> AsyncIterator[bytes]:
        """What goes over the wire, until the stream is ended."""
        while True:
            await self._something.wait()
            self._something.clear()
            if self._is_over:
                return
            waiting, self._waiting = self._waiting, {}
            self.sent_at = time.monotonic()
            yield b"".join(map(_line, waiting.values())) or _HEARTBEAT


@dataclasses.dataclass
class Events:
    """Every stream of this process, one for each device."""

    database: Database
    clock: Clock
    most: int = MOST_STREAMS
    streams: dict[str, Stream] = dataclasses.field(default_factory=dict)
    _task: asyncio.Task[None] | None = None
    _turn: int = 0
    _stopping: asyncio.Event = dataclasses.field(default_factory=asyncio.Event)

    def check_room(self, device: str) -> None:
        """A Refusal where this process has as many streams as it may."""
        if len(self.streams) >= self.most and device not in self.streams:
            raise Refusal(503, "BUSY", "实时提醒的连接已满，将按时自动同步", retry_after=300)

    async def listen(self, stream: Stream) -> AsyncIterator[bytes]:
        """The lines of a stream. A device that comes back takes the place of its old stream."""
        old = self.streams.get(stream.device)
        if old is not None:
            old.end()
        self.streams[stream.device] = stream
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._watch())
        try:
            yield _HEARTBEAT
            async for line in stream.lines():
                yield line
        finally:
            if self.streams.get(stream.device) is stream:
                del self.streams[stream.device]

    async def close(self) -> None:
        """End every stream, and ask the database no more: the server is going down."""
        for each in list(self.streams.values()):
            each.end()
        self._stopping.set()
        if self._task is not None:
            await self._task  # not cancelled: a query under way gives its connection back

    async def _watch(self) -> None:
        while self.streams and not self._stopping.is_set():
            with contextlib.suppress(KnownError):
                await self.look()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), POLL_SECONDS)

    async def look(self) -> None:
        """One poll: tell everybody what is new, look at some tokens, keep quiet lines alive."""
        self._turn = (self._turn + 1) % RECHECK_TURNS
        some = [each for place, each in enumerate(list(self.streams.values()))
                if place % RECHECK_TURNS == self._turn]  # fmt: skip
        counters = await run_in_threadpool(self._counters)
        for each in list(self.streams.values()):
            for community in each.communities & counters.keys():
                each.tell(News(community, counters[community]))
            if time.monotonic() - each.sent_at >= HEARTBEAT_SECONDS:
                each.beat()
        await self.recheck(some)

    async def recheck(self, some: Iterable[Stream]) -> None:
        """End streams whose token holds no more; tell those whose scope has changed."""
        standing = await run_in_threadpool(self._standing, list(some))
        for stream, scope_version in standing:
            if scope_version is None:
                stream.end()
            elif scope_version != stream.scope:
                stream.scope = scope_version
                stream.tell(News(scope=scope_version))

    def _counters(self) -> dict[str, int]:
        with self.database.reading() as connection:
            query = sa.select(COUNTER.c.community, COUNTER.c.seq)
            return {each.community: each.seq for each in connection.execute(query)}

    def _standing(self, some: list[Stream]) -> list[tuple[Stream, int | None]]:
        if not some:
            return []
        with self.database.reading() as connection:
            return [(each, self._scope_of(connection, each)) for each in some]

    def _scope_of(self, connection: sa.Connection, stream: Stream) -> int | None:
        try:
            caller = sign_in.caller(connection, stream.token, self.clock)
        except Refusal:
            return None
        return caller.account.scope_version


async def opened(request: Request, events: Events, known: Known, token: str) -> Response:
    """A stream for whoever holds the token: of the communities asked for, or of all in sight."""
    asked = [each for each in request.query_params.get("communities", "").split(",") if each]

    def work(connection: sa.Connection, caller: Caller) -> Stream:
        for community in asked:
            scope.zones(caller, community)
        seen = asked or sign_in.person(connection, caller.account).communities
        return Stream(caller.device, token, seen, caller.account.scope_version)

    stream: Stream = await known(request, work)
    events.check_room(stream.device)
    headers = {
        version.HEADER: str(version.PROTOCOL),
        "Cache-Control": "no-store",
        "X-Accel-Buffering": "no",
    }
    return StreamingResponse(events.listen(stream), media_type="text/event-stream", headers=headers)


def _line(news: News) -> bytes:
    return b"data: " + msgspec.json.encode(news) + b"\n\n"
