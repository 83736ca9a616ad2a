"""同步: one round. Push what is unsent, pull what is new, compare; start afresh where needed."""

import dataclasses
import datetime as dt
import threading
from collections.abc import Callable, Iterator, Sequence

from sqzl_desktop.base.clock import Clock
from sqzl_desktop.base.errors import KnownError, Offline
from sqzl_desktop.base.ids import new_id
from sqzl_desktop.protocol.messages import MOST_OPERATIONS, Answer, News, Person, Push
from sqzl_desktop.schema.codec import encode
from sqzl_desktop.store import changes, confirmed, downloads, journal, meta, traces
from sqzl_desktop.store.blobs import unsent_count
from sqzl_desktop.store.engine import Store
from sqzl_desktop.sync import access, blobs, repair, scope
from sqzl_desktop.sync.apply import (
    Differs,
    apply_page,
    apply_snapshot,
    known_scopes,
    pieces_to_fetch,
    read_cursor,
)
from sqzl_desktop.sync.download import fetch
from sqzl_desktop.sync.guard import Guarded
from sqzl_desktop.sync.journal import is_forgotten, offer_again
from sqzl_desktop.sync.transport import ServerRefusal, Transport

Progress = Callable[[str, int, int], None]
_ATTEMPTS = 3
_MOST_TURNS = 20


@dataclasses.dataclass(frozen=True, slots=True)
class SyncReport:
    """What a round did. `differs` names communities whose repair failed; a person must look.

    `guarded` are the batches that were not applied because they would remove too much;
    `repaired` names communities whose data did not agree and was put right; `clock_off` is by how
    many seconds this device's clock is ahead of the server's, 0 where they agree well enough;
    `contents` is how many photos and files were uploaded.
    """

    pushed: int = 0
    pulled: int = 0
    conflicts: int = 0
    refused: int = 0
    snapshots: int = 0
    differs: tuple[str, ...] = ()
    guarded: tuple[Guarded, ...] = ()
    repaired: tuple[str, ...] = ()
    clock_off: int = 0
    contents: int = 0
    person: Person | None = None

    def answered(self, answers: Sequence[Answer]) -> "SyncReport":
        """With what the server said of operations counted."""
        outcomes = [each.outcome for each in answers]
        refused = outcomes.count("held") + outcomes.count("rejected")
        return dataclasses.replace(
            self,
            conflicts=self.conflicts + outcomes.count("conflict_kept"),
            refused=self.refused + refused,
        )

    def mended(self, community: str) -> "SyncReport":
        """With the community among those put right."""
        repaired = tuple(dict.fromkeys((*self.repaired, community)))
        return dataclasses.replace(self, repaired=repaired)

    def given_up(self, community: str) -> "SyncReport":
        """With the community among those that a person must look at."""
        differs = tuple(dict.fromkeys((*self.differs, community)))
        repaired = tuple(each for each in self.repaired if each != community)
        return dataclasses.replace(self, differs=differs, repaired=repaired)


class Cancelled(KnownError):
    """The person stopped the round. What was done so far stays done."""


def stop_if(cancelled: Callable[[], bool]) -> None:
    """Cancelled where the person asked for it."""
    if cancelled():
        raise Cancelled("已停止同步，下次会从这里继续")


