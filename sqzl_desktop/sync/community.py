"""社区: one round of one community: push, pull, compare, mend."""

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Protocol

from sqzl_desktop.base.clock import Clock
from sqzl_desktop.base.errors import KnownError
from sqzl_desktop.base.ids import new_id
from sqzl_desktop.protocol.messages import (
    MOST_OPERATIONS,
    Answers,
    Operation,
    Page,
    Person,
    Push,
)
from sqzl_desktop.schema.codec import encode
from sqzl_desktop.store import changes, confirmed, meta
from sqzl_desktop.store.engine import Store
from sqzl_desktop.sync import afresh, repair, scope
from sqzl_desktop.sync.apply import Cursor, Differs, apply_page, keep_answers, read_cursor
from sqzl_desktop.sync.guard import Guarded
from sqzl_desktop.sync.journal import is_forgotten, offer_again, owes
from sqzl_desktop.sync.report import Progress, SyncReport, stop_if
from sqzl_desktop.sync.transport import ServerRefusal, Transport

_ATTEMPTS = 3
_MOST_TURNS = 20


class Around(Protocol):
    """What a round takes from the engine that runs it."""

    store: Store
    transport: Transport
    clock: Clock
    accept_removals: bool
    proved: dict[str, dt.datetime]

    def sign_in(self) -> Person:
        """Learn anew who the person is and what is entrusted to them."""
        ...


class CommunityRound:
    """One round of one community."""

    def __init__(
        self,
        engine: Around,
        community: str,
        progress: Progress,
        cancelled: Callable[[], bool],
    ) -> None:
        self._engine = engine
        self._store = engine.store
        self._transport = engine.transport
        self._community = community
        self._progress = progress
        self._cancelled = cancelled
        self._borne = 0
        self._has_offered = False
        self._is_level = False
        self._so_far = SyncReport()
        self._digests: confirmed.Digests | None = None

    def round(self, report: SyncReport) -> SyncReport:
        """Push, pull, compare; Guarded batches are reported, not raised."""
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
            self._engine.proved[self._community] = self._engine.clock.now()
        for _ in range(_MOST_TURNS):
            before = report
            report = self._exchange(report)
            if report == before or not owes(self._store, self._community):
                break
            self._has_offered = False  # what came may be what something of ours was waiting for
        return report

    def _exchange(self, report: SyncReport) -> SyncReport:
        self._is_level = False
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
        mending = repair.Mending(*parts, self._engine.clock.now())
        tried = 0 if is_forgotten(*parts) else mending.begin()
        if tried >= repair.MOST_TRIES:
            mending.tell_operator(self._digests)
            return None
        try:
            if tried or self._digests is None or owes(self._store, self._community):
                return self._afresh(report)
            mending.mend(self._digests, accept_removals=self._engine.accept_removals)
        except Differs:
            return report
        return report

    def _push(self, report: SyncReport) -> SyncReport:
        while True:
            self._stop_if_cancelled()
            self._offer_journal()
            with self._store.read() as tx:
                operations = changes.unsent(tx, self._community, MOST_OPERATIONS)
                if not operations:
                    return report
                cursor = read_cursor(tx, self._community)
                incarnation = meta.get(tx, "incarnation")
                pending, _ = changes.waiting(tx)
            self._progress("正在上报", report.pushed, report.pushed + pending)
            push = _push_of(cursor, incarnation, operations)
            try:
                answers = self._transport.push(self._community, push)
            except ServerRefusal as refusal:
                report = self._recover(refusal, report)
                continue
            report = self._take_answers(report, answers)

    def _take_answers(self, report: SyncReport, answers: Answers) -> SyncReport:
        """Keep the answers, with the page that may have come along, in one transaction."""
        report = report.answered(answers.answers)
        self._is_level = False
        if answers.page is not None:
            try:
                return self._take_page(report, answers.page, answers)
            except Differs:
                self._is_level = False  # the pull that follows finds the same and mends it
            except Guarded:
                keep_answers(self._store, answers)
                self._so_far = report
                raise
        keep_answers(self._store, answers)
        return report

    def _take_page(
        self, report: SyncReport, page: Page, answers: Answers | None = None
    ) -> SyncReport:
        self._digests, now = page.digests, self._engine.clock.now()
        apply_page(
            self._store, self._community, page, str(encode(now)),
            answers=answers, accept_removals=self._engine.accept_removals,
        )  # fmt: skip
        self._is_level = not page.more
        if self._is_level:
            repair.prove(self._store, self._community, self._engine.proved, now)
        return dataclasses.replace(report, pulled=report.pulled + len(page.entries))

    def _offer_journal(self) -> None:
        if not self._has_offered:
            offer_again(self._store, self._transport, self._community, self._engine.clock)
            self._has_offered = True

    def _bear(self, refusal: ServerRefusal, *codes: str) -> None:
        """Some refusals have a way out. It is tried a few times, not for ever."""
        self._borne += 1
        if refusal.code not in codes or self._borne > _ATTEMPTS:
            raise refusal

    def _recover(self, refusal: ServerRefusal, report: SyncReport) -> SyncReport:
        self._bear(refusal, "FORK", "GAP", "EPOCH")
        if refusal.code == "EPOCH":
            return self._afresh(report)
        with self._store.write() as tx:
            changes.renumber(tx, new_id())
        return report

    def _pull(self, report: SyncReport) -> SyncReport:
        if self._is_level:  # the last push brought along what there was
            return report
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
                person, is_restored = self._engine.sign_in(), False
                if refusal.code == "SCOPE":
                    # asked first: what is let go of cannot be offered to a restored server again
                    is_restored = is_forgotten(self._store, self._transport, self._community)
                    scope.let_go(self._store, self._community, person)
                report = self._afresh(report, whole=is_restored)
                continue
            report = self._take_page(report, page)
            if self._is_level:
                return report
            self._progress("正在下载更新", report.pulled, report.pulled + 1000)

    def _afresh(self, report: SyncReport, *, whole: bool = True) -> SyncReport:
        """Download what differs, or everything, and put it in place of what is here."""
        rows = afresh.replace(
            self._store,
            self._transport,
            self._community,
            self._told,
            whole=whole,
            accept_removals=self._engine.accept_removals,
        )
        self._has_offered = False
        return dataclasses.replace(
            report, pulled=report.pulled + rows, snapshots=report.snapshots + 1
        )

    def _told(self, text: str, done: int, total: int) -> None:
        self._progress(text, done, total)
        if text == afresh.DOWNLOADING:
            self._stop_if_cancelled()

    def _stop_if_cancelled(self) -> None:
        stop_if(self._cancelled)


def _push_of(cursor: Cursor | None, incarnation: str, operations: list[Operation]) -> Push:
    """A push; one that is likely the last asks for the next page of the log as well."""
    if cursor is None:
        return Push("", incarnation, operations)
    is_last = len(operations) < MOST_OPERATIONS
    where = cursor.cursor, cursor.scope_version
    return Push(cursor.epoch, incarnation, operations, *where, wants_page=is_last)
