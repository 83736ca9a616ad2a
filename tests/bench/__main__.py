"""python -m tests.bench [--size N] [--only NAME] [--large FOLDER]: print the tables.

`window` is about 100,000 residents; the folder is made where it is not there, and kept.
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import postgres
from tests.bench import cases, forms, large, maps, months, screens, stores, sync, towers
from tests.bench.figures import Figure
from tests.demo.server import DemoServer
from tests.demo.told import PASSWORD, Teller
from tests.demo.walk import Walk


def main() -> None:
    """Generate, load, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--size", type=int, default=15_000)
    parser.add_argument("--only", choices=("sync", "desktop", "window", "cases"))
    parser.add_argument("--large", type=Path, help="data folder of tests.bench.large")
    args = parser.parse_args()
    os.environ["SQZL_KEYRING"] = "off"
    print(f"\n{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    with tempfile.TemporaryDirectory() as place:
        if args.only in (None, "window"):
            _window(args.large or Path(place) / "large")
        if args.only in (None, "desktop"):
            _print("Desktop, server on SQLite", _desktop(Path(place), args.size))
        if args.only in (None, "cases"):
            _print("Cases, processor time", cases.measure(Path(place) / "cases"))
        if args.only in (None, "sync"):
            _sync(Path(place), args.size)


def _desktop(folder: Path, size: int) -> list[Figure]:
    server = DemoServer(folder)
    Walk(folder, server, Teller(), size).prepare()
    server.start()
    try:
        return measure(folder, server)
    finally:
        server.stop()


def _window(folder: Path) -> None:
    if not folder.exists():
        large.make(folder).close()
    session = large.opener().unlock(folder, PASSWORD)
    _print("Search in the store, 100,000 residents, processor time", forms.measure(session.ws))
    session.close()
    print("\nThe window over 100,000 residents\n", flush=True)
    subprocess.run([sys.executable, "-m", "tests.bench.probe", str(folder)], check=True)
    _print("Start", screens.start(folder))


def _sync(folder: Path, size: int) -> None:
    records = sync.city_records(folder / "offered", size)
    with postgres.cluster(durable=True) as cluster:
        figures = sync.measure(cluster.new_database(), folder / "on-postgresql", records)
    _print("Sync over HTTP, server on PostgreSQL, fsync on", figures)
    database = f"sqlite:///{folder / 'sync.db'}"
    _print("Sync over HTTP, server on SQLite",
           sync.measure(database, folder / "on-sqlite", records))  # fmt: skip


def _print(heading: str, figures: list[Figure]) -> None:
    print(f"\n{heading}\n")
    print("| figure | ours | floor | times the floor | target |\n|---|---|---|---|---|")
    for figure in figures:
        print(figure.line(), flush=True)


def measure(folder: Path, server: DemoServer) -> list[Figure]:
    """Every figure, in the order of the table."""
    first, session = stores.first_sync(folder, server)
    figures = [first, stores.one_change(session, folder), stores.nothing_to_do(session, server)]
    figures.append(screens.notice(session))
    figures += towers.measure(folder)
    figures += maps.measure(session)
    session.close()
    figures.append(months.measure(folder / "months"))
    figures += screens.start(folder / "first")
    return figures


if __name__ == "__main__":
    main()
