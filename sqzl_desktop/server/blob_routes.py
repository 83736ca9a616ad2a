"""附件的路由: how far a content came, a further piece of it, the whole of it."""

import dataclasses
from collections.abc import Awaitable, Callable
from typing import Any

import sqlalchemy as sa
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from sqzl_desktop.domain import access
from sqzl_desktop.domain.kinds.attachment import ATTACHMENT
from sqzl_desktop.protocol import version
from sqzl_desktop.protocol.merge import ALL
from sqzl_desktop.protocol.messages import PIECE, Kept, Row
from sqzl_desktop.server import envelope, rows, scope, wire
from sqzl_desktop.server.blobs import Blobs, Content, Piece, is_sha
from sqzl_desktop.server.database import Database
from sqzl_desktop.server.refusals import Refusal
from sqzl_desktop.server.sign_in import Caller
from sqzl_desktop.server.tables import OPERATION

Known = Callable[[Request, Callable[[sa.Connection, Caller], Any]], Awaitable[Any]]
OFFSET = "Upload-Offset"
COMPLETE = "Upload-Complete"
LONGEST_NUMBER = 15


@dataclasses.dataclass(frozen=True, slots=True)
class BlobRoutes:
    """The endpoints of contents. `known` does work for whoever holds a token, in a thread."""

    database: Database
    blobs: Blobs
    known: Known

    async def offset(self, request: Request) -> Response:
        """How far this device's upload has come, and whether the content is here already."""
        content = _content(request)

        def work(connection: sa.Connection, caller: Caller) -> Response:
            _may_upload(connection, caller, content)
            is_kept = self.blobs.is_kept(connection, content)
            reached = 0 if is_kept else self.blobs.reached(caller.device, content)
            return _bare({OFFSET: str(reached), COMPLETE: "?1" if is_kept else "?0"})

        found: Response = await self.known(request, work)
        return found

    async def piece(self, request: Request) -> Response:
        """A further piece; the last one makes the content visible."""
        content = _content(request)
        offset, size = _whole(request, "offset"), _whole(request, "size")

        def begin(connection: sa.Connection, caller: Caller) -> tuple[Caller, bool]:
            _may_upload(connection, caller, content)
            is_kept = self.blobs.is_kept(connection, content)
            if not is_kept:
                self.blobs.check_quota(connection, caller.device, size)
            return caller, is_kept

        caller, is_kept = await self.known(request, begin)
        body = await wire.body(request, most=PIECE)

        def work() -> Response:
            if is_kept:
                return wire.answer(request, Kept(size, True))
            reached = self.blobs.take(caller.device, content, Piece(offset, size, body))
            if reached == size:
                self.blobs.finish(caller.device, content)
                self.database.writing(
                    lambda connection: self.blobs.note(connection, caller.device, content, size)
                )
            return wire.answer(request, Kept(reached, reached == size))

        return await run_in_threadpool(work)

    async def content(self, request: Request) -> Response:
        """The content of an attachment that the caller sees."""
        content = _content(request)

        def work(connection: sa.Connection, caller: Caller) -> Response:
            _check_in_sight(connection, caller, content)
            if not self.blobs.is_kept(connection, content):
                raise Refusal(404, "NOT_YET", "附件还没有从添加它的电脑上传，请稍后再看")
            headers = {
                version.HEADER: str(version.PROTOCOL),
                "Cache-Control": "no-store",
                "X-Content-Type-Options": "nosniff",
                "Content-Disposition": "attachment",
            }
            # what a device says of its file is for people; no browser is to act on it
            return FileResponse(
                self.blobs.path(content), media_type="application/octet-stream", headers=headers
            )

        found: Response = await self.known(request, work)
        return found


def _check_in_sight(connection: sa.Connection, caller: Caller, content: Content) -> None:
    """A Refusal unless the caller sees an attachment of that id, with that content."""
    zones = scope.zones(caller, content.community)
    row = _row(connection, content)
    if (
        row is None
        or row.deleted
        or not zones.holds(row.grid)
        or row.fields.get("sha256") != content.sha256
    ):
        raise _not_found()


def _may_upload(connection: sa.Connection, caller: Caller, content: Content) -> None:
    """A Refusal where the post does not include it, or it is another grid's and another's."""
    zones = scope.zones(caller, content.community)
    if not access.allows(caller.account.actor, "write", ATTACHMENT):
        raise Refusal(403, "FORBIDDEN", "您的岗位不能上传附件，请联系社区负责人")
    row = _row(connection, content)
    if row is None or zones.holds(row.grid):
        return
    # its record may have gone to another grid since; nobody else has what this device added
    made = sa.select(OPERATION.c.device).where(
        OPERATION.c.community == content.community, OPERATION.c.id == row.writes.get(ALL, "")
    )
    if connection.scalar(made) != caller.device:
        raise _not_found()


def _row(connection: sa.Connection, content: Content) -> Row | None:
    key = ATTACHMENT.name, content.attachment
    found = rows.load(connection, content.community, [key]).get(key)
    return found.row if found else None


def _not_found() -> Refusal:
    return Refusal(404, "NOT_FOUND", "没有这个附件，或它不在您的负责范围内")


def _content(request: Request) -> Content:
    path = request.path_params
    attachment = request.query_params.get("attachment", "")
    if not (is_sha(path["sha"]) and envelope.is_name(attachment)):
        raise _not_found()
    return Content(path["community"], attachment, path["sha"])


def _whole(request: Request, name: str) -> int:
    text = request.query_params.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER):
        raise Refusal(400, "MALFORMED", "请求的参数不是整数，请更新程序后重试")
    return int(text)


def _bare(headers: dict[str, str]) -> Response:
    return Response(
        headers={version.HEADER: str(version.PROTOCOL), "Cache-Control": "no-store", **headers}
    )
