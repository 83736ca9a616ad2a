"""python -m tests.torture [--only NAME] [--count N] [--seed S]: run every part, print the table."""

import argparse
import os
import platform
import sys

from tests.torture import (
    fuzz,
    histories,
    killed_program,
    killed_server,
    matrix,
    morning,
    network,
    readers,
    seeded,
)
from tests.torture.figures import HEADING, Figures, Part

PARTS: tuple[Part, ...] = (
    histories,
    seeded,
    killed_program,
    killed_server,
    fuzz,
    matrix,
    readers,
    network,
    morning,
)


def main() -> int:
    """Run what was asked for; the exit code says whether anything failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture")
    parser.add_argument("--only", choices=[part.NAME for part in PARTS])
    parser.add_argument("--count", type=int)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    os.environ["SQZL_KEYRING"] = "off"
    figures: list[Figures] = []
    for part in PARTS:
        if args.only in (None, part.NAME):
            print(f"{part.NAME} …", file=sys.stderr, flush=True)
            figures += part.run(args.count, args.seed)
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    print(HEADING)
    for each in figures:
        print(each.line())
    failures = [f"{each.name}: {failure}" for each in figures for failure in each.failures]
    print("", *failures, sep="\n")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
