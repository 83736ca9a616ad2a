"""A process that is killed while it saves: what it had acknowledged is there, whole."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

from sqzl_desktop.services import elements, health
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store.engine import Store

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("SQZL_KILLS", "4"))


def test_nothing_acknowledged_is_lost_when_the_process_is_killed(
    ws: Workspace, store: Store
) -> None:
    acknowledged: set[str] = set()
    chance = random.Random(7)
    for _ in range(KILLS):
        writer = subprocess.Popen(
            [sys.executable, "-m", "tests.sync.writer", str(store.folder)],
            cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert writer.stdout is not None
        for _ in range(chance.randint(1, 60)):
            acknowledged.add(writer.stdout.readline().strip())
        writer.send_signal(signal.SIGKILL)
        acknowledged.update(line.strip() for line in writer.stdout if line.endswith("\n"))
        writer.wait()
        writer.stdout.close()

    found = {each.id for each in elements.find(ws, "resident", limit=-1)}

    assert acknowledged <= found
    assert [each.name for each in health.check_store(ws) if not each.is_well] == []
    with store.read() as tx:
        operations = tx.exec_driver_sql("SELECT count(*) FROM outbox").scalar()
    assert operations == len(found), "row and operation exist together or not at all"
