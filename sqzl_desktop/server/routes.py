"""路由: every address the server answers, and who may ask it."""

import logging
import traceback
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import TypeVar

import msgspec
import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sqzl_desktop.base.errors import KnownError
from sqzl_desktop.protocol.messages import Page, Push
from sqzl_desktop.server import (
    apply,
    envelope,
    epoch,
    events,
    history,
    pull,
    sign_in,
    snapshots,
    wire,
)
from sqzl_desktop.server.blob_routes import BlobRoutes
from sqzl_desktop.server.blobs import Blobs
from sqzl_desktop.server.database import Database
from sqzl_desktop.server.device_routes import DeviceRoutes
from sqzl_desktop.server.events import Events
from sqzl_desktop.server.limits import Limits
from sqzl_desktop.server.metrics import Metrics
from sqzl_desktop.server.pull import Wanted
from sqzl_desktop.server.refusals import Refusal
from sqzl_desktop.server.repair_routes import RepairRoutes
from sqzl_desktop.server.settings import Settings
from sqzl_desktop.server.sign_in import Caller
from sqzl_desktop.server.sign_in_routes import SignInRoutes
from sqzl_desktop.server.threads import Lines

T = TypeVar("T")
Endpoint = Callable[[Request], Awaitable[Response]]
_log = logging.getLogger(__name__)

LONGEST_NUMBER = 15


class Routes:
    """The endpoints over one database."""

    def __init__(self, settings: Settings, database: Database, metrics: Metrics) -> None:
        self.settings = settings
        self.database = database
        self.limits = Limits(settings.rates)
        metrics.gauges["sqzl_connections_in_use"] = lambda: database.in_use
        self.lines = Lines(settings.connections)
        self.sign_in = SignInRoutes(settings, database, self.lines, self.limits)
        metrics.gauges["sqzl_password_hashes_waiting"] = lambda: self.sign_in.waiting
        self.events = Events(database, settings.clock)
        contents = Blobs(settings.blob_folder, settings.clock)
        self.blobs = BlobRoutes(database, contents, self._read)
        self.repair = RepairRoutes(database, self._read, settings.clock)
        self.devices = DeviceRoutes(settings, database, self._read)

    def every(self) -> list[Route]:
        """All routes. Whatever is not here is answered 404, and all but three need a token."""
        of_community = "/v1/c/{community}"
        return [
            Route("/health", guarded(self.health)),
            Route("/v1/enrol", guarded(self.sign_in.enrol), methods=["POST"]),
            Route("/v1/token", guarded(self.sign_in.token), methods=["POST"]),
            Route("/v1/me", guarded(self.me)),
            Route(f"{of_community}/push", guarded(self.push), methods=["POST"]),
            Route(f"{of_community}/pull", guarded(self.pull)),
            Route(f"{of_community}/known", guarded(self.repair.operations), methods=["POST"]),
            Route(f"{of_community}/digests", guarded(self.repair.digests)),
            Route(f"{of_community}/hashes", guarded(self.repair.hashes)),
            Route(f"{of_community}/rows", guarded(self.repair.rows), methods=["POST"]),
            Route("/v1/diverged", guarded(self.repair.diverged), methods=["POST"]),
            Route(f"{of_community}/snapshot", guarded(self.snapshot)),
            Route(f"{of_community}/history/{{kind}}/{{id}}", guarded(self.history)),
            Route("/v1/snapshots/{id}", guarded(self.snapshot_file)),
            Route(f"{of_community}/blobs/{{sha}}", guarded(self.blobs.offset), methods=["HEAD"]),
            Route(f"{of_community}/blobs/{{sha}}", guarded(self.blobs.piece), methods=["PATCH"]),
            Route(f"{of_community}/blobs/{{sha}}", guarded(self.blobs.content)),
            Route("/v1/quarantine", guarded(self.devices.quarantine), methods=["POST"]),
            Route("/v1/purged", guarded(self.devices.purged), methods=["POST"]),
            Route("/v1/events", guarded(self.listen)),
        ]

    async def health(self, request: Request) -> Response:
        """Is the database there? A thread and a connection are kept free for this question."""

        def work() -> Response:
            with self.database.reading() as connection:
                connection.execute(sa.select(1))
            return wire.answer(request, {"status": "ok"})

        return await self.lines.run("health", work)

    async def me(self, request: Request) -> Response:
        """Who the server thinks is asking."""

        def work(connection: sa.Connection, caller: Caller) -> Response:
            return wire.answer(request, sign_in.person(connection, caller.account))

        return await self._read(request, work)

    async def push(self, request: Request) -> Response:
        """Operations of a device, each applied exactly once."""
        caller = await self._read(request, lambda _connection, caller: caller, what="push")
        content = await wire.body(request)
        community = request.path_params["community"]

        def work() -> Response:
            message = wire.read(content, Push, zstd=wire.compressed(request))
            envelope.check(message)
            answers = self.database.writing(
                lambda connection: apply.push(
                    connection,
                    caller,
                    community,
                    message,
                    self.settings.clock,
                    grace_hours=self.settings.grace_hours,
                )
            )
            request.state.outcomes = Counter(each.outcome for each in answers.answers)
            page = self._next_page(caller, community, message)
            return wire.answer(request, msgspec.structs.replace(answers, page=page))

        try:
            return await self.lines.run("push", work)
        except epoch.Ahead as ahead:
            await self._raise_epoch(ahead)
            raise

    def _next_page(self, caller: Caller, community: str, message: Push) -> Page | None:
        """What the device would pull next; None where that needs a request of its own."""
        if not message.wants_page:
            return None
        wanted = Wanted(message.cursor, pull.MOST, message.scope, message.epoch)
        try:
            with self.database.reading() as connection:
                return pull.page(connection, caller, community, wanted)
        except Refusal:
            return None

    async def pull(self, request: Request) -> Response:
        """The next part of the log."""
        wanted = _wanted(request)
        community = request.path_params["community"]

        def work(connection: sa.Connection, caller: Caller) -> Response:
            page = pull.page(connection, caller, community, wanted)
            request.state.rows = len(page.entries)
            return wire.answer(request, page)

        try:
            return await self._read(request, work)
        except epoch.Ahead as ahead:
            await self._raise_epoch(ahead)
            raise

    async def _raise_epoch(self, ahead: epoch.Ahead) -> None:
        clock = self.settings.clock
        await self.lines.run(
            "sign_in",
            lambda: self.database.writing(lambda it: epoch.raise_once(it, ahead.epoch, clock)),
        )

    async def snapshot(self, request: Request) -> Response:
        """Offer a file of everything visible in a community."""
        community = request.path_params["community"]
        cache = self.settings.cache

        def work(connection: sa.Connection, caller: Caller) -> Response:
            return wire.answer(request, snapshots.offer(connection, caller, community, cache))

        return await self._read(request, work, what="snapshot")

    async def snapshot_file(self, request: Request) -> Response:
        """The file that was offered, or a range of its bytes."""
        name = request.path_params["id"]
        cache = self.settings.cache
        return await self._read(
            request, lambda _connection, caller: snapshots.file(caller, name, cache)
        )

    async def history(self, request: Request) -> Response:
        """Who did what to a record."""
        path = request.path_params
        key = path["kind"], path["id"]

        if not all(envelope.is_name(part) for part in key):
            raise Refusal(404, "NOT_FOUND", "没有找到该记录")

        def work(connection: sa.Connection, caller: Caller) -> Response:
            found = history.of_record(connection, caller, path["community"], key)
            return wire.answer(request, found)

        return await self._read(request, work)

    async def listen(self, request: Request) -> Response:
        """Wake-up: which communities have something new."""
        return await events.opened(request, self.events, self._read, _bearer(request))

    async def _read(
        self, request: Request, work: Callable[[sa.Connection, Caller], T], *, what: str = "read"
    ) -> T:
        """Do `work` for whoever holds the token, in a thread and in one consistent state."""
        wire.check_version(request)
        token = _bearer(request)

        def known() -> T:
            with self.database.reading() as connection:
                caller = sign_in.caller(connection, token, self.settings.clock)
                request.state.device = caller.device_code
                self.limits.check(caller.device, what)
                return work(connection, caller)

        line = "snapshot" if what == "snapshot" else "read"
        return await self.lines.run(line, known)


