"""传输: how messages reach the server. HTTP now; a file on a USB stick is another one of these."""

import contextlib
import functools
import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol, TypeVar

import msgspec
import zstandard

from sqzl_desktop import __version__
from sqzl_desktop.base.errors import KnownError, Offline, SignInNeeded
from sqzl_desktop.protocol import version
from sqzl_desktop.protocol.messages import (
    Answers,
    Diverged,
    Enrolment,
    EnrolRequest,
    Hashes,
    History,
    Ids,
    Kept,
    Keys,
    LastUpload,
    News,
    Page,
    Problem,
    PurgeReceipt,
    Push,
    Quarantined,
    Receipt,
    Rows,
    SnapshotOffer,
    SubDigests,
    Token,
    TokenRequest,
)
from sqzl_desktop.store.blobs import Content
from sqzl_desktop.sync.reaching import is_web_page, reaching, trusting, web_page

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")
_PORTAL = 511  # "Network Authentication Required": the network speaks, not the server
CONNECT, TIMEOUT, LISTENING = 5.0, 30.0, 50.0  # seconds
COMPRESS_FROM = 1024
_PASSWORD_HELPS = ("DEVICE", "STOLEN")
_LONGEST_WAIT = 3600  # whatever a server or a proxy says


class ServerRefusal(KnownError):
    """The server answered with a refusal. `code` is for programs, the text for people."""

    def __init__(self, problem: Problem, status: int) -> None:
        super().__init__(problem.sentence)
        self.code = problem.code
        self.expected = problem.expected
        self.status = status


class SignInRefusal(ServerRefusal, SignInNeeded):
    """The server does not take this device's refresh token any more; the password helps."""


class Transport(Protocol):
    """What the sync engine asks of the way to the server."""

    def enrol(self, request: EnrolRequest) -> Enrolment:
        """Sign in for the first time from this device."""
        ...

    def token(self, request: TokenRequest) -> Token:
        """Get an access token; it is used from then on."""
        ...

    def push(self, community: str, push: Push) -> Answers:
        """Offer operations."""
        ...

    def known(self, community: str, ids: Ids) -> Ids:
        """Which of these operations does the server know?"""
        ...

    def pull(self, community: str, *, since: int, epoch: str, scope: int) -> Page:
        """The part of the log after `since`."""
        ...

    def digests(self, community: str, grid: str) -> SubDigests:
        """The digest of a grid in parts."""
        ...

    def hashes(self, community: str, grid: str, parts: Sequence[int]) -> Hashes:
        """The rows of some parts of a grid by their hashes."""
        ...

    def rows(self, community: str, keys: Keys) -> Rows:
        """Some rows."""
        ...

    def diverged(self, told: Diverged) -> None:
        """Tell that this device cannot be brought to agree."""
        ...

    def history(self, community: str, kind: str, record_id: str) -> History:
        """What was done to a record, from the beginning."""
        ...

    def snapshot(self, community: str) -> SnapshotOffer:
        """Ask for a snapshot of what is visible."""
        ...

    def download(self, snapshot_id: str, start: int) -> Iterator[bytes]:
        """The bytes of a snapshot file from `start` on."""
        ...

    def purged(self, receipt: PurgeReceipt) -> Receipt:
        """Tell what was removed after a change of scope."""
        ...

    def hand_in(self, device: str, secret: str, upload: LastUpload) -> Quarantined:
        """The last upload of a device that is shut out."""
        ...

    def send_piece(self, content: Content, offset: int, piece: bytes) -> Kept:
        """Send a part of the content of an attachment."""
        ...

    def content(self, community: str, attachment: str, sha256: str) -> bytes:
        """The content of an attachment."""
        ...

    def events(self) -> Iterator[News]:
        """What the server says is new, as it says it; ends when the server or the network does."""
        ...


