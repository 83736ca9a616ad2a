"""python -m tests.bench [--size N]: print the table."""

import argparse
import os
import platform
import tempfile
from pathlib import Path

from tests.bench import screens, stores
from tests.bench.figures import Figure
from tests.demo.server import DemoServer
from tests.demo.told import Teller
from tests.demo.walk import Walk


def main() -> None:
    """Generate, load, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--size", type=int, default=15_000)
    args = parser.parse_args()
    os.environ["SQZL_KEYRING"] = "off"
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        server = DemoServer(folder)
        Walk(folder, server, Teller(), args.size).prepare()
        server.start()
        try:
            figures = measure(folder, server)
        finally:
            server.stop()
    print(f"\n{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    print("| figure | ours | floor | times the floor |\n|---|---|---|---|")
    for figure in figures:
        print(figure.line())


def measure(folder: Path, server: DemoServer) -> list[Figure]:
    """Every figure, in the order of the table."""
    first, session = stores.first_sync(folder, server)
    figures = [first, stores.one_change(session, folder), stores.nothing_to_do(session, server)]
    figures += stores.search(session, folder)
    figures.append(screens.notice(session))
    session.close()
    figures.append(screens.start(folder / "first"))
    return figures


if __name__ == "__main__":
    main()
