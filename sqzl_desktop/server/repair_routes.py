"""修复的路由: what a device asks to find out where it and the server differ."""

import dataclasses
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from sqzl_desktop.protocol.messages import MOST_IDS, Ids
from sqzl_desktop.server import envelope, epoch, wire
from sqzl_desktop.server.database import Database
from sqzl_desktop.server.refusals import Refusal

Known = Callable[[Request, Callable[..., Any]], Awaitable[Any]]


@dataclasses.dataclass(frozen=True, slots=True)
class RepairRoutes:
    """The endpoints of repair. `known` does work for whoever holds a token, in a thread."""

    database: Database
    known: Known

    async def operations(self, request: Request) -> Response:
        """Which of a device's operations the server remembers."""
        caller = await self.known(request, lambda _connection, caller: caller)
        content = await wire.body(request)
        community = request.path_params["community"]

        def work() -> Response:
            ids = wire.read(content, Ids, zstd=wire.compressed(request)).ids
            if len(ids) > MOST_IDS or not all(envelope.is_name(each) for each in ids):
                raise Refusal(400, "MALFORMED", "请求内容无法识别，请更新程序后重试")
            with self.database.reading() as connection:
                found = epoch.known(connection, caller, community, ids)
            return wire.answer(request, Ids(found))

        return await run_in_threadpool(work)