def guarded(endpoint: Endpoint) -> Endpoint:
    """The endpoint with every failure made a Problem: a sentence, never a traceback."""

    async def answered(request: Request) -> Response:
        try:
            return await endpoint(request)
        except Refusal as error:
            refusal = error
        except KnownError as error:
            refusal = Refusal(503, "BUSY", str(error), retry_after=2)
        except Exception as error:  # the last line before the network
            _report(error)
            refusal = Refusal(500, "BUG", "服务器内部出错，已记录；请稍后再试")
        request.state.code = refusal.code
        return wire.problem(refusal)

    return answered


def _report(error: Exception) -> None:
    # the text of an exception may hold what a person wrote: only its type and place are logged
    frames = "".join(traceback.format_tb(error.__traceback__))
    _log.error("unexpected %s\n%s", type(error).__name__, frames)


def _bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Refusal(401, "TOKEN", "请先登录")
    return token.strip()


def _wanted(request: Request) -> Wanted:
    query = request.query_params
    limit = _whole(query.get("limit", str(pull.MOST)))
    return Wanted(
        _whole(query.get("since", "0")),
        max(1, min(limit, pull.MOST)),
        _whole(query.get("scope", "0")),
        query.get("epoch", ""),
    )


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER):
        raise Refusal(400, "MALFORMED", "请求的参数不是整数，请更新程序后重试")
    return int(text)
