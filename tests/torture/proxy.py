"""A bad network: a TCP proxy that cuts, loses, doubles, delays and garbles, until it is healed."""

import asyncio
import contextlib
import random
import re
import threading
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterator

SILENCE = 4.0  # seconds; longer than the client's patience
_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
_GARBAGE = (
    b"HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n<html>portal</h",
    b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
    b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 204 No Content\r\n\r\n",
    b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 5\r\n\r\n<h1>!",
    b"HTTP/1.1 403 Forbidden\r\nContent-Length: 4\r\n\r\nnope",
    b"HTTP/1.1 200 OK\r\nContent-Encoding: zstd\r\nContent-Length: 4\r\n\r\nzstd",
    b"SSH-2.0-OpenSSH_9.2\r\n",
    bytes(range(256)),
)


class Cut(Exception):
    """The connection ends here."""


class Proxy:
    """Between clients and the server. Every request meets one fault of `FAULTS`, or none."""

    def __init__(self, upstream: int, seed: int) -> None:
        self.upstream = upstream
        self.port = 0
        self.is_healed = True
        self.met: Counter[str] = Counter()
        self._chance = random.Random(seed)
        self._open: set[asyncio.StreamWriter] = set()
        self._recorded: deque[bytes] = deque(maxlen=20)

    @property
    def address(self) -> str:
        """What clients take for the server."""
        return f"http://127.0.0.1:{self.port}"

    async def serve(self, started: threading.Event, stop: asyncio.Event) -> None:
        """Until told to stop."""
        server = await asyncio.start_server(self._client, "127.0.0.1", 0, limit=1 << 24)
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        async with server:
            await stop.wait()
        for writer in self._open:
            writer.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.gather(*others)

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            with contextlib.suppress(Cut, OSError, asyncio.IncompleteReadError):
                while True:
                    writer.write(await self._answer(await _message(reader), writer))
                    await writer.drain()
        finally:
            self._open.discard(writer)
            await _hang_up(writer)

    async def _answer(self, request: bytes, writer: asyncio.StreamWriter) -> bytes:
        name = "none"
        if not self.is_healed:
            name = self._chance.choices(list(FAULTS), [weight for _, weight in FAULTS.values()])[0]
        self.met[name] += 1
        answer = await FAULTS[name][0](self, request, writer)
        if b" /v1/token" not in request[:80]:  # an old refresh token offered again is a theft
            self._recorded.append(request)
        return answer

    async def forward(self, request: bytes) -> bytes:
        """What the server answers to these bytes."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.upstream, limit=1 << 24)
        try:
            writer.write(request)
            await writer.drain()
            return await _message(reader)
        finally:
            await _hang_up(writer)

    async def none(self, request: bytes, _writer: asyncio.StreamWriter) -> bytes:
        """Nothing goes wrong."""
        return await self.forward(request)

    async def cut_before(self, _request: bytes, _writer: asyncio.StreamWriter) -> bytes:
        """The server never hears of it."""
        raise Cut

    async def cut_request(self, request: bytes, _writer: asyncio.StreamWriter) -> bytes:
        """The server hears the beginning."""
        _, writer = await asyncio.open_connection("127.0.0.1", self.upstream)
        writer.write(request[: self._chance.randrange(1, len(request))])
        await writer.drain()
        await _hang_up(writer)
        raise Cut

    async def lose_answer(self, request: bytes, _writer: asyncio.StreamWriter) -> bytes:
        """The server has done it, and nobody is told."""
        await self.forward(request)
        raise Cut

    async def cut_answer(self, request: bytes, writer: asyncio.StreamWriter) -> bytes:
        """The client hears the beginning of the answer."""
        answer = await self.forward(request)
        writer.write(answer[: self._chance.randrange(1, len(answer))])
        await writer.drain()
        raise Cut

    async def duplicate(self, request: bytes, _writer: asyncio.StreamWriter) -> bytes:
        """The server hears it two to five times, one after the other."""
        for _ in range(self._chance.randrange(1, 5)):
            await self.forward(request)
        return await self.forward(request)

    async def at_once(self, request: bytes, _writer: asyncio.StreamWriter) -> bytes:
        """The server hears it two to five times at the same time."""
        times = self._chance.randrange(2, 6)
        return (await asyncio.gather(*(self.forward(request) for _ in range(times))))[-1]

    async def replay(self, request: bytes, _writer: asyncio.StreamWriter) -> bytes:
        """Something that was said earlier is said again first."""
        if self._recorded:
            await self.forward(self._chance.choice(self._recorded))
        return await self.forward(request)

    async def delay(self, request: bytes, _writer: asyncio.StreamWriter) -> bytes:
        """It takes its time."""
        await asyncio.sleep(self._chance.random() / 10)
        return await self.forward(request)

    async def silence(self, request: bytes, _writer: asyncio.StreamWriter) -> bytes:
        """The server has done it; the answer comes when nobody waits for it any more."""
        answer = await self.forward(request)
        await asyncio.sleep(SILENCE)
        return answer

    async def garble_request(self, request: bytes, _writer: asyncio.StreamWriter) -> bytes:
        """The server hears something else."""
        try:
            return await asyncio.wait_for(self.forward(self._garbled(request)), 1)
        except TimeoutError:  # it waits for the rest of what it takes for a request
            raise Cut from None

    async def garble_answer(self, request: bytes, _writer: asyncio.StreamWriter) -> bytes:
        """The client hears something else."""
        return self._garbled(await self.forward(request))

    async def garbage(self, _request: bytes, writer: asyncio.StreamWriter) -> bytes:
        """Somebody else answers: a portal, a gateway, another program."""
        writer.write(self._chance.choice(_GARBAGE))
        await writer.drain()
        raise Cut

    def _garbled(self, message: bytes) -> bytes:
        place = self._chance.randrange(len(message))
        return message[:place] + self._chance.randbytes(16) + message[place + 16 :]


Fault = Callable[[Proxy, bytes, asyncio.StreamWriter], Awaitable[bytes]]
FAULTS: dict[str, tuple[Fault, int]] = {
    "none": (Proxy.none, 20),
    "cut before": (Proxy.cut_before, 8),
    "cut in the request": (Proxy.cut_request, 8),
    "answer lost": (Proxy.lose_answer, 12),
    "cut in the answer": (Proxy.cut_answer, 10),
    "said several times": (Proxy.duplicate, 10),
    "said at once": (Proxy.at_once, 8),
    "said again later": (Proxy.replay, 8),
    "delayed": (Proxy.delay, 4),
    "silent": (Proxy.silence, 1),
    "request garbled": (Proxy.garble_request, 6),
    "answer garbled": (Proxy.garble_answer, 6),
    "garbage": (Proxy.garbage, 8),
}


async def _hang_up(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


async def _message(reader: asyncio.StreamReader) -> bytes:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.LimitOverrunError, ValueError) as error:
        raise Cut from error
    length = _LENGTH.search(head)
    return head + (await reader.readexactly(int(length[1])) if length else b"")


@contextlib.contextmanager
def bad_network(upstream: int, seed: int) -> Iterator[Proxy]:
    """A proxy in a thread of its own."""
    proxy, started = Proxy(upstream, seed), threading.Event()
    loop, stop = asyncio.new_event_loop(), asyncio.Event()
    thread = threading.Thread(target=lambda: loop.run_until_complete(proxy.serve(started, stop)))
    thread.start()
    try:
        started.wait()
        yield proxy
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()
