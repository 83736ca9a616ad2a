"""The application called as a web server calls it; a stream is heard for a moment, then left."""

import asyncio
import dataclasses
from typing import Any

import zstandard


@dataclasses.dataclass(frozen=True)
class Heard:
    """An answer, headers and all, unpacked where it came packed."""

    status: int
    headers: bytes
    body: bytes

    @property
    def everything(self) -> bytes:
        """All that was told."""
        return self.headers + b"\n" + self.body


@dataclasses.dataclass(frozen=True)
class Asked:
    """A request."""

    method: str
    path: str
    query: str = ""
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


async def ask(app: Any, asked: Asked, *more: tuple[str, str]) -> Heard:
    """One request, answered in this process."""
    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.0"}, "http_version": "1.1",
        "method": asked.method, "path": asked.path, "raw_path": asked.path.encode(),
        "query_string": asked.query.encode(), "scheme": "http", "server": ("server", 80),
        "root_path": "", "client": ("127.0.0.1", 1),
        "headers": [(name.lower().encode(), value.encode())
                    for name, value in (*asked.headers, *more)],
    }  # fmt: skip
    received, gone = [{"type": "http.request", "body": asked.body}], asyncio.Event()
    start: dict[str, Any] = {}
    parts: list[bytes] = []

    async def receive() -> dict[str, Any]:
        if received:
            return received.pop()
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        start.update(message)
        parts.append(message.get("body", b""))
        if b"text/event-stream" in str(start["headers"]).encode() and len(parts) > 1:
            gone.set()

    await app(scope, receive, send)
    body = b"".join(parts)
    if (b"content-encoding", b"zstd") in start["headers"] or body.startswith(b"\x28\xb5\x2f\xfd"):
        body = zstandard.ZstdDecompressor().decompressobj().decompress(body)
    return Heard(start["status"], str(start["headers"]).encode(), body)
