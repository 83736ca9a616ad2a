"""路由: what a device tells about itself, apart from the records."""

import dataclasses

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from sqzl_desktop.protocol.messages import PurgeReceipt
from sqzl_desktop.server import purges, wire
from sqzl_desktop.server.blob_routes import Known
from sqzl_desktop.server.database import Database
from sqzl_desktop.server.settings import Settings

MOST_RECEIPT = 256 * 1024


@dataclasses.dataclass(frozen=True, slots=True)
class DeviceRoutes:
    """The endpoints that are about a device. `known` does work for whoever holds the token."""

    settings: Settings
    database: Database
    known: Known

    async def purged(self, request: Request) -> Response:
        """What a device has removed after a change of scope."""
        caller = await self.known(request, lambda _connection, caller: caller)
        content = await wire.body(request, most=MOST_RECEIPT)
        clock = self.settings.clock

        def work() -> Response:
            receipt = wire.read(content, PurgeReceipt, zstd=wire.compressed(request))
            received = self.database.writing(
                lambda connection: purges.receive(connection, caller, receipt, clock)
            )
            return wire.answer(request, received)

        return await run_in_threadpool(work)
