"""设置: what a server is started with."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path

from sqzl_desktop.base.clock import Clock, SystemClock
from sqzl_desktop.server.limits import RATES, Rate


@dataclasses.dataclass(frozen=True)
class Settings:
    """Where the data is, where prepared snapshots may lie, what the time is, how much is let in.

    `cache` holds nothing that cannot be made again, but it does hold records: keep it on the same
    protected disk as the database. `blobs` holds the contents of attachments: they are data, to be
    backed up with the database; beside the cache where nothing else is said. `connections` is the
    most this process opens to PostgreSQL, and so the most requests it works on at once.
    """

    database: str
    cache: Path
    clock: Clock = dataclasses.field(default_factory=SystemClock)
    token_seconds: int = 15 * 60
    grace_hours: int = 24  # how long work of a scope just lost counts as done in time
    blobs: Path | None = None
    rates: Mapping[str, Rate] = dataclasses.field(default_factory=lambda: RATES)
    connections: int = 32

    @property
    def blob_folder(self) -> Path:
        """Where the contents of attachments lie."""
        return self.blobs or self.cache.with_name(f"{self.cache.name}-blobs")
