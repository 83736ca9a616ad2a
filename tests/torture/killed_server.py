"""I2: the server process and all of PostgreSQL (fsync on) killed with kill -9 under load."""

import tempfile
import time
from pathlib import Path

from tests import postgres
from tests.sync import server_kills
from tests.torture.figures import Figures

NAME = "kill-server"
KILLS = 200
MOST_CONTROLS = 40


def run(count: int | None, seed: int) -> list[Figures]:
    """The server and PostgreSQL die in turn; then one that answers before the commit.

    The kill of a process does not take away what the operating system has not written yet, so a
    database without fsync cannot be found out this way.
    """
    with (
        postgres.cluster(durable=True) as cluster,
        tempfile.TemporaryDirectory(prefix="sqzl-kill-", dir="/tmp") as place,
    ):
        began = time.monotonic()
        subject = server_kills.victim(cluster, Path(place) / "well")
        devices = server_kills.enrolled(subject.url)
        wrong, kills = server_kills.kill(subject, devices, count or KILLS, seed)
        unit = f"kills of server or PostgreSQL, {len(subject.told):,} operations answered"
        found = Figures(NAME, kills, unit, seed, time.monotonic() - began, tuple(wrong))
        began = time.monotonic()
        subject = server_kills.victim(cluster, Path(place) / "soon", too_soon=True)
        devices = server_kills.enrolled(subject.url)
        wrong, kills = server_kills.kill(subject, devices, MOST_CONTROLS, seed)
    missed = () if wrong else ("a server that answers before the commit was not caught",)
    unit = "kills until one that answers too soon was caught (control)"
    return [found, Figures(NAME, kills, unit, seed, time.monotonic() - began, missed)]
