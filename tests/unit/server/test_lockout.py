import datetime as dt

import pytest

from sqzl_desktop.base.clock import FixedClock
from sqzl_desktop.server import lockout
from sqzl_desktop.server.lockout import FREE_TRIES, LONGEST_SECONDS, Lockout


@pytest.fixture
def clock():
    return FixedClock(dt.datetime(2026, 7, 1, tzinfo=dt.UTC))


def waits(gate, clock, tries):
    """What each try has to wait for, when every one waits as long as it is told."""
    found = []
    for _ in range(tries):
        wait = gate.begin("张三")
        found.append(wait)
        if wait:
            clock.advance(seconds=wait)
            assert gate.begin("张三") == 0
    return found


def test_delay_grows_to_a_limit(clock):
    found = waits(Lockout(clock), clock, FREE_TRIES + 14)

    assert found[:FREE_TRIES] == [0] * FREE_TRIES
    assert found[FREE_TRIES : FREE_TRIES + 4] == [3, 5, 9, 17]
    assert found[-1] == LONGEST_SECONDS + 1


def test_success_forgets(clock):
    gate = Lockout(clock)
    waits(gate, clock, FREE_TRIES)

    gate.succeed("张三")

    assert waits(gate, clock, FREE_TRIES) == [0] * FREE_TRIES


def test_one_account_does_not_lock_another(clock):
    gate = Lockout(clock)
    for _ in range(FREE_TRIES + 1):
        gate.begin("张三")

    assert gate.begin("张三") > 0
    assert gate.begin("李四") == 0


def test_many_names_do_not_fill_the_memory(clock, monkeypatch):
    monkeypatch.setattr(lockout, "MOST_NAMES", 10)
    gate = Lockout(clock)
    for number in range(1000):
        gate.begin(f"nobody {number}")

    assert len(gate._tries) == 10
