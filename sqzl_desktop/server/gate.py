"""闸口: what every request passes: room for it, a line in the log, a place in the figures."""

import re
import time
from collections.abc import Mapping
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sqzl_desktop.server import journal, wire
from sqzl_desktop.server.metrics import Metrics
from sqzl_desktop.server.refusals import Refusal

MOST_IN_WORK = 128
ALWAYS = ("/health", "/v1/events")  # the first must answer; the second only stays open
FACTS = "state"  # where Starlette keeps what `request.state` holds
_COMMUNITY = re.compile(r"\d{12}", re.ASCII)
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


class Gate:
    """Stands before the application. Holds no more than so many requests at once.

    `routes` maps an endpoint to the template of its address: figures and log name the template,
    since an address itself may hold the id of a resident.
    """

    def __init__(self, app: ASGIApp, *, metrics: Metrics, routes: Mapping[Any, str]) -> None:
        self._app = app
        self._metrics = metrics
        self._routes = routes
        self.in_work = 0
        metrics.gauges["sqzl_requests_in_work"] = lambda: self.in_work

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, count and log."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        facts = scope.setdefault(FACTS, {})
        told = _Told(send)
        started = time.perf_counter()
        app = self._app if self._has_room(scope) else _busy(facts)
        counted = scope["path"] not in ALWAYS
        self.in_work += counted
        try:
            await app(scope, receive, told.send)
        finally:
            self.in_work -= counted
            self._note(scope, facts, told, time.perf_counter() - started)

    def _has_room(self, scope: Scope) -> bool:
        return self.in_work < MOST_IN_WORK or scope["path"] in ALWAYS

    def _note(self, scope: Scope, facts: Mapping[str, Any], told: "_Told", seconds: float) -> None:
        route = self._routes.get(scope.get("endpoint"), "-")
        method = scope["method"] if scope["method"] in _METHODS else "-"
        count = self._metrics.count
        count("sqzl_requests_total", method=method, route=route, status=str(told.status))
        count("sqzl_bytes_sent_total", told.size)
        self._metrics.took(route, seconds)
        code = facts.get("code", "")
        if code:
            count("sqzl_refusals_total", code=code)
        for outcome, number in facts.get("outcomes", {}).items():
            count("sqzl_operations_total", number, outcome=outcome)
        if facts.get("rows"):
            count("sqzl_rows_pulled_total", facts["rows"])
        community = str(scope.get("path_params", {}).get("community", ""))
        journal.request(
            method=method,
            route=route,
            status=told.status,
            ms=round(seconds * 1000, 1),
            device=facts.get("device", ""),
            community=community if _COMMUNITY.fullmatch(community) else "",
            bytes=told.size,
            code=code,
        )


class _Told:
    """Passes an answer on and remembers its status and size."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 0  # stays where the connection broke before an answer
        self.size = 0

    async def send(self, message: Message) -> None:
        """Pass one part on."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
        elif message["type"] == "http.response.body":
            self.size += len(message.get("body", b""))
        await self._send(message)


def _busy(facts: dict[str, Any]) -> ASGIApp:
    facts["code"] = "BUSY"
    return wire.problem(Refusal(503, "BUSY", "服务器正忙，稍后会自动重试", retry_after=3))
