"""Saves residents as fast as it can and says each id when it is saved; to be killed by a test."""

import sys
from pathlib import Path

from sqzl_desktop.base.clock import SystemClock
from sqzl_desktop.domain.access import GRID_WORKER, Actor
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.services import elements
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store.engine import open_store
from tests.places import COMMUNITY, GRID, KEY


def main(folder: Path) -> None:
    """Until it is killed."""
    store = open_store(folder, KEY)
    actor = Actor("wang", "王网格", GRID_WORKER, (GRID,))
    ws = Workspace(actor, store, SystemClock(), (COMMUNITY,), "22")
    while True:
        print(elements.save(ws, Resident(name="马小明", grid_id=GRID)).id, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