class HttpTransport:
    """Speaks to the server over HTTP(S). One instance per device, used by one thread at a time.

    `ca` is a file with the certificate of an authority of one's own. There is no way to leave
    certificates unchecked. The client is made when the server is first spoken to: the window does
    not wait for it.
    """

    def __init__(self, server: str, client: "httpx.Client | None" = None, *, ca: str = "") -> None:
        self._server = server
        self._given = client
        self._verify: ssl.SSLContext | bool = trusting(ca) if ca else True
        self._listening: socket.socket | None = None

    @functools.cached_property
    def _client(self) -> "httpx.Client":
        import httpx

        timeout = httpx.Timeout(TIMEOUT, connect=CONNECT)
        client = self._given or httpx.Client(
            base_url=self._server, timeout=timeout, verify=self._verify
        )
        client.headers[version.HEADER] = str(version.PROTOCOL)
        client.headers[version.PROGRAM_HEADER] = __version__
        return client

    def close(self) -> None:
        """Close the connections."""
        if "_client" in self.__dict__:
            self._client.close()

    def hang_up(self) -> None:
        """End the stream of events from another thread: its reader finds it closed."""
        listening = self._listening
        if listening is not None:
            with contextlib.suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)

    def enrol(self, request: EnrolRequest) -> Enrolment:
        """Sign in for the first time from this device."""
        return self._ask("POST", "/v1/enrol", Enrolment, request)

    def token(self, request: TokenRequest) -> Token:
        """Get an access token; it is used from then on."""
        token = self._ask("POST", "/v1/token", Token, request)
        self.use(token.access)
        return token

    def use(self, access: str) -> None:
        """Use an access token that is known already."""
        self._client.headers["Authorization"] = f"Bearer {access}"

    def push(self, community: str, push: Push) -> Answers:
        """Offer operations."""
        return self._ask("POST", f"/v1/c/{community}/push", Answers, push)

    def known(self, community: str, ids: Ids) -> Ids:
        """Which of these operations does the server know?"""
        return self._ask("POST", f"/v1/c/{community}/known", Ids, ids)

    def pull(self, community: str, *, since: int, epoch: str, scope: int) -> Page:
        """The part of the log after `since`."""
        query = f"since={since}&epoch={epoch}&scope={scope}&limit=1000"
        return self._ask("GET", f"/v1/c/{community}/pull?{query}", Page)

    def digests(self, community: str, grid: str) -> SubDigests:
        """The digest of a grid in parts."""
        return self._ask("GET", f"/v1/c/{community}/digests?grid={grid}", SubDigests)

    def hashes(self, community: str, grid: str, parts: Sequence[int]) -> Hashes:
        """The rows of some parts of a grid by their hashes."""
        query = f"grid={grid}&parts={','.join(map(str, parts))}"
        return self._ask("GET", f"/v1/c/{community}/hashes?{query}", Hashes)

    def rows(self, community: str, keys: Keys) -> Rows:
        """Some rows."""
        return self._ask("POST", f"/v1/c/{community}/rows", Rows, keys)

    def diverged(self, told: Diverged) -> None:
        """Tell that this device cannot be brought to agree."""
        self._ask("POST", "/v1/diverged", Diverged, told)

    def history(self, community: str, kind: str, record_id: str) -> History:
        """What was done to a record, from the beginning."""
        return self._ask("GET", f"/v1/c/{community}/history/{kind}/{record_id}", History)

    def snapshot(self, community: str) -> SnapshotOffer:
        """Ask for a snapshot of what is visible."""
        return self._ask("GET", f"/v1/c/{community}/snapshot", SnapshotOffer)

    def download(self, snapshot_id: str, start: int) -> Iterator[bytes]:
        """The bytes of a snapshot file from `start` on."""
        headers = {"Range": f"bytes={start}-", "Accept-Encoding": "identity"}
        with (
            reaching(),
            self._client.stream("GET", f"/v1/snapshots/{snapshot_id}", headers=headers) as answer,
        ):
            if answer.status_code >= 400:
                answer.read()
                raise _refusal(answer)
            yield from answer.iter_raw()

    def purged(self, receipt: PurgeReceipt) -> Receipt:
        """Tell what was removed after a change of scope."""
        return self._ask("POST", "/v1/purged", Receipt, receipt)

    def hand_in(self, device: str, secret: str, upload: LastUpload) -> Quarantined:
        """The last upload of a device that is shut out."""
        own = {"Authorization": f"Device {device} {secret}"}
        return self._ask("POST", "/v1/quarantine", Quarantined, upload, own)

    def send_piece(self, content: Content, offset: int, piece: bytes) -> Kept:
        """Send a part of the content of an attachment."""
        path = _blob(content.community, content.attachment, content.sha256)
        path += f"&offset={offset}&size={content.size}"
        with reaching():
            answer = self._client.request("PATCH", path, content=piece)
        return _read(answer, Kept)

    def content(self, community: str, attachment: str, sha256: str) -> bytes:
        """The content of an attachment."""
        with reaching():
            answer = self._client.get(_blob(community, attachment, sha256))
        if answer.status_code >= 400:
            raise _refusal(answer)
        return answer.content

    def events(self) -> Iterator[News]:
        """What the server says is new, as it says it; ends when the server or the network does.

        Silence that is longer than two heartbeats counts as a network that is gone.
        """
        import httpx

        timeout = httpx.Timeout(LISTENING, connect=CONNECT)
        with reaching(), self._client.stream("GET", "/v1/events", timeout=timeout) as answer:
            if answer.status_code >= 400:
                answer.read()
                raise _refusal(answer)
            connection = answer.extensions.get("network_stream")
            self._listening = connection.get_extra_info("socket") if connection else None
            for line in answer.iter_lines():
                if line.startswith("data: "):
                    yield _news(line.removeprefix("data: "))

    def _ask(
        self,
        method: str,
        path: str,
        expected: type[T],
        message: object = None,
        own: Mapping[str, str] | None = None,
    ) -> T:
        headers = {"Content-Type": "application/json", **(own or {})}
        body = b"" if message is None else msgspec.json.encode(message)
        if len(body) > COMPRESS_FROM:
            body = zstandard.ZstdCompressor(write_checksum=True).compress(body)
            headers["Content-Encoding"] = "zstd"
        with reaching():
            answer = self._client.request(method, path, content=body, headers=headers)
        return _read(answer, expected)


