"""指标: what happened since the process started, in the text format of Prometheus."""

import bisect
import collections
import threading
from collections.abc import Callable, Iterable
from typing import NamedTuple

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BOUNDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0)

COUNTERS = {
    "sqzl_requests_total": "Requests answered, by method, route and status",
    "sqzl_refusals_total": "Requests refused, by code; PASSWORD, DEVICE, STOLEN: refused logins",
    "sqzl_operations_total": "Operations answered, by outcome",
    "sqzl_rows_pulled_total": "Entries of the log sent to devices",
    "sqzl_bytes_sent_total": "Bytes of answers, without their headers",
}
GAUGES = {
    "sqzl_requests_in_work": "Requests being answered now",
    "sqzl_connections_in_use": "Database connections in use now",
    "sqzl_password_hashes_waiting": "Sign-ins whose password is being hashed or waits for it",
}
_SECONDS = "sqzl_request_seconds"

Labels = tuple[tuple[str, str], ...]


class _Sample(NamedTuple):
    name: str
    labels: Labels


class Metrics:
    """Counters and a histogram of times; safe from every thread.

    `gauges` are functions of those who know: what is to be told of the moment of a scrape.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._counts: collections.Counter[_Sample] = collections.Counter()
        self._buckets: dict[str, list[int]] = {}
        self._seconds: dict[str, float] = {}
        self.gauges: dict[str, Callable[[], float]] = {}

    def count(self, name: str, by: int = 1, **labels: str) -> None:
        """Count something of `COUNTERS`. Labels are ours, never what somebody sent."""
        sample = _Sample(name, tuple(labels.items()))
        with self._guard:
            self._counts[sample] += by

    def took(self, route: str, seconds: float) -> None:
        """Note how long an answer took."""
        with self._guard:
            buckets = self._buckets.setdefault(route, [0] * (len(BOUNDS) + 1))
            buckets[bisect.bisect_left(BOUNDS, seconds)] += 1
            self._seconds[route] = self._seconds.get(route, 0.0) + seconds

    def text(self) -> str:
        """Everything, as a scrape wants it."""
        with self._guard:
            counts = sorted(self._counts.items())
            buckets = {route: list(each) for route, each in sorted(self._buckets.items())}
            seconds = dict(self._seconds)
        lines: list[str] = []
        for name, told in COUNTERS.items():
            lines += _head(name, told, "counter")
            mine = ((sample.labels, n) for sample, n in counts if sample.name == name)
            lines += (_line(name, labels, number) for labels, number in mine)
        for name, told in GAUGES.items():
            lines += _head(name, told, "gauge")
            if name in self.gauges:
                lines.append(_line(name, (), self.gauges[name]()))
        lines += _head(_SECONDS, "Seconds until the answer was sent, by route", "histogram")
        for route, each in buckets.items():
            lines += _histogram(route, each, seconds[route])
        return "\n".join(lines) + "\n"


def _histogram(route: str, buckets: list[int], seconds: float) -> Iterable[str]:
    labels: Labels = (("route", route),)
    total = 0
    for bound, number in zip((*BOUNDS, "+Inf"), buckets, strict=True):
        total += number
        yield _line(f"{_SECONDS}_bucket", (*labels, ("le", str(bound))), total)
    yield _line(f"{_SECONDS}_sum", labels, round(seconds, 6))
    yield _line(f"{_SECONDS}_count", labels, total)


def _head(name: str, told: str, kind: str) -> list[str]:
    return [f"# HELP {name} {told}", f"# TYPE {name} {kind}"]


def _line(name: str, labels: Labels, value: float) -> str:
    inside = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels)
    return f"{name}{{{inside}}} {value}" if inside else f"{name} {value}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
