"""时钟: where the time comes in, so that tests and replays can hold it still."""

import datetime as dt
from typing import Protocol

BEIJING = dt.timezone(dt.timedelta(hours=8), "北京时间")


class Clock(Protocol):
    """Something that knows the present moment, in UTC."""

    def now(self) -> dt.datetime:
        """The present moment, aware, in UTC."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> dt.datetime:
        """The present moment, aware, in UTC."""
        return dt.datetime.now(dt.UTC)


class FixedClock:
    """A clock that moves only when told to."""

    def __init__(self, at: dt.datetime) -> None:
        self.at = at

    def now(self) -> dt.datetime:
        """The moment it was set to."""
        return self.at

    def advance(self, **parts: float) -> None:
        """Move on by `timedelta(**parts)`."""
        self.at += dt.timedelta(**parts)


def today(clock: Clock) -> dt.date:
    """The calendar day in Beijing, where all our users are."""
    return clock.now().astimezone(BEIJING).date()


def moment_text(at: dt.datetime) -> str:
    """A moment as people read it: 2026年7月1日 09:35, in Beijing time."""
    local = at.astimezone(BEIJING)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
