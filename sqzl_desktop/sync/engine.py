"""同步: one round. Push what is unsent, pull what is new, compare; start afresh where needed."""

import dataclasses
import datetime as dt
import threading
from collections.abc import Callable, Iterator

from sqzl_desktop.base.clock import Clock
from sqzl_desktop.base.errors import Offline
from sqzl_desktop.protocol.messages import (
    News,
    Person,
)
from sqzl_desktop.store import changes
from sqzl_desktop.store.blobs import unsent_count
from sqzl_desktop.store.engine import Store
from sqzl_desktop.sync import access, blobs, scope
from sqzl_desktop.sync.apply import (
    known_scopes,
    read_cursor,
)
from sqzl_desktop.sync.community import CommunityRound
from sqzl_desktop.sync.report import Progress, SyncReport, stop_if
from sqzl_desktop.sync.transport import ServerRefusal, Transport


class SyncEngine:
    """Replicates one device's store with the server, one round at a time.

    Whoever else does what a round does holds `running` meanwhile.
    """

    def __init__(self, store: Store, transport: Transport, clock: Clock) -> None:
        self.store = store
        self.transport = transport
        self.clock = clock
        self.running = threading.Lock()
        self._person: Person | None = None
        self.accept_removals = False
        self.proved: dict[str, dt.datetime] = {}

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
        self.accept_removals = accept_removals
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
            report = CommunityRound(self, community, progress, cancelled).round(report)

            def told(done: int, total: int) -> None:
                progress("正在上传照片和文件", done, total)
                stop_if(cancelled)

            sent = blobs.upload(self.store, self.transport, community, told)
            report = dataclasses.replace(report, contents=report.contents + sent)
        person = self._person or person  # it may have changed on the way
        with self.store.read() as tx:
            off = access.clock_off(tx)
            lost = scope.lost_communities(tx, person)
            is_tidy = scope.is_tidy(tx, person) and not blobs.has_surplus(tx)
        for community in lost:
            report = CommunityRound(self, community, progress, cancelled).leave(report, person)
        if lost or not is_tidy:
            if scope.is_outdated(self.store, person):
                person = self.sign_in()
            blobs.tidy(self.store)  # before the traces: what it drops is wiped with them
            scope.tidy(self.store, person, self.clock)
            scope.tell(self.store, self.transport, person)
        return dataclasses.replace(report, person=person, clock_off=off)

    def sign_in(self) -> Person:
        """Get a new access token, and with it who the person is and what is entrusted to them."""
        self._person = access.ask(self.store, self.transport, self.clock)
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
            yield from self.transport.events()
        except ServerRefusal as refusal:
            if refusal.status == 401:
                self._person = None  # the next one to ask signs in again
            raise

    def is_behind(self, news: News) -> bool:
        """Is that new to this device?"""
        with self.store.read() as tx:
            if not news.community:
                return news.scope not in known_scopes(tx)
            cursor = read_cursor(tx, news.community)
        return cursor is None or cursor.cursor < news.seq

    def unsent(self) -> int:
        """How much of this device's work the server has not got."""
        with self.store.read() as tx:
            return changes.waiting(tx)[0] + unsent_count(tx)

    def fetch_content(self, attachment: str, community: str, sha256: str) -> None:
        """Get the content of an attachment to this device. Raises Offline and refusals."""
        if self._person is None:
            self.sign_in()
        try:
            blobs.fetch(self.store, self.transport, attachment, (community, sha256))
        except ServerRefusal as refusal:
            if refusal.status != 401:
                raise
            self.sign_in()
            blobs.fetch(self.store, self.transport, attachment, (community, sha256))
