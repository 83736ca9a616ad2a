"""A worker's morning over a raw connection: push forty operations, pull two hundred rows."""

import asyncio
import dataclasses
import itertools
import re
import time
from collections import Counter

import msgspec
import zstandard

from sqzl_desktop.base.ids import new_id
from sqzl_desktop.protocol.messages import Answers, Operation, Page, Push
from sqzl_desktop.protocol.version import HEADER, PROTOCOL
from tests.admitted import Admitted

PUSHES, OPERATIONS, ROWS = 4, 10, 200
TRIES = 5
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
_WAIT = re.compile(rb"retry-after: (\d+)", re.IGNORECASE)


@dataclasses.dataclass
class Morning:
    """What all workers together saw."""

    pushes: list[float] = dataclasses.field(default_factory=list)  # seconds to each answer
    acknowledged: list[str] = dataclasses.field(default_factory=list)  # ids of operations
    outcomes: Counter[str] = dataclasses.field(default_factory=Counter)
    rows: int = 0
    refused: int = 0
    failures: list[str] = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Worker:
    """One person with a laptop; `known` are own records and the last operation seen on each."""

    admitted: Admitted
    community: str
    grid: str
    epoch: str
    known: list[tuple[str, str]]
    _next: int = 0

    async def morning(self, port: int, seen: Morning) -> None:
        """The whole of it, on one connection."""
        try:
            line = Line(*await asyncio.open_connection("127.0.0.1", port), self.admitted.access)
        except OSError as error:
            seen.failures.append(str(error))
            return
        try:
            await self._work(line, seen)
        except (OSError, asyncio.IncompleteReadError) as error:
            seen.failures.append(str(error))
        finally:
            line.writer.close()

    async def _work(self, line: "Line", seen: Morning) -> None:
        incarnation, numbers = new_id(), itertools.count(1)
        for _ in range(PUSHES):
            made = [self._operation(next(numbers)) for _ in range(OPERATIONS)]
            push = msgspec.json.encode(Push(self.epoch, incarnation, made))
            began = time.perf_counter()
            content = await line.ask("POST", f"/v1/c/{self.community}/push", seen, push)
            seen.pushes.append(time.perf_counter() - began)
            if content is None:
                return
            answers = msgspec.json.decode(content, type=Answers).answers
            seen.outcomes.update(each.outcome for each in answers)
            seen.acknowledged += [each.id for each in answers]
        query = f"since=0&scope=1&limit={ROWS}&epoch={self.epoch}"
        content = await line.ask("GET", f"/v1/c/{self.community}/pull?{query}", seen)
        if content is not None:
            seen.rows += len(msgspec.json.decode(content, type=Page).entries)

    def _operation(self, n: int) -> Operation:
        at = "2026-07-01T00:00:00Z"
        if n % 2:
            fields = {"community_id": self.community, "grid_id": self.grid, "name": "马小明"}
            return Operation(n, new_id(), "resident", new_id(), "put", at, fields)
        place = self._next = (self._next + 1) % len(self.known)
        record, seen = self.known[place]
        fields, saw = {"registered_home": f"北京路{time.time_ns()}号"}, {"registered_home": seen}
        made = Operation(n, new_id(), "resident", record, "put", at, fields, saw)
        self.known[place] = record, made.id
        return made


@dataclasses.dataclass(frozen=True)
class Line:
    """A connection that is kept."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    access: str

    async def ask(self, method: str, target: str, seen: Morning, body: bytes = b"") -> bytes | None:
        """The body of the answer, asked for again where the server says it is busy; else None."""
        packed = zstandard.compress(body) if body else b""
        encoding = "Content-Encoding: zstd\r\n" if body else ""
        head = (f"{method} {target} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {self.access}\r\n"
                f"{HEADER}: {PROTOCOL}\r\nAccept-Encoding: zstd\r\n{encoding}"
                f"Content-Length: {len(packed)}\r\n\r\n")  # fmt: skip
        for _ in range(TRIES):
            self.writer.write(head.encode() + packed)
            answer = await self.reader.readuntil(b"\r\n\r\n")
            length = _LENGTH.search(answer)
            content = await self.reader.readexactly(int(length[1]) if length else 0)
            status = int(answer[9:12])
            if status == 200:
                unpack = b"content-encoding: zstd" in answer.lower()
                return zstandard.decompress(content) if unpack else content
            if status not in (429, 503):
                break
            seen.refused += 1
            wait = _WAIT.search(answer)
            await asyncio.sleep(int(wait[1]) if wait else 1)
        seen.failures.append(f"{method} {target.partition('?')[0]}: {status}")
        return None
