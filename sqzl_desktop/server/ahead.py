"""预制: files of first syncs are made before anybody asks, by a process of low priority.

It runs beside the server, not in it: the files of a community are half a second of work that would
take turns with answers. Whoever asks before it came by waits while the missing files are made.
"""

import contextlib
import dataclasses
import itertools
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import sqlalchemy as sa

from sqzl_desktop.base.errors import KnownError
from sqzl_desktop.domain.access import Zones
from sqzl_desktop.server import ledger, snapshots
from sqzl_desktop.server.database import Database
from sqzl_desktop.server.settings import Settings
from sqzl_desktop.server.tables import COUNTER

LOOK_SECONDS = 60.0  # a community that rests for so long is worth it
_RENEWED = 60  # looks; files are forgotten after `snapshots.KEPT_SECONDS` unless named again
_log = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True, slots=True)
class Watched:
    """Where each community stood at the last look, and where it stood when its files were made."""

    seen: Mapping[str, int] = dataclasses.field(default_factory=dict)
    ready: Mapping[str, int] = dataclasses.field(default_factory=dict)

    def due(self, now: Mapping[str, int]) -> list[str]:
        """The communities that have other content than their files and rest since the last look."""
        return [
            community
            for community, seq in now.items()
            if self.ready.get(community) != seq and self.seen.get(community, seq) == seq
        ]


def look(database: Database, cache: Path, watched: Watched) -> Watched:
    """Make what is due; what is watched from then on."""
    with database.reading() as connection:
        counters = connection.execute(sa.select(COUNTER.c.community, COUNTER.c.seq)).all()
    now = {each.community: int(each.seq) for each in counters}
    ready = dict(watched.ready)
    for community in watched.due(now):
        with database.reading() as connection:
            ready[community] = ledger.current(connection, community)
            snapshots.pieces(connection, community, Zones(None), cache)
    return Watched(now, ready)


def follow(database: Database, cache: Path, is_over: Callable[[float], bool]) -> None:
    """Look now and again. `is_over` waits for so many seconds and says whether it was enough."""
    watched = Watched()
    for turn in itertools.count(1):
        with contextlib.suppress(KnownError):  # the server says what is wrong with the database
            watched = look(database, cache, watched)
        if turn % _RENEWED == 0:
            watched = Watched(watched.seen)
        if is_over(LOOK_SECONDS):
            return


def last_as_long_as_parent() -> None:
    """End this process when its input ends: when the server that started it stops or is killed."""
    if hasattr(os, "nice"):
        os.nice(19)

    def wait() -> None:
        sys.stdin.buffer.read()
        os._exit(0)  # a file that is being made has another name until it is finished

    threading.Thread(target=wait, daemon=True, name="parent").start()


@contextlib.contextmanager
def beside(settings: Settings, *, after: float = LOOK_SECONDS) -> Iterator[None]:
    """Have files made as long as the block; a server that has just started has other work first."""
    over = threading.Event()
    keeping = threading.Thread(target=_keep, args=(settings, after, over), name="ahead")
    keeping.start()
    try:
        yield
    finally:
        over.set()
        keeping.join()


def _keep(settings: Settings, after: float, over: threading.Event) -> None:
    command = [sys.executable, "-m", "sqzl_desktop.server", "prepare", "--follow",
               "--database", settings.database, "--cache", str(settings.cache)]  # fmt: skip
    nowhere = subprocess.DEVNULL  # a traceback may hold what a person wrote
    while not over.wait(after):
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=nowhere, stderr=nowhere
        ) as child:
            while child.poll() is None and not over.wait(LOOK_SECONDS):
                pass
        if not over.is_set():
            _log.error("preparing files ended with %d, begins again", child.returncode)
