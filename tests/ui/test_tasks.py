"""The one way off the window's thread, and back."""

import sys
import threading
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QObject

from sqzl_desktop.base.errors import Bug, Refused
from sqzl_desktop.ui import tasks

pytestmark = pytest.mark.usefixtures("qapp")


def unexpected(error: object) -> None:
    raise AssertionError(error)


def test_work_runs_elsewhere_and_its_result_comes_back() -> None:
    here, owner = threading.get_ident(), QObject()
    seen: list[Any] = []

    tasks.run(threading.get_ident, lambda there: seen.append((there, threading.get_ident())),
              owner=owner, failed=unexpected)  # fmt: skip
    tasks.wait_idle()

    ((there, back),) = seen
    assert there != here
    assert back == here


def test_refusal_goes_to_whoever_asked() -> None:
    owner, refused = QObject(), []

    def work() -> None:
        raise Refused("不行")

    tasks.run(work, unexpected, owner=owner, failed=refused.append)
    tasks.wait_idle()

    assert [str(each) for each in refused] == ["不行"]


def test_mistake_of_ours_goes_to_the_excepthook(monkeypatch: pytest.MonkeyPatch) -> None:
    owner, seen = QObject(), []
    monkeypatch.setattr(sys, "excepthook", lambda kind, _error, _trace: seen.append(kind))

    def work() -> None:
        raise Bug("ours")

    tasks.run(work, unexpected, owner=owner, failed=unexpected)
    tasks.wait_idle()

    assert seen == [Bug]


def test_result_is_dropped_when_the_owner_is_gone() -> None:
    owner, gate = QObject(), threading.Event()

    tasks.run(gate.wait, unexpected, owner=owner, failed=unexpected)
    owner.deleteLater()
    del owner
    tasks.wait_idle(100)
    gate.set()

    assert tasks.wait_idle()


def test_steps_are_done_in_turn_and_waited_for() -> None:
    owner, done = QObject(), list[int]()

    tasks.in_turn(owner, (done.append(each) for each in range(3)))
    assert (done, tasks.is_idle()) == ([], False)

    assert tasks.wait_idle()
    assert done == [0, 1, 2]


def test_steps_end_with_their_owner() -> None:
    owner, done = QObject(), list[int]()
    tasks.in_turn(owner, (done.append(each) for each in range(3)))

    shiboken6.delete(owner)

    assert tasks.wait_idle()
    assert done == []
