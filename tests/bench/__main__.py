"""python -m tests.bench [--size N] [--only sync|desktop]: print the table."""

import argparse
import os
import platform
import tempfile
from pathlib import Path

from tests import postgres
from tests.bench import maps, screens, stores, sync, towers
from tests.bench.figures import Figure
from tests.demo.server import DemoServer
from tests.demo.told import Teller
from tests.demo.walk import Walk


def main() -> None:
    """Generate, load, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--size", type=int, default=15_000)
    parser.add_argument("--only", choices=("sync", "desktop"))
    args = parser.parse_args()
    os.environ["SQZL_KEYRING"] = "off"
    print(f"\n{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    with tempfile.TemporaryDirectory() as place:
        if args.only != "sync":
            _print("Desktop, server on SQLite", _desktop(Path(place), args.size))
        if args.only != "desktop":
            _sync(Path(place), args.size)


def _desktop(folder: Path, size: int) -> list[Figure]:
    server = DemoServer(folder)
    Walk(folder, server, Teller(), size).prepare()
    server.start()
    try:
        return measure(folder, server)
    finally:
        server.stop()


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
    figures += stores.search(session, folder)
    figures.append(screens.notice(session))
    figures += towers.measure(folder)
    figures += maps.measure(session)
    session.close()
    figures.append(screens.start(folder / "first"))
    return figures


if __name__ == "__main__":
    main()
