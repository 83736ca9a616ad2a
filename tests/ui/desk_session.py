"""A session over a store that is open already: what most window tests need, without a server."""

from collections.abc import Callable
from pathlib import Path

from sqzl_desktop.base.errors import KnownError, Offline
from sqzl_desktop.domain.kinds.attachment import Attachment
from sqzl_desktop.services import conflicts, duplicates, handovers, histories, pending
from sqzl_desktop.services.histories import RecordHistory
from sqzl_desktop.services.profile import Profile
from sqzl_desktop.services.session import ReceiptDone, SyncDone, SyncState
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import changes


class LocalSession:
    """No server in reach: every round is refused as offline."""

    def __init__(self, ws: Workspace) -> None:
        self.ws = ws
        self.profile = Profile("http://server", ws.actor.account, "测试机")
        self.online: bool | None = None

    def sync(
        self,
        progress: Callable[[str, int, int], None] = lambda _text, _done, _total: None,
        cancelled: Callable[[], bool] = lambda: False,
        *,
        accept_removals: bool = False,
    ) -> SyncDone:
        assert not accept_removals
        progress("正在上报", 0, 1)
        self.online = cancelled()
        raise Offline("连不上服务器，已录入的内容都在本机")

    def write_pack(self, path: Path) -> int:
        path.write_bytes(b"pack")
        return self.sync_state().pending

    def read_receipt(self, path: Path, *, accept_removals: bool = False) -> ReceiptDone:
        assert not accept_removals
        if path.read_bytes() != b"receipt":
            raise KnownError("这不是服务器写出的回执，或文件没有复制完整")
        return ReceiptDone(2, 1, 0, 1)

    def history(self, kind: str, record_id: str) -> RecordHistory:
        return histories.local(self.ws, kind, record_id, "连不上服务器")

    def sync_state(self) -> SyncState:
        with self.ws.store.read() as tx:
            unsent, _ = changes.waiting(tx)
        found = conflicts.open_count(self.ws)
        waiting = handovers.open_count(self.ws)
        return SyncState(
            unsent,
            found,
            pending.open_count(self.ws),
            None,
            self.online,
            running=False,
            handovers=waiting,
            duplicates=duplicates.open_count(self.ws),
        )

    def watch(self, due: Callable[[], None]) -> None:
        """Rounds come when a test asks for one."""

    def fetch(self, attachment: Attachment) -> None:  # noqa: ARG002 - as a session has it
        raise Offline("连不上服务器，附件要联网后才能下载")

    def sign_in(self, _password: str) -> None:
        """There is no server here."""
        raise Offline("连不上服务器，已录入的内容都在本机")

    def close(self) -> None:
        """The store belongs to the test."""
