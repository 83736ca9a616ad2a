"""Bad connections, over the real transport: each its own sentence, nothing unsent is touched."""

import contextlib
import datetime as dt
import http.server
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from cryptography import x509

from sqzl_desktop.app import DeviceOpener, DeviceSession
from sqzl_desktop.base.errors import KnownError, Offline
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.protocol import version
from sqzl_desktop.server.tables import ACCOUNT, DEVICE, TOKEN
from sqzl_desktop.services import elements
from sqzl_desktop.sync.reaching import NotTrusted
from sqzl_desktop.sync.transport import HttpTransport
from tests.certificates import Authority, self_signed
from tests.field import PASSWORD, Field
from tests.places import GRID

LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
PORTAL = (
    b"<!DOCTYPE html><html><title>WiFi</title><body>\xe8\xaf\xb7\xe7\x99\xbb\xe5\xbd\x95</body>"
)


class _Through(http.server.BaseHTTPRequestHandler):
    """Hands what it is asked to the application of the field, or answers with a page."""

    protocol_version = "HTTP/1.1"
    client: httpx.Client | None = None
    page: tuple[int, bytes] = (200, PORTAL)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if self.client is None:
            self._say(self.page[0], {"Content-Type": "text/html"}, self.page[1])
            return
        answer = self.client.request(
            self.command, self.path, content=body, headers=dict(self.headers)
        )
        self._say(answer.status_code, {"Content-Type": "application/json"}, answer.content)

    do_GET = do_POST  # noqa: N815 - its name

    def _say(self, status: int, headers: dict[str, str], content: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_words: object) -> None:
        """Keep quiet."""


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_who: object) -> None:
        """A client that does not trust us hangs up: that is what is tested."""


@contextlib.contextmanager
def listening(context: ssl.SSLContext | None, **handler: object) -> Iterator[str]:
    """A server on a free port for as long as the block; its address."""
    made = _Server(("127.0.0.1", 0), type("Handler", (_Through,), handler))
    if context:
        made.socket = context.wrap_socket(made.socket, server_side=True)
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"{'https' if context else 'http'}://127.0.0.1:{made.server_address[1]}"
    finally:
        made.shutdown()
        made.server_close()
        thread.join()


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def wang(laptops: Callable[..., DeviceSession]) -> DeviceSession:
    """A laptop with one unsent change."""
    session = laptops("wang", "A")
    elements.save(session.ws, Resident(name="马小明", grid_id=GRID))
    return session


def refusal(laptop: DeviceSession, address: str, ca: str = "") -> KnownError:
    """What the laptop hears when its server is at that address; its outbox is untouched."""
    opener = DeviceOpener(laptop.ws.clock, lambda _server: HttpTransport(address, ca=ca))
    session = opener.unlock(laptop.ws.store.folder, PASSWORD)
    try:
        with pytest.raises(KnownError) as raised:
            session.sync()
        state = session.sync_state()
        assert (state.pending, state.problem) == (1, str(raised.value))
        assert state.online is not isinstance(raised.value, Offline)
        return raised.value
    finally:
        session.close()


def test_self_signed_certificate_is_not_trusted(wang: DeviceSession, tmp_path: Path) -> None:
    with listening(self_signed(tmp_path)) as address:
        error = refusal(wang, address)

    assert isinstance(error, NotTrusted)
    assert "不是可信机构签发" in str(error)


def test_certificate_of_another_host_is_not_trusted(
    wang: DeviceSession, tmp_path: Path, authority: Authority
) -> None:
    context = authority.signed(tmp_path, name=x509.DNSName("sync.example.cn"))
    with listening(context) as address:
        error = refusal(wang, address, str(authority.file))

    assert isinstance(error, NotTrusted)
    assert "证书与地址不符" in str(error)


def test_expired_certificate_is_not_trusted(
    wang: DeviceSession, tmp_path: Path, authority: Authority
) -> None:
    with listening(authority.signed(tmp_path, until=LONG_AGO)) as address:
        error = refusal(wang, address, str(authority.file))

    assert isinstance(error, NotTrusted)
    assert "证书已过期" in str(error)


def test_server_without_encryption_behind_a_secure_address_is_told(wang: DeviceSession) -> None:
    with listening(None) as address:
        error = refusal(wang, address.replace("http:", "https:"))

    assert isinstance(error, NotTrusted)
    assert "没有用加密方式" in str(error)


