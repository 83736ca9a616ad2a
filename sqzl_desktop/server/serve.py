"""服务: the ASGI application behind uvicorn, started quickly and stopped gracefully."""

import logging
import signal
import socket
import sys
from types import FrameType

import uvicorn

from sqzl_desktop.base.errors import KnownError
from sqzl_desktop.server.app import create_app
from sqzl_desktop.server.events import Events
from sqzl_desktop.server.settings import Settings

GRACE_SECONDS = 10
BACKLOG = 2048


class _Announcing(uvicorn.Server):
    """Prints one line once it listens; ends the streams of events when it is told to stop."""

    def __init__(self, config: uvicorn.Config, events: Events) -> None:
        super().__init__(config)
        self.events = events

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and sockets:
            host, port = sockets[0].getsockname()[:2]
            print(f"正在监听 http://{host}:{port}", flush=True)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self.events.close()
        await super().shutdown(sockets)


def serve(settings: Settings, listen: str) -> None:
    """Serve until SIGTERM or SIGINT; what is being answered then is answered still."""
    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s"
    )
    app = create_app(settings)
    try:
        listening = _bound(listen)
        config = uvicorn.Config(
            app,
            lifespan="off",
            access_log=False,
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
            http="h11",
        )
        # uvicorn raises the signal once more when it is done; by then we have nothing left to do
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, _done)
        _Announcing(config, app.state.events).run(sockets=[listening])
    finally:
        app.state.database.close()


def _done(_signal: int, _frame: FrameType | None) -> None:
    return None


def _bound(listen: str) -> socket.socket:
    host, _, port = listen.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        raise KnownError(f"监听地址“{listen}”无法识别，请写成 主机:端口，例如 0.0.0.0:8640")
    try:
        return _listening(host.strip("[]"), int(port))
    except OSError as error:
        raise KnownError(
            f"不能在 {listen} 上监听（{error.strerror}），请检查地址或换一个端口"
        ) from error


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
