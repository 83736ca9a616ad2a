"""The vectors of identity numbers, phones and codes, each with what is expected of it."""

import csv
from pathlib import Path

_FOLDER = Path(__file__).parent / "data" / "vectors"


def vectors(name: str) -> list[dict[str, str]]:
    """The lines of one file of vectors."""
    with (_FOLDER / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
