"""What idle streams of events cost a server: python -m tests.bench.streams [--streams N]."""

import argparse
import asyncio
import tempfile
from pathlib import Path

import httpx
import msgspec

from sqzl_desktop.base.clock import FixedClock, SystemClock
from sqzl_desktop.protocol import version
from sqzl_desktop.protocol.messages import Enrolment, Token, TokenRequest, encode
from sqzl_desktop.server import sign_in
from sqzl_desktop.server.database import Database
from tests.field import start
from tests.places import NOW
from tests.served import Served, served

WATCHED_SECONDS = 40
OWN = {version.HEADER: str(version.PROTOCOL)}


def main() -> None:
    """Open them, leave them alone, look at the process."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.streams")
    parser.add_argument("--streams", type=int, default=2300)
    count = parser.parse_args().streams
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        start(folder, FixedClock(NOW)).app.state.database.close()
        address = f"sqlite:///{folder / 'server.db'}"
        devices = _devices(address, count)
        with served(address, folder / "served") as server:
            asyncio.run(_measure(server, devices))


def _devices(address: str, count: int) -> list[Enrolment]:
    database = Database(address)
    made = database.writing(
        lambda connection: [
            sign_in.enrol(connection, "wang", f"{number}", SystemClock()) for number in range(count)
        ]
    )
    database.close()
    return made


async def _measure(server: Served, devices: list[Enrolment]) -> None:
    few = asyncio.Semaphore(20)
    tokens = await _tokens(server, devices, few)
    before = server.held_mb()

    async def opened(token: str) -> asyncio.StreamWriter:
        async with few:
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            head = {**OWN, "Host": "server", "Authorization": f"Bearer {token}"}
            lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
            writer.write(f"GET /v1/events HTTP/1.1\r\n{lines}\r\n".encode())
            assert b"200" in await reader.readline()
            return writer

    writers = await asyncio.gather(*map(opened, tokens))
    used = server.cpu_seconds()
    await asyncio.sleep(WATCHED_SECONDS)
    used = (server.cpu_seconds() - used) / WATCHED_SECONDS
    held = server.held_mb()
    each = (held - before) * 1024 / len(writers)
    print(f"{len(writers)} streams: {before:.0f} MB before, {held:.0f} MB with them,"
          f" {each:.0f} KB each, {used:.1%} of a core")  # fmt: skip
    for writer in writers:
        writer.close()


async def _tokens(server: Served, devices: list[Enrolment], few: asyncio.Semaphore) -> list[str]:
    async with httpx.AsyncClient(base_url=server.address, headers=OWN) as client:

        async def token(device: Enrolment) -> str:
            async with few:
                asked = encode(TokenRequest(device.device, device.secret))
                answer = await client.post("/v1/token", content=asked)
                return msgspec.json.decode(answer.content, type=Token).access

        return list(await asyncio.gather(*map(token, devices)))


if __name__ == "__main__":
    main()
