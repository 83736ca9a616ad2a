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


def test_refusal_keeps_code_and_sentence() -> None:
    problem = Problem("SCOPE", "负责范围已变动", 3)

    with pytest.raises(ServerRefusal, match="负责范围已变动") as raised:
        answering(httpx.Response(409, content=msgspec.json.encode(problem))).token(ASK)

    assert (raised.value.code, raised.value.expected, raised.value.status) == ("SCOPE", 3, 409)


@pytest.mark.parametrize("address", ["ftp://server", "no scheme", "http://", ""])
def test_address_that_is_none_is_said(address: str) -> None:
    with pytest.raises(KnownError):
        HttpTransport(address).token(ASK)
