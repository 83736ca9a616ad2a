"""服务: the ASGI application behind uvicorn, started quickly and stopped gracefully."""

import contextlib
import dataclasses
import signal
import socket
from collections.abc import Callable, Iterator
from types import FrameType

import uvicorn

from sqzl_desktop.base.errors import KnownError
from sqzl_desktop.server import ahead, journal, processes, scrape
from sqzl_desktop.server.app import create_app
from sqzl_desktop.server.database import Database
from sqzl_desktop.server.events import Events
from sqzl_desktop.server.migrations import migrate
from sqzl_desktop.server.settings import Settings

GRACE_SECONDS = 10
BACKLOG = 2048
MOST_PROCESSES = 8
ALL_CONNECTIONS = 80  # of all processes together; PostgreSQL gives 100 unless told otherwise


class _Announcing(uvicorn.Server):
    """Prints one line once it listens; ends the streams of events when it is told to stop."""

    def __init__(self, config: uvicorn.Config, events: Events, *, announces: bool) -> None:
        super().__init__(config)
        self.events = events
        self.announces = announces

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and sockets and self.announces:
            host, port = sockets[0].getsockname()[:2]
            print(f"正在监听 http://{host}:{port}", flush=True)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self.events.close()
        await super().shutdown(sockets)


def serve(settings: Settings, listen: str, *, processes_wanted: int = 1, metrics: str = "") -> None:
    """Serve until SIGTERM or SIGINT; what is being answered then is answered still.

    Several processes share one listening socket and nothing else: what they must agree on lies in
    the database. The first one's figures are at the address `metrics`, the next one's a port on.
    """
    journal.start()
    if processes_wanted == 1:
        with _bound(listen) as listening:
            _one(settings, listening, metrics)
        return
    if not 1 <= processes_wanted <= MOST_PROCESSES:
        raise KnownError(f"进程数应在1到{MOST_PROCESSES}之间")
    if settings.database.startswith("sqlite"):
        raise KnownError("使用 SQLite 时只能有一个进程；需要多个进程请改用 PostgreSQL")
    share = min(settings.connections, ALL_CONNECTIONS // processes_wanted)
    settings = dataclasses.replace(settings, connections=share)
    _prepare(settings)
    with _bound(listen) as listening:
        processes.run(
            processes_wanted, lambda number: _one(settings, listening, metrics, number=number)
        )


def _prepare(settings: Settings) -> None:
    """What cannot work is said once, before there is anything to restart."""
    database = Database(settings.database)
    try:
        migrate(database)
    finally:
        database.close()


def _one(settings: Settings, listening: socket.socket, metrics: str, *, number: int = 0) -> None:
    app = create_app(settings)
    try:
        config = uvicorn.Config(
            app,
            lifespan="off",
            access_log=False,
            log_level="warning",
            log_config=None,
            server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
            http="h11",
        )
        server = _Announcing(config, app.state.events, announces=number == 0)

        def stop(_signal: int, _frame: FrameType | None) -> None:
            server.should_exit = True

        # for the moment before uvicorn listens to signals, and when it raises them anew at its end
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, stop)
        with contextlib.ExitStack() as meanwhile:
            meanwhile.enter_context(_figures(metrics, number, app.state.metrics.text))
            if number == 0:
                meanwhile.enter_context(ahead.beside(settings))
            server.run(sockets=[listening])
    finally:
        app.state.database.close()


@contextlib.contextmanager
def _figures(listen: str, number: int, text: Callable[[], str]) -> Iterator[None]:
    if not listen:
        yield
        return
    host, port = _address(listen)
    with _bound(f"{host}:{port + number if port else 0}") as listening:
        stop = scrape.start(listening, text)
        try:
            yield
        finally:
            stop()


def _bound(listen: str) -> socket.socket:
    host, port = _address(listen)
    try:
        return _listening(host.strip("[]"), port)
    except OSError as error:
        raise KnownError(
            f"不能在 {listen} 上监听（{error.strerror}），请检查地址或换一个端口"
        ) from error


def _address(listen: str) -> tuple[str, int]:
    host, _, port = listen.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        raise KnownError(f"监听地址“{listen}”无法识别，请写成 主机:端口，例如 0.0.0.0:8640")
    return host, int(port)


def _listening(host: str, port: int) -> socket.socket:
    """A listening socket that says it is TCP: only then does asyncio turn Nagle's wait off.

    `socket.create_server` leaves the protocol at 0, and every answer took 40 ms longer.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(BACKLOG)
    except OSError:
        listening.close()
        raise
    return listening
