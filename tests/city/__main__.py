"""python -m tests.city OUT: write a made-up city into a folder."""

import argparse
import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from tests.city.make import SEED, SIZE, TODAY, make_city


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, write the city, print how large it became."""
    parser = argparse.ArgumentParser(prog="python -m tests.city", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--communities", type=int, default=1)
    parser.add_argument("--size", type=int, default=SIZE, help="residents of a community")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--today", type=dt.date.fromisoformat, default=TODAY)
    parser.add_argument("--format", choices=("csv", "jsonl"), default="csv")
    parser.add_argument("--dirty", action="store_true", help="also a spoiled table and its truth")
    given = parser.parse_args(arguments)
    made = make_city(
        given.out,
        communities=given.communities,
        size=given.size,
        seed=given.seed,
        today=given.today,
        form=given.format,
        with_dirty=given.dirty,
    )
    for table, count in (made.rows + made.dirty).items():
        print(f"{count:8d}  {table}")


if __name__ == "__main__":
    main()
