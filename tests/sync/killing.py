"""A laptop whose program is killed again and again while it saves and syncs; what is left of it."""

import contextlib
import dataclasses
import os
import random
import signal
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import msgspec

from sqzl_desktop.app import DeviceSession
from sqzl_desktop.base.clock import SystemClock
from sqzl_desktop.base.ids import new_id
from sqzl_desktop.protocol.messages import EnrolRequest
from sqzl_desktop.services import elements, health
from sqzl_desktop.store import meta
from sqzl_desktop.store.engine import Store, open_store
from sqzl_desktop.store.migrations import migrate
from sqzl_desktop.sync.transport import HttpTransport
from tests.field import PASSWORD, start
from tests.places import KEY
from tests.served import served
from tests.sync import writer
from tests.sync.writer import residents

MOST_WORDS = 40  # a life ends after so many at the latest
HEALTH_EVERY = 100


@dataclasses.dataclass
class Victim:
    """The store, the server it reports to, and what was acknowledged so far."""

    store: Store
    server: str
    server_file: Path
    saved: set[str] = dataclasses.field(default_factory=set)
    reported: set[str] = dataclasses.field(default_factory=set)

    def live_and_die(self, words: int, *, too_soon: bool = False) -> None:
        """One life of the program, ended by SIGKILL when it has said so many words."""
        child, hears = writer.begun(self.store, self.server, too_soon=too_soon)
        with open(hears, encoding="ascii") as lines:
            try:
                self._hear(lines, words)
            finally:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
            self._hear(lines, -1)

    def _hear(self, lines: IO[str], words: int) -> None:
        """Take in so many lines, or all that there are; a line cut short acknowledges nothing."""
        while words:
            line = lines.readline()
            if not line.endswith("\n"):
                return
            word, record = line.split()
            {"saved": self.saved, "reported": self.reported}.get(word, set()).add(record)
            words -= 1

    def lost(self) -> list[str]:
        """What is wrong now: one sentence each."""
        with self.store.read() as tx:
            there = set(tx.exec_driver_sql("SELECT id FROM resident").scalars())
            told = list(tx.exec_driver_sql("SELECT record FROM outbox").scalars())
        self.store.close()
        with contextlib.closing(sqlite3.connect(self.server_file)) as server:
            taken = [record for (record,) in server.execute("SELECT record FROM operation")]
        wrong = []
        if self.saved - there:
            wrong.append(f"{len(self.saved - there)} acknowledged as saved are not there")
        if there != set(told) or len(told) != len(there):
            wrong.append("rows and operations are not the same")
        if self.reported - set(taken):
            wrong.append(f"{len(self.reported - set(taken))} reported are not at the server")
        if len(taken) != len(set(taken)):
            wrong.append("the server has an operation twice")
        return wrong

    def ill(self) -> list[str]:
        """What the program's own health check finds."""
        with self._session() as session:
            return [each.name for each in health.check_store(session.ws) if not each.is_well]

    def sync(self) -> int:
        """A round that is not killed; how many operations are unsent after it."""
        with self._session() as session:
            session.sync()
            return session.sync_state().pending

    def warm(self) -> None:
        """Do once in this process what a life does: its children know the statements then."""
        self.sync()
        with self._session() as session:
            self.saved.update(each.id for each in elements.save_all(session.ws, residents(2)))
        self.sync()

    def end(self) -> list[str]:
        """A last round: everything must have arrived, once."""
        left = self.sync()
        self.reported |= self.saved
        return [*self.lost(), *([f"{left} never arrived"] if left else [])]

    @contextlib.contextmanager
    def _session(self) -> Iterator[DeviceSession]:
        session = DeviceSession(self.store, HttpTransport(self.server), SystemClock())
        yield session
        session.close()


@contextlib.contextmanager
def victim(folder: Path) -> Iterator[Victim]:
    """A laptop and a real server, both on the disk of `folder`."""
    clock = SystemClock()
    start(folder, clock).app.state.database.close()  # type: ignore[arg-type]
    address = f"sqlite:///{folder / 'server.db'}"
    with served(address, folder / "served", "--no-limits") as server:
        laptop = folder / "laptop"
        laptop.mkdir()
        transport = HttpTransport(server.address)
        enrolment = transport.enrol(EnrolRequest("wang", PASSWORD, "laptop"))
        store = open_store(laptop, KEY)
        with store.write() as tx:
            migrate(tx, clock)
            facts = {
                "device": enrolment.device,
                "secret": enrolment.secret,
                "code": enrolment.code,
                "incarnation": new_id(),
                "person": msgspec.json.encode(enrolment.person).decode(),
            }
            for name, value in facts.items():
                meta.put(tx, name, value)
        transport.close()
        subject = Victim(store, server.address, folder / "server.db")
        subject.warm()
        yield subject
        store.close()


def kill(subject: Victim, times: int, seed: int, *, too_soon: bool = False) -> list[str]:
    """Kill it so many times, looking at what is left each time; what went wrong."""
    chance = random.Random(seed)
    wrong: list[str] = []
    for number in range(1, times + 1):
        subject.live_and_die(chance.randint(0, MOST_WORDS), too_soon=too_soon)
        found = subject.lost()
        if number % HEALTH_EVERY == 0:
            found += subject.ill()
        wrong += [f"kill {number}: {each}" for each in found]
        if wrong and too_soon:
            break
    return wrong
