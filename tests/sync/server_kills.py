"""The server, or all of PostgreSQL, killed under load: every answer that was given still stands."""

import contextlib
import dataclasses
import os
import random
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TextIO
from unittest import mock

import sqlalchemy as sa

from sqzl_desktop.base.clock import SystemClock
from sqzl_desktop.base.errors import KnownError
from sqzl_desktop.protocol.messages import EnrolRequest, TokenRequest
from sqzl_desktop.server import accounts, apply, sign_in
from sqzl_desktop.server.database import Database
from sqzl_desktop.server.ledger import Change, commit
from sqzl_desktop.server.migrations import migrate
from sqzl_desktop.server.serve import serve
from sqzl_desktop.server.settings import Settings
from tests.field import ACCOUNTS, PASSWORD
from tests.places import COMMUNITY, rows
from tests.postgres import Cluster
from tests.sync import loader

DEVICES = 4
MOST_WORDS = 60
LATE_SECONDS = 0.2
AGAIN_SECONDS = 0.1


@dataclasses.dataclass
class Victim:
    """A server on a cluster, and what it has answered so far."""

    cluster: Cluster
    url: str
    folder: Path
    port: int
    too_soon: bool = False
    process: int = 0
    told: set[str] = dataclasses.field(default_factory=set)

    def start(self) -> None:
        """Fork a server; it needs no more than its port."""
        self.process = os.fork()
        if not self.process:
            with contextlib.suppress(BaseException):
                self._serve()
            os._exit(1)

    def _serve(self) -> None:
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        settings = Settings(self.url, self.folder / "cache", rates={})
        with _answering_too_soon() if self.too_soon else contextlib.nullcontext():
            while True:  # as whoever runs a server has it started again
                with contextlib.suppress(KnownError):  # the database is not back yet
                    serve(settings, f"127.0.0.1:{self.port}")
                time.sleep(AGAIN_SECONDS)

    def kill(self) -> None:
        """The server process dies; another takes its place."""
        self.stop()
        self.start()

    def stop(self) -> None:
        """The server process dies."""
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)

    def hear(self, lines: TextIO, words: int) -> None:
        """Take in so many answers."""
        for _ in range(words):
            line = lines.readline()
            assert line.endswith("\n"), "the loader has died"
            self.told.add(line.split()[1])

    def lost(self) -> list[str]:
        """I2: what was answered and is not there exactly once."""
        one_view = "REPEATABLE READ"  # the load goes on meanwhile
        engine = sa.create_engine(self.url, poolclass=sa.NullPool, isolation_level=one_view)
        with engine.connect() as connection:
            ids = list(connection.execute(sa.text("SELECT id FROM operation")).scalars())
            made = connection.execute(
                sa.text("SELECT count(*) FROM record WHERE kind = 'resident'")
            ).scalar()
        engine.dispose()
        wrong = []
        if self.told - set(ids):
            wrong.append(f"{len(self.told - set(ids))} answered and lost")
        if len(ids) != len(set(ids)):
            wrong.append("an operation is there twice")
        if made != len(ids):
            wrong.append(f"{made} records of {len(ids)} operations")
        return wrong


def kill(
    subject: Victim, devices: list[TokenRequest], times: int, seed: int
) -> tuple[list[str], int]:
    """Kill the server and PostgreSQL in turn; what went wrong, and how many kills it was."""
    chance, wrong, number = random.Random(seed), [], 0
    subject.start()
    child, hears = loader.begun(f"http://127.0.0.1:{subject.port}", devices)
    try:
        with open(hears, encoding="ascii") as lines:
            for number in range(1, times + 1):
                subject.hear(lines, chance.randint(1, MOST_WORDS))
                (subject.kill if number % 2 else subject.cluster.crash)()
                wrong += [f"kill {number}: {each}" for each in subject.lost()]
                if wrong and subject.too_soon:
                    break
            subject.hear(lines, MOST_WORDS)
            wrong += [f"at the end: {each}" for each in subject.lost() if not subject.too_soon]
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        subject.stop()
    return wrong, number


def victim(cluster: Cluster, folder: Path, *, too_soon: bool = False) -> Victim:
    """A fresh database with a community, and a port that is free."""
    url = cluster.new_database()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return Victim(cluster, url, folder, port, too_soon)


def enrolled(url: str) -> list[TokenRequest]:
    """The database made ready, and the secrets of some devices."""
    database = Database(url)
    migrate(database)

    def seed(connection: sa.Connection) -> list[TokenRequest]:
        commit(connection, COMMUNITY, [Change(None, row) for row in rows()])
        name, display, role, scope = ACCOUNTS[0]
        account = accounts.Account(name, display, role, scope, 1, disabled=False)
        accounts.add(connection, account, PASSWORD)
        asked = [EnrolRequest(name, PASSWORD, str(each)) for each in range(DEVICES)]
        made = [sign_in.enrol(connection, each, SystemClock()) for each in asked]
        return [TokenRequest(each.device, each.secret) for each in made]

    devices = database.writing(seed)
    database.close()
    return devices


@contextlib.contextmanager
def _answering_too_soon() -> Iterator[None]:
    """The control: a push is answered, and committed a moment later."""
    late = threading.local()
    push = apply.push

    def marked(*words: Any, **named: Any) -> Any:
        late.push = True
        return push(*words, **named)

    def broken(self: Database, work: Callable[[sa.Connection], Any]) -> Any:
        late.push = False
        connection = self._engine.connect()
        begun = connection.begin()
        try:
            done = work(connection)
        except BaseException:
            connection.close()
            raise
        end = threading.Timer(LATE_SECONDS, lambda: (begun.commit(), connection.close()))
        end.start() if late.push else end.function()
        return done

    with (
        mock.patch.object(apply, "push", marked),
        mock.patch.object(Database, "_write", broken),
    ):
        yield
