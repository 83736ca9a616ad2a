"""组装: the one place where store, sync, use-cases and the two faces are wired to each other."""

import contextlib
import dataclasses
import datetime as dt
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from sqzl_desktop.base.clock import Clock, SystemClock
from sqzl_desktop.base.errors import (
    KnownError,
    Locked,
    Offline,
    Refused,
    SignInNeeded,
    WipeOrdered,
)
from sqzl_desktop.base.ids import new_id
from sqzl_desktop.domain.access import Actor
from sqzl_desktop.domain.kinds.attachment import Attachment
from sqzl_desktop.protocol.messages import EnrolRequest, Person
from sqzl_desktop.schema.codec import encode
from sqzl_desktop.services import conflicts, duplicates, elements, handovers, histories, pending
from sqzl_desktop.services.histories import RecordHistory
from sqzl_desktop.services.profile import PROFILE_FILE, Profile, read_profile, written_profile
from sqzl_desktop.services.session import Progress, ReceiptDone, SyncDone, SyncState
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import blobs, changes, keys, lease, meta, search, upgrade, wipe
from sqzl_desktop.store.engine import STORE_FILE, Store, open_store
from sqzl_desktop.store.migrations import migrate
from sqzl_desktop.sync import packets, past
from sqzl_desktop.sync.engine import SyncEngine
from sqzl_desktop.sync.report import Cancelled
from sqzl_desktop.sync.transport import HttpTransport, Transport
from sqzl_desktop.sync.wake import Waker

CA_FILE = "ca.pem"
PATIENCE = 2.0  # seconds for a connection that is being opened when the window locks


