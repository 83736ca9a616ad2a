"""设置: what a server is started with."""

import dataclasses
from pathlib import Path

from sqzl_desktop.base.clock import Clock, SystemClock


@dataclasses.dataclass(frozen=True)
class Settings:
    """Where the data is, where prepared snapshots may lie, and what the time is.

    `cache` holds nothing that cannot be made again, but it does hold records: keep it on the same
    protected disk as the database.
    """

    database: str
    cache: Path
    clock: Clock = dataclasses.field(default_factory=SystemClock)
    token_seconds: int = 15 * 60
