"""The two threads that call for rounds: with a server that speaks, is silent, or is not there."""

import queue
import threading
from collections.abc import Iterator

import pytest

from sqzl_desktop.base.errors import Offline
from sqzl_desktop.protocol.messages import News
from sqzl_desktop.sync.wake import Waker

PATIENCE = 20


class Ear:
    """What a test says the server says; None cuts the connection."""

    def __init__(self) -> None:
        self.said: queue.Queue[News | None] = queue.Queue()
        self.opened: queue.Queue[int] = queue.Queue()
        self.cursor = 0
        self.waiting = 0

    def listen(self) -> Iterator[News]:
        self.opened.put(1)
        while (news := self.said.get()) is not None:
            yield news
        raise Offline("连不上服务器")

    def is_behind(self, news: News) -> bool:
        return news.seq > self.cursor

    def unsent(self) -> int:
        return self.waiting


class Rounds:
    """Begins and ends rounds when it is called for one."""

    def __init__(self) -> None:
        self.calls: queue.Queue[int] = queue.Queue()

    def __call__(self) -> None:
        self.calls.put(1)

    def next(self) -> None:
        self.calls.get(timeout=PATIENCE)


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
def rounds() -> Rounds:
    return Rounds()


@pytest.fixture
def waker(ear: Ear, rounds: Rounds) -> Iterator[Waker]:
    made = Waker(ear, rounds)
    made.start()
    rounds.next()  # the first is due at once
    made.begun()
    made.done()
    yield made
    made.stop()
    ear.said.put(None)
    made.join(PATIENCE)
    assert not [each for each in threading.enumerate() if each.name.startswith("sync-")]


def test_word_from_the_server_calls_for_a_round(waker: Waker, ear: Ear, rounds: Rounds) -> None:
    assert waker
    ear.said.put(News("640104001002", 5))

    rounds.next()


def test_what_is_known_already_calls_for_nothing(waker: Waker, ear: Ear, rounds: Rounds) -> None:
    assert waker
    ear.cursor = 5
    ear.said.put(News("640104001002", 5))
    ear.said.put(News("640104001002", 6))

    rounds.next()

    assert rounds.calls.empty()


def test_saving_calls_for_a_round(waker: Waker, ear: Ear, rounds: Rounds) -> None:
    ear.waiting = 1
    waker.saved()

    rounds.next()


def test_news_during_a_round_that_it_did_not_bring_calls_for_one_more(
    waker: Waker, ear: Ear, rounds: Rounds
) -> None:
    waker.begun()
    ear.said.put(News("640104001002", 5))
    ear.said.put(None)
    ear.opened.get(timeout=PATIENCE)
    waker.done()
    ear.opened.get(timeout=PATIENCE)  # it listens again: the news was heard

    rounds.next()


def test_broken_stream_is_opened_again_and_a_round_looks_at_the_network(
    waker: Waker, ear: Ear, rounds: Rounds
) -> None:
    assert waker
    ear.opened.get(timeout=PATIENCE)
    ear.cursor = 9
    ear.said.put(News("640104001002", 1))
    ear.said.put(None)

    rounds.next()
    ear.opened.get(timeout=PATIENCE)


def test_failed_round_is_tried_again(waker: Waker, rounds: Rounds) -> None:
    waker.begun()
    waker.failed()

    rounds.next()
