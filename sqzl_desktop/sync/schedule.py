"""日程: when the next round is due. Pure: times come in as seconds, chance as numbers 0..1.

Rounds come by themselves every 60 s (+-50 %), 2 s after something was saved, at once when the
server says that there is something new, and after a failure within a time that doubles up to 45 s.
So whatever was missed, a network that is back is used again within a minute.
"""

import dataclasses

EVERY = 60.0
SPREAD = 0.5
AFTER_SAVING = 2.0
WITHIN_WHEN_WOKEN = 1.0  # not every device of a community in the same instant
FIRST_AGAIN = 2.0
LONGEST_AGAIN = 45.0
UNANSWERED = 60.0  # nobody took up the last call for a round
FIRST_RECONNECT = 1.0
LONGEST_RECONNECT = 300.0


@dataclasses.dataclass(frozen=True, slots=True)
class Schedule:
    """When the next round is due, and what is known that decides it.

    `left` is how much was unsent when last looked at: only more of it means something was saved.
    `again` says that something was saved during the round.
    """

    due_at: float
    failures: int = 0
    left: int = 0
    is_running: bool = False
    again: bool = False

    def wait(self, now: float) -> float | None:
        """Seconds until a round is due; None while one is under way."""
        return None if self.is_running else max(0.0, self.due_at - now)

    def called(self, now: float) -> "Schedule":
        """Somebody was asked to begin a round. If nothing comes of it, they are asked again."""
        return dataclasses.replace(self, due_at=now + UNANSWERED)

    def begun(self) -> "Schedule":
        """A round is under way."""
        return dataclasses.replace(self, is_running=True)

    def saved(self, now: float, unsent: int) -> "Schedule":
        """So much is unsent now. After a failure the network decides when, not the typing."""
        if unsent <= self.left:
            return dataclasses.replace(self, left=unsent)
        soon = self.due_at if self.failures else min(self.due_at, now + AFTER_SAVING)
        return dataclasses.replace(self, due_at=soon, left=unsent, again=self.is_running)

    def woken(self, now: float, chance: float) -> "Schedule":
        """The server has something new."""
        return dataclasses.replace(self, due_at=min(self.due_at, now + chance * WITHIN_WHEN_WOKEN))

    def done(self, now: float, chance: float, unsent: int) -> "Schedule":
        """A round went well, and so much is unsent after it."""
        pause = EVERY * (1 + SPREAD * (2 * chance - 1))
        if self.again and unsent:
            pause = AFTER_SAVING
        return Schedule(now + pause, left=unsent)

    def failed(self, now: float, chance: float) -> "Schedule":
        """A round failed; the next one comes at random within a growing time."""
        longest = min(LONGEST_AGAIN, FIRST_AGAIN * 2.0**self.failures)
        return dataclasses.replace(
            self,
            due_at=now + chance * longest,
            failures=min(self.failures + 1, 10),
            is_running=False,
            again=False,
        )


def reconnect_pause(failures: int, chance: float) -> float:
    """Seconds until the stream of events is opened again: full jitter, 1 s to 5 min."""
    longest = min(LONGEST_RECONNECT, FIRST_RECONNECT * 2.0 ** min(failures, 10))
    return max(FIRST_RECONNECT, chance * longest)