class SyncEngine:
    """Replicates one device's store with the server, one round at a time.

    Whoever else does what a round does holds `running` meanwhile.
    """

    def __init__(self, store: Store, transport: Transport, clock: Clock) -> None:
        self._store = store
        self._transport = transport
        self._clock = clock
        self.running = threading.Lock()
        self._person: Person | None = None
        self._accept_removals = False
        self._proved: dict[str, dt.datetime] = {}

    @property
    def is_running(self) -> bool:
        """Is a round under way?"""
        return self.running.locked()

    def round(
        self,
        progress: Progress = lambda _text, _done, _total: None,
        cancelled: Callable[[], bool] = lambda: False,
        *,
        accept_removals: bool = False,
    ) -> SyncReport:
        """One round over all communities. Raises Offline and the server's refusals as sentences.

        With `accept_removals` a person has seen what `guarded` said and lets it happen.
        """
        self._accept_removals = accept_removals
        with self.running:
            try:
                return self._all(self._person or self.sign_in(), progress, cancelled)
            except ServerRefusal as refusal:
                may_be_old = refusal.status == 401 or refusal.code == "FORBIDDEN"
                if not may_be_old or self._person is None:
                    raise
            self._person = None
            return self._all(self.sign_in(), progress, cancelled)

    def _all(self, person: Person, progress: Progress, cancelled: Callable[[], bool]) -> SyncReport:
        report = SyncReport()
        for community in person.communities:
            report = _Community(self, community, progress, cancelled).round(report)

            def told(done: int, total: int) -> None:
                progress("正在上传照片和文件", done, total)
                stop_if(cancelled)

            sent = blobs.upload(self._store, self._transport, community, told)
            report = dataclasses.replace(report, contents=report.contents + sent)
        person = self._person or person  # it may have changed on the way
        for community in scope.lost_communities(self._store, person):
            report = _Community(self, community, progress, cancelled).leave(report, person)
        blobs.tidy(self._store)  # before the traces: what it drops is wiped with them
        scope.tidy(self._store, person, self._clock)
        scope.tell(self._store, self._transport, person)
        off = access.clock_off(self._store)
        return dataclasses.replace(report, person=person, clock_off=off)

    def sign_in(self) -> Person:
        """Get a new access token, and with it who the person is and what is entrusted to them."""
        self._person = access.ask(self._store, self._transport, self._clock)
        return self._person

    def forget_token(self) -> None:
        """Ask for another access token in the next round."""
        self._person = None

    def listen(self) -> Iterator[News]:
        """What the server says is new, as it says it. Raises Offline when the connection ends.

        It is for rounds to sign in: before the first one there is nothing to hear.
        """
        if self._person is None:
            raise Offline("还没有连接服务器")
        try:
            yield from self._transport.events()
        except ServerRefusal as refusal:
            if refusal.status == 401:
                self._person = None  # the next one to ask signs in again
            raise

    def is_behind(self, news: News) -> bool:
        """Is that new to this device?"""
        with self._store.read() as tx:
            if not news.community:
                return news.scope not in known_scopes(tx)
            cursor = read_cursor(tx, news.community)
        return cursor is None or cursor.cursor < news.seq

    def unsent(self) -> int:
        """How much of this device's work the server has not got."""
        with self._store.read() as tx:
            return changes.waiting(tx)[0] + unsent_count(tx)

    def fetch_content(self, attachment: str, community: str, sha256: str) -> None:
        """Get the content of an attachment to this device. Raises Offline and refusals."""
        if self._person is None:
            self.sign_in()
        try:
            blobs.fetch(self._store, self._transport, attachment, (community, sha256))
        except ServerRefusal as refusal:
            if refusal.status != 401:
                raise
            self.sign_in()
            blobs.fetch(self._store, self._transport, attachment, (community, sha256))


