"""The stream of events: where each community is, that the scope changed, nothing else."""

import asyncio
import contextlib

import msgspec
import pytest

from sqzl_desktop.protocol.messages import News
from sqzl_desktop.server import accounts
from tests.contracts.backend import COMMUNITY, NORTH, SOUTH, topic


@pytest.fixture
def listen(backend):
    """`listen(device)` opens a stream; what it returns is called for the next piece of it."""
    with contextlib.ExitStack() as opened:

        def opening(device, path="/v1/events"):
            stream = Listening(backend, device, path)
            opened.callback(stream.leave)
            return stream

        yield opening
        close(backend)


def close(backend):
    """As at the end of a server."""
    ending = backend.app.state.events.close()
    asyncio.run_coroutine_threadsafe(ending, backend.loop).result(30)


class Listening:
    """The application called as a web server calls it, one message at a time."""

    def __init__(self, backend, device, path):
        self.loop = backend.loop
        headers = {"authorization": device.headers["Authorization"], **device.headers}
        address, _, query = path.partition("?")
        scope = {
            "type": "http", "asgi": {"version": "3.0", "spec_version": "2.0"}, "method": "GET",
            "path": address, "raw_path": address.encode(), "query_string": query.encode(),
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
            "http_version": "1.1", "scheme": "http", "server": ("server", 80), "root_path": "",
        }  # fmt: skip
        self.sent = asyncio.Queue()
        self.gone = asyncio.Event()
        self.task = asyncio.run_coroutine_threadsafe(
            backend.app(scope, self.receive, self.sent.put), self.loop
        )
        self.status = self.next_message()["status"]

    async def receive(self):
        await self.gone.wait()
        return {"type": "http.disconnect"}

    def next_message(self):
        return asyncio.run_coroutine_threadsafe(self.sent.get(), self.loop).result(30)

    def body(self):
        """The next bytes; None at the end."""
        message = self.next_message()
        return message["body"] if message.get("more_body") else None

    def news(self):
        """What the next line that is not a heartbeat says."""
        while (body := self.body()) == b":\n\n":
            pass
        lines = [line for line in body.split(b"\n\n") if line]
        return [msgspec.json.decode(line.removeprefix(b"data: "), type=News) for line in lines]

    def leave(self):
        self.loop.call_soon_threadsafe(self.gone.set)
        self.task.result(30)


def look(backend, whom=None):
    """Poll now, as the server does every second."""
    events = backend.app.state.events
    work = events.recheck(list(events.streams.values())) if whom else events.look()
    asyncio.run_coroutine_threadsafe(work, backend.loop).result(30)


def test_stream_begins_with_where_it_is_and_tells_what_is_new(listen, worker, other):
    worker.push(worker.put("topic", "t1", topic()))
    stream = listen(worker)

    assert stream.status == 200
    assert stream.news() == [News(COMMUNITY, 1)]
    other.push(other.put("topic", "t2", topic()))
    assert stream.news() == [News(COMMUNITY, 2)]


def test_stream_knows_nothing_of_other_communities(listen, backend):
    stranger = backend.device("外人", "640104001009")
    worker = backend.device("张三丰")
    worker.push(worker.put("topic", "t1", topic()))
    stream = listen(stranger)
    stranger.push(stranger.put("topic", "t2", topic(community_id="640104001009"),),
                  community="640104001009", epoch=worker.known_epoch())  # fmt: skip

    assert stream.news() == [News("640104001009", 1)]
    assert code_of_plain(stranger, f"/v1/events?communities={COMMUNITY}") == 403


def code_of_plain(device, path):
    return device.ask("GET", path).status_code


def test_stream_needs_a_token(worker):
    worker.headers.pop("Authorization")

    assert code_of_plain(worker, "/v1/events") == 401


def test_changed_scope_is_told(listen, backend):
    worker = backend.device("王五", NORTH, SOUTH)
    stream = listen(worker)
    assert stream.body() == b":\n\n"

    backend.database.writing(lambda each: accounts.entrust(each, "王五", [NORTH], backend.clock))
    look(backend, worker)

    assert stream.news() == [News(scope=2)]


def test_stream_ends_with_its_token(listen, backend, worker):
    stream = listen(worker)
    assert stream.body() == b":\n\n"
    backend.clock.advance(hours=2)

    look(backend, worker)

    assert stream.body() is None


def test_newcomer_takes_the_place_of_the_same_devices_old_stream(listen, worker):
    old = listen(worker)
    assert old.body() == b":\n\n"
    new = listen(worker)
    assert new.body() == b":\n\n"

    assert old.body() is None


def test_full_house_is_refused(listen, backend, worker, other):
    backend.app.state.events.most = 1
    first = listen(worker)
    assert first.body() == b":\n\n"

    assert code_of_plain(other, "/v1/events") == 503


def test_shutdown_ends_every_stream(listen, backend, worker):
    stream = listen(worker)
    assert stream.body() == b":\n\n"

    close(backend)

    assert stream.body() is None