class DeviceSession:
    """An unlocked store and the way to the server."""

    def __init__(self, store: Store, transport: Transport, clock: Clock) -> None:
        self._store = store
        self._transport = transport
        self._engine = SyncEngine(store, transport, clock)
        self._clock = clock
        self._online: bool | None = None
        self._problem: KnownError | None = None
        self._waker: Waker | None = None
        self.ws = self._workspace()

    @property
    def profile(self) -> Profile:
        """Server, account and device label."""
        return written_profile(self._store.folder)

    def sync(
        self,
        progress: Progress = lambda _text, _done, _total: None,
        cancelled: Callable[[], bool] = lambda: False,
        *,
        accept_removals: bool = False,
    ) -> SyncDone:
        """One round; blocks. Raises Offline and refusals as sentences."""
        with self._timed(), self._obeying():
            report = self._engine.round(progress, cancelled, accept_removals=accept_removals)
        if not report.differs:
            upgrade.forget_original(self._store.folder)
        self._remember(report.person)
        return SyncDone(
            report.pushed,
            report.pulled,
            report.conflicts,
            report.refused,
            report.differs,
            tuple(str(each) for each in report.guarded),
            report.repaired,
            report.clock_off,
            report.contents,
        )

    @contextlib.contextmanager
    def _timed(self) -> Iterator[None]:
        """A round goes on; how it ends decides when the next one is due."""
        waker = self._waker
        if waker:
            waker.begun()
        try:
            yield
        except BaseException as error:
            if isinstance(error, KnownError) and not isinstance(error, Cancelled):
                self._online, self._problem = not isinstance(error, Offline), error
            if waker:
                waker.failed()
            raise
        self._online, self._problem = True, None
        if waker:
            waker.done()

    def watch(self, due: Callable[[], None]) -> None:
        """From now on `due` is called, on another thread, whenever a round should begin."""
        self._waker = Waker(self._engine, due)
        self._store.committed = self._waker.saved
        self._waker.start()

    def fetch(self, attachment: Attachment) -> None:
        """Get the content of an attachment to this device. Raises Offline and refusals."""
        with self._obeying():
            self._engine.fetch_content(attachment.id, attachment.community_id, attachment.sha256)

    def _remember(self, person: Person | None) -> None:
        """Keep when the last round was (to the minute) and who the person is by now."""
        minute = self._clock.now().replace(second=0, microsecond=0)
        facts = {"synced_at": str(encode(minute))}
        if person is not None:
            facts["person"] = msgspec.json.encode(person).decode()
        with self._store.read() as tx:
            if facts == meta.get_some(tx, tuple(facts)):
                return
        with self._store.write() as tx:
            for name, value in facts.items():
                meta.put(tx, name, value)
            if person is not None:
                lease.renew(tx, self._clock.now(), person.lease_days)
        self.ws = self._workspace()

    @contextlib.contextmanager
    def _obeying(self) -> Iterator[None]:
        """Destroy what is here where the organisation has ordered that, signed."""
        try:
            yield
        except WipeOrdered:
            folder = self._store.folder
            wipe.destroy(self._store, keys.system_vault(), folder / PROFILE_FILE, folder / CA_FILE)
            raise

    def renew(self, password: str) -> None:
        """The lease is over: only the server can begin a new one. Locked where it is not heard.

        The password is given to the server too where it takes nothing else any more.
        """
        try:
            with self._obeying():
                person = self._let_in(password)
        except Offline as error:
            raise Locked(
                "本机已太久没有连接服务器，为保护居民信息暂不能打开。请连上网络后再解锁；"
                "已录入、未上报的内容都在本机，不会丢失"
            ) from error
        with self._store.write() as tx:
            lease.renew(tx, self._clock.now(), person.lease_days)

    def _let_in(self, password: str) -> Person:
        try:
            return self._engine.sign_in()
        except SignInNeeded:
            self.sign_in(password)
            return self._engine.sign_in()

    def write_pack(self, path: Path) -> int:
        """Write everything unsent to a file for the server."""
        with self._engine.running:
            return packets.write_pack(self._store, path)

    def read_receipt(self, path: Path, *, accept_removals: bool = False) -> ReceiptDone:
        """Take in the server's receipt for such a file."""
        with self._engine.running:
            report = packets.read_receipt(
                self._store, path, self._clock, accept_removals=accept_removals
            )
        return ReceiptDone(
            report.answered, report.pulled, report.conflicts, report.refused, report.notes
        )

    def history(self, kind: str, record_id: str) -> RecordHistory:
        """Who changed what of a record: from the server, else what this device knows; blocks."""
        record = elements.get(self.ws, kind, record_id)
        try:
            with self._obeying():
                told = past.history(
                    self._engine, self._transport, record.community_id, kind, record_id
                )
        except KnownError as error:
            return histories.local(self.ws, kind, record_id, str(error))
        return histories.complete(self.ws, kind, record_id, told)

    def sync_state(self) -> SyncState:
        """Where this device stands."""
        with self._store.read() as tx:
            unsent = changes.waiting(tx)[0] + blobs.unsent_count(tx)
            last = meta.get(tx, "synced_at")
        return SyncState(
            pending=unsent,
            conflicts=conflicts.open_count(self.ws),
            refused=pending.open_count(self.ws),
            last_at=dt.datetime.fromisoformat(last) if last else None,
            online=self._online,
            running=self._engine.is_running,
            problem=str(self._problem or ""),
            handovers=handovers.open_count(self.ws),
            duplicates=duplicates.open_count(self.ws),
            needs_password=isinstance(self._problem, SignInNeeded),
        )

    def sign_in(self, password: str) -> None:
        """Sign in anew with the password; device, data and outbox stay as they are."""
        profile = self.profile
        with self._store.read() as tx:
            device = meta.get(tx, "device")
        asked = EnrolRequest(profile.account, password, profile.label, device)
        enrolment = self._transport.enrol(asked)
        with self._store.write() as tx:
            meta.put(tx, "secret", enrolment.secret)
            meta.put(tx, "code", enrolment.code)
            meta.put(tx, "person", msgspec.json.encode(enrolment.person).decode())
        self._engine.forget_token()
        self.ws = self._workspace()

    def close(self) -> None:
        """Lock: end the watch, close the store and the connections."""
        self._store.committed = lambda: None
        if self._waker:
            self._waker.stop()
        if isinstance(self._transport, HttpTransport):
            self._transport.hang_up()
        if self._waker:
            self._waker.join(PATIENCE)
        self._store.close()
        if isinstance(self._transport, HttpTransport):
            self._transport.close()

    def _workspace(self) -> Workspace:
        with self._store.read() as tx:
            person = msgspec.json.decode(meta.get(tx, "person"), type=Person)
            code = meta.get(tx, "code")
        actor = Actor(person.account, person.name, person.role, tuple(person.scope))
        return Workspace(actor, self._store, self._clock, tuple(person.communities), code)


