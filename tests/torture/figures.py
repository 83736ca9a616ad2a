"""What a part of the torture found: how many of what, from which seed, how long, what failed."""

import dataclasses
from typing import Protocol

HEADING = "| part | count | of | seed | seconds | failures |\n|---|---|---|---|---|---|"


@dataclasses.dataclass(frozen=True)
class Figures:
    """One line of the table. `failures` are sentences with what is needed to see them again."""

    name: str
    count: int
    unit: str
    seed: int
    seconds: float
    failures: tuple[str, ...] = ()

    def line(self) -> str:
        """The line as Markdown."""
        return (
            f"| {self.name} | {self.count:,} | {self.unit} | {self.seed} "
            f"| {self.seconds:,.1f} | {len(self.failures)} |"
        )


class Part(Protocol):
    """A module of the torture. `count` None: its own full number."""

    NAME: str

    def run(self, count: int | None, seed: int) -> list[Figures]:
        """Do it; a negative control that was not caught is a failure like any other."""
        ...
