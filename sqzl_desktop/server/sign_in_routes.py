"""登录的路由: a device is enrolled with a password, and asks for tokens from then on."""

import asyncio
import concurrent.futures
from collections.abc import Callable
from typing import TypeVar

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import Response

from sqzl_desktop.protocol.messages import EnrolRequest, TokenRequest
from sqzl_desktop.server import accounts, envelope, lockout, sign_in, wire
from sqzl_desktop.server.database import Database
from sqzl_desktop.server.limits import Limits
from sqzl_desktop.server.refusals import Refusal
from sqzl_desktop.server.settings import Settings
from sqzl_desktop.server.threads import Lines

T = TypeVar("T")

# two password hashes at a time in the whole process: each takes 19 MiB and a core
_hashing = concurrent.futures.ThreadPoolExecutor(2, thread_name_prefix="password")
MOST_WAITING = 64  # a rush of sign-ins must not fill the house
MOST_CONTENT = 4096  # read before anyone is known, on the event loop


class SignInRoutes:
    """The two endpoints that need no token."""

    def __init__(
        self, settings: Settings, database: Database, lines: Lines, limits: Limits
    ) -> None:
        self._settings = settings
        self._database = database
        self._lines = lines
        self._limits = limits
        self.waiting = 0

    async def enrol(self, request: Request) -> Response:
        """Sign-in of a device with a password, the first or a new one."""
        wire.check_version(request)
        content = await wire.body(request, most=MOST_CONTENT)
        asked = wire.read(content, EnrolRequest, zstd=wire.compressed(request))
        envelope.check_texts(asked.account, asked.label)
        if asked.device and not envelope.is_name(asked.device):
            raise envelope.malformed()
        clock = self._settings.clock
        wait = await self._write(lambda it: lockout.begin(it, asked.account, clock))
        if wait:
            raise Refusal(429, "WAIT", f"尝试次数过多，请{wait}秒后再试", retry_after=wait)
        stored = await self._lines.run("sign_in", lambda: self._stored_password(asked.account))
        if not await self._fits(stored, asked.password):
            raise sign_in.wrong_password()

        def work(connection: sa.Connection) -> object:
            lockout.succeed(connection, asked.account)
            return sign_in.enrol(connection, asked, clock)

        return wire.answer(request, await self._write(work))

    async def token(self, request: Request) -> Response:
        """A fresh access token for an enrolled device, and the refresh token to ask with next."""
        wire.check_version(request)
        content = await wire.body(request, most=MOST_CONTENT)
        asked = wire.read(content, TokenRequest, zstd=wire.compressed(request))
        envelope.check_texts(asked.device)
        self._limits.check(asked.device, "token")
        clock, seconds = self._settings.clock, self._settings.token_seconds

        def work(connection: sa.Connection) -> object:
            return sign_in.token(
                connection, asked, program=wire.program(request), clock=clock, seconds=seconds
            )

        try:
            return wire.answer(request, await self._write(work))
        except sign_in.Stolen as stolen:
            ended = stolen
            await self._write(lambda it: sign_in.end_family(it, ended))
            raise

    async def _write(self, work: Callable[[sa.Connection], T]) -> T:
        return await self._lines.run("sign_in", lambda: self._database.writing(work))

    def _stored_password(self, account: str) -> str:
        with self._database.reading() as connection:
            return accounts.stored_password(connection, account)

    async def _fits(self, stored: str, password: str) -> bool:
        if self.waiting >= MOST_WAITING:
            raise Refusal(503, "BUSY", "登录人数过多，请稍后再试", retry_after=5)
        self.waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(_hashing, accounts.password_fits, stored, password)
        finally:
            self.waiting -= 1
