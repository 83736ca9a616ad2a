"""The way to the server: whatever comes back is a message or a sentence."""

import httpx
import msgspec
import pytest

from sqzl_desktop.base.errors import KnownError, Offline
from sqzl_desktop.protocol import version
from sqzl_desktop.protocol.messages import Problem, TokenRequest
from sqzl_desktop.sync.transport import HttpTransport, ServerRefusal

ASK = TokenRequest("device", "secret")


def answering(answer: httpx.Response | Exception) -> HttpTransport:
    """A transport whose server always answers the same."""

    def respond(request: httpx.Request) -> httpx.Response:
        assert request.headers[version.HEADER] == str(version.PROTOCOL)
        if isinstance(answer, Exception):
            raise answer
        return answer

    client = httpx.Client(base_url="http://server", transport=httpx.MockTransport(respond))
    return HttpTransport("http://server", client)


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, text="<html>某某网站</html>"),
        httpx.Response(200, json={"access": 5}),
        httpx.Response(404, text="<html>nothing here</html>"),
        httpx.Response(200, content=b"\xff\xfe\x00"),
        httpx.Response(200, content=b'{"access":"\x8f","expires_in":1}'),
        httpx.Response(404, content=b'{"code":"\x8f"}'),
    ],
)
def test_another_server_is_told_by_its_answer(answer: httpx.Response) -> None:
    with pytest.raises(KnownError, match="服务器地址是否正确"):
        answering(answer).token(ASK)


@pytest.mark.parametrize(
    "answer",
    [
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("slow"),
        httpx.ReadError("cut"),
        httpx.RemoteProtocolError("half an answer"),
        httpx.Response(502, text="bad gateway"),
        httpx.Response(503, content=msgspec.json.encode(Problem("BUSY", "服务器正忙，稍后再试"))),
        httpx.DecodingError("not gzip at all"),
    ],
)
def test_what_passes_is_offline(answer: httpx.Response | Exception) -> None:
    with pytest.raises(Offline):
        answering(answer).token(ASK)


@pytest.mark.parametrize(("header", "seconds"), [("7", 7), ("", 0), ("soon", 0), ("9" * 30, 3600)])
@pytest.mark.parametrize("status", [429, 503])
def test_server_that_wants_to_be_left_alone_is_offline_for_so_long(
    status: int, header: str, seconds: int
) -> None:
    content = msgspec.json.encode(Problem("WAIT", "请求过于频繁，稍后会自动重试"))
    answer = httpx.Response(status, content=content, headers={"Retry-After": header})

    with pytest.raises(Offline, match="请求过于频繁") as raised:
        answering(answer).token(ASK)

    assert raised.value.retry_after == seconds


@pytest.mark.parametrize("line", [b"data: {", b"data: [1]", b"data: \xff", b'data: {"seq":"x"}'])
def test_garbled_event_ends_the_stream_as_a_network_does(line: bytes) -> None:
    told = b'data: {"community":"640104001001","seq":7}'
    heard = answering(httpx.Response(200, content=told + b"\n\n" + line + b"\n\n")).events()

    assert next(heard).seq == 7
    with pytest.raises(Offline):
        next(heard)


def test_refusal_keeps_code_and_sentence() -> None:
    problem = Problem("SCOPE", "负责范围已变动", 3)

    with pytest.raises(ServerRefusal, match="负责范围已变动") as raised:
        answering(httpx.Response(409, content=msgspec.json.encode(problem))).token(ASK)

    assert (raised.value.code, raised.value.expected, raised.value.status) == ("SCOPE", 3, 409)


@pytest.mark.parametrize("address", ["ftp://server", "no scheme", "http://", ""])
def test_address_that_is_none_is_said(address: str) -> None:
    with pytest.raises(KnownError):
        HttpTransport(address).token(ASK)
