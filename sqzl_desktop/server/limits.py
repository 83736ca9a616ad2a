"""限速: how much one device may ask of one server process, generous to every honest one."""

import collections
import dataclasses
import math
import threading
import time
from collections.abc import Callable, Mapping

from sqzl_desktop.server.refusals import Refusal

MOST_BUCKETS = 50_000


@dataclasses.dataclass(frozen=True, slots=True)
class Rate:
    """A bucket that holds `burst` requests and gets `a_second` of them back every second."""

    burst: int
    a_second: float


# a street's import of 300,000 records is 600 pushes in a row; a page of the log is 1,000 rows
RATES: Mapping[str, Rate] = {
    "push": Rate(600, 2.0),
    "read": Rate(1200, 5.0),
    "snapshot": Rate(60, 0.2),
    "token": Rate(300, 2.0),
}


@dataclasses.dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class Limits:
    """Token buckets by device and kind of request, in the memory of this process only.

    Measured by the machine's steady clock: a wall clock that is set must not open or shut the gate.
    """

    def __init__(
        self, rates: Mapping[str, Rate] = RATES, steady: Callable[[], float] = time.monotonic
    ) -> None:
        self._rates = rates
        self._steady = steady
        self._buckets: collections.OrderedDict[tuple[str, str], _Bucket] = collections.OrderedDict()
        self._guard = threading.Lock()

    def check(self, device: str, what: str) -> None:
        """Count a request; a Refusal where the device must wait."""
        wait = self.take(device, what)
        if wait:
            sentence = f"本机的请求过于频繁，{wait}秒后会自动重试；已录入的内容都在本机"
            raise Refusal(429, "WAIT", sentence, retry_after=wait)

    def take(self, device: str, what: str) -> int:
        """Seconds to wait before such a request may be made; 0 lets it through and counts it."""
        rate = self._rates.get(what)
        if rate is None:
            return 0
        now = self._steady()
        with self._guard:
            bucket = self._buckets.setdefault((device, what), _Bucket(rate.burst, now))
            self._buckets.move_to_end((device, what))
            if len(self._buckets) > MOST_BUCKETS:
                self._buckets.popitem(last=False)
            bucket.left = min(rate.burst, bucket.left + (now - bucket.at) * rate.a_second)
            bucket.at = now
            if bucket.left < 1:
                return math.ceil((1 - bucket.left) / rate.a_second)
            bucket.left -= 1
            return 0
