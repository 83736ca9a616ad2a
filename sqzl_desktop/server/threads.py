"""线程: requests of one kind wait in a line of their own, so that no kind starves another."""

from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import RunVar

T = TypeVar("T")
_limiters: RunVar[dict[str, CapacityLimiter]] = RunVar("limiters")  # one set per event loop


class Lines:
    """How many requests of each kind are worked on at once; together as many as connections.

    A thread that waits for a connection helps nobody, and one is kept for the question whether the
    server lives.
    """

    def __init__(self, connections: int) -> None:
        self._most = {
            "push": connections // 2,
            "snapshot": max(connections // 8, 1),
            "sign_in": max(connections // 16, 1),
            "health": 1,
        }
        others = 2  # what looks for news and writes down attachments
        self._most["read"] = max(connections - sum(self._most.values()) - others, 1)

    async def run(self, line: str, work: Callable[[], T]) -> T:
        """Do `work` in a thread, when its turn in the line has come."""
        try:
            limiters = _limiters.get()
        except LookupError:
            limiters = {}
            _limiters.set(limiters)
        limiter = limiters.setdefault(line, CapacityLimiter(self._most[line]))
        return await to_thread.run_sync(work, limiter=limiter)
