"""路由: what a device tells about itself, apart from the records."""

import dataclasses

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from sqzl_desktop.protocol.messages import LastUpload, PurgeReceipt
from sqzl_desktop.server import envelope, purges, quarantine, wire
from sqzl_desktop.server.blob_routes import Known
from sqzl_desktop.server.database import Database
from sqzl_desktop.server.refusals import Refusal
from sqzl_desktop.server.settings import Settings

MOST_RECEIPT = 256 * 1024


@dataclasses.dataclass(frozen=True, slots=True)
class DeviceRoutes:
    """The endpoints that are about a device. `known` does work for whoever holds the token."""

    settings: Settings
    database: Database
    known: Known

    async def quarantine(self, request: Request) -> Response:
        """The last upload of a revoked device, which has no token any more: it gives its secret."""
        wire.check_version(request)
        device, secret = _own_words(request)

        def check() -> None:
            with self.database.reading() as connection:
                quarantine.check_device(connection, device, secret)

        await run_in_threadpool(check)
        content = await wire.body(request)
        clock = self.settings.clock

        def work() -> Response:
            upload = wire.read(content, LastUpload, zstd=wire.compressed(request))
            taken = self.database.writing(
                lambda connection: quarantine.take_in(connection, device, upload, clock)
            )
            return wire.answer(request, taken)

        return await run_in_threadpool(work)

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


def _own_words(request: Request) -> tuple[str, str]:
    scheme, _, words = request.headers.get("authorization", "").partition(" ")
    device, _, secret = words.strip().partition(" ")
    if scheme.lower() != "device" or not envelope.is_name(device) or not secret:
        raise Refusal(401, "DEVICE", "本机的登记已失效；已录入的内容都在本机")
    return device, secret.strip()
