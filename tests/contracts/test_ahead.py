"""Files of first syncs are made before anybody asks for them."""

import os
import subprocess
import sys
from pathlib import Path

from sqzl_desktop.base.ids import new_id
from sqzl_desktop.server import ahead
from sqzl_desktop.server.ahead import Watched
from sqzl_desktop.server.settings import Settings
from tests.contracts.backend import resident


def put(worker):
    worker.push(worker.put("resident", new_id(), resident()))


def files(cache):
    """The names of the files that are finished; to ask a server for them would make them."""
    return {path.stem for path in cache.glob("*.json")}


def offered(worker):
    """The names of the files that a device is told to fetch."""
    return {piece.id for piece in worker.offer().pieces}


def look(backend, watched):
    return ahead.look(backend.database, backend.cache, watched)


def wait_for(content):
    while not content():
        os.sched_yield()


def test_what_rests_is_made_and_what_changes_is_not(backend, worker):
    put(worker)
    watched = look(backend, Watched())
    first = files(backend.cache)
    assert offered(worker) <= first
    put(worker)

    watched = look(backend, watched)
    assert files(backend.cache) == first
    look(backend, watched)

    made = files(backend.cache)
    assert made > first
    assert offered(worker) <= made


def test_only_what_was_not_made_as_it_stands_is_due():
    watched = Watched(seen={"made": 3, "rests": 5, "moves": 7}, ready={"made": 3, "rests": 4})

    assert watched.due({"made": 3, "rests": 5, "moves": 8, "new": 1}) == ["rests", "new"]


def test_looks_go_on_until_it_is_over(backend, worker):
    put(worker)
    put_before = iter([lambda: put(worker), lambda: None, lambda: None])
    waits = []

    def is_over(seconds):
        waits.append(seconds)
        next(put_before)()
        return len(waits) == 3

    ahead.follow(backend.database, backend.cache, is_over)

    made = files(backend.cache)
    assert waits == [ahead.LOOK_SECONDS] * 3
    assert offered(worker) <= made


def children():
    """The processes that any thread of this one has started."""
    found = [path.read_text().split() for path in Path("/proc/self/task").glob("*/children")]
    return {int(each) for some in found for each in some}


def test_server_has_a_process_beside_it_that_ends_with_it(backend, database_url, worker):
    put(worker)
    before = children()

    with ahead.beside(Settings(database_url, backend.cache), after=0):
        wait_for(lambda: files(backend.cache))

    made = files(backend.cache)
    assert children() == before
    assert offered(worker) <= made


def test_process_ends_when_its_server_was_killed(backend, database_url, worker):
    put(worker)
    command = [sys.executable, "-m", "sqzl_desktop.server", "prepare", "--follow",
               "--database", database_url, "--cache", str(backend.cache)]  # fmt: skip
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        wait_for(lambda: files(backend.cache))
        process.stdin.close()

        assert process.wait(30) == 0