def _news(text: str) -> News:
    try:
        return msgspec.json.decode(text, type=News)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise Offline("网络传输的内容不完整，稍后会自动重试") from error


def _read(answer: "httpx.Response", expected: type[T]) -> T:
    if answer.status_code >= 400:
        raise _refusal(answer)
    try:
        return msgspec.json.decode(answer.content, type=expected)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _unreadable(answer) from error


def _blob(community: str, attachment: str, sha256: str) -> str:
    return f"/v1/c/{community}/blobs/{sha256}?attachment={attachment}"


def _unreadable(answer: "httpx.Response") -> KnownError:
    if is_web_page(answer):
        return web_page()
    return KnownError("服务器的回答无法识别，请确认服务器地址是否正确")


def _refusal(answer: "httpx.Response") -> KnownError:
    wait = _seconds(answer.headers.get("Retry-After", ""))
    try:
        problem = msgspec.json.decode(answer.content, type=Problem)
    except (msgspec.DecodeError, UnicodeDecodeError):
        if answer.status_code >= 500 and answer.status_code != _PORTAL:
            sentence = "服务器暂时不能处理，稍后会自动重试；已录入的内容都在本机"
            return Offline(sentence, retry_after=wait)
        return _unreadable(answer)
    if answer.status_code in (429, 503):
        return Offline(problem.sentence, retry_after=wait)
    if problem.code in _PASSWORD_HELPS:
        return SignInRefusal(problem, answer.status_code)
    return ServerRefusal(problem, answer.status_code)


def _seconds(text: str) -> int:
    return min(int(text), _LONGEST_WAIT) if text.isascii() and text.isdigit() else 0
