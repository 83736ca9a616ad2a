"""唤醒: calls for a round when one is due; hears from the server when there is something new.

Two threads of its own: one waits for the next due moment, one listens to the stream of events. If
the listener hears nothing or cannot, rounds come by the clock all the same: events only save time.
"""

import random
import threading
import time
from collections.abc import Callable, Iterator
from typing import Protocol

from sqzl_desktop.base.errors import KnownError
from sqzl_desktop.protocol.messages import News
from sqzl_desktop.sync.schedule import Schedule, reconnect_pause


class Ear(Protocol):
    """What the listener needs of the sync engine."""

    def listen(self) -> Iterator[News]:
        """What the server says is new; ends or raises KnownError when the connection does."""
        ...

    def is_behind(self, news: News) -> bool:
        """Is that new to this device?"""
        ...

    def unsent(self) -> int:
        """How much of this device's work the server has not got."""
        ...


class Waker:
    """Calls `due()` whenever a round should begin, from a thread of its own."""

    def __init__(self, ear: Ear, due: Callable[[], None]) -> None:
        self._ear = ear
        self._due = due
        self._changed = threading.Condition()
        self._stopped = threading.Event()
        self._back = threading.Event()  # the network is there: listen again at once
        self._schedule = Schedule(time.monotonic())
        self._heard: dict[str, News] = {}
        self._threads = [
            threading.Thread(target=self._keep_time, name="sync-time", daemon=True),
            threading.Thread(target=self._keep_listening, name="sync-events", daemon=True),
        ]

    def start(self) -> None:
        """Begin; the first round is due at once."""
        for each in self._threads:
            each.start()

    def stop(self) -> None:
        """No more calls after this. The listener ends when its connection does."""
        self._stopped.set()
        self._back.set()
        with self._changed:
            self._changed.notify_all()

    def join(self, seconds: float) -> None:
        """Wait a little for both threads; hang up first."""
        for each in self._threads:
            each.join(seconds)

    def saved(self) -> None:
        """Something was written to the store."""
        unsent = self._ear.unsent()
        self._now(lambda known, now: known.saved(now, unsent))

    def begun(self) -> None:
        """A round has begun, whoever asked for it."""
        self._now(lambda known, _now: known.begun())

    def done(self) -> None:
        """It went well. What was heard meanwhile may call for another one."""
        self._back.set()
        unsent = self._ear.unsent()
        self._now(lambda known, now: known.done(now, random.random(), unsent))
        heard, self._heard = list(self._heard.values()), {}
        if any(self._ear.is_behind(news) for news in heard):
            self._wake()  # once: what a round could not take in is left to the clock

    def failed(self) -> None:
        """It failed."""
        self._now(lambda known, now: known.failed(now, random.random()))

    def _now(self, change: Callable[[Schedule, float], Schedule]) -> None:
        with self._changed:
            self._schedule = change(self._schedule, time.monotonic())
            self._changed.notify_all()

    def _keep_time(self) -> None:
        while True:
            with self._changed:
                if self._stopped.is_set():
                    return
                pause = self._schedule.wait(time.monotonic())
                if pause is None or pause > 0:
                    self._changed.wait(pause)
                    continue
                self._schedule = self._schedule.called(time.monotonic())
            self._due()

    def _keep_listening(self) -> None:
        failures = 0
        while True:
            was_open = False
            try:
                for news in self._ear.listen():
                    failures, was_open = 0, True
                    self._take(news)
            except KnownError:
                failures += 1
            if was_open:
                self._wake()  # a round tells soonest whether the network is gone
            self._back.clear()
            if self._stopped.is_set():
                return
            self._back.wait(reconnect_pause(failures, random.random()))

    def _take(self, news: News) -> None:
        if not self._stopped.is_set() and self._ear.is_behind(news):
            self._heard[news.community] = news
            self._wake()

    def _wake(self) -> None:
        self._now(lambda known, now: known.woken(now, random.random()))
