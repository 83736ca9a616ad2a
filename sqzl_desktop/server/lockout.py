"""锁定: guessing passwords becomes slow, account by account, and never for ever."""

import collections
import dataclasses
import threading

from sqzl_desktop.base.clock import Clock

FREE_TRIES = 5
LONGEST_SECONDS = 15 * 60
MOST_NAMES = 10_000


@dataclasses.dataclass(slots=True)
class _Tries:
    count: int = 0
    open_at: float = 0.0


class Lockout:
    """Counts the tries since an account's last success; kept in memory only."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._tries: collections.OrderedDict[str, _Tries] = collections.OrderedDict()
        self._guard = threading.Lock()

    def begin(self, account: str) -> int:
        """Seconds to wait before this try may be made; 0 lets it through and counts it.

        A try counts before its outcome is known, so that a thousand at once are not all free.
        """
        now = self._clock.now().timestamp()
        with self._guard:
            tries = self._tries.setdefault(account, _Tries())
            self._tries.move_to_end(account)
            if len(self._tries) > MOST_NAMES:
                self._tries.popitem(last=False)
            if now < tries.open_at:
                return int(tries.open_at - now) + 1
            tries.count += 1
            if tries.count >= FREE_TRIES:
                tries.open_at = now + min(2.0 ** (tries.count - FREE_TRIES + 1), LONGEST_SECONDS)
            return 0

    def succeed(self, account: str) -> None:
        """The password was right: forget what went before."""
        with self._guard:
            self._tries.pop(account, None)