def test_authority_of_ones_own_is_kept_with_the_data(
    field: Field, tmp_path: Path, authority: Authority
) -> None:
    client = field.connect("")._client
    with listening(authority.signed(tmp_path), client=client) as address:
        opener = DeviceOpener(field.clock)
        enrolled = {"server": address, "account": "wang", "password": PASSWORD}
        with pytest.raises(NotTrusted):
            opener.enrol(tmp_path / "B", **enrolled)
        opener.enrol(tmp_path / "B", **enrolled, ca=str(authority.file)).close()
        authority.file.unlink()

        session = opener.unlock(tmp_path / "B", PASSWORD)
        assert session.sync().pulled > 0
        session.close()
        (tmp_path / "B" / "ca.pem").unlink()
        session = opener.unlock(tmp_path / "B", PASSWORD)
        with pytest.raises(NotTrusted):
            session.sync()
        session.close()


@pytest.mark.parametrize("content", [None, b"not a certificate"])
def test_file_that_holds_no_certificate_is_said(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "ca.pem").write_bytes(content)

    with pytest.raises(KnownError, match="读不出 CA 证书文件"):
        HttpTransport("https://server", ca=str(tmp_path / "ca.pem"))


@pytest.mark.parametrize("status", [200, 302, 403, 511])
def test_sign_in_page_of_a_public_network_is_told(wang: DeviceSession, status: int) -> None:
    with listening(None, page=(status, PORTAL)) as address:
        error = refusal(wang, address)

    assert isinstance(error, Offline)
    assert "请先在浏览器里登录网络" in str(error)


def test_server_that_cannot_be_found_is_told(wang: DeviceSession) -> None:
    error = refusal(wang, "http://nowhere.invalid")

    assert isinstance(error, Offline)
    assert "找不到服务器" in str(error)


def test_server_that_is_not_running_is_told(wang: DeviceSession) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    error = refusal(wang, f"http://127.0.0.1:{port}")

    assert isinstance(error, Offline)
    assert "没有开启服务" in str(error)


def test_server_that_does_not_answer_in_time_is_told(wang: DeviceSession) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        client = httpx.Client(base_url=address, timeout=0.2)
        opener = DeviceOpener(wang.ws.clock, lambda _server: HttpTransport(address, client))
        session = opener.unlock(wang.ws.store.folder, PASSWORD)
        with pytest.raises(Offline, match="太慢"):
            session.sync()
        assert session.sync_state().pending == 1
        session.close()


def server_says(field: Field, change: sa.Update | sa.Delete) -> None:
    field.app.state.database.writing(lambda connection: connection.execute(change))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (sa.update(DEVICE).values(revoked="2026-06-30T02:00:00Z"), "本机已被停用"),
        (sa.update(ACCOUNT).values(disabled=1), "该账号已停用"),
    ],
)
def test_shut_out_device_is_told_and_keeps_its_work(
    field: Field, wang: DeviceSession, change: sa.Update, words: str
) -> None:
    server_says(field, change)

    with pytest.raises(KnownError, match=words):
        wang.sync()

    state = wang.sync_state()
    assert (state.pending, state.online) == (1, True)
    assert words in state.problem


def test_expired_token_is_renewed_without_a_word(field: Field, wang: DeviceSession) -> None:
    server_says(field, sa.delete(TOKEN))

    assert wang.sync().pushed == 1
    assert wang.sync_state().problem == ""


@pytest.mark.parametrize(("number", "words"), [(0, "本机程序版本过旧"), (99, "服务器版本过旧")])
def test_older_and_newer_protocol_say_which_side_to_update(
    wang: DeviceSession, number: int, words: str
) -> None:
    transport = wang._transport
    assert isinstance(transport, HttpTransport)
    transport._client.headers[version.HEADER] = str(number)

    with pytest.raises(KnownError, match=words):
        wang.sync()

    assert wang.sync_state().pending == 1
    assert words in wang.sync_state().problem


def test_problem_is_forgotten_when_a_round_succeeds(field: Field, wang: DeviceSession) -> None:
    field.network.is_up = False
    with pytest.raises(Offline):
        wang.sync()
    assert wang.sync_state().problem

    field.network.is_up = True
    wang.sync()

    assert wang.sync_state().problem == ""
