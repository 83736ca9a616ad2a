"""A throw-away PostgreSQL cluster from the installed binaries, reached by a Unix socket only."""

import contextlib
import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import sqlalchemy as sa

from sqzl_desktop.server.database import Database
from sqzl_desktop.server.migrations import migrate

BINARIES = Path("/usr/lib/postgresql")
_USER = "postgres"


def binaries() -> Path | None:
    """The folder of the newest installed PostgreSQL, if any."""
    found = [path.parent for path in BINARIES.glob("*/bin/initdb")]
    return max(found, key=lambda path: int(path.parent.name), default=None)


class Cluster:
    """A running cluster; every database asked of it is new and empty."""

    def __init__(self, folder: Path, start: Callable[[], None]) -> None:
        self._folder = folder
        self._start = start
        self._numbers = itertools.count(1)
        self._prepared = ""
        self._admin = sa.create_engine(self._url("postgres"), isolation_level="AUTOCOMMIT")

    def new_database(self) -> str:
        """The address of a fresh database."""
        name = f"test_{next(self._numbers)}"
        with self._admin.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE template0"))
        return self._url(name)

    def emptied(self) -> str:
        """The address of the one database that tests share in turn, its tables made and empty."""
        if not self._prepared:
            prepared = self.new_database()
            database = Database(prepared)
            migrate(database)
            database.close()
            self._prepared = str(sa.make_url(prepared).database)
        with self._admin.connect() as connection:
            connection.execute(sa.text("DROP DATABASE IF EXISTS shared WITH (FORCE)"))
            # copying the tables is quicker than making them
            connection.execute(sa.text(f"CREATE DATABASE shared TEMPLATE {self._prepared}"))
        return self._url("shared")

    def drop(self, url: str) -> None:
        """Throw a database away."""
        name = sa.make_url(url).database
        with self._admin.connect() as connection:
            connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))

    def crash(self) -> None:
        """Kill every process of it with SIGKILL and start it anew; it recovers from its log."""
        postmaster = (self._folder / "data" / "postmaster.pid").read_text().split()[0]
        family = [postmaster, *_children_of(postmaster)]
        for each in family:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(each), signal.SIGKILL)
        while any(_is_alive(each) for each in family):
            time.sleep(0.005)
        # nobody may have collected them yet, and PostgreSQL takes a dead process for a live one
        for lock in (self._folder / "data" / "postmaster.pid", *self._folder.glob(".s.*.lock")):
            lock.unlink(missing_ok=True)
        self._admin.dispose()
        self._start()

    def close(self) -> None:
        """Let go of the administrator's connection."""
        self._admin.dispose()

    def _url(self, name: str) -> str:
        return f"postgresql+psycopg://{_USER}@/{name}?host={self._folder}"


@contextlib.contextmanager
def cluster(*, durable: bool = False) -> Iterator[Cluster]:
    """A cluster that runs as long as the block; its files are gone afterwards.

    A test's database need not survive a power cut; `durable` is as in real use, for measuring.
    """
    folder = Path(tempfile.mkdtemp(prefix="sqzl-pg-", dir="/tmp"))
    command = _Commands(folder)
    try:
        command.run("initdb", "-D", "data", "-U", _USER, "-A", "trust", "-E", "UTF8",
                    "--locale=C.UTF-8", "--no-sync")  # fmt: skip
        options = f"-k {folder} -c listen_addresses="
        options += "" if durable else " -c fsync=off -c full_page_writes=off"

        def start() -> None:
            command.run("pg_ctl", "-D", "data", "-w", "-l", "log", "-o", options, "start")

        start()
        try:
            running = Cluster(folder, start)
            try:
                yield running
            finally:
                running.close()
        finally:
            command.run("pg_ctl", "-D", "data", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def _children_of(parent: str) -> list[str]:
    """The processes that a process has made."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (place / "stat").read_text().rpartition(")")[2].split()[1] == parent:
                found.append(place.name)
    return found


def _is_alive(process: str) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


class _Commands:
    """PostgreSQL's programs, run in a folder as a user that may run them."""

    def __init__(self, folder: Path) -> None:
        found = binaries()
        assert found is not None
        self._binaries = found
        self._folder = folder
        self._as_user: list[str] = []
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            shutil.chown(folder, _USER, _USER)
            ids = (f"--reuid={_USER}", f"--regid={_USER}", "--clear-groups")
            self._as_user = ["setpriv", *ids]

    def run(self, program: str, *arguments: str) -> None:
        path = self._folder / f"{program}.out"
        # a file, because the server inherits it and a pipe would never end
        with path.open("w") as output:
            done = subprocess.run(
                [*self._as_user, str(self._binaries / program), *arguments],
                cwd=self._folder, stdin=subprocess.DEVNULL, stdout=output,
                stderr=subprocess.STDOUT, check=False,
            )  # fmt: skip
        assert done.returncode == 0, f"{program}: {path.read_text()}"
