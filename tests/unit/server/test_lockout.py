import datetime as dt

import pytest
import sqlalchemy as sa

from sqzl_desktop.base.clock import FixedClock
from sqzl_desktop.server import lockout
from sqzl_desktop.server.database import Database
from sqzl_desktop.server.lockout import FREE_TRIES, LONGEST_SECONDS
from sqzl_desktop.server.migrations import migrate
from sqzl_desktop.server.tables import GUESS


class Gate:
    """The tries of every process of a server, which share a database."""

    def __init__(self, url):
        self.clock = FixedClock(dt.datetime(2026, 7, 1, tzinfo=dt.UTC))
        self.processes = [Database(url) for _ in range(2)]
        migrate(self.processes[0])

    def begin(self, account, process=0):
        work = self.processes[process].writing
        return work(lambda it: lockout.begin(it, account, self.clock))

    def succeed(self, account):
        self.processes[0].writing(lambda it: lockout.succeed(it, account))

    def names(self):
        with self.processes[0].reading() as connection:
            return connection.scalars(sa.select(GUESS.c.account)).all()


@pytest.fixture
def gate(tmp_path):
    made = Gate(f"sqlite:///{tmp_path / 'server.db'}")
    yield made
    for each in made.processes:
        each.close()


def waits(gate, tries):
    """What each try has to wait for, when every one waits as long as it is told."""
    found = []
    for number in range(tries):
        wait = gate.begin("张三", process=number % 2)
        found.append(wait)
        if wait:
            gate.clock.advance(seconds=wait)
            assert gate.begin("张三") == 0
    return found


def test_delay_grows_to_a_limit_over_all_processes(gate):
    found = waits(gate, FREE_TRIES + 14)

    assert found[:FREE_TRIES] == [0] * FREE_TRIES
    assert found[FREE_TRIES : FREE_TRIES + 4] == [2, 4, 8, 16]
    assert found[-1] == LONGEST_SECONDS


def test_success_forgets(gate):
    waits(gate, FREE_TRIES)

    gate.succeed("张三")

    assert waits(gate, FREE_TRIES) == [0] * FREE_TRIES


def test_one_account_does_not_lock_another(gate):
    for _ in range(FREE_TRIES + 1):
        gate.begin("张三")

    assert gate.begin("张三") > 0
    assert gate.begin("李四") == 0


def test_many_names_do_not_fill_the_database(gate, monkeypatch):
    monkeypatch.setattr(lockout, "_MOST_NAMES", 10)
    for number in range(30):
        gate.begin(f"nobody {number}")

    assert len(gate.names()) == 10


def test_names_are_forgotten_after_a_day_and_never_kept_in_clear(gate):
    gate.begin("a password in the wrong line")
    gate.clock.advance(days=2)
    gate.begin("张三")

    [kept] = gate.names()
    assert len(kept) == 64
