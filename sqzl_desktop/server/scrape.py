"""采集: the figures at an address of their own, answered by a thread however busy the rest is."""

import http.server
import socket
import threading
from collections.abc import Callable

from sqzl_desktop.server.metrics import CONTENT_TYPE

PATH = "/metrics"
_SECONDS = 5.0  # a scrape that says nothing for so long is let go


def start(listening: socket.socket, text: Callable[[], str]) -> Callable[[], None]:
    """Answer `GET /metrics` on a bound socket; returns what ends it."""

    class Answering(http.server.BaseHTTPRequestHandler):
        timeout = _SECONDS

        def do_GET(self) -> None:
            known = self.path == PATH
            content = text().encode() if known else b""
            self.send_response(200 if known else 404)
            self.send_header("Content-Type", CONTENT_TYPE)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *arguments: object) -> None:
            """A scrape is no event."""

    server = http.server.HTTPServer(listening.getsockname()[:2], Answering, bind_and_activate=False)
    server.socket.close()
    server.socket = listening
    threading.Thread(target=server.serve_forever, daemon=True, name="metrics").start()

    def stop() -> None:
        server.shutdown()
        server.server_close()

    return stop
