"""设置: what a server is started with."""

import dataclasses
from pathlib import Path

from sqzl_desktop.base.clock import Clock, SystemClock


@dataclasses.dataclass(frozen=True)
class Settings:
    """Where the data is, where prepared snapshots may lie, and what the time is.

    `cache` holds nothing that cannot be made again, but it does hold records: keep it on the same
    protected disk as the database. `blobs` holds the contents of attachments: they are data, to be
    backed up with the database; beside the cache where nothing else is said.
    """

    database: str
    cache: Path
    clock: Clock = dataclasses.field(default_factory=SystemClock)
    token_seconds: int = 15 * 60
    grace_hours: int = 24  # how long work of a scope just lost counts as done in time
    blobs: Path | None = None

    @property
    def blob_folder(self) -> Path:
        """Where the contents of attachments lie."""
        return self.blobs or self.cache.with_name(f"{self.cache.name}-blobs")
