"""python -m tests.bench.panel FOLDER: the quality panel and the statistics of 100,000 residents.

FOLDER is what `tests.bench.large` made. Processor time of the whole process, the best of several,
so that what others do on the machine does not count; the window counts parts of the panel beside
each other and shows each when it is ready.
"""

import argparse
import os
import time
from collections.abc import Callable
from pathlib import Path

from sqzl_desktop.services import quality, statistics
from sqzl_desktop.services.workspace import Workspace
from tests.bench import large
from tests.bench.figures import Figure
from tests.demo.told import PASSWORD

TIMES = 5
PANEL_MS = 1000.0
_READ = "SELECT id, grid_id, sex, born_on, id_number, phone, state FROM resident"


def measure(ws: Workspace) -> list[Figure]:
    """The panel, its slowest part, the statistics of the community and of a grid."""
    floor = _best(lambda: _read(ws))
    of_floor = "reading seven fields of every resident"
    parts = [_best(lambda part=part: quality.count_part(ws, part)) for part in quality.parts(ws)]  # type: ignore[misc]
    grid = next(code for code in statistics.places(ws) if len(code) > 12)
    return [
        Figure("quality panel", _best(lambda: quality.panel(ws)), floor, "ms", of_floor, PANEL_MS),
        Figure("quality panel, slowest part", max(parts), floor, "ms", of_floor),
        Figure("statistics, community", _best(lambda: statistics.report(ws)), floor, "ms",
               of_floor),
        Figure("statistics, one grid", _best(lambda: statistics.report(ws, grid)), floor, "ms",
               of_floor),
    ]  # fmt: skip


def _read(ws: Workspace) -> None:
    with ws.store.read() as tx:
        tx.exec_driver_sql(_READ).all()


def _best(work: Callable[[], object]) -> float:
    took = []
    for _ in range(TIMES):
        began = time.process_time()
        work()
        took.append(time.process_time() - began)
    return min(took) * 1000


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.panel", description=__doc__)
    parser.add_argument("folder", type=Path)
    args = parser.parse_args()
    os.environ["SQZL_KEYRING"] = "off"
    session = large.opener().unlock(args.folder, PASSWORD)
    for figure in measure(session.ws):
        print(figure.line())
    session.close()


if __name__ == "__main__":
    main()
