"""连接: why the server was not reached; each cause has a sentence of its own, with what to do."""

import contextlib
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from sqzl_desktop.base.errors import KnownError, Offline

if TYPE_CHECKING:
    import httpx

_KEPT = "；已录入的内容都在本机，恢复后会自动上报"
_ASK = "，请联系信息管理人员；已录入的内容都在本机，没有上报"

# OpenSSL's X509_V_ERR_*
_NOT_YET_VALID, _EXPIRED, _HOSTNAME, _ADDRESS = 9, 10, 62, 64
_UNTRUSTED = (18, 19, 20, 21)


class NotTrusted(KnownError):
    """Whoever answers does not prove to be our server. It does not heal by waiting."""


@contextlib.contextmanager
def reaching() -> Iterator[None]:
    """Whatever keeps us from the server inside is said as Offline, NotTrusted or KnownError."""
    import httpx

    try:
        yield
    except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise KnownError("服务器地址不正确，应类似 https://sync.example.cn:8443") from error
    except httpx.DecodingError as error:
        raise Offline("网络传输的内容不完整，稍后会自动重试") from error
    except httpx.TransportError as error:
        raise _told(error) from error


def trusting(ca: str) -> ssl.SSLContext:
    """Trust what this computer trusts, and the authority whose certificate is in the file `ca`."""
    context = ssl.create_default_context()
    try:
        context.load_verify_locations(Path(ca))
    except (OSError, ssl.SSLError) as error:
        raise KnownError(
            f"读不出 CA 证书文件 {ca}，请确认它是 PEM 格式的证书，且没有被移走"
        ) from error
    return context


def is_web_page(answer: "httpx.Response") -> bool:
    """Did something answer that is made for browsers: a sign-in page of the network, a website?"""
    kind = answer.headers.get("Content-Type", "")
    start = answer.content[:1000].lstrip().lower()
    return answer.is_redirect or kind.startswith("text/html") or start.startswith((b"<!", b"<html"))


def web_page() -> Offline:
    """What is said then."""
    return Offline(
        "收到的是网页，不是同步服务器的回答。如果正在用公共网络，请先在浏览器里登录网络；"
        f"否则请确认服务器地址是否正确{_KEPT}"
    )


def _told(error: "httpx.TransportError") -> KnownError:
    import httpx

    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return NotTrusted(_certificate(cause))
        if isinstance(cause, ssl.SSLError):
            return NotTrusted(
                "服务器没有用加密方式（https）应答，请核对服务器地址和端口"
                "；已录入的内容都在本机，没有上报"
            )
        if isinstance(cause, socket.gaierror):
            return Offline(f"找不到服务器：请检查网络是否连接、服务器地址是否写对{_KEPT}")
        if isinstance(cause, ConnectionRefusedError):
            return Offline(f"连不上服务器：对方没有开启服务，可能正在维护{_KEPT}")
    if isinstance(error, httpx.ProxyError):
        return Offline(f"连不上服务器：网络代理没有接通，请检查电脑的代理设置{_KEPT}")
    if isinstance(error, httpx.ConnectTimeout):
        return Offline(f"连不上服务器：没有响应，网络可能不通或太慢{_KEPT}")
    if isinstance(error, httpx.TimeoutException):
        return Offline(f"服务器的回答太慢，没有等到{_KEPT}")
    return Offline(f"连不上服务器：连接中断{_KEPT}")


def _certificate(error: ssl.SSLCertVerificationError) -> str:
    code = error.verify_code
    if code == _EXPIRED:
        return f"服务器的证书已过期（或本机时钟不准），为安全起见没有连接{_ASK}"
    if code == _NOT_YET_VALID:
        return f"服务器的证书还没有生效，本机时钟可能慢了，请先校准时间{_ASK}"
    if code in (_HOSTNAME, _ADDRESS):
        return f"服务器的证书与地址不符，可能有人冒充，为安全起见没有连接{_ASK}"
    if code in _UNTRUSTED:
        return (
            "服务器的证书不是可信机构签发的，可能有人冒充，为安全起见没有连接。"
            f"如果单位使用自己的证书机构，请在登录时指定它的 CA 证书文件{_ASK}"
        )
    return f"服务器的证书没有通过检查，为安全起见没有连接{_ASK}"


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__
