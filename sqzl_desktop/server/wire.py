"""线路: bodies in and out, with every limit that keeps a request from costing more than it may."""

import io
import re
from typing import Any, TypeVar

import msgspec
import zstandard
from starlette.requests import Request
from starlette.responses import Response

from sqzl_desktop.protocol import version
from sqzl_desktop.protocol.messages import MOST_COMPRESSED, MOST_EXPANDED, Problem
from sqzl_desktop.server.refusals import Refusal

T = TypeVar("T")
DEEPEST = 32
_SMALLEST_TO_COMPRESS = 512
_LARGEST_WINDOW = 8 << 20
_PROGRAM = re.compile(r"[0-9A-Za-z.+-]{1,32}", re.ASCII)
_malformed = "请求内容无法识别，请更新程序后重试"


async def body(request: Request, *, most: int = MOST_EXPANDED) -> bytes:
    """The body as it came; a Refusal as soon as it is longer than allowed."""
    if compressed(request):
        most = min(most, MOST_COMPRESSED)
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise _too_large()
        parts.append(part)
    return b"".join(parts)


def compressed(request: Request) -> bool:
    """Did the client compress the body? A Refusal for encodings we do not know."""
    encoding = request.headers.get("content-encoding", "identity").lower()
    if encoding not in ("identity", "zstd"):
        raise Refusal(415, "ENCODING", "请求的压缩方式不受支持，请更新程序后重试")
    return encoding == "zstd"


def read(content: bytes, expected: type[T], *, zstd: bool) -> T:
    """A message from a body; costly, so not on the event loop."""
    if zstd:
        content = _expanded(content)
    try:
        message = msgspec.json.decode(content, type=expected)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Refusal(400, "MALFORMED", _malformed) from error
    return message


def check_depth(value: Any, left: int = DEEPEST) -> None:
    """A Refusal where JSON is nested deeper than anything we make."""
    if not isinstance(value, list | dict):
        return
    if not left:
        raise Refusal(400, "MALFORMED", _malformed)
    for part in value.values() if isinstance(value, dict) else value:
        check_depth(part, left - 1)


def check_version(request: Request) -> None:
    """A Refusal that says which side to update where the two may not talk."""
    theirs = request.headers.get(version.HEADER, "0")
    number = int(theirs) if theirs.isascii() and theirs.isdigit() and len(theirs) < 6 else 0
    sentence = version.refusal(number, asked_by_server=True)
    if sentence:
        raise Refusal(426, "PROTOCOL", sentence)


def program(request: Request) -> str:
    """The version of the client's program, "" where it says none that we could have given."""
    said = request.headers.get(version.PROGRAM_HEADER, "")
    return said if _PROGRAM.fullmatch(said) else ""


def answer(request: Request, message: object) -> Response:
    """A message as a response, compressed where the client takes it; not on the event loop."""
    content = msgspec.json.encode(message)
    headers = {version.HEADER: str(version.PROTOCOL), "Cache-Control": "no-store"}
    if len(content) >= _SMALLEST_TO_COMPRESS and _takes_zstd(request):
        content = zstandard.ZstdCompressor(level=3, write_checksum=True).compress(content)
        headers |= {"Content-Encoding": "zstd", "Vary": "Accept-Encoding"}
    return Response(content, media_type="application/json", headers=headers)


def problem(refusal: Refusal) -> Response:
    """A refusal as a response."""
    content = msgspec.json.encode(Problem(refusal.code, str(refusal), refusal.expected))
    headers = {version.HEADER: str(version.PROTOCOL), "Cache-Control": "no-store"}
    if refusal.retry_after:
        headers["Retry-After"] = str(refusal.retry_after)
    if refusal.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return Response(
        content, status_code=refusal.status, media_type="application/json", headers=headers
    )


def _expanded(content: bytes) -> bytes:
    decompressor = zstandard.ZstdDecompressor(max_window_size=_LARGEST_WINDOW)
    try:
        with decompressor.stream_reader(io.BytesIO(content), read_across_frames=True) as reader:
            expanded = reader.read(MOST_EXPANDED + 1)
    except zstandard.ZstdError as error:
        raise Refusal(400, "MALFORMED", _malformed) from error
    if len(expanded) > MOST_EXPANDED:
        raise _too_large()
    return expanded


def _too_large() -> Refusal:
    return Refusal(413, "TOO_LARGE", "一次上报的内容过大，请分批上报")


def _takes_zstd(request: Request) -> bool:
    accepted = request.headers.get("accept-encoding", "")
    return any(each.split(";")[0].strip() == "zstd" for each in accepted.split(","))
