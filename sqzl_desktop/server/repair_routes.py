"""修复的路由: what a device asks to find out where it and the server differ."""

import dataclasses
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import sqlalchemy as sa
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from sqzl_desktop.base.clock import Clock
from sqzl_desktop.protocol.digest import BUCKETS
from sqzl_desktop.protocol.messages import MOST_IDS, MOST_KEYS, Diverged, Ids, Keys
from sqzl_desktop.server import envelope, epoch, repair, wire
from sqzl_desktop.server.database import Database
from sqzl_desktop.server.refusals import Refusal
from sqzl_desktop.server.sign_in import Caller

T = TypeVar("T")
Known = Callable[[Request, Callable[..., Any]], Awaitable[Any]]


@dataclasses.dataclass(frozen=True, slots=True)
class RepairRoutes:
    """The endpoints of repair. `known` does work for whoever holds a token, in a thread."""

    database: Database
    known: Known
    clock: Clock

    async def operations(self, request: Request) -> Response:
        """Which of a device's operations the server remembers."""

        def answer(connection: sa.Connection, caller: Caller, message: Ids) -> Ids:
            _check(message.ids, MOST_IDS)
            return epoch.known(connection, caller, _community(request), message.ids)

        return await self._answered(request, Ids, answer)

    async def digests(self, request: Request) -> Response:
        """The digest of a grid in parts."""
        grid = _grid(request)

        def work(connection: sa.Connection, caller: Caller) -> Response:
            found = repair.sub_digests(connection, caller, _community(request), grid)
            return wire.answer(request, found)

        digests: Response = await self.known(request, work)
        return digests

    async def hashes(self, request: Request) -> Response:
        """Ids and hashes of some parts of a grid."""
        grid, parts = _grid(request), _parts(request)

        def work(connection: sa.Connection, caller: Caller) -> Response:
            found = repair.hashes(connection, caller, _community(request), grid, parts)
            return wire.answer(request, found)

        hashes: Response = await self.known(request, work)
        return hashes

    async def rows(self, request: Request) -> Response:
        """The rows that a device lacks or has wrong."""

        def answer(connection: sa.Connection, caller: Caller, message: Keys) -> object:
            _check([word for key in message.keys for word in key], 2 * MOST_KEYS)
            return repair.some_rows(connection, caller, _community(request), message.keys)

        return await self._answered(request, Keys, answer)

    async def diverged(self, request: Request) -> Response:
        """A device tells that repair did not help."""
        caller = await self.known(request, lambda _connection, caller: caller)
        content = await wire.body(request)

        def work() -> Response:
            told = wire.read(content, Diverged, zstd=wire.compressed(request))
            _check([grid for grid in told.grids if grid], MOST_KEYS)
            self.database.writing(
                lambda connection: repair.note_divergence(connection, caller, told, self.clock)
            )
            return wire.answer(request, told)

        return await run_in_threadpool(work)

    async def _answered(
        self, request: Request, expected: type[T], answer: Callable[..., object]
    ) -> Response:
        caller = await self.known(request, lambda _connection, caller: caller)
        content = await wire.body(request)

        def work() -> Response:
            message = wire.read(content, expected, zstd=wire.compressed(request))
            with self.database.reading() as connection:
                return wire.answer(request, answer(connection, caller, message))

        return await run_in_threadpool(work)


def _community(request: Request) -> str:
    return str(request.path_params["community"])


def _check(names: list[str], most: int) -> None:
    if len(names) > most or not all(envelope.is_name(each) for each in names):
        raise _malformed()


def _grid(request: Request) -> str:
    grid = request.query_params.get("grid", "")
    if grid and not envelope.is_name(grid):
        raise _malformed()
    return grid


def _parts(request: Request) -> frozenset[int]:
    words = request.query_params.get("parts", "").split(",")
    if len(words) > BUCKETS or not all(
        word.isascii() and word.isdigit() and len(word) < 4 for word in words
    ):
        raise _malformed()
    return frozenset(map(int, words))


def _malformed() -> Refusal:
    return Refusal(400, "MALFORMED", "请求内容无法识别，请更新程序后重试")
