"""会话: what window and command line are handed once the store is unlocked."""

import dataclasses
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from sqzl_desktop.domain.kinds.attachment import Attachment
from sqzl_desktop.services.histories import RecordHistory
from sqzl_desktop.services.profile import Profile
from sqzl_desktop.services.workspace import Workspace

Progress = Callable[[str, int, int], None]


@dataclasses.dataclass(frozen=True, slots=True)
class SyncState:
    """Where this device stands; `online` is None before the first attempt.

    `problem` says why the last round failed, "" where it did not; `needs_password`: it is for
    want of the password.
    """

    pending: int
    conflicts: int
    refused: int
    last_at: dt.datetime | None
    online: bool | None
    running: bool
    problem: str = ""
    handovers: int = 0
    needs_password: bool = False
    duplicates: int = 0

    @property
    def undecided(self) -> int:
        """How many things wait for a decision of the person."""
        return self.conflicts + self.refused + self.handovers + self.duplicates


@dataclasses.dataclass(frozen=True, slots=True)
class SyncDone:
    """What a round of sync did; `differs` names communities that could not be repaired.

    `guarded`: sentences about batches that were not applied because they would remove a great part
    of what is here; a person may let them through with `sync(accept_removals=True)`. `repaired`
    names communities whose data had to be put right. `clock_off`: by how many seconds the clock of
    this computer is ahead of the server's, 0 where the two agree. `contents`: photos and files that
    were uploaded.
    """

    pushed: int
    pulled: int
    conflicts: int
    refused: int
    differs: tuple[str, ...]
    guarded: tuple[str, ...] = ()
    repaired: tuple[str, ...] = ()
    clock_off: int = 0
    contents: int = 0

    def warnings(self) -> list[str]:
        """What a person must be told beyond the numbers, one sentence each."""
        told = list(self.guarded)
        if self.repaired:
            names = "、".join(self.repaired)
            told.append(f"发现本机数据与服务器不一致并已自动修复（{names}），未上报的内容没有变动")
        if self.differs:
            names = "、".join(self.differs)
            told.append(f"这些社区的数据核对仍不一致，请联系信息管理人员：{names}")
        if self.clock_off:
            way = "快" if self.clock_off > 0 else "慢"
            minutes = max(1, round(abs(self.clock_off) / 60))
            told.append(f"本机时钟比服务器{way}约{minutes}分钟，请校准电脑时间；不影响数据合并")
        return told


@dataclasses.dataclass(frozen=True, slots=True)
class ReceiptDone:
    """What a receipt from a USB stick brought; `notes` say what it could not bring, and why."""

    answered: int
    pulled: int
    conflicts: int
    refused: int
    notes: tuple[str, ...] = ()

    def sentences(self) -> list[str]:
        """The same for a person."""
        return [
            f"回执已读取：{self.answered}项有了结果，其中冲突{self.conflicts}项、"
            f"被退回{self.refused}项；更新{self.pulled}项",
            *self.notes,
        ]


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

    def sync(
        self,
        progress: Progress = ...,
        cancelled: Callable[[], bool] = ...,
        *,
        accept_removals: bool = False,
    ) -> SyncDone:
        """One round; blocks. Raises Offline and refusals as sentences."""
        ...

    def watch(self, due: Callable[[], None]) -> None:
        """From now on `due` is called, on another thread, whenever a round should begin.

        At once, after something was saved, when the server has something new, and now and then.
        """
        ...

    def fetch(self, attachment: Attachment) -> None:
        """Get the content of an attachment to this device. Raises Offline and refusals."""
        ...

    def write_pack(self, path: Path) -> int:
        """Write everything unsent to a file for the server; how many changes it holds."""
        ...

    def read_receipt(self, path: Path, *, accept_removals: bool = False) -> ReceiptDone:
        """Take in the server's receipt for such a file."""
        ...

    def history(self, kind: str, record_id: str) -> RecordHistory:
        """Who changed what of a record: from the server, else what this device knows; blocks."""
        ...

    def sync_state(self) -> SyncState:
        """Where this device stands."""
        ...

    def sign_in(self, password: str) -> None:
        """Sign in anew where `sync` raised SignInNeeded; nothing here is lost by it."""
        ...

    def close(self) -> None:
        """Lock: close the store and the connections."""
        ...


class Opener(Protocol):
    """How a data folder becomes a session; handed in by the composition root."""

    def get_ready(self) -> None:
        """Import what the opening needs, while the password is still being typed."""
        ...

    def profile(self, folder: Path) -> Profile | None:
        """The profile of an enrolled folder, None where nobody has enrolled yet."""
        ...

    def unlock(self, folder: Path, password: str) -> Session:
        """Open an enrolled folder. Raises Locked and KnownError."""
        ...

    def enrol(
        self,
        folder: Path,
        *,
        server: str,
        account: str,
        password: str,
        label: str,
        ca: str = "",
    ) -> Session:
        """Sign in for the first time. Raises Offline and refusals as sentences."""
        ...