class _Community:
    """One round of one community."""

    def __init__(
        self,
        engine: SyncEngine,
        community: str,
        progress: Progress,
        cancelled: Callable[[], bool],
    ) -> None:
        self._engine = engine
        self._store = engine._store
        self._transport = engine._transport
        self._community = community
        self._progress = progress
        self._cancelled = cancelled
        self._borne = 0
        self._has_offered = False
        self._so_far = SyncReport()
        self._digests: confirmed.Digests | None = None

    def round(self, report: SyncReport) -> SyncReport:
        self._so_far = report
        try:
            return self._round(report)
        except Guarded as stopped:
            guarded = (*self._so_far.guarded, stopped)
            return dataclasses.replace(self._so_far, guarded=guarded)

    def leave(self, report: SyncReport, person: Person) -> SyncReport:
        """Nothing of this community is entrusted any more: push what is unsent, forget the rest."""
        report = self._push(report)
        scope.leave(self._store, self._community, person)
        return report

    def _round(self, report: SyncReport) -> SyncReport:
        with self._store.read() as tx:
            is_new = read_cursor(tx, self._community) is None
        if is_new:
            report = self._afresh(report)
            self._engine._proved[self._community] = self._engine._clock.now()
        for _ in range(_MOST_TURNS):
            before = report
            report = self._exchange(report)
            if report == before or not self._owes():
                break
            self._has_offered = False  # what came may be what something of ours was waiting for
        return report

    def _owes(self) -> bool:
        with self._store.read() as tx:
            return bool(journal.owed(tx, self._community))

    def _exchange(self, report: SyncReport) -> SyncReport:
        self._so_far = report = self._push(report)
        while True:
            try:
                return self._pull(report)
            except Differs:
                mended = self._mend(report)
            if mended is None:
                return report.given_up(self._community)
            report = mended.mended(self._community)

    def _mend(self, report: SyncReport) -> SyncReport | None:
        """Try what is left to try; None: nothing is, and the operator knows."""
        self._progress("正在修复数据", 0, 0)
        parts = (self._store, self._transport, self._community)
        mending = repair.Mending(*parts, self._engine._clock.now())
        tried = 0 if is_forgotten(*parts) else mending.begin()
        if tried >= repair.MOST_TRIES:
            mending.tell_operator(self._digests)
            return None
        try:
            if tried or self._digests is None or self._owes():
                return self._afresh(report)
            mending.mend(self._digests, accept_removals=self._engine._accept_removals)
        except Differs:
            return report
        return report

    def _push(self, report: SyncReport) -> SyncReport:
        pushed = report.pushed
        while True:
            self._stop_if_cancelled()
            self._offer_journal()
            with self._store.read() as tx:
                cursor = read_cursor(tx, self._community)
                operations = changes.unsent(tx, self._community, MOST_OPERATIONS)
                incarnation = meta.get(tx, "incarnation")
                pending, _ = changes.waiting(tx)
            if not operations:
                return dataclasses.replace(report, pushed=pushed)
            self._progress("正在上报", pushed, pushed + pending)
            epoch, place = (cursor.epoch, cursor.cursor) if cursor else ("", 0)
            push = Push(epoch, incarnation, operations, place)
            try:
                answers = self._transport.push(self._community, push)
            except ServerRefusal as refusal:
                self._bear(refusal, "FORK", "GAP", "EPOCH")
                report = self._recover(refusal.code, report)
                continue
            with self._store.write() as tx:
                changes.answer(tx, answers.answers, answers.seq)
                if any(each.outcome == "held" for each in answers.answers):
                    traces.mark(tx)
            pushed += len(answers.answers)
            report = report.answered(answers.answers)

    def _offer_journal(self) -> None:
        if not self._has_offered:
            offer_again(self._store, self._transport, self._community, self._engine._clock)
            self._has_offered = True

    def _bear(self, refusal: ServerRefusal, *codes: str) -> None:
        """Some refusals have a way out. It is tried a few times, not for ever."""
        self._borne += 1
        if refusal.code not in codes or self._borne > _ATTEMPTS:
            raise refusal

    def _recover(self, code: str, report: SyncReport) -> SyncReport:
        if code == "EPOCH":
            return self._afresh(report)
        with self._store.write() as tx:
            changes.renumber(tx, new_id())
        return report

    def _pull(self, report: SyncReport) -> SyncReport:
        pulled = report.pulled
        while True:
            self._stop_if_cancelled()
            with self._store.read() as tx:
                cursor = read_cursor(tx, self._community)
            if cursor is None:
                raise KnownError("尚未下载本社区的数据")
            try:
                page = self._transport.pull(
                    self._community,
                    since=cursor.cursor,
                    epoch=cursor.epoch,
                    scope=cursor.scope_version,
                )
            except ServerRefusal as refusal:
                self._bear(refusal, "SCOPE", "EPOCH")
                person = self._engine.sign_in()
                if refusal.code == "SCOPE":
                    scope.let_go(self._store, self._community, person)
                report = self._afresh(report, whole=False)
                continue
            self._digests = page.digests
            apply_page(
                self._store, self._community, page, self._now(),
                accept_removals=self._engine._accept_removals,
            )  # fmt: skip
            pulled += len(page.entries)
            if not page.more:
                now = self._engine._clock.now()
                repair.prove(self._store, self._community, self._engine._proved, now)
                return dataclasses.replace(report, pulled=pulled)
            self._progress("正在下载更新", pulled, pulled + 1000)

    def _afresh(self, report: SyncReport, *, whole: bool = True) -> SyncReport:
        """Download what differs (or everything), resuming where the last attempt stopped."""
        self._progress("正在准备数据", 0, 0)
        offer = self._transport.snapshot(self._community)
        wanted = pieces_to_fetch(self._store, self._community, offer, whole=whole)
        try:
            rows = apply_snapshot(
                self._store,
                self._community,
                offer,
                fetch(self._store, self._transport, wanted, self._arrived),
                self._writing(sum(piece.rows for piece in wanted)),
                accept_removals=self._engine._accept_removals,
            )
        except Differs:
            with self._store.write() as tx:
                downloads.clear(tx)
            raise
        self._has_offered = False
        return dataclasses.replace(
            report, pulled=report.pulled + rows, snapshots=report.snapshots + 1
        )

    def _writing(self, total: int) -> Callable[[int], None]:
        return lambda done: self._progress("正在写入本机", done, total)

    def _arrived(self, done: int, total: int) -> None:
        self._progress("正在下载数据", done, total)
        self._stop_if_cancelled()

    def _now(self) -> str:
        return str(encode(self._engine._clock.now()))

    def _stop_if_cancelled(self) -> None:
        stop_if(self._cancelled)