@dataclasses.dataclass(frozen=True)
class DeviceOpener:
    """Opens data folders on this machine.

    `connect` makes the transport to a server address; `ca=FILE` where one's own authority is used.
    """

    clock: Clock = dataclasses.field(default_factory=SystemClock)
    connect: Callable[..., Transport] = HttpTransport

    def get_ready(self) -> None:
        """Nothing is left to be imported once this module is there."""

    def profile(self, folder: Path) -> Profile | None:
        """The profile of an enrolled folder, None where nobody has enrolled yet."""
        return read_profile(folder)

    def unlock(self, folder: Path, password: str) -> DeviceSession:
        """Open an enrolled folder. Raises Locked and KnownError."""
        profile = self.profile(folder)
        if profile is None:
            raise Refused("这台电脑还没有登录过，请先用账号和密码登记（enrol）")
        if not (folder / STORE_FILE).exists():
            raise KnownError("数据文件 store.db 不见了，请从备份中恢复，不要重新登记")
        key = keys.open_key(folder, password, vault=keys.system_vault())
        store = upgrade.open_upgraded(folder, key, self.clock)
        with store.write() as tx:
            days = lease.spend(tx, self.clock.now())
        ca = folder / CA_FILE
        # without its copy the connection is refused with a sentence; the data opens all the same
        transport = self._connect(profile.server, str(ca) if profile.ca and ca.exists() else "")
        session = DeviceSession(store, transport, self.clock)
        if days <= 0:
            try:
                session.renew(password)
            except BaseException:
                session.close()
                raise
        return session

    def _connect(self, server: str, ca: str) -> Transport:
        return self.connect(server, ca=ca) if ca else self.connect(server)

    def enrol(
        self,
        folder: Path,
        *,
        server: str,
        account: str,
        password: str,
        label: str = "",
        ca: str = "",
    ) -> DeviceSession:
        """Sign in for the first time. Raises Offline and refusals as sentences."""
        if (folder / PROFILE_FILE).exists():
            raise Refused("这个数据文件夹已经登记过，请直接解锁；换人使用请另选文件夹")
        label = label or socket.gethostname()
        transport = self._connect(server, ca)
        enrolment = transport.enrol(EnrolRequest(account, password, label))
        _make_folder(folder, ca)
        vault = keys.system_vault()
        key = keys.create_key(folder, password, vault=vault, escrow=enrolment.escrow_key)
        store = open_store(folder, key)
        with store.write() as tx:
            migrate(tx, self.clock)
            search.bring_up_to_date(tx)
            facts = {
                "device": enrolment.device,
                "code": enrolment.code,
                "secret": enrolment.secret,
                "order_key": enrolment.order_key,
                "incarnation": new_id(),
                "person": msgspec.json.encode(enrolment.person).decode(),
            }
            for name, value in facts.items():
                meta.put(tx, name, value)
            lease.renew(tx, self.clock.now(), enrolment.person.lease_days)
        profile = Profile(server, account, label, vault is not None, ca)
        (folder / PROFILE_FILE).write_bytes(msgspec.json.format(msgspec.json.encode(profile)))
        return DeviceSession(store, transport, self.clock)


def _make_folder(folder: Path, ca: str) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _set_aside(folder)
        if ca:
            (folder / CA_FILE).write_bytes(Path(ca).read_bytes())
    except OSError as error:
        raise KnownError("数据文件夹建不起来，请检查路径、磁盘空间和权限") from error


def _set_aside(folder: Path) -> None:
    """What an enrolment that broke off left, or files without their profile: kept, renamed."""
    for name in (STORE_FILE, f"{STORE_FILE}-wal", f"{STORE_FILE}-shm", keys.KEY_FILE):
        old = folder / name
        if old.exists():
            old.rename(folder / f"{name}.{new_id()[:13]}")
