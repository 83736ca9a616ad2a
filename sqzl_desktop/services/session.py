"""会话: what window and command line are handed once the store is unlocked."""

import dataclasses
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from sqzl_desktop.services.workspace import Workspace

Progress = Callable[[str, int, int], None]


@dataclasses.dataclass(frozen=True, slots=True)
class SyncState:
    """Where this device stands; `online` is None before the first attempt."""

    pending: int
    conflicts: int
    refused: int
    last_at: dt.datetime | None
    online: bool | None
    running: bool


@dataclasses.dataclass(frozen=True, slots=True)
class SyncDone:
    """What a round of sync did; `differs` names communities that could not be repaired."""

    pushed: int
    pulled: int
    conflicts: int
    refused: int
    differs: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Profile:
    """What is known of a data folder before it is unlocked.

    `keyring` says whether the key of the store is bound to the system's keyring as well.
    """

    server: str
    account: str
    label: str
    keyring: bool = False


class Session(Protocol):
    """An unlocked store and the way to the server."""

    @property
    def ws(self) -> Workspace:
        """The workspace of the person who unlocked it."""
        ...

    @property
    def profile(self) -> Profile:
        """Server, account and device label."""
        ...

    def sync(self, progress: Progress = ..., cancelled: Callable[[], bool] = ...) -> SyncDone:
        """One round; blocks. Raises Offline and refusals as sentences."""
        ...

    def sync_state(self) -> SyncState:
        """Where this device stands."""
        ...

    def close(self) -> None:
        """Lock: close the store and the connections."""
        ...


class Opener(Protocol):
    """How a data folder becomes a session; handed in by the composition root."""

    def profile(self, folder: Path) -> Profile | None:
        """The profile of an enrolled folder, None where nobody has enrolled yet."""
        ...

    def unlock(self, folder: Path, password: str) -> Session:
        """Open an enrolled folder. Raises Locked and KnownError."""
        ...

    def enrol(
        self, folder: Path, *, server: str, account: str, password: str, label: str
    ) -> Session:
        """Sign in for the first time. Raises Offline and refusals as sentences."""
        ...
